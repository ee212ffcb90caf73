// SPDX-License-Identifier: Apache-2.0
//! Which referees are asked about a person, and how many of them must be linked to them.

use alloc::{collections::BTreeSet, vec::Vec};

use codec::Encode;

use crate::member::MemberId;

use super::MAX_SAMPLE;

/// Up to so many people, everybody is looked at to find all referees; beyond, some are drawn.
pub const ENUMERATED: u32 = 4 * MAX_SAMPLE;

/// How often a number is drawn at most to find one sample. Half of those a community ever knew may be gone, and nine in
/// ten of those left be no referees, and the greatest sample is still likely found almost whole.
pub const TRIES: u32 = 8 * MAX_SAMPLE;

/// Fewer than so many referees found by drawing say nothing: chance alone might link them all.
pub const FEWEST: u32 = 8;

/// Who is asked about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All referees, by number: nothing is left to chance.
    All(Vec<MemberId>),
    /// Those found by drawing, in the order drawn.
    Drawn(Vec<MemberId>),
    /// It must be drawn, and the seed is not known yet.
    Unknown,
}

/// Who is asked about the candidate, of the `bound` people that were known when it was requested.
///
/// All referees, if the people are no more than [`ENUMERATED`] and the referees no more than `sample`. Otherwise
/// `sample` different ones, or as many as [`TRIES`] draws find.
pub fn asked(
    candidate: MemberId,
    bound: u32,
    sample: u32,
    seed: Option<&[u8; 32]>,
    is_referee: impl Fn(MemberId) -> bool,
) -> Asked {
    let sample = usize::try_from(sample.min(MAX_SAMPLE)).unwrap_or(usize::MAX);
    if bound <= ENUMERATED {
        let all: Vec<_> = (0..bound).filter(|person| is_referee(*person)).take(sample.saturating_add(1)).collect();
        if all.len() <= sample {
            return Asked::All(all);
        }
    }
    let Some(seed) = seed else { return Asked::Unknown };
    let mut looked_at = BTreeSet::new();
    let drawn = (0..TRIES).map(|i| draw(seed, candidate, bound, i));
    let referees = drawn.filter(|person| looked_at.insert(*person) && is_referee(*person));
    Asked::Drawn(referees.take(sample).collect())
}

/// The `i`th number drawn for the candidate, less than `bound`: the first 8 bytes, little endian, of the BLAKE2-256 hash
/// of seed, candidate and `i` in SCALE, modulo `bound`. The bias is below `bound / 2^64`. 0 if `bound` is 0.
pub fn draw(seed: &[u8; 32], candidate: MemberId, bound: u32, i: u32) -> MemberId {
    let hash = sp_crypto_hashing::blake2_256(&(seed, candidate, i).encode());
    let (first, _) = hash.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    let drawn = u64::from_le_bytes(*first).checked_rem(bound.into()).unwrap_or(0);
    MemberId::try_from(drawn).unwrap_or(0)
}

/// How many of the referees asked must be linked to the person: `percent` of them, rounded up.
pub fn needed(percent: u32, asked: u32) -> u32 {
    let needed = u64::from(percent).saturating_mul(asked.into()).div_ceil(100);
    u32::try_from(needed).unwrap_or(u32::MAX)
}

/// How many vouches a referee has received, and how many given, at least, in a community of so many members: with as
/// many each, everybody could be reached in `steps`.
pub fn least_vouches(members: u32, steps: u32) -> u32 {
    nth_root_ceil(members, steps)
}

/// Whether a member who has received and given so many vouches is a referee.
pub fn is_referee(received: u32, given: u32, least: u32) -> bool {
    received.min(given) >= least
}

/// The least number whose `k`th power is `n` or more. A `k` of 0 is taken for 1.
pub fn nth_root_ceil(n: u32, k: u32) -> u32 {
    let (mut low, mut high) = (0u32, n);
    while low < high {
        let middle = low.midpoint(high);
        if u64::from(middle).saturating_pow(k.max(1)) < n.into() {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    low
}
