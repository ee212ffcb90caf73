// SPDX-License-Identifier: Apache-2.0
//! Leaving and expulsion: for good, and never the last one.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::{Admission, Community, Expulsion, Quota},
    member::Standing,
};

use crate::{mock::*, *};

#[test]
fn who_leaves_is_removed_for_good() {
    execute(|| {
        assert!(Membership::spend(1, 5));
        System::set_block_number(7);
        assert_ok!(Membership::leave(signed(1)));
        System::assert_last_event(Event::<Test>::Left { person: 1 }.into());
        let record = People::<Test>::get(1).unwrap();
        assert_eq!((record.standing, record.since), (Standing::Removed, 7));
        assert_eq!((Membership::active_members(), Membership::member(&account(1))), (1, None));
        assert_eq!(Membership::person(&account(1)), Some(1));
        assert!(!Membership::may_be_vouched_for(1));
        assert_eq!(Departed::get(), [1]);
        assert!(!Quotas::<Test>::contains_key(1));
        assert_noop!(Membership::leave(signed(1)), Error::<Test>::AlreadyRemoved);
    });
}

#[test]
fn the_constitution_expels_by_call_and_by_trait() {
    execute(|| {
        let (a, b) = (sponsor(9), sponsor(10));
        Membership::admit(a);
        assert_ok!(Membership::force_remove(RuntimeOrigin::root(), a));
        System::assert_last_event(Event::<Test>::Expelled { person: a }.into());
        assert_ok!(<Membership as Expulsion>::expel(b));
        System::assert_last_event(Event::<Test>::Expelled { person: b }.into());
        assert_eq!((Membership::active_members(), Departed::get()), (2, vec![a, b]));
    });
}

#[test]
fn strangers_cannot_leave_and_nobody_is_removed_twice() {
    execute(|| {
        assert_noop!(Membership::leave(signed(77)), Error::<Test>::NotFound);
        assert_noop!(Membership::force_remove(RuntimeOrigin::root(), 99), Error::<Test>::NotFound);
        assert_ok!(Membership::force_remove(RuntimeOrigin::root(), 1));
        assert_noop!(Membership::force_remove(RuntimeOrigin::root(), 1), Error::<Test>::AlreadyRemoved);
        assert_noop!(<Membership as Expulsion>::expel(1), Error::<Test>::AlreadyRemoved);
    });
}

#[test]
fn candidates_and_lapsed_members_may_leave() {
    execute(|| {
        let candidate = sponsor(9);
        assert_ok!(Membership::leave(signed(9)));
        Membership::lapse(1);
        assert_ok!(Membership::leave(signed(1)));
        assert_eq!((Membership::active_members(), Departed::get()), (1, vec![candidate, 1, 1]));
    });
}

#[test]
fn the_account_of_who_left_lives_on() {
    execute(|| {
        assert_ok!(Membership::leave(signed(1)));
        assert!(System::account_exists(&account(1)));
    });
}
