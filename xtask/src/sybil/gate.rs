// SPDX-License-Identifier: Apache-2.0
//! Whether the rule of distance lets a candidate of the attackers through: decided by the pallet's own code.

use std::{cell::RefCell, collections::HashMap};

use kith_primitives::{
    distance::{asked, check, find_witness, least_vouches, needed, reached, Asked, FEWEST},
    parameters::Parameters,
};
use pallet_kith_vouching::rules;

use super::{
    chance,
    honest::Honest,
    reach::{Members, Reach},
    region::{Region, Whole, FAR},
};

/// What is known of the honest side.
#[derive(Debug)]
pub(crate) struct Gate<'a> {
    honest: &'a Honest,
    rules: &'a Parameters,
    reach: Reach,
    /// The honest referees, by the number of vouches that makes one.
    known: RefCell<HashMap<u32, (Members, u32)>>,
}

/// Who is a referee, in the community as large as it is now: the least vouches of one, and how many are fakes.
#[derive(Clone, Copy, Debug)]
struct Bar {
    least: u32,
    fakes: u32,
}

impl<'a> Gate<'a> {
    pub(crate) fn new(honest: &'a Honest, rules: &'a Parameters, portals: &[usize]) -> Self {
        let reach = Reach::of(honest, portals, rules.distance_steps);
        Self { honest, rules, reach, known: RefCell::default() }
    }

    fn members(&self, region: &Region) -> u32 {
        (self.honest.people() + region.fakes()) as u32
    }

    fn is_open(&self, region: &Region) -> bool {
        !rules::asks_distance(self.rules.distance_percent, self.members(region))
    }

    /// How many vouches a referee has received and given, in the community as large as it is now.
    pub(crate) fn least(&self, region: &Region) -> u32 {
        least_vouches(self.members(region), self.rules.distance_steps)
    }

    fn bar(&self, region: &Region) -> Bar {
        let least = self.least(region);
        let fakes = (region.portals.len()..region.nodes.len()).filter(|node| is_referee(region, *node, least)).count();
        Bar { least, fakes: fakes as u32 }
    }

    /// How many honest referees there are.
    pub(crate) fn honest_referees(&self, region: &Region) -> u32 {
        self.referees(self.least(region), |_, count| count)
    }

    fn referees<R>(&self, least: u32, look: impl FnOnce(&Members, u32) -> R) -> R {
        let mut known = self.known.borrow_mut();
        let (members, count) = known.entry(least).or_insert_with(|| {
            let mut members = Members::none(self.honest.people());
            let all = (0..self.honest.people()).filter(|one| is_honest_referee(self.honest, *one, least));
            let count = all.map(|one| members.insert(one)).count();
            (members, count as u32)
        });
        look(members, *count)
    }

    /// How many honest referees would be linked to somebody at these distances.
    pub(crate) fn value(&self, region: &Region, distances: &[u32]) -> u32 {
        let least = self.least(region);
        let linked = self.reach.linked(distances);
        self.referees(least, |referees, _| linked.common(referees))
    }

    /// Whether so many honest referees suffice, without a fake among those linked.
    pub(crate) fn suffices(&self, region: &Region, value: u32) -> bool {
        self.is_open(region) || self.is_likely(region, value, self.bar(region))
    }

    /// Whether a candidate to whom so many are linked gets through more likely than not, in all drawings they can ask for.
    fn is_likely(&self, region: &Region, linked: u32, bar: Bar) -> bool {
        let referees = self.referees(bar.least, |_, count| count) + bar.fakes;
        let people = self.honest.people() + region.nodes.len() - region.portals.len() + 1;
        2.0 * chance::in_time(linked, referees, people, self.rules) >= 1.0
    }

    /// Whether fakes that are members still are near enough when the terms of their proofs end, more likely than not,
    /// although no honest referee is linked to them and the portals are gone: even if all of them are referees and
    /// linked to one another.
    pub(crate) fn carry_each_other(&self, region: &Region) -> bool {
        let portals = region.portals.len();
        let fakes = (portals..region.nodes.len()).filter(|node| region.nodes[*node].is_member).count();
        let honest = self.honest.people() - portals;
        let least = least_vouches((honest + fakes) as u32, self.rules.distance_steps);
        let gone = region.portals.iter().filter(|one| is_honest_referee(self.honest, **one, least)).count();
        let referees = self.referees(least, |_, count| count) - gone as u32 + fakes as u32;
        let people = self.honest.people() + region.nodes.len() - portals;
        2.0 * chance::in_time(fakes as u32, referees, people, &chance::again(self.rules)) >= 1.0
    }

    /// The longest chain of vouches from a portal that lets a candidate through, as long as there are at most so many
    /// fakes, even if all of them are referees and linked to the candidate. Nothing if chains may be of any length: if
    /// nobody is asked, or too few honest referees are left to say no.
    pub(crate) fn longest_chain(&self, fakes: u32) -> Option<u32> {
        let people = self.honest.people() as u32;
        if !rules::asks_distance(self.rules.distance_percent, people) {
            return None;
        }
        let steps = self.rules.distance_steps;
        let portals = self.reach.portals();
        let is_long_enough = |length: &u32| {
            let linked = self.reach.linked(&vec![*length; portals]);
            (least_vouches(people, steps)..=least_vouches(people + fakes, steps)).any(|least| {
                let (value, referees) = self.referees(least, |honest, count| (linked.common(honest), count));
                let (linked, referees) = (value + fakes, referees + fakes);
                linked >= needed(self.rules.distance_percent, referees)
                    || 2.0 * chance::any_drawing(linked, referees, self.rules) >= 1.0
            })
        };
        if is_long_enough(&FAR) {
            return None;
        }
        Some((1..=steps).rev().find(is_long_enough).unwrap_or(0))
    }

    /// Whether a candidate to whom so many honest referees are linked gets through.
    pub(crate) fn lets_through(&self, region: &Region, value: u32, candidate: usize, turn: u64) -> bool {
        if self.is_open(region) {
            return true;
        }
        let bar = self.bar(region);
        let issuers = &region.nodes[candidate].issuers;
        let linked = region.linked(issuers, self.rules.distance_steps);
        let fakes = linked.iter().filter(|node| is_referee(region, **node, bar.least)).count() as u32;
        let linked = value + fakes;
        self.is_likely(region, linked, bar) && self.is_proven(region, candidate, bar.least, turn)
    }

    /// Whether the pallet accepts a witness for the candidate, in one of the drawings they can ask for.
    fn is_proven(&self, region: &Region, candidate: usize, least: u32, turn: u64) -> bool {
        let whole = Whole { honest: self.honest, region };
        let candidate = whole.number(candidate);
        let people = (self.honest.people() + region.nodes.len() - region.portals.len()) as u32;
        (0..chance::drawings(self.rules)).any(|drawing| {
            let seed = seed(turn, drawing);
            let referee = |number: u32| match whole.fake(number) {
                None => is_honest_referee(self.honest, number as usize, least),
                Some(fake) => is_referee(region, fake, least),
            };
            let referees = match asked(candidate, people, self.rules.distance_sample, Some(&seed), referee) {
                Asked::All(referees) => referees,
                Asked::Drawn(referees) if referees.len() >= FEWEST as usize => referees,
                Asked::Drawn(_) | Asked::Unknown => return false,
            };
            let (steps, needed) =
                (self.rules.distance_steps, needed(self.rules.distance_percent, referees.len() as u32));
            find_witness(&whole, candidate, &referees, steps, needed)
                .and_then(|witness| check(&whole, candidate, &witness, steps).ok())
                .is_some_and(|linked| reached(&linked, &referees) >= needed)
        })
    }
}

/// A seed that differs with every drawing.
fn seed(turn: u64, drawing: u32) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&turn.to_le_bytes());
    seed[8..12].copy_from_slice(&drawing.to_le_bytes());
    seed
}

fn is_honest_referee(honest: &Honest, member: usize, least: u32) -> bool {
    rules::is_referee(honest.issuers[member].len() as u32, honest.subjects[member].len() as u32, least)
}

fn is_referee(region: &Region, node: usize, least: u32) -> bool {
    let node = &region.nodes[node];
    node.is_member && rules::is_referee(node.issuers.len() as u32, node.used.live, least)
}
