// SPDX-License-Identifier: Apache-2.0
//! What is left of the fakes when the attackers are found out and expelled, and those deceived take their vouches back.
//!
//! All fakes are taken to have proven on that very day that they are near, so that their terms end as late as can be.

use kith_primitives::{parameters::Parameters, BlockNumber};
use pallet_kith_vouching::rules::{self, Conclusion};

use super::{gate::Gate, honest::Honest, region::Region};

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aftermath {
    /// The fakes that are members still.
    pub(crate) left: usize,
    /// Blocks until nobody lapses any more.
    pub(crate) after: BlockNumber,
}

/// Expels the attackers at `now`. Fakes that `defend` themselves vouch for those that would lapse, as far as they may.
pub(crate) fn aftermath(
    region: &Region,
    honest: &Honest,
    rules: &Parameters,
    now: BlockNumber,
    defend: bool,
) -> Aftermath {
    let mut fall = Fall::new(region.clone(), honest, rules, now);
    let mut at = now;
    loop {
        fall.warn(at);
        if defend {
            fall.defend(at);
        }
        let Some(next) = fall.next(at, defend) else {
            return Aftermath { left: fall.fakes().count(), after: at - now };
        };
        at = next;
        fall.end_terms(at);
        fall.conclude(at);
    }
}

struct Fall<'a> {
    region: Region,
    honest: usize,
    rules: &'a Parameters,
    gate: Gate<'a>,
    /// When each lapses, if their grace runs.
    deadlines: Vec<Option<BlockNumber>>,
    /// When the terms of all proofs end, if they are still to end.
    ends: Option<BlockNumber>,
    /// Whether the proofs hold, or could be given anew. It is the same for all.
    are_near: bool,
}

impl<'a> Fall<'a> {
    fn new(mut region: Region, honest: &'a Honest, rules: &'a Parameters, now: BlockNumber) -> Self {
        let deadlines = vec![None; region.nodes.len()];
        let gate = Gate::new(honest, rules, &region.portals);
        let is_asked = rules::percent_again(rules.distance_percent, rules.renewal_percent) > 0;
        let ends = is_asked.then(|| rules::term_ends(now, rules.proof_validity));
        for portal in 0..region.portals.len() {
            remove(&mut region, portal);
        }
        Self { region, honest: honest.people(), rules, gate, deadlines, ends, are_near: true }
    }

    fn fakes(&self) -> impl Iterator<Item = usize> + '_ {
        (self.region.portals.len()..self.region.nodes.len()).filter(|one| self.region.nodes[*one].is_member)
    }

    fn is_safe(&self, fake: usize) -> bool {
        rules::is_member(self.region.nodes[fake].issuers.len() as u32, self.rules.admission_threshold)
    }

    /// Starts the grace of those with too few vouches, or of all if none is near.
    fn warn(&mut self, now: BlockNumber) {
        let stands = |fake: usize| self.are_near && self.is_safe(fake);
        let short: Vec<_> = self.fakes().filter(|one| !stands(*one) && self.deadlines[*one].is_none()).collect();
        for fake in short {
            self.deadlines[fake] = Some(rules::grace_ends(now, self.rules.lapse_grace));
        }
    }

    /// Those who may vouch save first who lacks least. No vouch saves who is not near.
    fn defend(&mut self, now: BlockNumber) {
        if !self.are_near {
            return;
        }
        let (stock, interval) = (self.rules.vouch_stock, self.rules.vouch_interval);
        let mut free: Vec<_> = self.fakes().filter(|one| self.region.may_issue(*one, now, stock, interval)).collect();
        let mut short: Vec<_> = self.fakes().filter(|one| !self.is_safe(*one)).collect();
        short.sort_by_key(|one| std::cmp::Reverse(self.region.nodes[*one].issuers.len()));
        for fake in short {
            while !self.is_safe(fake) {
                let issuers = &self.region.nodes[fake].issuers;
                let Some(index) = free.iter().position(|one| *one != fake && !issuers.contains(one)) else { break };
                self.region.vouch(free.swap_remove(index), fake, now);
            }
            if self.is_safe(fake) {
                self.deadlines[fake] = None;
            }
        }
    }

    /// The next block in which something may happen.
    fn next(&self, now: BlockNumber, defend: bool) -> Option<BlockNumber> {
        let deadline = self.deadlines.iter().flatten().min().copied();
        let last = self.fakes().filter_map(|one| self.region.nodes[one].used.last);
        let free = last.map(|last| last.saturating_add(self.rules.vouch_interval)).filter(|at| *at > now).min();
        let free = free.filter(|_| defend && deadline.is_some());
        let ends = self.ends.filter(|_| self.fakes().next().is_some());
        [deadline, free, ends].into_iter().flatten().min()
    }

    /// Decides, when the terms end, whether the proofs can be given anew.
    fn end_terms(&mut self, now: BlockNumber) {
        if self.ends.is_some_and(|ends| ends <= now) {
            self.ends = None;
            self.are_near = self.gate.carry_each_other(&self.region);
        }
    }

    /// Decides on those whose grace ends.
    fn conclude(&mut self, now: BlockNumber) {
        let due: Vec<_> = self.fakes().filter(|one| self.deadlines[*one].is_some_and(|end| end <= now)).collect();
        for fake in due {
            let members = (self.honest + self.fakes().count()) as u32;
            let vouches = self.region.nodes[fake].issuers.len() as u32;
            self.deadlines[fake] = None;
            let conclusion = rules::conclude(vouches, self.are_near, members, self.rules.admission_threshold);
            if conclusion == Conclusion::Lapses {
                remove(&mut self.region, fake);
            }
        }
    }
}

/// Takes back what somebody gave who is no member any more.
fn remove(region: &mut Region, node: usize) {
    region.nodes[node].is_member = false;
    for subject in region.nodes[node].subjects.clone() {
        region.withdraw(node, subject);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sybil::honest::Shape;

    /// By vouches alone.
    const RULES: fn() -> Parameters = || Parameters {
        admission_threshold: 2,
        vouch_stock: 9,
        vouch_interval: 100,
        lapse_grace: 50,
        proof_validity: 10_000,
        renewal_percent: 0,
        ..Parameters::default()
    };

    fn with_terms(rules: Parameters) -> Parameters {
        Parameters { renewal_percent: 50, ..rules }
    }

    /// All of them referees.
    fn honest() -> Honest {
        Honest::generate(Shape::Regular, 50, 6, 9, 1).unwrap()
    }

    /// Ten people of whom the first few are referees: they all vouch for each other, and the others in a row.
    fn few(referees: usize) -> Honest {
        let pairs = (0..referees).flat_map(|one| (0..referees).map(move |other| (one, other)));
        let all = pairs.filter(|(one, other)| one != other).chain((referees..10).map(|one| (one - 1, one)));
        Honest::parse(&all.map(|(issuer, subject)| format!("{issuer} {subject}\n")).collect::<String>(), 9).unwrap()
    }

    /// Portals 0 and 1; 2 and 3 below both, 4 below 2 and 3.
    fn region() -> Region {
        let mut region = Region::new(&[(0, u32::MAX), (9, u32::MAX)]);
        for issuers in [[0, 1], [0, 1], [2, 3]] {
            let kind = region.kind_below(&issuers);
            let fake = region.candidate(1_000);
            issuers.iter().for_each(|issuer| region.vouch(*issuer, fake, 1_000));
            region.admit(fake, kind);
        }
        region
    }

    /// The same, and the fakes vouch for each other.
    fn carried() -> Region {
        let mut region = region();
        for (issuer, subject) in [(4, 2), (3, 2), (4, 3), (2, 3)] {
            region.vouch(issuer, subject, 1_005);
        }
        region
    }

    #[test]
    fn who_lived_on_the_attackers_falls_ring_by_ring() {
        for rules in [RULES(), with_terms(RULES())] {
            let left = aftermath(&region(), &honest(), &rules, 1_010, false);
            assert_eq!(left, Aftermath { left: 0, after: 100 });
        }
    }

    #[test]
    fn fakes_that_vouch_in_time_stay() {
        // 4 vouches for 2, and 2 and 3 for each other only after their interval: too late at a grace of 50.
        assert_eq!(aftermath(&region(), &honest(), &RULES(), 1_010, true).left, 0);
        let slow = Parameters { lapse_grace: 500, ..RULES() };
        assert_eq!(aftermath(&region(), &honest(), &slow, 1_010, true), Aftermath { left: 3, after: 100 });
    }

    #[test]
    fn who_has_other_vouches_stays_if_nothing_is_to_be_proven() {
        let left = aftermath(&carried(), &honest(), &RULES(), 1_010, false);
        assert_eq!(left, Aftermath { left: 3, after: 0 });
        let nobody_is_asked = Parameters { distance_percent: 0, ..with_terms(RULES()) };
        let left = aftermath(&carried(), &honest(), &nobody_is_asked, 1_010, false);
        assert_eq!(left, Aftermath { left: 3, after: 0 });
    }

    #[test]
    fn who_lived_on_each_other_falls_when_the_terms_end() {
        for defend in [false, true] {
            let left = aftermath(&carried(), &honest(), &with_terms(RULES()), 1_010, defend);
            assert_eq!(left, Aftermath { left: 0, after: 10_050 });
        }
    }

    #[test]
    fn no_vouch_saves_who_is_not_near() {
        // The terms end before 2 and 3 may vouch again, and their graces long after.
        let rules = Parameters { lapse_grace: 500, proof_validity: 60, ..with_terms(RULES()) };
        assert_eq!(aftermath(&region(), &honest(), &rules, 1_010, true), Aftermath { left: 0, after: 560 });
    }

    #[test]
    fn fakes_that_are_half_of_the_referees_stay() {
        // One of the honest referees is an attacker.
        let left = aftermath(&carried(), &few(4), &with_terms(RULES()), 1_010, false);
        assert_eq!(left, Aftermath { left: 3, after: 10_000 });
        let left = aftermath(&carried(), &few(5), &with_terms(RULES()), 1_010, false);
        assert_eq!(left, Aftermath { left: 0, after: 10_050 });
    }
}
