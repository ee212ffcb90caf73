// SPDX-License-Identifier: Apache-2.0
//! What a resource is, and what the chain records of its versions and readers.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

use crate::{content_id::ContentId, custody::Commitment};

/// The number of a resource, given when it is made and never reused.
pub type ResourceId = u64;
/// The number of a version of a resource: 1 for the first, one more for each.
pub type VersionNumber = u32;
/// The number of a resource's content key: 0 for the first, one more whenever a reader's right ends.
pub type KeyEpoch = u32;

/// A content key wrapped for one reader: HPKE's encapsulated key (32 bytes) and the sealed key (32 + 16).
pub type WrappedKey = BoundedVec<u8, ConstU32<80>>;

/// What a resource is for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One file.
    #[codec(index = 0)]
    File,
    /// A folder with pages.
    #[codec(index = 1)]
    Site,
    /// A program for other members' sandboxes.
    #[codec(index = 2)]
    Script,
    /// A topic that grows.
    #[codec(index = 3)]
    Stream,
    /// A tunnel to a peer.
    #[codec(index = 4)]
    Service,
}

/// Who may read a resource.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Those it is granted to; stored encrypted.
    #[default]
    #[codec(index = 0)]
    Private,
    /// Every member; stored encrypted, under a key every member is granted.
    #[codec(index = 1)]
    Members,
    /// Anyone who can reach a store; stored in clear.
    #[codec(index = 2)]
    Public,
}

/// One published state of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Version<BlockNumber> {
    /// Its number.
    pub number: VersionNumber,
    /// The key epoch it is encrypted under; 0 and meaningless for a public resource.
    pub key_epoch: KeyEpoch,
    /// The root of its content.
    pub content: ContentId,
    /// What providers must hold: a commitment to the stored bytes, whose size in KiB is its count of chunks.
    pub commitment: Commitment,
    /// When it was published.
    pub published: BlockNumber,
}
