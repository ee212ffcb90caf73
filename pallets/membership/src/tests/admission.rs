// SPDX-License-Identifier: Apache-2.0
//! From candidate to member, to lapsed, and back; and candidates whose time runs out.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::{Admission, Community},
    member::Standing,
    parameters::Parameters,
};

use crate::{mock::*, *};

fn standing(id: u32) -> Standing {
    People::<Test>::get(id).unwrap().standing
}

#[test]
fn admission_makes_a_member_once() {
    execute(|| {
        let id = sponsor(9);
        System::set_block_number(5);
        Membership::admit(id);
        Membership::admit(id);
        let record = People::<Test>::get(id).unwrap();
        assert_eq!((record.standing, record.since, record.candidate_until), (Standing::Member, 5, None));
        assert_eq!(Membership::member(&account(9)), Some(id));
        assert_eq!(Membership::active_members(), 3);
        let admitted: RuntimeEvent = Event::<Test>::Admitted { member: id }.into();
        assert_eq!(System::events().iter().filter(|record| record.event == admitted).count(), 1);
    });
}

#[test]
fn a_lapsed_member_is_no_member_and_may_come_back() {
    execute(|| {
        Membership::lapse(1);
        System::assert_last_event(Event::<Test>::Lapsed { member: 1 }.into());
        assert_eq!((standing(1), Membership::active_members()), (Standing::Lapsed, 1));
        assert_eq!((Membership::member(&account(1)), Membership::is_member(1)), (None, false));
        assert!(Membership::may_be_vouched_for(1));
        assert_eq!(Departed::get(), [1]);
        Membership::lapse(1);
        assert_eq!(Departed::get(), [1]);

        Membership::admit(1);
        assert_eq!((standing(1), Membership::active_members()), (Standing::Member, 2));
    });
}

#[test]
fn only_who_may_be_is_admitted_or_lapses() {
    execute(|| {
        let candidate = sponsor(9);
        Membership::lapse(candidate);
        assert_eq!(standing(candidate), Standing::Candidate);
        assert_ok!(Membership::leave(signed(1)));
        Membership::admit(1);
        Membership::lapse(1);
        assert_eq!((standing(1), Membership::active_members()), (Standing::Removed, 1));
        Membership::admit(99);
        Membership::lapse(99);
        assert!(!People::<Test>::contains_key(99));
    });
}

#[test]
fn a_candidate_may_be_vouched_for_until_their_time_runs_out() {
    execute(|| {
        Params::set(Parameters { candidate_lifetime: 10, ..Default::default() });
        let id = sponsor(9);
        System::set_block_number(10);
        assert!(Membership::may_be_vouched_for(id));
        assert_noop!(Membership::prune_candidate(signed(77), id), Error::<Test>::TooEarly);
        System::set_block_number(11);
        assert!(!Membership::may_be_vouched_for(id));
        assert!(!Membership::may_be_vouched_for(99));
    });
}

#[test]
fn a_pruned_candidate_is_forgotten_and_may_apply_again() {
    execute(|| {
        Params::set(Parameters { candidate_lifetime: 10, ..Default::default() });
        let id = sponsor(9);
        System::set_block_number(11);
        assert_ok!(Membership::prune_candidate(signed(77), id));
        System::assert_last_event(Event::<Test>::CandidatePruned { candidate: id }.into());
        assert_eq!(Departed::get(), [id]);
        assert_eq!((Membership::person(&account(9)), Membership::account(id)), (None, None));
        assert!(!System::account_exists(&account(9)));

        let again = sponsor(9);
        assert_ne!(again, id);
    });
}

#[test]
fn an_account_that_sent_transactions_outlives_its_candidature() {
    execute(|| {
        Params::set(Parameters { candidate_lifetime: 10, ..Default::default() });
        let id = sponsor(9);
        System::inc_account_nonce(account(9));
        System::set_block_number(11);
        assert_ok!(Membership::prune_candidate(signed(0), id));
        assert_eq!(System::account_nonce(account(9)), 1);
        assert!(System::account_exists(&account(9)));
    });
}

#[test]
fn only_candidates_are_pruned() {
    execute(|| {
        assert_noop!(Membership::prune_candidate(signed(0), 99), Error::<Test>::NotFound);
        assert_noop!(Membership::prune_candidate(signed(0), 1), Error::<Test>::NotCandidate);
        Membership::lapse(1);
        assert_noop!(Membership::prune_candidate(signed(0), 1), Error::<Test>::NotCandidate);
    });
}
