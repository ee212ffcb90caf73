// SPDX-License-Identifier: Apache-2.0
//! What is left of the fakes when the attackers are found out and expelled, and those deceived take their vouches back.

use kith_primitives::{parameters::Parameters, BlockNumber};
use pallet_kith_vouching::rules::{self, Conclusion};

use super::region::Region;

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
    honest: usize,
    rules: &Parameters,
    now: BlockNumber,
    defend: bool,
) -> Aftermath {
    let mut fall = Fall::new(region.clone(), honest, rules);
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
        fall.conclude(at);
    }
}

struct Fall<'a> {
    region: Region,
    honest: usize,
    rules: &'a Parameters,
    /// When each lapses, if their grace runs.
    deadlines: Vec<Option<BlockNumber>>,
}

impl<'a> Fall<'a> {
    fn new(mut region: Region, honest: usize, rules: &'a Parameters) -> Self {
        let deadlines = vec![None; region.nodes.len()];
        for portal in 0..region.portals.len() {
            remove(&mut region, portal);
        }
        Self { region, honest, rules, deadlines }
    }

    fn fakes(&self) -> impl Iterator<Item = usize> + '_ {
        (self.region.portals.len()..self.region.nodes.len()).filter(|one| self.region.nodes[*one].is_member)
    }

    fn is_safe(&self, fake: usize) -> bool {
        rules::is_member(self.region.nodes[fake].issuers.len() as u32, self.rules.admission_threshold)
    }

    /// Starts the grace of those with too few vouches.
    fn warn(&mut self, now: BlockNumber) {
        let short: Vec<_> = self.fakes().filter(|one| !self.is_safe(*one) && self.deadlines[*one].is_none()).collect();
        for fake in short {
            self.deadlines[fake] = Some(rules::grace_ends(now, self.rules.lapse_grace));
        }
    }

    /// Those who may vouch save first who lacks least.
    fn defend(&mut self, now: BlockNumber) {
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
        let deadline = self.deadlines.iter().flatten().min().copied()?;
        let last = self.fakes().filter_map(|one| self.region.nodes[one].used.last);
        let free = last.map(|last| last.saturating_add(self.rules.vouch_interval)).filter(|at| *at > now).min();
        Some(free.filter(|_| defend).map_or(deadline, |free| free.min(deadline)))
    }

    /// Decides on those whose grace ends.
    fn conclude(&mut self, now: BlockNumber) {
        let due: Vec<_> = self.fakes().filter(|one| self.deadlines[*one].is_some_and(|end| end <= now)).collect();
        for fake in due {
            let members = (self.honest + self.fakes().count()) as u32;
            let vouches = self.region.nodes[fake].issuers.len() as u32;
            self.deadlines[fake] = None;
            if rules::conclude(vouches, members, self.rules.admission_threshold) == Conclusion::Lapses {
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

    const RULES: fn() -> Parameters = || Parameters {
        admission_threshold: 2,
        vouch_stock: 9,
        vouch_interval: 100,
        lapse_grace: 50,
        ..Parameters::default()
    };

    /// Portals 0 and 1; 2 and 3 below both, 4 below 2 and 3.
    fn region() -> Region {
        let mut region = Region::new(&[(7, u32::MAX), (9, u32::MAX)]);
        for issuers in [[0, 1], [0, 1], [2, 3]] {
            let kind = region.kind_below(&issuers);
            let fake = region.candidate(1_000);
            issuers.iter().for_each(|issuer| region.vouch(*issuer, fake, 1_000));
            region.admit(fake, kind);
        }
        region
    }

    #[test]
    fn who_lived_on_the_attackers_falls_ring_by_ring() {
        let left = aftermath(&region(), 50, &RULES(), 1_010, false);
        assert_eq!(left, Aftermath { left: 0, after: 100 });
    }

    #[test]
    fn fakes_that_vouch_in_time_stay() {
        // 4 vouches for 2, and 2 and 3 for each other only after their interval: too late at a grace of 50.
        assert_eq!(aftermath(&region(), 50, &RULES(), 1_010, true).left, 0);
        let slow = Parameters { lapse_grace: 500, ..RULES() };
        assert_eq!(aftermath(&region(), 50, &slow, 1_010, true), Aftermath { left: 3, after: 100 });
    }

    #[test]
    fn who_has_other_vouches_stays() {
        let mut region = region();
        for (issuer, subject) in [(4, 2), (3, 2), (4, 3), (2, 3)] {
            region.vouch(issuer, subject, 1_005);
        }
        assert_eq!(aftermath(&region, 50, &RULES(), 1_010, false), Aftermath { left: 3, after: 0 });
    }
}
