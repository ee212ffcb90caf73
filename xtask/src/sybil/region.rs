// SPDX-License-Identifier: Apache-2.0
//! The attackers, the people they deceive, their fakes, and who of them vouches for whom.

use std::collections::HashMap;

use kith_primitives::{distance::Graph, BlockNumber};
use pallet_kith_vouching::{rules, Issuer};

use super::honest::Honest;

/// Farther than any chain of vouches may be long.
pub(crate) const FAR: u32 = u32::MAX;

/// One of the region: an attacker, somebody deceived, or a fake.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What they used of their limits, as the pallet keeps it.
    pub(crate) used: Issuer<BlockNumber>,
    /// Vouches they will still give, whatever the rules allow.
    pub(crate) willing: u32,
    /// Whether they are a member.
    pub(crate) is_member: bool,
    /// Since when they are known.
    pub(crate) since: BlockNumber,
    /// For whom of the region they vouch, and who of it vouches for them.
    pub(crate) subjects: Vec<usize>,
    pub(crate) issuers: Vec<usize>,
    /// Which [`Region::kinds`] they are of.
    pub(crate) kind: usize,
}

/// All of them; the first `portals` are members of the honest graph.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    pub(crate) nodes: Vec<Node>,
    /// Who in the honest graph the first nodes are.
    pub(crate) portals: Vec<usize>,
    /// Distances from each portal that occur. Fakes of one kind are as near to the community as each other.
    pub(crate) kinds: Vec<Vec<u32>>,
    by_distances: HashMap<Vec<u32>, usize>,
    fakes: usize,
}

impl Region {
    /// Portals, each with the number of vouches they will give.
    pub(crate) fn new(portals: &[(usize, u32)]) -> Self {
        let mut region = Self {
            nodes: Vec::new(),
            portals: portals.iter().map(|(member, _)| *member).collect(),
            kinds: Vec::new(),
            by_distances: HashMap::new(),
            fakes: 0,
        };
        for (index, (_, willing)) in portals.iter().enumerate() {
            let mut distances = vec![FAR; portals.len()];
            distances[index] = 0;
            let kind = region.kind(distances);
            region.add(*willing, 0, kind);
            region.nodes[index].is_member = true;
        }
        region
    }

    fn add(&mut self, willing: u32, since: BlockNumber, kind: usize) -> usize {
        let (subjects, issuers) = (Vec::new(), Vec::new());
        let used = Issuer::default();
        self.nodes.push(Node { used, willing, is_member: false, since, subjects, issuers, kind });
        self.nodes.len() - 1
    }

    /// The number of a kind.
    pub(crate) fn kind(&mut self, distances: Vec<u32>) -> usize {
        if let Some(kind) = self.by_distances.get(&distances) {
            return *kind;
        }
        self.kinds.push(distances.clone());
        self.by_distances.insert(distances, self.kinds.len() - 1);
        self.kinds.len() - 1
    }

    /// The kind of somebody for whom these vouch.
    pub(crate) fn kind_below(&mut self, issuers: &[usize]) -> usize {
        let kinds = issuers.iter().map(|issuer| &self.kinds[self.nodes[*issuer].kind]);
        let mut nearest = vec![FAR; self.portals.len()];
        for distances in kinds {
            nearest.iter_mut().zip(distances).for_each(|(near, far)| *near = (*near).min(far.saturating_add(1)));
        }
        self.kind(nearest)
    }

    /// A candidate nobody vouches for yet.
    pub(crate) fn candidate(&mut self, now: BlockNumber) -> usize {
        let kind = self.kind(vec![FAR; self.portals.len()]);
        self.add(u32::MAX, now, kind)
    }

    /// Whether the node may, and will, vouch now.
    pub(crate) fn may_issue(&self, node: usize, now: BlockNumber, stock: u32, interval: BlockNumber) -> bool {
        let node = &self.nodes[node];
        node.is_member && node.willing > 0 && rules::may_issue(&node.used, now, stock, interval).is_ok()
    }

    /// Whether one more vouch makes a referee of a fake, where referees have received and given at least so many.
    pub(crate) fn becomes_referee(&self, node: usize, least: u32) -> bool {
        let (index, node) = (node, &self.nodes[node]);
        index >= self.portals.len() && rules::is_referee(node.issuers.len() as u32, node.used.live + 1, least)
    }

    pub(crate) fn vouch(&mut self, issuer: usize, subject: usize, now: BlockNumber) {
        let node = &mut self.nodes[issuer];
        node.used = Issuer { live: node.used.live + 1, last: Some(now) };
        node.willing = node.willing.saturating_sub(u32::from(node.willing < u32::MAX));
        node.subjects.push(subject);
        self.nodes[subject].issuers.push(issuer);
    }

    pub(crate) fn withdraw(&mut self, issuer: usize, subject: usize) {
        let node = &mut self.nodes[issuer];
        node.used.live = node.used.live.saturating_sub(1);
        node.subjects.retain(|one| *one != subject);
        self.nodes[subject].issuers.retain(|one| *one != issuer);
    }

    /// Makes a member of a candidate.
    pub(crate) fn admit(&mut self, candidate: usize, kind: usize) {
        let node = &mut self.nodes[candidate];
        (node.is_member, node.kind) = (true, kind);
        self.fakes += 1;
    }

    /// How many fakes were admitted.
    pub(crate) fn fakes(&self) -> usize {
        self.fakes
    }

    /// Measures all distances anew, after vouches were taken back.
    pub(crate) fn measure(&mut self) {
        let portals = self.portals.len();
        let mut distances = vec![vec![FAR; portals]; self.nodes.len()];
        #[expect(clippy::needless_range_loop, reason = "a portal is a row and a column at once")]
        for portal in 0..portals {
            distances[portal][portal] = 0;
            let mut ring = vec![portal];
            for far in 1.. {
                let mut next = Vec::new();
                for subject in ring.iter().flat_map(|issuer| &self.nodes[*issuer].subjects) {
                    if distances[*subject][portal] == FAR {
                        distances[*subject][portal] = far;
                        next.push(*subject);
                    }
                }
                if next.is_empty() {
                    break;
                }
                ring = next;
            }
        }
        for (index, distances) in distances.into_iter().enumerate() {
            self.nodes[index].kind = self.kind(distances);
        }
    }

    /// The fakes linked by at most `steps` vouches to somebody for whom these vouch.
    pub(crate) fn linked(&self, issuers: &[usize], steps: u32) -> Vec<usize> {
        let mut seen = vec![false; self.nodes.len()];
        let mut linked = Vec::new();
        let mut ring = issuers.to_vec();
        for _ in 0..steps {
            let mut next = Vec::new();
            for node in ring {
                if !std::mem::replace(&mut seen[node], true) {
                    if node >= self.portals.len() {
                        linked.push(node);
                    }
                    next.extend(&self.nodes[node].issuers);
                }
            }
            ring = next;
        }
        linked
    }
}

/// The honest graph and the region as the pallet's rule of distance sees them: honest members first, then fakes, each
/// with their own number.
#[derive(Debug)]
pub(crate) struct Whole<'a> {
    pub(crate) honest: &'a Honest,
    pub(crate) region: &'a Region,
}

impl Whole<'_> {
    /// The number of one of the region.
    pub(crate) fn number(&self, node: usize) -> u32 {
        match self.region.portals.get(node) {
            Some(member) => *member as u32,
            None => (self.honest.people() + node - self.region.portals.len()) as u32,
        }
    }

    /// Which of the region it is, if it is a fake.
    pub(crate) fn fake(&self, number: u32) -> Option<usize> {
        (number as usize).checked_sub(self.honest.people()).map(|fake| fake + self.region.portals.len())
    }
}

impl Graph for Whole<'_> {
    fn issuers(&self, subject: u32) -> Vec<u32> {
        match self.fake(subject) {
            None => self.honest.issuers[subject as usize].clone(),
            Some(fake) => {
                let issuers = self.region.nodes[fake].issuers.iter();
                issuers.filter(|one| self.region.nodes[**one].is_member).map(|one| self.number(*one)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Portals 0 and 1; 2 below both, 3 below 2, 4 below 3 and 1.
    fn region() -> Region {
        let mut region = Region::new(&[(7, u32::MAX), (9, 2)]);
        for issuers in [vec![0, 1], vec![2], vec![3, 1]] {
            let kind = region.kind_below(&issuers);
            let fake = region.candidate(5);
            issuers.iter().for_each(|issuer| region.vouch(*issuer, fake, 5));
            region.admit(fake, kind);
        }
        region
    }

    #[test]
    fn kinds_are_distances_from_the_portals() {
        let mut region = region();
        let distances =
            |region: &Region| -> Vec<_> { region.nodes.iter().map(|node| region.kinds[node.kind].clone()).collect() };
        let given = distances(&region);
        assert_eq!(given[2..], [vec![1, 1], vec![2, 2], vec![3, 1]]);
        region.measure();
        assert_eq!(distances(&region), given);
        region.withdraw(1, 4);
        region.measure();
        assert_eq!(distances(&region)[4], [3, 3]);
    }

    #[test]
    fn who_is_deceived_vouches_only_as_often_as_they_will() {
        let region = region();
        assert_eq!(region.nodes[1].willing, 0);
        assert!(!region.may_issue(1, 1_000, 10, 10));
        assert!(region.may_issue(0, 15, 10, 10));
        assert!(!region.may_issue(0, 14, 10, 10));
        assert!(!region.may_issue(0, 15, 1, 10));
    }

    #[test]
    fn fakes_behind_somebody_are_found() {
        let region = region();
        assert_eq!(region.fakes(), 3);
        assert_eq!(region.linked(&[4], 1), [4]);
        assert_eq!(region.linked(&[4], 2), [4, 3]);
        assert_eq!(region.linked(&[4, 2], 5), [4, 2, 3]);
    }

    #[test]
    fn the_pallet_sees_one_graph() {
        let honest = Honest::generate(super::super::honest::Shape::Regular, 20, 4, 9, 1).unwrap();
        let region = region();
        let whole = Whole { honest: &honest, region: &region };
        assert_eq!(whole.issuers(3), honest.issuers[3]);
        assert_eq!(whole.issuers(20), [7, 9]);
        assert_eq!(whole.issuers(22), [21, 9]);
        assert_eq!((whole.number(2), whole.fake(20), whole.fake(19)), (20, Some(2), None));
    }
}
