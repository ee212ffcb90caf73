// SPDX-License-Identifier: Apache-2.0
//! Prolonging a vouch.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::parameters::Parameters;

use crate::{mock::*, *};

#[test]
fn a_renewed_vouch_counts_for_a_whole_term_more() {
    execute(3, || {
        pass(949);
        assert_ok!(renew(0, 1));
        assert_eq!(Vouches::<Test>::get(1, 0), Some(Vouch { at: 0, expires: 1_950 }));
        System::assert_last_event(Event::<Test>::Renewed { issuer: 0, subject: 1, expires: 1_950 }.into());
        pass(50);
        assert!(Vouches::<Test>::contains_key(1, 0));
        assert!(!Vouches::<Test>::contains_key(1, 2));
        pass(950);
        assert!(!Vouches::<Test>::contains_key(1, 0));
    });
}

#[test]
fn a_vouch_is_renewed_only_within_the_window_and_before_its_end() {
    execute(3, || {
        pass(898);
        assert_noop!(renew(0, 1), Error::<Test>::TooEarlyToRenew);
        pass(1);
        assert_ok!(renew(0, 1));
        System::set_block_number(999);
        assert_ok!(renew(0, 2));
        // Ended, and not yet removed.
        System::set_block_number(1_000);
        assert_noop!(renew(1, 2), Error::<Test>::Expired);
        pass(2);
        assert_noop!(renew(1, 2), Error::<Test>::NotFound);
    });
}

#[test]
fn only_the_member_who_vouches_renews() {
    execute(3, || {
        let candidate = sponsor(0, 20);
        assert_noop!(renew(candidate, 1), Error::<Test>::NotMember);
        assert_noop!(renew(1, candidate), Error::<Test>::NotFound);
    });
}

#[test]
fn vouches_for_the_removed_and_of_the_departing_are_not_renewed() {
    execute(4, || {
        pass(949);
        assert_ok!(leave(3));
        assert_noop!(renew(0, 3), Error::<Test>::NotEligible);
        Departures::<Test>::insert(0, ());
        assert_noop!(renew(0, 1), Error::<Test>::BeingWithdrawn);
        Departures::<Test>::remove(0);
        assert_ok!(renew(0, 1));
    });
}

#[test]
fn renewing_never_shortens_a_vouch_nor_waits_for_the_interval() {
    execute(3, || {
        pass(950);
        Params::set(Parameters { vouch_validity: 10, ..RULES() });
        sponsor(0, 20);
        assert_ok!(renew(0, 1));
        assert_eq!(Vouches::<Test>::get(1, 0), Some(Vouch { at: 0, expires: 1_000 }));
    });
}
