// SPDX-License-Identifier: Apache-2.0
//! What the chain remembers of eras and providers.

use codec::{Decode, Encode, MaxEncodedLen};
use kith_primitives::{
    custody::Commitment,
    member::MemberId,
    resource::{ResourceId, VersionNumber},
    Balance, BlockNumber, EraIndex,
};
use scale_info::TypeInfo;

/// The era that runs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Era {
    /// Its number.
    pub index: EraIndex,
    /// Its first block.
    pub started: BlockNumber,
    /// The seed that was known when it started: it must not be used for the draw.
    pub stale: [u8; 32],
    /// The era's draw, once there is a seed that nobody knew when it started.
    pub draw: Option<Draw>,
    /// How many draws there were since genesis, this era's included.
    pub draws: u32,
}

/// The moment from which the answers to the era's challenges are fixed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Draw {
    /// What the challenges derive from.
    pub seed: [u8; 32],
    /// The block that made it known.
    pub at: BlockNumber,
}

/// What an era has to pay out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EraRecord {
    /// The active members when it started: into how many shares the pot is divided.
    pub members: u32,
    /// What it pays out at most.
    pub pot: Balance,
    /// How many owners' shares have been directed to someone: never more than there are shares.
    pub directing: u32,
    /// The last block in which it can be claimed; none while it runs.
    pub claim_until: Option<BlockNumber>,
}

/// A promise to keep one version of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pledge {
    /// What is kept.
    pub resource: ResourceId,
    /// Which version.
    pub version: VersionNumber,
    /// What its stored bytes hash to.
    pub commitment: Commitment,
}

/// What a provider has pledged and owes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Provider {
    /// How many pledges they have.
    pub pledges: u32,
    /// When they last changed.
    pub changed: BlockNumber,
    /// Challenges missed in a row.
    pub misses: u32,
    /// How many of all draws are accounted for.
    pub draws: u32,
    /// What the last of them asks, while it can be answered.
    pub asked: Option<Asked>,
}

/// What a provider is asked in the current era.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Asked {
    /// The pledge, as it was when the challenges were drawn.
    pub pledge: Pledge,
    /// Which chunk of it.
    pub chunk: u32,
    /// Out of how many pledges it was drawn.
    pub of: u32,
    /// Whether it has been answered.
    pub answered: bool,
}

/// What a proof earned.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Credit {
    /// Whose share is earned a part of.
    pub owner: MemberId,
    /// The proof's weight among all that were made for this owner in the era.
    pub weight: u128,
}
