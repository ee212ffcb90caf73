// SPDX-License-Identifier: Apache-2.0
//! What a member may ask of the chain.

use kith_primitives::{
    application::Application,
    content_id::ContentId,
    custody::Commitment,
    device::DeviceId,
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility, WrappedKey},
    AccountId, BlockNumber,
};
use subxt::{
    client::OnlineClientAtBlockImpl,
    error::ExtrinsicError,
    transactions::{Payload, TransactionsClient},
    utils::Static,
    SubstrateConfig,
};

use crate::api::kith::{
    self,
    runtime_types::{bounded_collections::bounded_vec::BoundedVec, sp_runtime::MultiSignature},
};

/// The chain's transactions at one block.
pub(crate) type Transactions = TransactionsClient<SubstrateConfig, OnlineClientAtBlockImpl<SubstrateConfig>>;

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
}

impl Call {
    /// The bytes of the call, once the chain's metadata was found to agree with ours.
    pub(crate) fn encode(&self, chain: &Transactions) -> Result<Vec<u8>, ExtrinsicError> {
        let calls = kith::transactions();
        match self.clone() {
            Self::Sponsor { application, signature } => {
                let signature = MultiSignature::Sr25519(signature);
                checked(chain, &calls.membership().sponsor(Static(application), signature))
            }
            Self::BindDevice { device, signature } => {
                checked(chain, &calls.membership().bind_device(Static(device), signature))
            }
            Self::UnbindDevice(device) => checked(chain, &calls.membership().unbind_device(Static(device))),
            Self::Vouch(subject) => checked(chain, &calls.vouching().vouch(subject)),
            Self::RenewVouch(subject) => checked(chain, &calls.vouching().renew(subject)),
            Self::WithdrawVouch(subject) => checked(chain, &calls.vouching().withdraw(subject)),
            Self::Init { kind, visibility, name } => {
                checked(chain, &calls.resources().init(Static(kind), Static(visibility), name.map(Static)))
            }
            Self::Publish { resource, number, content, commitment } => {
                checked(chain, &calls.resources().publish(resource, number, Static(content), Static(commitment)))
            }
            Self::Refresh(resource) => checked(chain, &calls.resources().refresh(resource)),
            Self::Subscribe(resource) => checked(chain, &calls.resources().subscribe(resource)),
            Self::Unsubscribe(resource) => checked(chain, &calls.resources().unsubscribe(resource)),
            Self::Grant { resource, reader, epoch, wrapped_key } => {
                let wrapped_key = BoundedVec(wrapped_key.into_inner());
                checked(chain, &calls.resources().grant(resource, reader, epoch, wrapped_key))
            }
            Self::RevokeGrant { resource, reader } => checked(chain, &calls.resources().revoke_grant(resource, reader)),
        }
    }
}

fn checked(chain: &Transactions, call: &impl Payload) -> Result<Vec<u8>, ExtrinsicError> {
    chain.validate(call)?;
    chain.call_data(call)
}
