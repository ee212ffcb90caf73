// SPDX-License-Identifier: Apache-2.0
//! Giving a vouch: what it writes, and who may not.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{member::Standing, parameters::Parameters};

use crate::{mock::*, *};

#[test]
fn a_vouch_is_recorded_from_both_ends_with_its_term() {
    execute(3, || {
        let newcomer = sponsor(0, 20);
        System::set_block_number(4);
        assert_ok!(vouch(1, newcomer));
        assert_eq!(Vouches::<Test>::get(newcomer, 1), Some(Vouch { at: 4, expires: 1_004 }));
        assert!(IssuedBy::<Test>::contains_key(1, newcomer));
        assert!(Agenda::<Test>::contains_key(1_004, Due::Expire { issuer: 1, subject: newcomer }));
        assert_eq!(Issuers::<Test>::get(1), Issuer { live: 3, last: Some(4) });
        assert_eq!(Vouching::received(newcomer), 2);
        System::assert_last_event(Event::<Test>::Vouched { issuer: 1, subject: newcomer, expires: 1_004 }.into());
    });
}

#[test]
fn vouching_fails_if_not_member() {
    execute(4, || {
        let candidate = sponsor(0, 20);
        assert_ok!(leave(3));
        for issuer in [candidate, 3] {
            assert_noop!(vouch(issuer, 1), Error::<Test>::NotMember);
        }
        assert_noop!(Vouching::vouch(signed(77), 1), Error::<Test>::NotMember);
    });
}

#[test]
fn nobody_vouches_for_themselves() {
    execute(1, || {
        assert_noop!(vouch(0, 0), Error::<Test>::VouchForSelf);
    });
}

#[test]
fn nobody_vouches_twice_for_one_person() {
    execute(3, || {
        let newcomer = sponsor(0, 20);
        pass(50);
        assert_noop!(vouch(0, newcomer), Error::<Test>::AlreadyExists);
        assert_eq!(Vouching::received(newcomer), 1);
    });
}

#[test]
fn the_unknown_the_removed_and_late_candidates_are_not_eligible() {
    execute(3, || {
        assert_noop!(vouch(0, 99), Error::<Test>::NotEligible);
        let late = sponsor(0, 20);
        assert_ok!(leave(2));
        pass(200);
        assert_noop!(vouch(1, 2), Error::<Test>::NotEligible);
        assert_noop!(vouch(1, late), Error::<Test>::NotEligible);
        assert_eq!(standing(2), Some(Standing::Removed));
    });
}

#[test]
fn a_member_may_be_vouched_for() {
    execute_from(3, vec![], || {
        assert_ok!(vouch(0, 1));
        assert_eq!((Vouching::received(1), standing(1)), (1, Some(Standing::Member)));
        assert!(!Graces::<Test>::contains_key(1));
    });
}

#[test]
fn the_interval_runs_from_one_vouch_to_the_next() {
    execute_from(4, vec![], || {
        assert_ok!(vouch(0, 1));
        pass(9);
        assert_noop!(vouch(0, 2), Error::<Test>::TooEarly);
        pass(1);
        assert_ok!(vouch(0, 2));
        Params::set(Parameters { vouch_interval: 0, ..RULES() });
        assert_ok!(vouch(0, 3));
    });
}

#[test]
fn the_founders_first_vouch_is_not_delayed_by_those_of_the_founding() {
    execute(4, || assert_eq!(standing(sponsor(0, 20)), Some(Standing::Candidate)));
}

#[test]
fn who_came_back_vouches_again_only_when_their_old_vouches_are_gone() {
    execute(5, || {
        // Four founders vouch for each; 4 loses two vouches and lapses, then finds another.
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_eq!(standing(4), Some(Standing::Lapsed));
        pass(5);
        assert_eq!(Issuers::<Test>::get(4).live, 0);

        Departures::<Test>::insert(4, ());
        assert_ok!(vouch(0, 4));
        assert_eq!(standing(4), Some(Standing::Member));
        assert_noop!(vouch(4, 0), Error::<Test>::BeingWithdrawn);
        pass(1);
        assert_ok!(vouch(4, 0));
    });
}
