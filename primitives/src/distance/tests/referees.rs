// SPDX-License-Identifier: Apache-2.0
//! Who is asked, and what chance may do.

use std::{cell::RefCell, collections::BTreeSet};

use proptest::prelude::*;

use super::{
    super::{asked, draw, needed, nth_root_ceil, reached, Asked, Linked, ENUMERATED, TRIES},
    Numbers,
};

proptest! {
    #[test]
    fn the_root_is_the_least_number_whose_power_suffices(n: u32, k in 1u32..12) {
        let root = nth_root_ceil(n, k);
        let power = |base: u32| u128::from(base).checked_pow(k).unwrap_or(u128::MAX);
        prop_assert!(power(root) >= n.into());
        prop_assert!(root == 0 || power(root - 1) < n.into());
    }

    #[test]
    fn what_is_needed_is_rounded_up_and_never_more_than_is_asked(percent in 0u32..=100, asked in 0u32..=128) {
        let needed = needed(percent, asked);
        prop_assert!(needed <= asked);
        prop_assert!(needed * 100 >= percent * asked);
        prop_assert!(needed == 0 || (needed - 1) * 100 < percent * asked);
    }

    #[test]
    fn a_sample_has_no_one_twice_no_one_else_and_no_more_than_wanted(
        seed: [u8; 32], candidate: u32, bound in 0u32..3_000, sample in 0u32..200, every in 1u32..50,
    ) {
        let looked_at = RefCell::new(0);
        let is_referee = |person: u32| { *looked_at.borrow_mut() += 1; person.is_multiple_of(every) };
        let found = asked(candidate, bound, sample, Some(&seed), is_referee);
        prop_assert!(*looked_at.borrow() <= ENUMERATED + TRIES);
        let all = (0..bound).filter(|person| person % every == 0).count();
        match found {
            Asked::All(referees) => prop_assert!(bound <= ENUMERATED && referees.len() == all),
            Asked::Drawn(referees) => {
                prop_assert!(bound > ENUMERATED || all > sample.min(128) as usize);
                prop_assert!(referees.len() <= sample.min(128) as usize);
                let different: BTreeSet<_> = referees.iter().collect();
                prop_assert_eq!(different.len(), referees.len());
                prop_assert!(referees.iter().all(|person| *person < bound && person % every == 0));
            }
            Asked::Unknown => prop_assert!(false, "the seed is known"),
        }
    }

    #[test]
    fn no_extreme_wraps(seed: [u8; 32], candidate: u32, bound: u32, i: u32, percent: u32, asked: u32, k: u32) {
        prop_assert!(draw(&seed, candidate, bound, i) < bound.max(1));
        needed(percent, asked);
        nth_root_ceil(asked, k);
    }
}

#[test]
fn roots_at_the_edges() {
    let cases =
        [(0, 5, 0), (1, 5, 1), (2, 5, 2), (32, 5, 2), (33, 5, 3), (u32::MAX, 1, u32::MAX), (u32::MAX, 2, 65_536)];
    for (n, k, root) in cases {
        assert_eq!(nth_root_ceil(n, k), root);
    }
    assert_eq!((nth_root_ceil(7, 0), nth_root_ceil(u32::MAX, u32::MAX)), (7, 2));
}

#[test]
fn the_draw_is_the_one_that_was_written_down() {
    let seed = [7; 32];
    assert_eq!([0, 1, 2, 3].map(|i| draw(&seed, 42, 1_000, i)), [877, 342, 822, 929]);
    let counting: [u8; 32] = core::array::from_fn(|at| at as u8);
    assert_eq!(draw(&counting, u32::MAX, u32::MAX, 1_023), 429_122_199);
}

#[test]
fn all_are_asked_up_to_the_sample_and_the_bound_and_drawn_beyond() {
    let seed = [3; 32];
    let few = |person: u32| person < 8;
    assert_eq!(asked(9, ENUMERATED, 8, None, few), Asked::All((0..8).collect()));
    assert_eq!(asked(9, ENUMERATED + 1, 8, None, few), Asked::Unknown);
    assert_eq!(asked(9, 9, 7, None, few), Asked::Unknown);
    let Asked::Drawn(drawn) = asked(9, 9, 7, Some(&seed), few) else { panic!("there are more than seven") };
    assert_eq!(drawn.len(), 7);
    assert_eq!(asked(9, ENUMERATED + 1, 8, Some(&seed), |_| false), Asked::Drawn(vec![]));
    assert_eq!(asked(0, 0, 8, None, |_| true), Asked::All(vec![]));
}

/// The chance that of `n` tries, each of which succeeds with probability `p`, at least `k` do.
fn at_least(k: u32, n: u32, p: f64) -> f64 {
    let mut term = (1.0 - p).powi(n as i32);
    let mut below = 0.0;
    for i in 0..k {
        below += term;
        term *= f64::from(n - i) / f64::from(i + 1) * p / (1.0 - p);
    }
    1.0 - below
}

/// Of 6,000 people 4,000 are referees, `linked` percent of whom are linked: how often 4,000 samples of 64 are judged near
/// where 80 percent are asked for, and the binomial law's answer.
fn accepted(linked: u32, numbers: &mut Numbers) -> (f64, f64) {
    const SAMPLES: u32 = 4_000;
    let mut near = 0;
    for candidate in 0..SAMPLES {
        let seed = numbers.seed();
        let Asked::Drawn(drawn) = asked(candidate, 6_000, 64, Some(&seed), |person| person % 3 > 0) else {
            panic!("six thousand are drawn from")
        };
        assert_eq!(drawn.len(), 64);
        // Which of them are linked has nothing to do with who is a referee.
        let links: Linked =
            drawn.iter().filter(|person| *person / 3 % 100 < linked).map(|person| (*person, 1)).collect();
        near += u32::from(reached(&links, &drawn) >= needed(80, 64));
    }
    (f64::from(near) / f64::from(SAMPLES), at_least(52, 64, f64::from(linked) / 100.0))
}

#[test]
fn a_sample_errs_as_often_as_the_binomial_law_allows() {
    let mut numbers = Numbers(3);
    // Without replacement the tails are a little thinner: at both ends the law is a bound, within four deviations.
    for linked in [60, 65, 70, 75] {
        let (seen, bound) = accepted(linked, &mut numbers);
        let deviation = (bound * (1.0 - bound) / 4_000.0).sqrt();
        assert!(seen <= bound + 4.0 * deviation, "{linked} % linked: {seen} were wrongly near, the bound is {bound}");
    }
    for linked in [85, 90, 95] {
        let (seen, bound) = accepted(linked, &mut numbers);
        let deviation = (bound * (1.0 - bound) / 4_000.0).sqrt();
        assert!(seen >= bound - 4.0 * deviation, "{linked} % linked: {seen} were rightly near, the bound is {bound}");
    }
    // And the test could tell: at 70 percent hardly any is wrongly near, at 90 hardly any wrongly far.
    assert!(at_least(52, 64, 0.7) < 0.05 && at_least(52, 64, 0.9) > 0.97);
}
