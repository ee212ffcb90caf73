// SPDX-License-Identifier: Apache-2.0
//! What the rules of vouching say, without any storage: for the pallet, and for whoever wants to know beforehand.
//!
//! Blocks are heights, `now` is the current one. The limits are the constitution's parameters of the same names.

use kith_primitives::BlockNumber;

use crate::{Issuer, Vouch};

pub use kith_primitives::distance::{is_referee, least_vouches};

/// Blocks after which a held lapse is looked at again, at least: it is looked at for nothing until the community grows.
pub const SHORTEST_HOLD: BlockNumber = 100;

/// Why no vouch may be given now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As many as the stock allows are given.
    Stock,
    /// The interval since the last one runs.
    Interval,
}

/// Why a vouch may not be renewed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRenewable {
    /// It has ended.
    Ended,
    /// It runs for longer than the renewal window.
    TooEarly,
}

/// What becomes of a member whose grace has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// They have enough vouches, and are near enough, again.
    Stays,
    /// They lapse.
    Lapses,
    /// They still lack something, and without them too few members would be left to admit anybody: the grace begins anew.
    Held,
}

/// Whether a member who has used so much may give another vouch now. The stock is looked at first.
pub fn may_issue(used: &Issuer<BlockNumber>, now: BlockNumber, stock: u32, interval: BlockNumber) -> Result<(), Limit> {
    if used.live >= stock {
        return Err(Limit::Stock);
    }
    let next = used.last.map_or(0, |last| last.saturating_add(interval));
    if now < next {
        return Err(Limit::Interval);
    }
    Ok(())
}

/// The first block in which a vouch, or a proof, given now no longer counts.
pub fn term_ends(now: BlockNumber, validity: BlockNumber) -> BlockNumber {
    now.saturating_add(validity)
}

/// Whether the vouch's term runs. It counts if moreover its issuer is a member.
pub fn counts(vouch: &Vouch<BlockNumber>, now: BlockNumber) -> bool {
    now < vouch.expires
}

/// Whether the vouch may be renewed now: from `window` blocks before its end.
pub fn may_renew(vouch: &Vouch<BlockNumber>, now: BlockNumber, window: BlockNumber) -> Result<(), NotRenewable> {
    if !counts(vouch, now) {
        return Err(NotRenewable::Ended);
    }
    if now < vouch.expires.saturating_sub(window) {
        return Err(NotRenewable::TooEarly);
    }
    Ok(())
}

/// The vouch, renewed now: it counts for a whole term more, or for as long as before if that is longer.
pub fn renewed(vouch: &Vouch<BlockNumber>, now: BlockNumber, validity: BlockNumber) -> Vouch<BlockNumber> {
    Vouch { expires: term_ends(now, validity).max(vouch.expires), ..*vouch }
}

/// Whether so many live vouches make, and keep, a member. A threshold of 0 is taken for 1: somebody always answers.
pub fn is_member(live: u32, threshold: u32) -> bool {
    live >= threshold.max(1)
}

/// The block in which a member whose grace starts now lapses.
pub fn grace_ends(now: BlockNumber, grace: BlockNumber) -> BlockNumber {
    now.saturating_add(grace)
}

/// What becomes of a member, one of so many, when their grace ends: with so many vouches, and near enough or not.
pub fn conclude(vouches: u32, is_near: bool, members: u32, threshold: u32) -> Conclusion {
    if is_member(vouches, threshold) && is_near {
        Conclusion::Stays
    } else if members > threshold.max(1) {
        Conclusion::Lapses
    } else {
        Conclusion::Held
    }
}

/// Percent of the referees asked that must be linked to a member when their proof's term ends: never more than to a
/// newcomer.
pub fn percent_again(distance_percent: u32, renewal_percent: u32) -> u32 {
    distance_percent.min(renewal_percent)
}

/// Whether it may be proven anew now that a member is near: from `window` blocks before the term of the last proof ends.
pub fn may_prove_again(ends: BlockNumber, now: BlockNumber, window: BlockNumber) -> bool {
    now >= ends.saturating_sub(window)
}

/// Whether the constitution asks who is linked to somebody: some percent of the referees, in a community of more than
/// one, since who is alone is vouched for by nobody and thus no referee.
pub fn asks_distance(percent: u32, members: u32) -> bool {
    percent > 0 && members > 1
}

/// Whether a request for referees may be made anew now: `interval` blocks after the last.
pub fn may_request(last: Option<BlockNumber>, now: BlockNumber, interval: BlockNumber) -> bool {
    last.is_none_or(|last| now >= last.saturating_add(interval))
}
