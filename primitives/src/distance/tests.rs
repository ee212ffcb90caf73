// SPDX-License-Identifier: Apache-2.0
//! Distance on graphs of all kinds, held against searches that know no trick.

mod graphs;
mod referees;
mod region;
mod witness;

use std::collections::BTreeSet;

use crate::member::MemberId;

use super::Graph;

/// A sequence of numbers that looks random and is always the same (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    fn seed(&mut self) -> [u8; 32] {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.next().to_le_bytes());
        seed
    }
}

/// A set of vouches: issuer, subject.
#[derive(Clone, Debug, Default)]
struct Edges(BTreeSet<(MemberId, MemberId)>);

impl Edges {
    fn vouch(&mut self, issuer: MemberId, subject: MemberId) {
        if issuer != subject {
            self.0.insert((issuer, subject));
        }
    }

    fn mutual(&mut self, a: MemberId, b: MemberId) {
        self.vouch(a, b);
        self.vouch(b, a);
    }

    fn received(&self, subject: MemberId) -> u32 {
        self.0.iter().filter(|(_, s)| *s == subject).count() as u32
    }

    fn given(&self, issuer: MemberId) -> u32 {
        self.0.iter().filter(|(i, _)| *i == issuer).count() as u32
    }

    /// Everybody from whom a chain of at most `steps` vouches leads to the subject: every vouch tried at every step.
    fn linked(&self, subject: MemberId, steps: u32) -> BTreeSet<MemberId> {
        let mut linked = BTreeSet::from([subject]);
        for _ in 0..steps {
            let more: Vec<_> = self.0.iter().filter(|(_, s)| linked.contains(s)).map(|(i, _)| *i).collect();
            linked.extend(more);
        }
        linked.remove(&subject);
        linked
    }
}

impl Graph for Edges {
    fn issuers(&self, subject: MemberId) -> Vec<MemberId> {
        self.0.iter().filter(|(_, s)| *s == subject).map(|(i, _)| *i).collect()
    }
}
