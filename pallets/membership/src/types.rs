// SPDX-License-Identifier: Apache-2.0
//! What is stored of a person.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kith_primitives::member::{EncryptionKey, Standing};
use scale_info::TypeInfo;

/// A person, in any standing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Person<AccountId, BlockNumber> {
    /// The account they sign with.
    pub account: AccountId,
    /// Where content keys for them are wrapped to.
    pub encryption_key: EncryptionKey,
    /// Where they stand.
    pub standing: Standing,
    /// The block in which that began.
    pub since: BlockNumber,
    /// For a candidate, the first block in which they can no longer be vouched for; otherwise nothing.
    pub candidate_until: Option<BlockNumber>,
    /// How many devices are bound to them.
    pub devices: u32,
}

/// What a member had left to pay fees with, when it was last written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct QuotaState<Balance, BlockNumber> {
    /// How much, in the smallest unit of the token.
    pub available: Balance,
    /// In which block.
    pub at: BlockNumber,
}
