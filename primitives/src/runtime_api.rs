// SPDX-License-Identifier: Apache-2.0
//! What a node answers of the community without a transaction.
#![expect(clippy::as_conversions, reason = "the codec's derive writes a variant's index with one")]

use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

use crate::{
    certificate::Certificate,
    device::DeviceId,
    distance::Witness,
    member::{EncryptionKey, MemberId, Standing},
    parameters::Parameters,
    resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility},
    AccountId, Balance, BlockNumber, Signature,
};

/// A person as the outside sees them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// The person's number.
    pub id: MemberId,
    /// Their account.
    pub account: AccountId,
    /// Where content keys for them are wrapped to.
    pub encryption_key: EncryptionKey,
    /// Where they stand.
    pub standing: Standing,
    /// Live vouches they have received.
    pub vouches: u32,
    /// Their devices.
    pub devices: Vec<DeviceId>,
    /// What is left of their fee quota.
    pub quota: Balance,
    /// Whether their key is frozen.
    pub frozen: bool,
    /// The block in which they got their present keys.
    pub keyed_at: BlockNumber,
    /// The block in which a member lapses, who lacks vouches or a proof of distance.
    pub lapses_at: Option<BlockNumber>,
}

/// Where a person's keys stand, and what is moved about them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeysView {
    /// Who guards them now: chosen, or else those on whose word the person became a member.
    pub guardians: Vec<MemberId>,
    /// The block in which the key was frozen, if it is.
    pub frozen_since: Option<BlockNumber>,
    /// Whether the person revoked the key: only a new one ends that.
    pub revoked: bool,
    /// The open motions.
    pub motions: Vec<MotionView>,
}

/// A motion about a person's key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MotionView {
    /// Its number.
    pub id: u32,
    /// What it is to bring about.
    pub aim: MotionAim,
    /// The guardian who opened it.
    pub opened_by: MemberId,
    /// Who approved.
    pub approvals: Vec<MemberId>,
    /// The first block in which it can no longer be approved.
    pub closes: BlockNumber,
    /// For a new key that the guardians agreed on, the first block in which it can be given.
    pub due: Option<BlockNumber>,
}

/// What a motion is to bring about.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MotionAim {
    /// The key counts for nothing.
    Freeze,
    /// The key counts again.
    Unfreeze,
    /// The person gets this account.
    NewKey(AccountId),
}

/// What somebody lacks of the rule of distance.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DistanceView {
    /// Whether it was proven, or need not be, or cannot be yet since a member's proof holds for longer.
    pub proven: bool,
    /// The referees asked; empty while they are still to be drawn.
    pub asked: Vec<MemberId>,
    /// How many of them must be linked.
    pub needed: u32,
}

/// A member who validates, or would.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidatorView {
    /// Who.
    pub person: MemberId,
    /// Whether they sit in the session that runs.
    pub seated: bool,
    /// Whether they stand for the sessions to come.
    pub stands: bool,
    /// The first block in which they may stand again, if they lost the seat.
    pub penance_until: Option<BlockNumber>,
}

/// A vouch as the outside sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VouchView {
    /// Who vouches.
    pub issuer: MemberId,
    /// The first block at which the vouch no longer counts.
    pub expires: BlockNumber,
}

/// A resource as the outside sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceView {
    /// The resource's number.
    pub id: ResourceId,
    /// Whose it is.
    pub owner: MemberId,
    /// What it is for.
    pub kind: Kind,
    /// Who may read it.
    pub visibility: Visibility,
    /// Its name, if it has one: ASCII.
    pub name: Option<Vec<u8>>,
    /// The key epoch new versions are encrypted under.
    pub key_epoch: KeyEpoch,
    /// Its latest version, if any.
    pub latest: Option<VersionView>,
    /// The first block at which the network need not keep it.
    pub lease_until: BlockNumber,
}

/// A version as the outside sees it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// Its number.
    pub number: VersionNumber,
    /// The key epoch it is encrypted under.
    pub key_epoch: KeyEpoch,
    /// The binary CID of its root.
    pub content: Vec<u8>,
    /// The root of its custody commitment.
    pub commitment: [u8; 32],
    /// How many KiB its stored bytes take, rounded up.
    pub chunks: u32,
    /// When it was published.
    pub published: BlockNumber,
}

/// A member who promised to keep a resource.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    /// The provider.
    pub provider: MemberId,
    /// The version they pledged.
    pub version: VersionNumber,
    /// Their devices.
    pub devices: Vec<DeviceId>,
}

/// The question the chain asks a provider in the current era.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeView {
    /// Which pledged resource.
    pub resource: ResourceId,
    /// Which version of it.
    pub version: VersionNumber,
    /// Which chunk of its stored bytes.
    pub chunk: u32,
    /// Whether it has been answered.
    pub answered: bool,
}

sp_api::decl_runtime_apis! {
    /// The community's members and resources.
    pub trait KithApi {
        /// The person with this number.
        fn member(id: MemberId) -> Option<MemberView>;
        /// The person whose account, or whose device's account, this is.
        fn member_of(account: AccountId) -> Option<MemberView>;
        /// At most `limit` people, from number `from` on.
        fn members(from: MemberId, limit: u32) -> Vec<MemberView>;
        /// The vouches a person has received.
        fn vouches(subject: MemberId) -> Vec<VouchView>;
        /// The devices of all active members: whom a store may talk to.
        fn devices() -> Vec<DeviceId>;
        /// The resource with this number.
        fn resource(id: ResourceId) -> Option<ResourceView>;
        /// The resource with this name.
        fn resource_by_name(name: Vec<u8>) -> Option<ResourceView>;
        /// At most `limit` resources, from number `from` on.
        fn resources(from: ResourceId, limit: u32) -> Vec<ResourceView>;
        /// The member's wrapped content key for one epoch of a resource.
        fn wrapped_key(resource: ResourceId, reader: MemberId, epoch: KeyEpoch) -> Option<Vec<u8>>;
        /// The resource's readers.
        fn readers(resource: ResourceId) -> Vec<MemberId>;
        /// Who promised to keep the resource.
        fn holders(resource: ResourceId) -> Vec<HolderView>;
        /// What the provider is asked in the current era.
        fn challenge(provider: MemberId) -> Option<ChallengeView>;
        /// Where the person's keys stand.
        fn keys(person: MemberId) -> Option<KeysView>;
        /// The person whose account this was, before they got other keys.
        fn former(account: AccountId) -> Option<MemberId>;
        /// What the person lacks of the rule of distance.
        fn distance(person: MemberId) -> Option<DistanceView>;
        /// Vouches that link the person to enough referees, if there are.
        fn witness(person: MemberId) -> Option<Witness>;
        /// Who a newcomer would be whose certificate were submitted now, and vouches that would link them to enough
        /// referees. Nothing, if it were refused, if there are no such vouches, or if nobody is asked about them yet.
        fn certified(
            certificate: Certificate<AccountId, BlockNumber>,
            application_signature: Signature,
            signatures: Vec<(AccountId, Signature)>,
        ) -> Option<(MemberId, Witness)>;
        /// The resources the person was granted.
        fn readable(person: MemberId) -> Vec<ResourceId>;
        /// The wrapped keys of a resource that their readers cannot open: wrapped before they got their present keys, or
        /// rejected by them.
        fn stale_keys(resource: ResourceId) -> Vec<(MemberId, KeyEpoch)>;
        /// Who validates or stands for it.
        fn validators() -> Vec<ValidatorView>;
        /// The parameters in force.
        fn parameters() -> Parameters;
        /// The governing contract.
        fn doug() -> Option<AccountId>;
    }
}
