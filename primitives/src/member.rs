// SPDX-License-Identifier: Apache-2.0
//! Who a person is to the chain.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The stable number of a person. Keys are attributes of the person, never the reverse.
pub type MemberId = u32;

/// Where a person stands in the community.
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
pub enum Standing {
    /// Sponsored, not yet vouched for by enough members.
    #[codec(index = 0)]
    Candidate,
    /// Vouched for by at least the admission threshold.
    #[codec(index = 1)]
    Member,
    /// Was a member, and lost the vouches that kept them one, or was not shown in time to be near the others.
    #[codec(index = 2)]
    Lapsed,
    /// Left or was expelled.
    #[codec(index = 3)]
    Removed,
}

/// An X25519 public key, to which content keys are wrapped.
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
#[serde(transparent)]
pub struct EncryptionKey(pub [u8; 32]);
