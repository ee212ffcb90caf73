// SPDX-License-Identifier: Apache-2.0
//! What the pallet stores of a resource, a version and a grant.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use kith_primitives::{
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, Kind, ResourceId, Version, VersionNumber, Visibility, WrappedKey},
    Balance, BlockNumber,
};
use scale_info::TypeInfo;

use crate::MAX_KEYS;

/// An amount held, and who gets it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Deposit {
    /// Who paid: not changed by a transfer of the resource.
    pub payer: MemberId,
    /// How much, in the smallest unit of the token.
    pub amount: Balance,
}

/// A resource from its `init` until it is retired or its lease and grace are over.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Resource {
    /// Whose it is.
    pub owner: MemberId,
    /// What it is for.
    pub kind: Kind,
    /// Who may read it.
    pub visibility: Visibility,
    /// Its name, if it has one.
    pub name: Option<ResourceName>,
    /// The epoch whose key the next version is encrypted under.
    pub key_epoch: KeyEpoch,
    /// The number of its latest version, if any was published.
    pub latest: Option<VersionNumber>,
    /// The first block at which the network need not keep it.
    pub lease_until: BlockNumber,
    /// Whether it is part of its owner's [`LeasedCount`](crate::LeasedCount).
    pub counted: bool,
    /// To whom the owner offers it.
    pub offered_to: Option<MemberId>,
    /// What its record costs.
    pub deposit: Deposit,
}

/// Where a resource stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The lease runs.
    Leased,
    /// The lease has ended; a refresh revives it.
    Grace,
    /// Nothing is owed to it any more; it waits to be removed.
    Over,
}

impl Resource {
    /// Where it stands at block `now`, if names are kept `grace` blocks after the lease.
    pub fn phase(&self, now: BlockNumber, grace: BlockNumber) -> Phase {
        if now < self.lease_until {
            Phase::Leased
        } else if now < self.lease_until.saturating_add(grace) {
            Phase::Grace
        } else {
            Phase::Over
        }
    }
}

/// A version, and what its bytes cost.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredVersion {
    /// What was published.
    pub version: Version<BlockNumber>,
    /// Held until the version is removed.
    pub deposit: Deposit,
}

/// Why what a person could read is gone through, one resource after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Leaving {
    /// They departed: every right of theirs ends.
    #[codec(index = 0)]
    Departed,
    /// They got new keys, and the old ones may be a thief's: their rights stay, and what the old ones open is written no
    /// more. `after` is the resource gone through last.
    #[codec(index = 1)]
    Rekeyed {
        /// In the order of the storage's keys.
        after: Option<ResourceId>,
    },
}

/// A reader's right.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Grant {
    /// The epoch in force when it was given.
    pub since: KeyEpoch,
    /// The epochs for which the reader has a wrapped key, in order.
    pub epochs: BoundedVec<KeyEpoch, ConstU32<MAX_KEYS>>,
    /// Held until the grant ends.
    pub deposit: Deposit,
}

/// A content key as it was wrapped for a reader.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct StoredKey {
    /// The wrapped key.
    pub key: WrappedKey,
    /// When it was stored.
    pub wrapped: BlockNumber,
    /// Whether the reader said that it does not open.
    pub rejected: bool,
}
