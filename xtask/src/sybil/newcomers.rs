// SPDX-License-Identifier: Apache-2.0
//! What the rule of distance costs the honest: how many newcomers it lets in, and how many members stay.

use kith_primitives::{distance::least_vouches, parameters::Parameters};
use pallet_kith_vouching::rules;

use super::{
    chance,
    honest::Honest,
    random::Random,
    reach::{Members, Reach},
};

/// People of whom each figure is the average.
const ASKED: usize = 50;

/// How likely, in percent, an honest newcomer gets in within their time, for whom one member vouches and as many of that
/// member's acquaintances as the threshold lacks; and how many referees there are.
pub(crate) fn let_in(honest: &Honest, rules: &Parameters, seed: u64) -> (u32, u32) {
    let (referees, count) = referees(honest, rules);
    let mut random = Random::new(seed);
    let percent = average(|| {
        let sponsors = sponsors(honest, rules, &mut random);
        let reach = Reach::of(honest, &sponsors, rules.distance_steps);
        let linked = reach.linked(&vec![1; sponsors.len()]).common(&referees);
        chance::in_time(linked, count, honest.people(), rules)
    });
    (percent, count)
}

/// How likely, in percent, a member stays when the term of their proof ends, as long as all others are members.
pub(crate) fn stay(honest: &Honest, rules: &Parameters, seed: u64) -> u32 {
    let (referees, count) = referees(honest, rules);
    let (steps, again) = (rules.distance_steps, chance::again(rules));
    let mut random = Random::new(seed);
    average(|| {
        let reach = Reach::of(honest, &[random.below(honest.people())], steps);
        // Nobody is asked about themselves, who alone are at no distance.
        let own = reach.linked(&[steps]).common(&referees);
        chance::in_time(reach.linked(&[0]).common(&referees) - own, count - own, honest.people(), &again)
    })
}

fn referees(honest: &Honest, rules: &Parameters) -> (Members, u32) {
    let people = honest.people();
    let least = least_vouches(people as u32, rules.distance_steps);
    let (mut referees, mut count) = (Members::none(people), 0);
    for member in 0..people {
        let (received, given) = (honest.issuers[member].len() as u32, honest.subjects[member].len() as u32);
        if rules::is_referee(received, given, least) {
            referees.insert(member);
            count += 1;
        }
    }
    (referees, count)
}

fn average(mut chance: impl FnMut() -> f64) -> u32 {
    let sum: f64 = (0..ASKED).map(|_| chance()).sum();
    (sum / ASKED as f64 * 100.0).round() as u32
}

/// A member, and people they vouch for.
fn sponsors(honest: &Honest, rules: &Parameters, random: &mut Random) -> Vec<usize> {
    let first = random.below(honest.people());
    let known = &honest.subjects[first];
    let more = random.some(rules.admission_threshold as usize - 1, known.len());
    std::iter::once(first).chain(more.into_iter().map(|index| known[index] as usize)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sybil::honest::Shape;

    #[test]
    fn a_longer_way_lets_more_in() {
        let honest = Honest::generate(Shape::SmallWorld, 600, 8, 30, 1).unwrap();
        let shares = [3, 4, 5, 6].map(|distance_steps| {
            let rules = Parameters { distance_steps, distance_percent: 80, ..Parameters::default() };
            let_in(&honest, &rules, 1).0
        });
        assert!(shares.is_sorted(), "{shares:?}");
        assert!(shares[0] < 10 && shares[3] > 90, "{shares:?}");
    }

    #[test]
    fn members_stay_who_would_not_be_near_enough_as_newcomers() {
        let honest = Honest::generate(Shape::SmallWorld, 600, 8, 30, 1).unwrap();
        let shares = [(3, 50), (5, 80), (5, 50)].map(|(distance_steps, renewal_percent)| {
            stay(&honest, &Parameters { distance_steps, renewal_percent, ..Parameters::default() }, 1)
        });
        assert!(shares[0] < 10 && shares[1] < 90 && shares[2] > 95, "{shares:?}");
    }
}
