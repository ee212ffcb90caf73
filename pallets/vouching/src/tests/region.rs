// SPDX-License-Identifier: Apache-2.0
//! People made up by a few members, as many as they like: how far they get.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    distance::{find_witness, Witness},
    glue::Community,
    member::Standing,
    parameters::Parameters,
};

use crate::{mock::*, *};

/// The witness that links the person to as many of those asked as can be linked.
fn best_witness(person: MemberId) -> Witness {
    let asked = Vouching::asked(person).ok().unwrap();
    let find = |needed| find_witness(&Stored::<Test>::default(), person, &asked, 2, needed);
    (0..=asked.len() as u32).rev().find_map(find).unwrap()
}

#[test]
fn a08_a_fake_region_behind_two_members_grows_one_layer_deep_and_never_deeper() {
    Params::set(Parameters { admission_threshold: 2, distance_sample: 64, ..NEAR() });
    execute(8, || {
        // The stock of 6 and 7, who have vouched for seven founders each, is enough for thirteen.
        let mut fakes = Vec::new();
        for n in 0..13 {
            let fake = sponsor(6, 100 + n);
            assert_ok!(vouch(7, fake));
            assert_eq!(standing(fake), Some(Standing::Candidate));
            assert_ok!(prove(fake, best_witness(fake)));
            assert_eq!(standing(fake), Some(Standing::Member));
            fakes.push(fake);
        }
        assert_noop!(try_sponsor(6, 200), Error::<Test>::TooManyVouches);
        for issuer in &fakes {
            for subject in fakes.iter().filter(|subject| *subject != issuer) {
                assert_ok!(vouch(*issuer, *subject));
            }
        }
        assert_eq!(Membership::active_members(), 21);

        // All of them are referees by now, yet behind them nobody comes near the six who are honest.
        for n in 0..40 {
            let (a, b) = (fakes[n % 13], fakes[(n + 1) % 13]);
            let deeper = sponsor(a, 300 + n as u16);
            assert_ok!(vouch(b, deeper));
            assert_eq!(Vouching::asked(deeper).ok(), Some((0..21).collect()));
            let linked = best_witness(deeper);
            assert!(linked.iter().all(|step| step.member >= 6));
            assert_noop!(prove(deeper, linked), Error::<Test>::TooFar);
            assert_eq!(standing(deeper), Some(Standing::Candidate));
        }
        assert_eq!(Membership::active_members(), 21);
    });
}

#[test]
fn a08_a_far_newcomer_comes_in_when_somebody_nearer_vouches_for_them() {
    let line = [(1, 0), (2, 1), (3, 2), (4, 3), (0, 4)];
    let ring = line.into_iter().flat_map(|(i, s)| [(i, s), (s, i)]);
    execute_from(5, ring.collect(), || {
        Params::set(Parameters { admission_threshold: 1, distance_steps: 2, distance_percent: 100, ..NEAR() });
        // Five in a ring, and least vouches of three: nobody is a referee yet.
        for (issuer, subject) in [(0, 2), (2, 0), (0, 3), (3, 0)] {
            assert_ok!(vouch(issuer, subject));
        }
        // Referees are 0, 2 and 3. From 1 it is one vouch to 0 and 2, and two to 3.
        let newcomer = sponsor(1, 20);
        assert_eq!(Vouching::asked(newcomer).ok(), Some(vec![0, 2, 3]));
        assert_noop!(prove(newcomer, best_witness(newcomer)), Error::<Test>::TooFar);
        assert_ok!(vouch(2, newcomer));
        assert_ok!(prove(newcomer, best_witness(newcomer)));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}
