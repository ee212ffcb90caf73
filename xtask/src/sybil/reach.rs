// SPDX-License-Identifier: Apache-2.0
//! Which honest members stand behind the attackers, at which distance.

use super::honest::Honest;

/// A set of honest members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Members(Vec<u64>);

impl Members {
    pub(crate) fn none(people: usize) -> Self {
        Self(vec![0; people.div_ceil(64)])
    }

    /// Adds a member; false if they were there.
    pub(crate) fn insert(&mut self, member: usize) -> bool {
        let (word, bit) = (&mut self.0[member / 64], 1 << (member % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    /// How many are in both sets.
    pub(crate) fn common(&self, others: &Self) -> u32 {
        self.0.iter().zip(&others.0).map(|(word, other)| (word & other).count_ones()).sum()
    }
}

/// Who stands behind each of some members: linked to them by a chain of vouches.
#[derive(Debug)]
pub(crate) struct Reach {
    people: usize,
    steps: u32,
    /// By member, then by length of the chain: who is linked by at most so many vouches.
    behind: Vec<Vec<Members>>,
}

impl Reach {
    pub(crate) fn of(honest: &Honest, members: &[usize], steps: u32) -> Self {
        let behind = members.iter().map(|member| behind(honest, *member, steps)).collect();
        Self { people: honest.people(), steps, behind }
    }

    /// How many members they stand behind.
    pub(crate) fn portals(&self) -> usize {
        self.behind.len()
    }

    /// Who is linked to somebody at these distances from the members, one for each of them.
    pub(crate) fn linked(&self, distances: &[u32]) -> Members {
        let mut linked = Members::none(self.people);
        for (behind, distance) in self.behind.iter().zip(distances) {
            if let Some(left) = self.steps.checked_sub(*distance) {
                linked.add(&behind[left as usize]);
            }
        }
        linked
    }
}

/// Who is linked to the member by at most 0, 1, … `steps` vouches.
pub(crate) fn behind(honest: &Honest, member: usize, steps: u32) -> Vec<Members> {
    let mut all = Members::none(honest.people());
    all.insert(member);
    let mut rings = vec![all.clone()];
    let mut ring = vec![member];
    for _ in 0..steps {
        let mut next = Vec::new();
        for subject in ring {
            next.extend(honest.issuers[subject].iter().map(|issuer| *issuer as usize).filter(|one| all.insert(*one)));
        }
        rings.push(all.clone());
        ring = next;
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_behind_are_counted_by_distance() {
        // 0 -> 1 -> 2 -> 3, and 4 -> 3.
        let honest = Honest::parse("0 1\n1 2\n2 3\n4 3", 5).unwrap();
        let mut everybody = Members::none(5);
        (0..5).for_each(|one| assert!(everybody.insert(one)));
        let counts: Vec<_> = behind(&honest, 3, 4).iter().map(|members| members.common(&everybody)).collect();
        assert_eq!(counts, [1, 3, 4, 5, 5]);
        // Somebody one step from 3 and two steps from 1 is reached in four steps from all, in two from 3, 2 and 4 and 1.
        let reach = Reach::of(&honest, &[3, 1], 4);
        assert_eq!(reach.linked(&[1, 2]).common(&everybody), 5);
        let reach = Reach::of(&honest, &[3, 1], 2);
        assert_eq!(reach.linked(&[1, 2]).common(&everybody), 4);
        assert_eq!(reach.linked(&[3, 3]).common(&everybody), 0);
    }
}
