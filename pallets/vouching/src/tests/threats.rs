// SPDX-License-Identifier: Apache-2.0
//! The catalogued attacks that aim at vouching.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    distance::Witness,
    glue::{Community, Vouched},
    member::Standing,
    parameters::Parameters,
};
use pallet_kith_membership::Event as Membered;
use sp_runtime::DispatchError;

use crate::{mock::*, *};

fn every_call() -> [Call<Test>; 6] {
    let (subject, person) = (1, 1);
    [
        Call::vouch { subject },
        Call::renew { subject },
        Call::withdraw { subject },
        Call::reconsider { subject },
        Call::request_distance { person },
        Call::prove_distance { person, witness: Witness::new() },
    ]
}

#[test]
fn a01_no_call_takes_an_unsigned_or_a_privileged_origin() {
    execute(3, || {
        for to_make in every_call() {
            for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
                assert_noop!(call(origin, to_make.clone()), DispatchError::BadOrigin);
            }
        }
    });
}

#[test]
fn a01_strangers_candidates_the_lapsed_and_the_removed_do_nothing_that_members_do() {
    execute(5, || {
        let candidate = sponsor(0, 20);
        assert_ok!(leave(4));
        assert_ok!(withdraw(0, 3));
        pass(60);
        assert_eq!(standing(3), Some(Standing::Lapsed));
        for origin in [by(candidate), by(3), by(4), signed(77)] {
            for to_make in every_call().into_iter().take(3) {
                assert_noop!(call(origin.clone(), to_make), Error::<Test>::NotMember);
            }
            assert_noop!(request(origin.clone(), 1), Error::<Test>::NotConcerned);
        }
    });
}

#[test]
fn a01_who_is_frozen_does_nothing_that_members_do_and_what_they_gave_still_counts() {
    execute(5, || {
        let candidate = sponsor(0, 20);
        assert_ok!(freeze(0, 3));
        for to_make in every_call().into_iter().take(3) {
            assert_noop!(call(by(3), to_make), Error::<Test>::NotMember);
        }
        assert_noop!(request(by(3), candidate), Error::<Test>::NotConcerned);
        // A candidate whose key is frozen does not ask either, and others may ask for them.
        assert_ok!(freeze(0, candidate));
        Params::set(NEAR());
        assert_noop!(request(by(candidate), candidate), Error::<Test>::NotConcerned);
        assert_ok!(request(by(1), candidate));

        pass(100);
        assert!(<Vouching as Vouched>::vouched_at(3, 1).is_some());
        assert_ok!(unfreeze(0, 3));
        assert_ok!(vouch(3, candidate));
    });
}

#[test]
fn a01_anybody_hands_in_a_witness_and_asks_to_reconsider() {
    execute(6, || {
        Params::set(NEAR());
        let other = sponsor(1, 21);
        assert_ok!(leave(5));
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_ok!(freeze(0, 3));
        for (n, origin) in (100..).zip([signed(77), by(other), by(4), by(5), by(3), by(2)]) {
            let newcomer = sponsor(0, n);
            let witness = witness(newcomer).unwrap();
            assert_ok!(call(origin.clone(), Call::prove_distance { person: newcomer, witness }));
            assert_ok!(vouch(1, newcomer));
            Params::mutate(|rules| rules.admission_threshold = 2);
            assert_ok!(call(origin, Call::reconsider { subject: newcomer }));
            assert_eq!(standing(newcomer), Some(Standing::Member));
            Params::mutate(|rules| rules.admission_threshold = 3);
        }
    });
}

#[test]
fn a04_the_stock_at_its_bound_and_one_beyond() {
    execute_from(102, vec![], || {
        Params::set(Parameters { vouch_stock: 100, vouch_interval: 0, ..RULES() });
        for subject in 1..=100 {
            assert_ok!(vouch(0, subject));
        }
        assert_noop!(vouch(0, 101), Error::<Test>::TooManyVouches);
        assert_ok!(withdraw(0, 50));
        assert_ok!(vouch(0, 101));
        assert_noop!(vouch(0, 50), Error::<Test>::TooManyVouches);
        Params::set(Parameters { vouch_stock: 99, vouch_interval: 0, ..RULES() });
        assert_ok!(withdraw(0, 101));
        assert_noop!(vouch(0, 101), Error::<Test>::TooManyVouches);
    });
}

#[test]
fn a04_a_crowd_of_ended_vouches_delays_an_admission_and_prevents_none() {
    execute_from(140, vec![], || {
        let newcomer = sponsor(0, 200);
        Params::set(Parameters { admission_threshold: 200, ..RULES() });
        for issuer in 1..130 {
            assert_ok!(vouch(issuer, newcomer));
        }
        for issuer in 0..130 {
            assert_ok!(expel(issuer));
        }
        Params::set(RULES());
        for issuer in 130..140 {
            assert_ok!(vouch(issuer, newcomer));
        }
        pass(3);
        if standing(newcomer) == Some(Standing::Candidate) {
            assert_ok!(reconsider(newcomer));
        }
        assert_eq!((standing(newcomer), Vouching::received(newcomer)), (Some(Standing::Member), 10));
    });
}

#[test]
fn a06_extreme_parameters_and_heights_wrap_nothing() {
    Params::set(Parameters { proof_validity: u32::MAX, ..RULES() });
    execute_from(4, vec![], || {
        Params::set(Parameters { admission_threshold: u32::MAX, vouch_validity: u32::MAX, ..RULES() });
        let newcomer = sponsor(0, 20);
        assert_eq!(Vouches::<Test>::get(newcomer, 0), Some(Vouch { at: 1, expires: u32::MAX }));
        assert_ok!(vouch(1, newcomer));
        assert_ok!(withdraw(1, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        Params::set(Parameters { vouch_interval: u32::MAX, ..RULES() });
        assert_noop!(vouch(1, newcomer), Error::<Test>::TooEarly);
        Params::set(Parameters { vouch_stock: 0, ..RULES() });
        assert_noop!(vouch(2, newcomer), Error::<Test>::TooManyVouches);

        // A threshold of nothing is taken for one: somebody always answers for a newcomer.
        Params::set(Parameters { admission_threshold: 0, vouch_validity: 0, lapse_grace: u32::MAX, ..RULES() });
        assert_ok!(vouch(2, 3));
        pass(1);
        assert_eq!(Graces::<Test>::get(3), Some(u32::MAX));
        System::set_block_number(u32::MAX - 1);
        Cursor::<Test>::put(u32::MAX - 1);
        assert_noop!(renew(2, 0), Error::<Test>::NotFound);
        assert_ok!(vouch(2, 0));
        assert_eq!(Vouches::<Test>::get(0, 2).map(|vouch| vouch.expires), Some(u32::MAX - 1));
        pass(1);
        assert_eq!(Cursor::<Test>::get(), u32::MAX);
    });
}

#[test]
fn a07_ineligible_vouches_never_count_and_each_counts_once() {
    execute(4, || {
        let newcomer = sponsor(0, 20);
        assert_noop!(vouch(newcomer, newcomer), Error::<Test>::NotMember);
        assert_noop!(vouch(0, newcomer), Error::<Test>::AlreadyExists);
        assert_noop!(vouch(0, 0), Error::<Test>::VouchForSelf);
        assert_ok!(leave(3));
        assert_noop!(vouch(3, newcomer), Error::<Test>::NotMember);
        assert_eq!(Vouching::received(newcomer), 1);
    });
}

#[test]
fn a07_a_vouch_beyond_the_threshold_admits_nobody_twice() {
    execute(5, || {
        let newcomer = sponsor(0, 20);
        for issuer in 1..5 {
            assert_ok!(vouch(issuer, newcomer));
        }
        assert_eq!((Vouching::received(newcomer), Membership::active_members()), (5, 6));
        assert_eq!(times(Membered::<Test>::Admitted { member: newcomer }), 1);
    });
}

#[test]
fn a07_withdrawing_one_short_of_the_threshold_and_vouching_in_one_block() {
    execute(5, || {
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        assert_ok!(withdraw(0, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (2, Some(Standing::Candidate)));
        assert_ok!(vouch(3, newcomer));
        assert_ok!(withdraw(3, newcomer));
        // Admitted by the third, and short again at once.
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (2, Some(Standing::Member)));
        assert_eq!(Graces::<Test>::get(newcomer), Some(51));
        assert_eq!(times(Membered::<Test>::Admitted { member: newcomer }), 1);
    });
}

#[test]
fn a08_a_stolen_key_vouches_once_an_interval_and_never_beyond_the_stock() {
    execute_from(4, vec![], || {
        let mut accomplices = 0;
        for n in 0..100 {
            accomplices += u16::from(try_sponsor(0, 500 + n).is_ok());
            assert!(u32::from(accomplices) <= (System::block_number() - 1) / 10 + 1);
            pass(1);
        }
        assert_eq!(accomplices, 5);
        assert_eq!(Membership::active_members(), 4);
    });
}

#[test]
fn a08_a_ring_grows_no_faster_than_its_budget_and_falls_with_those_who_made_it() {
    execute_from(10, vec![], || {
        let mut ring: Vec<MemberId> = vec![0, 1, 2];
        for n in 0..60 {
            // Three of the ring whose interval is over, if there are, make the next member.
            let now = System::block_number();
            let ready: Vec<_> = ring
                .iter()
                .copied()
                .filter(|id| Issuers::<Test>::get(id).last.is_none_or(|last| now >= last + 10))
                .filter(|id| Issuers::<Test>::get(id).live < 5)
                .collect();
            if let [a, b, c, ..] = ready[..] {
                let fake = sponsor(a, 500 + n);
                assert_ok!(vouch(b, fake));
                assert_ok!(vouch(c, fake));
                assert_eq!(standing(fake), Some(Standing::Member));
                ring.push(fake);
            }
            let budget: u32 = ring.iter().map(|id| Issuers::<Test>::get(id).live).sum();
            assert!(ring.len() as u32 - 3 <= budget / 3);
            // Nobody of the ring has given more than one vouch in ten blocks.
            assert!(budget <= ring.len() as u32 * (now / 10 + 1));
            pass(1);
        }
        let fakes = ring.split_off(3);
        assert!(fakes.len() >= 5, "{fakes:?}");
        for culprit in ring {
            assert_ok!(expel(culprit));
        }
        pass(60 * fakes.len() as u32);
        for fake in fakes {
            assert_ne!(standing(fake), Some(Standing::Member));
        }
        assert_eq!(Membership::active_members(), 7);
    });
}

#[test]
fn a09_a_threshold_above_the_members_admits_nobody_until_it_is_lowered() {
    execute(2, || {
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        pass(150);
        assert_eq!((standing(newcomer), Membership::active_members()), (Some(Standing::Candidate), 2));
        Params::set(Parameters { admission_threshold: 2, ..RULES() });
        assert_ok!(reconsider(newcomer));
        assert_eq!((standing(newcomer), Membership::active_members()), (Some(Standing::Member), 3));
    });
}

#[test]
fn a09_a_threshold_raised_meanwhile_holds_for_pending_candidates() {
    execute(5, || {
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        Params::set(Parameters { admission_threshold: 4, ..RULES() });
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        assert_ok!(vouch(3, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}

#[test]
fn a09_lapses_stop_while_enough_members_are_left_to_admit() {
    execute(6, || {
        // Nobody renews: all vouches end in block 1,000, all grace in 1,050.
        pass(1_100);
        assert_eq!(Vouches::<Test>::iter_keys().count(), 0);
        assert_eq!(Membership::active_members(), 3);
        let left: Vec<_> = (0..6).filter(|id| Membership::is_member(*id)).collect();
        for member in &left {
            assert!(Graces::<Test>::get(member).is_some_and(|deadline| deadline > 1_100));
        }
        // What is left admits a newcomer, and takes back who lapsed.
        let newcomer = sponsor(left[0], 20);
        assert_ok!(vouch(left[1], newcomer));
        assert_ok!(vouch(left[2], newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
        pass(20);
        let lapsed = (0..6).find(|id| !Membership::is_member(*id)).unwrap();
        for member in left {
            assert_ok!(vouch(member, lapsed));
        }
        assert_eq!(standing(lapsed), Some(Standing::Member));
    });
}

#[test]
fn a09_a_community_of_one_neither_lapses_nor_stays_alone() {
    execute(1, || {
        Params::set(Parameters { admission_threshold: 1, ..RULES() });
        assert_ok!(reconsider(0));
        pass(300);
        assert_eq!(standing(0), Some(Standing::Member));
        assert!(times(Event::<Test>::LapseHeld { member: 0, deadline: 151 }) == 1);
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(newcomer, 0));
        assert_eq!((Membership::active_members(), Graces::<Test>::get(0)), (2, None));
    });
}

#[test]
fn a09_members_who_leave_below_the_threshold_can_be_followed_once_it_is_lowered() {
    execute(4, || {
        assert_ok!(leave(2));
        assert_ok!(leave(3));
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        pass(150);
        assert_eq!((standing(newcomer), Membership::active_members()), (Some(Standing::Candidate), 2));
        Params::set(Parameters { admission_threshold: 2, ..RULES() });
        assert_ok!(reconsider(newcomer));
        assert_eq!(Membership::active_members(), 3);
    });
}
