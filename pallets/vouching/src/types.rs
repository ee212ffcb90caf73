// SPDX-License-Identifier: Apache-2.0
//! What is stored of a vouch and of who gives it.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kith_primitives::member::MemberId;
use scale_info::TypeInfo;

/// One member's word for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Vouch<BlockNumber> {
    /// The block in which it was given; a renewal does not change it.
    pub at: BlockNumber,
    /// The first block in which it no longer counts.
    pub expires: BlockNumber,
}

/// What a person who vouches has used of their limits.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Issuer<BlockNumber> {
    /// How many of their vouches stand.
    pub live: u32,
    /// The block in which they last gave one; none if all they gave date from the founding.
    pub last: Option<BlockNumber>,
}

/// That referees are to be asked about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Request<BlockNumber> {
    /// The block in which it was made.
    pub at: BlockNumber,
    /// The epoch in which it was made: the seed with which referees are drawn becomes known in the next.
    pub epoch: u64,
    /// How many people there ever were: referees with lower numbers are asked.
    pub bound: u32,
}

/// The randomness that became known with an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Seed {
    /// The number of the epoch.
    pub epoch: u64,
    /// What nobody knew before it.
    pub seed: [u8; 32],
}

/// Something to be done in a certain block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Due {
    /// Remove a vouch whose term ends.
    #[codec(index = 0)]
    Expire {
        /// Who vouched.
        issuer: MemberId,
        /// For whom.
        subject: MemberId,
    },
    /// Let a member lapse whose grace ends, if they still lack vouches or a proof.
    #[codec(index = 1)]
    Lapse {
        /// Who.
        subject: MemberId,
    },
    /// Start a member's grace, since their proof's term ends.
    #[codec(index = 2)]
    ProofEnd {
        /// Who.
        subject: MemberId,
    },
}

/// Why a vouch no longer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Cause {
    /// The issuer took it back.
    #[codec(index = 0)]
    Issuer,
    /// Its term ended.
    #[codec(index = 1)]
    Expired,
    /// The issuer is no longer a member.
    #[codec(index = 2)]
    IssuerDeparted,
    /// The subject was removed, or their candidature pruned.
    #[codec(index = 3)]
    SubjectDeparted,
}
