// SPDX-License-Identifier: Apache-2.0
//! What a member may ask of the chain.

mod encode;

use codec::{Decode, Encode};
use kith_primitives::{
    application::Application,
    certificate::Certificate,
    content_id::ContentId,
    custody::Commitment,
    device::DeviceId,
    distance::Witness,
    member::MemberId,
    name::ResourceName,
    parameters::Parameter,
    recovery::{MotionId, NewKey},
    resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility, WrappedKey},
    AccountId, BlockNumber,
};

/// One change, by the name of its extrinsic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Introduce a newcomer, whose sr25519 account signed the application, with a first vouch.
    Sponsor {
        /// What the newcomer signed.
        application: Application<AccountId, BlockNumber>,
        /// Their signature.
        signature: [u8; 64],
    },
    /// Admit a newcomer by what members signed away from the chain.
    SubmitCertificate {
        /// What they signed.
        certificate: Certificate<AccountId, BlockNumber>,
        /// The newcomer's signature of the application in it.
        application_signature: [u8; 64],
        /// The members, by account, and their signatures: at most [`kith_primitives::certificate::MAX_SIGNATURES`].
        signatures: Vec<(AccountId, [u8; 64])>,
    },
    /// Have a candidate forgotten whose time ran out, so that their account can apply again.
    PruneCandidate(MemberId),
    /// Leave the community, for good.
    Leave,
    /// Choose who guards one's key, at most [`kith_primitives::recovery::MAX_GUARDIANS`]; nobody for those who vouch.
    ChooseGuardians(Vec<MemberId>),
    /// Open a motion about someone's key, and approve it.
    OpenMotion {
        /// Whose key.
        person: MemberId,
        /// What it is to bring about.
        proposal: Proposal,
    },
    /// Approve a motion.
    ApproveMotion {
        /// Whose key it is about.
        person: MemberId,
        /// The motion.
        motion: MotionId,
    },
    /// Give someone the new keys their guardians agreed on.
    CompleteMotion {
        /// Who.
        person: MemberId,
        /// The motion.
        motion: MotionId,
    },
    /// Close a motion to give oneself a new key.
    VetoMotion(MotionId),
    /// Close a motion whose time has run out.
    CloseMotion {
        /// Whose key it is about.
        person: MemberId,
        /// The motion.
        motion: MotionId,
    },
    /// Freeze a key with what its owner signed beforehand.
    RevokeKey {
        /// The owner's account.
        account: AccountId,
        /// Its signature of [`kith_primitives::recovery::revocation_payload`].
        signature: [u8; 64],
    },
    /// Bind a device, which signed for it.
    BindDevice {
        /// The device.
        device: DeviceId,
        /// Its Ed25519 signature.
        signature: [u8; 64],
    },
    /// Take a device off.
    UnbindDevice(DeviceId),
    /// Vouch for someone.
    Vouch(MemberId),
    /// Renew a vouch that is about to end.
    RenewVouch(MemberId),
    /// Take a vouch back.
    WithdrawVouch(MemberId),
    /// Hold a person against the rules in force, which may have changed.
    Reconsider(MemberId),
    /// Have referees asked about a person.
    RequestDistance(MemberId),
    /// Show that a person stands near enough to them.
    ProveDistance {
        /// The person.
        person: MemberId,
        /// Vouches that link them.
        witness: Witness,
    },
    /// Make a resource.
    Init {
        /// What it is for.
        kind: Kind,
        /// Who may read it.
        visibility: Visibility,
        /// Its name.
        name: Option<ResourceName>,
    },
    /// Publish a version.
    Publish {
        /// Of which resource.
        resource: ResourceId,
        /// The number it is to have: the latest and one.
        number: VersionNumber,
        /// The key epoch it is encrypted under; 0 for a public resource.
        epoch: KeyEpoch,
        /// Its root.
        content: ContentId,
        /// What providers must hold.
        commitment: Commitment,
    },
    /// Extend a lease.
    Refresh(ResourceId),
    /// Follow a resource.
    Subscribe(ResourceId),
    /// No longer follow it.
    Unsubscribe(ResourceId),
    /// Let someone read.
    Grant {
        /// Which resource.
        resource: ResourceId,
        /// Who.
        reader: MemberId,
        /// The epoch of the key.
        epoch: KeyEpoch,
        /// The key, wrapped for them.
        wrapped_key: WrappedKey,
    },
    /// Let someone read no more.
    RevokeGrant {
        /// Which resource.
        resource: ResourceId,
        /// Who.
        reader: MemberId,
    },
    /// Wrap a content key anew for a reader, or the owner, whose wrapped key is lost to them.
    ReturnKey {
        /// Which resource.
        resource: ResourceId,
        /// For whom.
        reader: MemberId,
        /// The epoch of the key.
        epoch: KeyEpoch,
        /// The key, wrapped for them.
        wrapped_key: WrappedKey,
    },
    /// Tell that one's own wrapped key does not open.
    RejectKey {
        /// Which resource.
        resource: ResourceId,
        /// The epoch of the key.
        epoch: KeyEpoch,
    },
    /// Stand for validator.
    Stand,
    /// Stand no more.
    StandDown,
    /// Say with which keys one's node validates.
    SetSessionKeys {
        /// The keys.
        keys: SessionKeys,
        /// Each key's signature of one's account, as the node gave them.
        proof: Vec<u8>,
    },
    /// Ask the members to decide over the governing contract's head, and approve.
    ProposeOverride(OverrideAction),
    /// Approve an override of the governing contract.
    ApproveOverride(u32),
    /// No longer approve of one.
    WithdrawApproval(u32),
    /// Several changes, of which all take effect or none.
    All(Vec<Call>),
}

/// What a motion about someone's key is to bring about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// The key counts for nothing.
    Freeze,
    /// The key counts again.
    Unfreeze,
    /// The person gets new keys.
    NewKey {
        /// Which keys, for whom.
        key: NewKey<AccountId, BlockNumber>,
        /// The new account's signature of it.
        signature: [u8; 64],
    },
}

/// What members may decide over the governing contract's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideAction {
    /// One parameter gets a new value when the next era starts.
    SetParameter(Parameter),
    /// Another account governs.
    SetDoug(AccountId),
    /// A person is expelled.
    RemoveMember(MemberId),
}

/// The public keys a validator's node signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SessionKeys {
    /// Signs blocks: sr25519.
    pub babe: [u8; 32],
    /// Signs finality votes: Ed25519.
    pub grandpa: [u8; 32],
}
