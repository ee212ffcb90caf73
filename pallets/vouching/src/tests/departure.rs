// SPDX-License-Identifier: Apache-2.0
//! Vouches of and for people who depart.

use frame_support::{assert_noop, assert_ok, weights::Weight};
use kith_primitives::{glue::Admission, member::Standing, parameters::Parameters};

use crate::{mock::*, *};

#[test]
fn the_vouches_of_who_leaves_are_withdrawn_from_both_ends() {
    execute(5, || {
        let newcomer = sponsor(4, 20);
        assert_ok!(leave(4));
        pass(1);
        assert_eq!(Vouching::received(newcomer), 0);
        assert_eq!((Vouching::received(0), Vouching::received(4)), (3, 0));
        assert_eq!((Issuers::<Test>::get(0).live, Issuers::<Test>::contains_key(4)), (3, false));
        assert!(!Departures::<Test>::contains_key(4));
        let given = Event::<Test>::Withdrawn { issuer: 4, subject: newcomer, cause: Cause::IssuerDeparted };
        let received = Event::<Test>::Withdrawn { issuer: 0, subject: 4, cause: Cause::SubjectDeparted };
        assert_eq!((times(given), times(received)), (1, 1));
    });
}

#[test]
fn a_departed_issuer_counts_for_nothing_from_the_first_moment() {
    execute(4, || {
        let newcomer = sponsor(3, 20);
        assert_ok!(vouch(0, newcomer));
        assert_ok!(expel(3));
        // The vouch of 3 is still stored.
        assert_ok!(vouch(1, newcomer));
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (3, Some(Standing::Candidate)));
        assert_noop!(reconsider(newcomer), Error::<Test>::Unchanged);
        pass(1);
        assert_eq!(Vouching::received(newcomer), 2);
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn the_departure_of_an_issuer_starts_the_grace_of_those_it_leaves_short() {
    execute(4, || {
        assert_ok!(expel(3));
        pass(1);
        for member in 0..3 {
            assert_eq!(Graces::<Test>::get(member), Some(52));
        }
    });
}

#[test]
fn a_lapsed_members_vouches_are_withdrawn_and_do_not_return() {
    execute(5, || {
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_eq!(standing(4), Some(Standing::Lapsed));
        assert_ok!(vouch(0, 4));
        pass(10);
        assert_eq!((standing(4), Issuers::<Test>::get(4).live), (Some(Standing::Member), 0));
        assert_eq!(Vouching::received(0), 3);
    });
}

#[test]
fn vouches_given_before_a_lapse_do_not_count_however_soon_the_issuer_is_back() {
    execute(5, || {
        let newcomer = sponsor(4, 20);
        assert_ok!(vouch(0, newcomer));
        Membership::lapse(4);
        assert_ok!(reconsider(4));
        assert_eq!((standing(4), Departures::<Test>::contains_key(4)), (Some(Standing::Member), true));
        assert_ok!(vouch(1, newcomer));
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (3, Some(Standing::Candidate)));
        pass(1);
        assert_eq!(Vouching::received(newcomer), 2);
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a_long_backlog_drains_in_bounded_steps_even_in_full_blocks() {
    execute_from(22, vec![], || {
        Params::set(Parameters { vouch_stock: 100, vouch_interval: 0, ..RULES() });
        for issuer in 0..20 {
            for subject in 0..20 {
                if issuer != subject {
                    assert_ok!(vouch(issuer, subject));
                }
            }
        }
        for person in 0..20 {
            assert_ok!(expel(person));
        }
        let before = Vouches::<Test>::iter_keys().count();
        assert_eq!(before, 380);
        pass_with(1, Weight::zero());
        assert_eq!(before - Vouches::<Test>::iter_keys().count(), 4);
        pass_with(110, Weight::zero());
        assert_eq!((Vouches::<Test>::iter_keys().count(), Departures::<Test>::iter_keys().count()), (0, 0));
    });
}
