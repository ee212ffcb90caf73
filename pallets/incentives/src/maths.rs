// SPDX-License-Identifier: Apache-2.0
//! The arithmetic of draws and shares, free of storage. `docs/adr/0004-era-shares.md` tells why it is this.

use kith_primitives::{member::MemberId, Balance, BlockNumber};
use sp_runtime::{
    helpers_128bit::multiply_by_rational_with_rounding,
    traits::{BlakeTwo256, Hash},
    Rounding,
};

use crate::{types::Provider, Era, SETTLING};

/// Separates challenges from every other use of the seed.
const DOMAIN: &[u8] = b"kith/challenge/1";

/// Which of its `pledges` a provider is asked for, and a number to take the chunk from: the first two 8-byte little-endian
/// words of `blake2_256(domain, seed, provider)`. The bias of the remainders is below 2^-32.
pub fn question(seed: &[u8; 32], provider: MemberId, pledges: u32) -> (u32, u64) {
    let digest = BlakeTwo256::hash_of(&(DOMAIN, seed, provider));
    let mut words = digest.0.chunks_exact(8).map(|word| word.try_into().map(u64::from_le_bytes).unwrap_or_default());
    let (slot, chunk) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    (remainder(slot, pledges), chunk)
}

/// `number` modulo `count`, and 0 for a `count` of 0.
pub fn remainder(number: u64, count: u32) -> u32 {
    number.checked_rem(count.into()).and_then(|rest| u32::try_from(rest).ok()).unwrap_or_default()
}

/// The weight of a proof over `chunks`, drawn out of `pledges`. What is asked with a chance of 1 in `pledges` counts that many
/// times: so a provider's expected weight is the number of chunks they can prove, whatever else they promised.
pub fn weight(pledges: u32, chunks: u32) -> u128 {
    u128::from(pledges).saturating_mul(chunks.into())
}

/// Each member's share of an era's pot; what does not divide stays unminted.
pub fn share(pot: Balance, members: u32) -> Balance {
    pot.checked_div(members.into()).unwrap_or_default()
}

/// The part of a share that a proof of `weight` earns out of `total`, rounded down.
pub fn payout(share: Balance, weight: u128, total: u128) -> Balance {
    let weight = weight.min(total);
    multiply_by_rational_with_rounding(share, weight, total, Rounding::Down).unwrap_or_default()
}

/// Counts what a provider missed up to now. Whether the era's draw asks them something that is not yet written down.
pub fn account(provider: &mut Provider, era: &Era) -> bool {
    let closed = if era.draw.is_some() { era.draws.saturating_sub(1) } else { era.draws };
    if provider.draws <= closed {
        let unanswered = provider.asked.take().is_some_and(|asked| !asked.answered);
        let unseen = if provider.pledges > 0 { closed.saturating_sub(provider.draws) } else { 0 };
        provider.misses = provider.misses.saturating_add(u32::from(unanswered)).saturating_add(unseen);
    }
    let due = provider.draws < era.draws && provider.pledges > 0 && era.draw.is_some();
    provider.draws = era.draws;
    due
}

/// Whether pledges that last changed then stood long enough for a draw now to ask for them.
pub fn settled(changed: BlockNumber, drawn: BlockNumber) -> bool {
    changed.saturating_add(SETTLING) <= drawn
}
