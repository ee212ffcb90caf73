// SPDX-License-Identifier: Apache-2.0
//! What an override is.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kith_primitives::{member::MemberId, parameters::Parameter, BlockNumber};
use scale_info::TypeInfo;

/// The number of an override, never reused.
pub type OverrideId = u32;

/// What the members may do over the governing contract's head.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum OverrideAction<AccountId> {
    /// Give one parameter a new value from the next era on.
    #[codec(index = 0)]
    SetParameter(Parameter),
    /// Let another account govern.
    #[codec(index = 1)]
    SetDoug(AccountId),
    /// Expel a person.
    #[codec(index = 2)]
    RemoveMember(MemberId),
}

/// An override that is voted on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Override<AccountId> {
    /// Who asked for it.
    pub proposer: MemberId,
    /// What shall happen.
    pub action: OverrideAction<AccountId>,
    /// How many active members approve.
    pub approvals: u32,
    /// The last block in which it may be approved.
    pub expires: BlockNumber,
}
