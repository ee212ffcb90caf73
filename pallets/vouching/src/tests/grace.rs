// SPDX-License-Identifier: Apache-2.0
//! What a member who falls under the threshold goes through.

use frame_support::assert_ok;
use kith_primitives::{glue::Community, member::Standing, parameters::Parameters};
use pallet_kith_membership::Event as Membered;

use crate::{mock::*, *};

/// Five founders of whom 4 has lost two of four vouches, in block 1.
fn short_of_one(test: impl FnOnce()) {
    execute(5, || {
        assert_ok!(withdraw(0, 4));
        assert_eq!(Graces::<Test>::get(4), None);
        assert_ok!(withdraw(1, 4));
        test();
    });
}

#[test]
fn a_member_under_the_threshold_lapses_when_the_grace_ends() {
    short_of_one(|| {
        System::assert_last_event(Event::<Test>::GraceStarted { member: 4, deadline: 51 }.into());
        assert_eq!(Graces::<Test>::get(4), Some(51));
        pass(49);
        assert_eq!(standing(4), Some(Standing::Member));
        pass(1);
        assert_eq!((standing(4), Membership::active_members()), (Some(Standing::Lapsed), 4));
        assert_eq!(times(Membered::<Test>::Lapsed { member: 4 }), 1);
        assert_eq!(Graces::<Test>::get(4), None);
    });
}

#[test]
fn a_member_who_finds_another_vouch_in_time_stays() {
    short_of_one(|| {
        pass(30);
        assert_ok!(vouch(0, 4));
        System::assert_last_event(Event::<Test>::GraceEnded { member: 4 }.into());
        assert_eq!(Graces::<Test>::get(4), None);
        pass(100);
        assert_eq!(standing(4), Some(Standing::Member));
    });
}

#[test]
fn losing_more_vouches_does_not_prolong_the_grace() {
    short_of_one(|| {
        pass(30);
        assert_ok!(withdraw(2, 4));
        assert_eq!(Graces::<Test>::get(4), Some(51));
        assert_ok!(vouch(0, 4));
        assert_eq!(Graces::<Test>::get(4), Some(51));
        pass(20);
        assert_eq!(standing(4), Some(Standing::Lapsed));
    });
}

#[test]
fn a_lapsed_member_keeps_what_they_received_and_comes_back_with_one_vouch() {
    short_of_one(|| {
        pass(60);
        assert_eq!((standing(4), Vouching::received(4)), (Some(Standing::Lapsed), 2));
        assert_ok!(vouch(0, 4));
        assert_eq!((standing(4), Membership::active_members()), (Some(Standing::Member), 5));
    });
}

#[test]
fn a_grace_of_nothing_ends_in_the_next_step() {
    execute(5, || {
        Params::set(Parameters { lapse_grace: 0, ..RULES() });
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        assert_eq!(standing(4), Some(Standing::Member));
        pass(1);
        assert_eq!(standing(4), Some(Standing::Lapsed));
    });
}

#[test]
fn a_threshold_lowered_during_the_grace_saves_the_member() {
    short_of_one(|| {
        Params::set(Parameters { admission_threshold: 2, ..RULES() });
        pass(50);
        assert_eq!((standing(4), Graces::<Test>::get(4)), (Some(Standing::Member), None));
        assert_eq!(times(Event::<Test>::GraceEnded { member: 4 }), 1);
    });
}

#[test]
fn who_leaves_during_the_grace_does_not_lapse() {
    short_of_one(|| {
        assert_ok!(leave(4));
        assert_eq!(Graces::<Test>::get(4), None);
        pass(60);
        assert_eq!(standing(4), Some(Standing::Removed));
    });
}

#[test]
fn an_expired_vouch_starts_the_grace_as_a_withdrawn_one_does() {
    execute(4, || {
        pass(949);
        for (issuer, subject) in
            [(0, 1), (2, 1), (0, 2), (1, 2), (3, 2), (0, 3), (1, 3), (2, 3), (1, 0), (2, 0), (3, 0)]
        {
            assert_ok!(renew(issuer, subject));
        }
        pass(50);
        assert_eq!(Graces::<Test>::get(1), Some(1_050));
        assert_eq!(Graces::<Test>::iter_keys().count(), 1);
        pass(50);
        assert_eq!(standing(1), Some(Standing::Lapsed));
    });
}
