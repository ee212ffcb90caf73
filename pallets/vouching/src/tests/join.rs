// SPDX-License-Identifier: Apache-2.0
//! The story of joining, over membership and vouching together.

use frame_support::assert_ok;
use kith_primitives::{glue::Community, member::Standing, parameters::Parameters};
use pallet_kith_membership::Event as Membered;

use crate::{mock::*, *};

#[test]
fn a_newcomer_with_an_empty_account_joins_at_the_threshold_and_not_one_vouch_before() {
    execute(4, || {
        assert!(!System::account_exists(&account(20)));
        let newcomer = sponsor(0, 20);
        assert!(System::account_exists(&account(20)));
        assert_eq!((standing(newcomer), Vouching::received(newcomer)), (Some(Standing::Candidate), 1));

        assert_ok!(vouch(1, newcomer));
        pass(20);
        assert_eq!((standing(newcomer), Vouching::received(newcomer)), (Some(Standing::Candidate), 2));
        assert_eq!((Membership::member(&account(20)), Membership::active_members()), (None, 4));

        assert_ok!(vouch(2, newcomer));
        assert_eq!((standing(newcomer), Vouching::received(newcomer)), (Some(Standing::Member), 3));
        assert_eq!((Membership::member(&account(20)), Membership::active_members()), (Some(newcomer), 5));
        assert_eq!(times(Membered::<Test>::Admitted { member: newcomer }), 1);

        let next = sponsor(newcomer, 21);
        assert_eq!(Vouching::received(next), 1);
    });
}

#[test]
fn with_a_threshold_of_one_the_sponsor_alone_admits() {
    execute(1, || {
        Params::set(Parameters { admission_threshold: 1, ..RULES() });
        assert_eq!(standing(sponsor(0, 20)), Some(Standing::Member));
    });
}

#[test]
fn who_runs_out_of_time_is_pruned_and_joins_with_a_new_application() {
    execute(3, || {
        let late = sponsor(0, 20);
        assert_ok!(vouch(1, late));
        pass(200);
        assert_eq!(vouch(2, late), Err(Error::<Test>::NotEligible.into()));
        assert_ok!(call(signed(77), pallet_kith_membership::Call::prune_candidate { person: late }));
        assert_eq!(standing(late), None);

        let again = sponsor(0, 20);
        assert_ne!(again, late);
        assert_eq!(Vouching::received(again), 1);
        assert_ok!(vouch(1, again));
        assert_ok!(vouch(2, again));
        assert_eq!(standing(again), Some(Standing::Member));
        pass(1);
        assert_eq!((Vouching::received(late), Issuers::<Test>::get(1).live), (0, 3));
    });
}

#[test]
fn a_sponsor_who_may_not_vouch_leaves_nothing_of_the_newcomer() {
    execute(3, || {
        sponsor(0, 20);
        assert_eq!(try_sponsor(0, 21), Err(Error::<Test>::TooEarly.into()));
        assert_eq!(Membership::person(&account(21)), None);
        assert!(!System::account_exists(&account(21)));
    });
}
