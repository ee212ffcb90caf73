// SPDX-License-Identifier: Apache-2.0
//! What the rule of distance costs honest newcomers: how many of them it lets in.

use kith_primitives::{
    distance::{least_vouches, needed, ENUMERATED},
    parameters::Parameters,
};
use pallet_kith_vouching::rules;

use super::{
    chance,
    honest::Honest,
    random::Random,
    reach::{Members, Reach},
};

/// Newcomers of whom each figure is the average.
const NEWCOMERS: usize = 50;

/// How likely, in percent, an honest newcomer gets in within their time, for whom one member vouches and as many of that
/// member's acquaintances as the threshold lacks; and how many referees there are.
pub(crate) fn let_in(honest: &Honest, rules: &Parameters, seed: u64) -> (u32, u32) {
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
    let mut random = Random::new(seed);
    let chances = (0..NEWCOMERS).map(|_| {
        let sponsors = sponsors(honest, rules, &mut random);
        let reach = Reach::of(honest, &sponsors, rules.distance_steps);
        chance(reach.linked(&vec![1; sponsors.len()]).common(&referees), count, people, rules)
    });
    let sum: f64 = chances.sum();
    ((sum / NEWCOMERS as f64 * 100.0).round() as u32, count)
}

fn chance(linked: u32, referees: u32, people: usize, rules: &Parameters) -> f64 {
    if people as u32 <= ENUMERATED && referees <= rules.distance_sample {
        return f64::from(u8::from(linked >= needed(rules.distance_percent, referees)));
    }
    chance::any_drawing(linked, referees, rules)
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
}
