// SPDX-License-Identifier: Apache-2.0
//! How long a member's proof holds, and what becomes of those of whom it is not given again.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{glue::Community, member::Standing, parameters::Parameters};
use pallet_kith_membership::Event as Membered;

use crate::{mock::*, *};

const TERM: BlockNumber = 300;

/// Everybody is asked, and proofs end within a test.
fn rules() -> Parameters {
    Parameters { distance_sample: 128, proof_validity: TERM, renewal_percent: 50, ..NEAR() }
}

fn founded(test: impl FnOnce()) {
    Params::set(rules());
    execute(6, test);
}

/// Founders in two parts that nothing links: everybody vouches for everybody in their part.
fn in_two_parts(first: u32, second: u32, test: impl FnOnce()) {
    Params::set(rules());
    let all = 0..first + second;
    let same_part = |(issuer, subject): &(u32, u32)| issuer != subject && (*issuer < first) == (*subject < first);
    let vouches = all.clone().flat_map(|issuer| all.clone().map(move |subject| (issuer, subject))).filter(same_part);
    execute_from((first + second) as u16, vouches.collect(), test);
}

fn request_again(people: impl Iterator<Item = MemberId>) {
    for person in people {
        assert_ok!(request(by(person), person));
    }
}

fn prove_again(person: MemberId) {
    request_again([person].into_iter());
    assert_ok!(prove(person, witness(person).unwrap()));
}

#[test]
fn a_proof_holds_for_its_term_and_can_be_given_anew_in_the_renewal_window() {
    founded(|| {
        assert_eq!(ProofEnds::<Test>::get(0), Some(TERM));
        pass(TERM - 100 - 2);
        assert_noop!(request(by(0), 0), Error::<Test>::AlreadyMember);
        assert_noop!(prove(0, Witness::new()), Error::<Test>::AlreadyMember);
        pass(1);
        prove_again(0);
        System::assert_last_event(Event::<Test>::DistanceProven { person: 0 }.into());
        let now = System::block_number();
        assert_eq!((ProofEnds::<Test>::get(0), Requests::<Test>::get(0)), (Some(now + TERM), None));
        assert_noop!(request(by(0), 0), Error::<Test>::AlreadyMember);
        pass(TERM - now + 40);
        assert_eq!((Graces::<Test>::get(0), Graces::<Test>::get(1)), (None, Some(TERM + 50)));
    });
}

#[test]
fn who_does_not_prove_it_again_has_the_grace_and_then_lapses() {
    founded(|| {
        pass(TERM - 100);
        (1..6).for_each(prove_again);
        pass(TERM - System::block_number());
        System::assert_has_event(Event::<Test>::GraceStarted { member: 0, deadline: TERM + 50 }.into());
        assert_eq!(Graces::<Test>::iter_keys().collect::<Vec<_>>(), [0]);
        pass(49);
        assert_eq!(standing(0), Some(Standing::Member));
        pass(1);
        assert_eq!(standing(0), Some(Standing::Lapsed));
        assert_eq!(times(Membered::<Test>::Lapsed { member: 0 }), 1);
        assert_eq!(ProofEnds::<Test>::get(0), None);
    });
}

#[test]
fn a_proof_in_the_grace_ends_it() {
    founded(|| {
        pass(TERM + 9);
        assert_eq!(Graces::<Test>::get(0), Some(TERM + 50));
        prove_again(0);
        System::assert_last_event(Event::<Test>::GraceEnded { member: 0 }.into());
        pass(60);
        assert_eq!(standing(0), Some(Standing::Member));
    });
}

#[test]
fn a_proof_in_the_grace_does_not_stand_in_for_a_vouch() {
    founded(|| {
        pass(TERM);
        for issuer in 1..4 {
            assert_ok!(withdraw(issuer, 0));
        }
        prove_again(0);
        assert_eq!(Graces::<Test>::get(0), Some(TERM + 50));
        assert_ok!(vouch(1, 0));
        System::assert_last_event(Event::<Test>::GraceEnded { member: 0 }.into());
    });
}

#[test]
fn a_vouch_in_the_grace_does_not_stand_in_for_a_proof() {
    founded(|| {
        assert_ok!(withdraw(1, 0));
        pass(TERM);
        assert_ok!(vouch(1, 0));
        assert_eq!(Graces::<Test>::get(0), Some(TERM + 50));
    });
}

#[test]
fn a_part_that_nothing_links_to_most_referees_lapses_as_a_whole_and_the_others_stay() {
    in_two_parts(12, 7, || {
        pass(TERM - 99);
        request_again(12..19);
        for fake in 12..19 {
            assert_eq!(witness(fake), None);
            let linked: Vec<_> = (12..19).filter(|other| *other != fake).collect();
            let steps = linked.into_iter().map(|member| kith_primitives::distance::Step { member, parent: 0 });
            assert_noop!(prove(fake, Witness::truncate_from(steps.collect())), Error::<Test>::TooFar);
        }
        (0..12).for_each(prove_again);
        pass(160);
        assert!((0..12).all(|person| standing(person) == Some(Standing::Member)));
        assert!((12..19).all(|person| standing(person) == Some(Standing::Lapsed)));
        assert_eq!(Membership::active_members(), 12);
    });
}

#[test]
fn a_member_needs_fewer_than_a_newcomer() {
    in_two_parts(12, 7, || {
        let newcomer = sponsor(0, 100);
        for issuer in 1..3 {
            assert_ok!(vouch(issuer, newcomer));
        }
        assert_eq!((witness(newcomer), standing(newcomer)), (None, Some(Standing::Candidate)));
        pass(TERM - 99);
        request_again(0..1);
        assert!(witness(0).is_some());
        Params::mutate(|rules| rules.renewal_percent = 100);
        assert_eq!((Vouching::percent(0), witness(0)), (80, None));
    });
}

#[test]
fn nobody_is_asked_again_where_the_constitution_asks_no_member() {
    founded(|| {
        Params::mutate(|rules| rules.renewal_percent = 0);
        pass(TERM + 60);
        assert!((0..6).all(|person| standing(person) == Some(Standing::Member)));
        assert_noop!(request(by(0), 0), Error::<Test>::NothingToProve);
        assert_noop!(reconsider(0), Error::<Test>::Unchanged);

        Params::mutate(|rules| rules.renewal_percent = 50);
        pass(60);
        assert_eq!(Graces::<Test>::iter_keys().count(), 0);
        assert_ok!(reconsider(0));
        let deadline = System::block_number() + 50;
        System::assert_last_event(Event::<Test>::GraceStarted { member: 0, deadline }.into());
        prove_again(0);
        assert_eq!(Graces::<Test>::get(0), None);
    });
}

#[test]
fn the_end_of_a_term_starts_no_grace_for_want_of_vouches() {
    Params::set(Parameters { renewal_percent: 0, ..rules() });
    execute_from(5, vec![(0, 1)], || {
        pass(TERM + 60);
        assert_eq!(Graces::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn whoever_was_admitted_unasked_has_a_term_too() {
    Params::set(Parameters { distance_percent: 0, ..rules() });
    execute(6, || {
        pass(10);
        let newcomer = sponsor(0, 100);
        for issuer in 1..3 {
            assert_ok!(vouch(issuer, newcomer));
        }
        assert_eq!(ProofEnds::<Test>::get(newcomer), Some(System::block_number() + TERM));
    });
}

#[test]
fn a_lapse_by_time_stops_where_too_few_would_be_left() {
    founded(|| {
        pass(TERM + 60);
        let members = (0..6).filter(|person| standing(*person) == Some(Standing::Member)).count();
        assert_eq!(members as u32, rules().admission_threshold);
        assert_eq!(Graces::<Test>::iter_keys().count(), members);
    });
}

#[test]
fn nobody_else_replaces_a_members_request_that_is_still_good() {
    founded(|| {
        pass(TERM - 100);
        assert_ok!(request(by(1), 0));
        pass(100);
        assert_noop!(request(by(1), 0), Error::<Test>::TooEarlyToRequest);
        assert_ok!(request(by(0), 0));
        assert_noop!(request(signed(9_999), 1), Error::<Test>::NotConcerned);
    });
}
