// SPDX-License-Identifier: Apache-2.0
//! What is stored of a person, of their keys, and of those who guard them.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use kith_primitives::{
    certificate::MAX_SIGNATURES,
    member::{EncryptionKey, MemberId, Standing},
    recovery::{NewKey, MAX_GUARDIANS},
};
use scale_info::TypeInfo;

/// Members who guard someone's key, each once.
pub type GuardianList = BoundedVec<MemberId, ConstU32<MAX_GUARDIANS>>;

/// The members who signed a certificate, by account, with their signatures.
pub type Signatures<AccountId, Signature> = BoundedVec<(AccountId, Signature), ConstU32<MAX_SIGNATURES>>;

/// A person, in any standing.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Person<AccountId, BlockNumber> {
    /// The account they sign with.
    pub account: AccountId,
    /// Where content keys for them are wrapped to.
    pub encryption_key: EncryptionKey,
    /// Where they stand.
    pub standing: Standing,
    /// The block in which that began; of a lapsed member, the one in which they had become a member.
    pub since: BlockNumber,
    /// For a candidate, the first block in which they can no longer be vouched for; otherwise nothing.
    pub candidate_until: Option<BlockNumber>,
    /// How many devices are bound to them.
    pub devices: u32,
    /// The block in which they last got their keys.
    pub keyed_at: BlockNumber,
}

/// What a member had left to pay fees with, when it was last written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct QuotaState<Balance, BlockNumber> {
    /// How much, in the smallest unit of the token.
    pub available: Balance,
    /// In which block.
    pub at: BlockNumber,
}

/// Why a person's account counts for nothing now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Freeze<BlockNumber> {
    /// The block in which it was frozen.
    pub since: BlockNumber,
    /// Whether the owner revoked it: then only a new key ends it.
    pub revoked: bool,
}

/// What remains of an account that was a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Former<BlockNumber> {
    /// Whose it was.
    pub person: MemberId,
    /// The block in which it was given up.
    pub until: BlockNumber,
}

/// Whom a person chose to guard their key. An empty list stands for those on whose word the person became a member.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct GuardianChoice<BlockNumber> {
    /// The guardians before `from`.
    pub current: GuardianList,
    /// The guardians from then on.
    pub next: GuardianList,
    /// The first block in which the choice is in force.
    pub from: BlockNumber,
}

/// What a motion about a person's key is to bring about.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum MotionKind<AccountId> {
    /// The key counts for nothing, at once.
    #[codec(index = 0)]
    Freeze,
    /// The key counts again, at once.
    #[codec(index = 1)]
    Unfreeze,
    /// The person gets these keys, after a delay.
    #[codec(index = 2)]
    NewKey {
        /// The new account.
        account: AccountId,
        /// Where content keys are wrapped to from then on.
        encryption_key: EncryptionKey,
    },
}

/// A motion as it is put to the guardians.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum MotionProposal<AccountId, BlockNumber, Signature> {
    /// To freeze the key.
    #[codec(index = 0)]
    Freeze,
    /// To let the key count again.
    #[codec(index = 1)]
    Unfreeze,
    /// To give the person new keys.
    #[codec(index = 2)]
    NewKey {
        /// Which keys, for whom.
        key: NewKey<AccountId, BlockNumber>,
        /// The new account's signature over [`NewKey::signing_payload`].
        signature: Signature,
    },
}

/// A motion about a person's key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Motion<AccountId, Balance, BlockNumber> {
    /// What it is to bring about.
    pub kind: MotionKind<AccountId>,
    /// The guardian who opened it, from whom the deposit is held.
    pub opened_by: MemberId,
    /// Who approved. Those who are guardians no longer do not count, and are dropped at the next approval.
    pub approvals: GuardianList,
    /// The first block in which it can no longer be approved.
    pub closes: BlockNumber,
    /// For new keys, the block in which enough guardians had approved.
    pub agreed_at: Option<BlockNumber>,
    /// How much is held, in the smallest unit of the token.
    pub deposit: Balance,
}

/// How a motion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum MotionEnd {
    /// It took effect.
    #[codec(index = 0)]
    Done,
    /// Its time ran out.
    #[codec(index = 1)]
    Lapsed,
    /// The person vetoed it, and has the deposit.
    #[codec(index = 2)]
    Vetoed,
    /// The person got new keys by another motion, or is gone.
    #[codec(index = 3)]
    Overtaken,
}
