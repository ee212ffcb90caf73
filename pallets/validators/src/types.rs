// SPDX-License-Identifier: Apache-2.0
//! What is stored of how a validator did.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_staking::SessionIndex;

/// How one who stands did in the sessions they sat in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Attendance {
    /// Whether they have written a block since they stand: their node runs.
    pub proven: bool,
    /// Sessions they sat in without a block since their last block.
    pub absences: u32,
}

/// What is remembered of a person's offences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Record {
    /// In how many sessions they offended.
    pub count: u32,
    /// The latest of these.
    pub session: SessionIndex,
}
