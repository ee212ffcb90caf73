// SPDX-License-Identifier: Apache-2.0
//! When somebody must be shown to be near, and what that does.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    distance::Witness,
    glue::{Community, Vouched},
    member::Standing,
    parameters::Parameters,
};
use pallet_kith_membership::Event as Membered;

use crate::{mock::*, *};

/// Four founders who vouch for each other, all of them referees, and a newcomer sponsored by 0 in block 1.
fn founded(test: impl FnOnce(MemberId)) {
    execute(4, || {
        Params::set(NEAR());
        test(sponsor(0, 20));
    });
}

fn prove_near(person: MemberId) {
    assert_ok!(prove(person, witness(person).unwrap()));
}

#[test]
fn who_has_vouches_enough_is_a_member_when_shown_to_be_near() {
    founded(|newcomer| {
        assert_eq!(times(Event::<Test>::DistanceRequested { person: newcomer }), 1);
        assert_eq!(Requests::<Test>::get(newcomer), Some(Request { at: 1, epoch: 0, bound: 5 }));
        assert_eq!(Vouching::asked(newcomer).ok(), Some(vec![0, 1, 2, 3]));
        assert_ok!(vouch(1, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (3, Some(Standing::Candidate)));
        assert_noop!(reconsider(newcomer), Error::<Test>::Unchanged);

        prove_near(newcomer);
        assert_eq!(standing(newcomer), Some(Standing::Member));
        assert_eq!(times(Event::<Test>::DistanceProven { person: newcomer }), 1);
        assert_eq!(times(Membered::<Test>::Admitted { member: newcomer }), 1);
        assert_eq!((Requests::<Test>::get(newcomer), Proven::<Test>::get(newcomer)), (None, None));
        assert_eq!(times(Event::<Test>::DistanceRequested { person: newcomer }), 1);
    });
}

#[test]
fn who_was_shown_to_be_near_is_a_member_when_they_have_vouches_enough() {
    founded(|newcomer| {
        prove_near(newcomer);
        assert_eq!((standing(newcomer), Proven::<Test>::get(newcomer)), (Some(Standing::Candidate), Some(1)));
        pass(100);
        assert_ok!(vouch(1, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
        assert_eq!((Requests::<Test>::get(newcomer), Proven::<Test>::get(newcomer)), (None, None));
    });
}

#[test]
fn losing_a_vouch_undoes_the_proof_that_may_have_rested_on_it() {
    founded(|newcomer| {
        assert_ok!(vouch(1, newcomer));
        prove_near(newcomer);
        assert_ok!(withdraw(0, newcomer));
        assert_eq!(times(Event::<Test>::ProofUndone { person: newcomer }), 1);
        assert_eq!(Proven::<Test>::get(newcomer), None);
        assert_ok!(vouch(2, newcomer));
        assert_ok!(vouch(3, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        // The request still stands.
        prove_near(newcomer);
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a_vouch_whose_issuer_departs_undoes_the_proof_too() {
    founded(|newcomer| {
        prove_near(newcomer);
        assert_ok!(leave(0));
        pass(1);
        assert_eq!((Vouching::received(newcomer), Proven::<Test>::get(newcomer)), (0, None));
    });
}

#[test]
fn nobody_is_asked_while_the_constitution_asks_for_nothing() {
    execute(4, || {
        let newcomer = sponsor(0, 20);
        assert_eq!(Requests::<Test>::get(newcomer), None);
        assert_noop!(request(by(0), newcomer), Error::<Test>::NothingToProve);
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::NothingToProve);
        assert_ok!(vouch(1, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn there_is_nothing_to_prove_for_the_unknown_the_removed_members_and_late_candidates() {
    execute(5, || {
        Params::set(NEAR());
        let late = sponsor(0, 20);
        assert_ok!(leave(4));
        let all = |of: Error<Test>, person| {
            let error = sp_runtime::DispatchError::from(of);
            assert_noop!(request(by(0), person), error);
            assert_noop!(prove(person, Witness::new()), error);
        };
        all(Error::NotEligible, 99);
        all(Error::NotEligible, 4);
        all(Error::AlreadyMember, 1);
        prove_near(late);
        all(Error::AlreadyProven, late);
        pass(200);
        all(Error::NotEligible, late);
        assert_ok!(call(signed(77), pallet_kith_membership::Call::prune_candidate { person: late }));
        assert_eq!((Requests::<Test>::get(late), Proven::<Test>::get(late)), (None, None));
    });
}

#[test]
fn who_lapsed_must_be_shown_to_be_near_again() {
    execute(5, || {
        Params::set(NEAR());
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_eq!((standing(4), Requests::<Test>::get(4)), (Some(Standing::Lapsed), None));
        assert_ok!(vouch(0, 4));
        assert_eq!((standing(4), Vouching::received(4)), (Some(Standing::Lapsed), 3));
        prove_near(4);
        assert_eq!(standing(4), Some(Standing::Member));
    });
}

#[test]
fn what_counts_is_answered_to_others() {
    founded(|newcomer| {
        assert!(<Vouching as Vouched>::vouched_at(0, newcomer).is_some());
        assert!(<Vouching as Vouched>::vouched_at(1, newcomer).is_none());
        assert!(<Vouching as Vouched>::vouched_at(newcomer, 0).is_none());
        assert_eq!(<Vouching as Vouched>::received(newcomer), 1);
        assert_ok!(expel(0));
        // The vouch is still stored.
        assert!(<Vouching as Vouched>::vouched_at(0, newcomer).is_none());
        assert_eq!(<Vouching as Vouched>::received(newcomer), 1);
    });
}

#[test]
fn the_parameters_in_force_when_it_is_proven_decide() {
    founded(|newcomer| {
        let nearest = Witness::try_from(witness(newcomer).unwrap()[..2].to_vec()).unwrap();
        assert_noop!(prove(newcomer, nearest.clone()), Error::<Test>::TooFar);
        Params::set(Parameters { distance_steps: 1, ..NEAR() });
        assert_noop!(prove(newcomer, nearest.clone()), Error::<Test>::PathTooLong);
        Params::set(Parameters { distance_percent: 50, ..NEAR() });
        assert_ok!(prove(newcomer, nearest));
        // What was proven stays so, whatever becomes of the parameters.
        Params::set(Parameters { distance_percent: 100, distance_steps: 1, ..NEAR() });
        assert_ok!(vouch(1, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a_rule_given_up_or_made_meanwhile_holds_for_pending_candidates() {
    founded(|given_up| {
        assert_ok!(vouch(1, given_up));
        assert_ok!(vouch(2, given_up));
        Params::set(Parameters { distance_percent: 0, ..NEAR() });
        assert_eq!(standing(given_up), Some(Standing::Candidate));
        assert_ok!(reconsider(given_up));
        assert_eq!((standing(given_up), Requests::<Test>::get(given_up)), (Some(Standing::Member), None));

        let made = sponsor(0, 21);
        assert_ok!(vouch(1, made));
        assert_eq!(Requests::<Test>::get(made), None);
        Params::set(NEAR());
        assert_ok!(vouch(2, made));
        assert_eq!(standing(made), Some(Standing::Candidate));
        prove_near(made);
        assert_eq!(standing(made), Some(Standing::Member));
    });
}

#[test]
fn a09_who_is_alone_admits_without_asking_anybody() {
    execute(1, || {
        Params::set(Parameters { admission_threshold: 1, ..NEAR() });
        assert_eq!(standing(sponsor(0, 20)), Some(Standing::Member));
    });
}

#[test]
fn a09_a_community_without_a_referee_asks_for_an_empty_witness() {
    execute_from(3, vec![], || {
        Params::set(NEAR());
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        assert_eq!(Vouching::asked(newcomer).ok(), Some(vec![]));
        assert_ok!(prove(newcomer, Witness::new()));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a09_when_nobody_renewed_those_left_still_admit() {
    execute(6, || {
        Params::set(NEAR());
        // All vouches end in block 1,000; lapses are held where three members are left.
        pass(1_100);
        assert_eq!((Vouches::<Test>::iter_keys().count(), Membership::active_members()), (0, 3));
        let left: Vec<_> = (0..6).filter(|id| Membership::is_member(*id)).collect();
        let newcomer = sponsor(left[0], 20);
        assert_ok!(vouch(left[1], newcomer));
        assert_ok!(vouch(left[2], newcomer));
        prove_near(newcomer);
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a09_a_threshold_above_the_members_keeps_out_until_it_is_lowered_and_distance_does_not_add_to_it() {
    execute(2, || {
        Params::set(NEAR());
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        prove_near(newcomer);
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        Params::set(Parameters { admission_threshold: 2, ..NEAR() });
        assert_ok!(reconsider(newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a09_a_community_too_thin_to_draw_from_is_opened_by_asking_for_no_distance() {
    let core = (0..5).flat_map(|i| (0..5).map(move |s| (i, s))).filter(|(i, s)| i != s);
    execute_from(600, core.collect(), || {
        Params::set(Parameters { distance_steps: 10, ..NEAR() });
        let newcomer = sponsor(0, 1_000);
        assert_ok!(vouch(1, newcomer));
        assert_ok!(vouch(2, newcomer));
        pass(2 * EPOCH);
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooFewReferees);
        Params::set(Parameters { distance_percent: 0, ..NEAR() });
        assert_ok!(reconsider(newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}
