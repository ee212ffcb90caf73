// SPDX-License-Identifier: Apache-2.0
//! What the chain says at one finalised block. All answers of one [`View`] belong together.

mod accounts;
mod clock;
mod overrides;
mod referees;
mod storage;
mod vouches;

use codec::{Decode, Encode};
use kith_primitives::{
    certificate::Certificate,
    device::DeviceId,
    distance::Witness,
    member::MemberId,
    parameters::Parameters,
    resource::{KeyEpoch, ResourceId},
    runtime_api::{
        ChallengeView, DistanceView, HolderView, KeysView, MemberView, ResourceView, ValidatorView, VouchView,
    },
    AccountId, Balance, BlockNumber, Signature,
};
use subxt::{OnlineClientAtBlock, SubstrateConfig};

use crate::{connect::Chain, connect::Finalised};
pub use overrides::Override;
pub use vouches::Given;

/// Entries asked for at once.
const PAGE: u32 = 100;
/// Entries listed at most: more are not a community's, but an attack.
const MOST: usize = 100_000;

/// The chain at one finalised block.
#[derive(Clone)]
pub struct View {
    at: OnlineClientAtBlock<SubstrateConfig>,
    rpc: subxt::rpcs::RpcClient,
}

/// Why the chain did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The node is gone, or refused the question.
    #[error("the node did not answer: {0}")]
    Node(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something that must be there is not, at this block.
    #[error("the chain does not show {what} at block {block}. Try again in a moment")]
    Missing {
        /// What.
        what: &'static str,
        /// Where it was looked for.
        block: u32,
    },
    /// The node's answer is not what this version of kith understands.
    #[error("the chain's answer to {question} cannot be read: {cause}. Is this kith older than the chain?")]
    Undecodable {
        /// What was asked.
        question: &'static str,
        /// What is wrong with the answer.
        cause: codec::Error,
    },
}

impl ViewError {
    /// The chain could not be asked, for this cause.
    pub fn node(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Node(Box::new(cause))
    }
}

impl View {
    pub(crate) async fn at_finalised(chain: &Chain) -> Result<Self, ViewError> {
        let at = chain.client.at_current_block().await.map_err(ViewError::node)?;
        Ok(Self { at, rpc: chain.rpc.clone() })
    }

    /// The block the answers are of.
    pub fn block(&self) -> Finalised {
        Finalised { number: u32::try_from(self.at.block_number()).unwrap_or(u32::MAX), hash: self.at.block_hash().0 }
    }

    /// The person with this number.
    pub async fn member(&self, id: MemberId) -> Result<Option<MemberView>, ViewError> {
        self.ask("KithApi_member", &id.encode()).await
    }

    /// The person behind an account, or behind a device's account.
    pub async fn member_of(&self, account: &AccountId) -> Result<Option<MemberView>, ViewError> {
        self.ask("KithApi_member_of", &account.encode()).await
    }

    /// Everyone, in the order they came.
    pub async fn members(&self) -> Result<Vec<MemberView>, ViewError> {
        let mut all = Vec::new();
        while all.len() < MOST {
            let from = all.last().map_or(0, |last: &MemberView| last.id.saturating_add(1));
            let page: Vec<MemberView> = self.ask("KithApi_members", &(from, PAGE).encode()).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        Ok(all)
    }

    /// The vouches a person has received.
    pub async fn vouches(&self, subject: MemberId) -> Result<Vec<VouchView>, ViewError> {
        self.ask("KithApi_vouches", &subject.encode()).await
    }

    /// The devices of all active members.
    pub async fn devices(&self) -> Result<Vec<DeviceId>, ViewError> {
        self.ask("KithApi_devices", &[]).await
    }

    /// The resource with this number.
    pub async fn resource(&self, id: ResourceId) -> Result<Option<ResourceView>, ViewError> {
        self.ask("KithApi_resource", &id.encode()).await
    }

    /// The resource with this name.
    pub async fn resource_by_name(&self, name: &str) -> Result<Option<ResourceView>, ViewError> {
        self.ask("KithApi_resource_by_name", &name.as_bytes().encode()).await
    }

    /// Every resource, in the order they were made.
    pub async fn resources(&self) -> Result<Vec<ResourceView>, ViewError> {
        let mut all = Vec::new();
        while all.len() < MOST {
            let from = all.last().map_or(0, |last: &ResourceView| last.id.saturating_add(1));
            let page: Vec<ResourceView> = self.ask("KithApi_resources", &(from, PAGE).encode()).await?;
            if page.is_empty() {
                break;
            }
            all.extend(page);
        }
        Ok(all)
    }

    /// The content key of one epoch, wrapped for one reader.
    pub async fn wrapped_key(
        &self,
        resource: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
    ) -> Result<Option<Vec<u8>>, ViewError> {
        self.ask("KithApi_wrapped_key", &(resource, reader, epoch).encode()).await
    }

    /// Who the resource is granted to.
    pub async fn readers(&self, resource: ResourceId) -> Result<Vec<MemberId>, ViewError> {
        self.ask("KithApi_readers", &resource.encode()).await
    }

    /// Who promised to keep the resource.
    pub async fn holders(&self, resource: ResourceId) -> Result<Vec<HolderView>, ViewError> {
        self.ask("KithApi_holders", &resource.encode()).await
    }

    /// What a provider is asked in the current era.
    pub async fn challenge(&self, provider: MemberId) -> Result<Option<ChallengeView>, ViewError> {
        self.ask("KithApi_challenge", &provider.encode()).await
    }

    /// Where a person's keys stand, and what is moved about them.
    pub async fn keys(&self, person: MemberId) -> Result<Option<KeysView>, ViewError> {
        self.ask("KithApi_keys", &person.encode()).await
    }

    /// The person whose account this was, before they got other keys.
    pub async fn former(&self, account: &AccountId) -> Result<Option<MemberId>, ViewError> {
        self.ask("KithApi_former", &account.encode()).await
    }

    /// What a person lacks of the rule of distance.
    pub async fn distance(&self, person: MemberId) -> Result<Option<DistanceView>, ViewError> {
        self.ask("KithApi_distance", &person.encode()).await
    }

    /// Vouches that link a person to enough referees, if there are.
    pub async fn witness(&self, person: MemberId) -> Result<Option<Witness>, ViewError> {
        self.ask("KithApi_witness", &person.encode()).await
    }

    /// Who a newcomer would be whose certificate were submitted now, and vouches that would link them to enough
    /// referees. Nothing, if it were refused, if there are no such vouches, or if nobody is asked about them yet. The
    /// arguments are those of [`Call::SubmitCertificate`](crate::Call::SubmitCertificate).
    pub async fn certified(
        &self,
        certificate: &Certificate<AccountId, BlockNumber>,
        application_signature: [u8; 64],
        signatures: &[(AccountId, [u8; 64])],
    ) -> Result<Option<(MemberId, Witness)>, ViewError> {
        let sr25519 = |signature: [u8; 64]| Signature::Sr25519(signature.into());
        let signatures: Vec<_> = signatures.iter().map(|(signer, signature)| (signer, sr25519(*signature))).collect();
        let asked = (certificate, sr25519(application_signature), signatures).encode();
        self.ask("KithApi_certified", &asked).await
    }

    /// The resources a person was granted.
    pub async fn readable(&self, person: MemberId) -> Result<Vec<ResourceId>, ViewError> {
        self.ask("KithApi_readable", &person.encode()).await
    }

    /// The wrapped keys of a resource that their readers cannot open.
    pub async fn stale_keys(&self, resource: ResourceId) -> Result<Vec<(MemberId, KeyEpoch)>, ViewError> {
        self.ask("KithApi_stale_keys", &resource.encode()).await
    }

    /// Who validates, or stands for it.
    pub async fn validators(&self) -> Result<Vec<ValidatorView>, ViewError> {
        self.ask("KithApi_validators", &[]).await
    }

    /// The parameters in force.
    pub async fn parameters(&self) -> Result<Parameters, ViewError> {
        self.ask("KithApi_parameters", &[]).await
    }

    /// The time from one slot to the next, in milliseconds.
    pub async fn block_ms(&self) -> Result<u64, ViewError> {
        self.ask("BabeApi_configuration", &[]).await
    }

    /// The governing contract.
    pub async fn doug(&self) -> Result<Option<AccountId>, ViewError> {
        self.ask("KithApi_doug", &[]).await
    }

    /// What a contract answers to a message that changes nothing: its output, or `None` if it reverted or is no contract.
    pub async fn ask_contract(&self, contract: &AccountId, message: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        let no_limit: Option<(u64, u64)> = None;
        let no_deposit: Option<Balance> = None;
        let question = (contract, contract, 0u128, no_limit, no_deposit, message).encode();
        let answer: ContractAnswer = self.ask("ContractsApi_call", &question).await?;
        Ok(answer.0.filter(|output| output.flags & REVERT == 0).map(|output| output.data))
    }

    /// Where the connected node's own store can be reached: multiaddresses that end in its peer id.
    pub async fn store_addresses(&self) -> Result<Vec<String>, ViewError> {
        #[derive(serde::Deserialize)]
        struct StorePeer {
            addresses: Vec<String>,
        }
        let peer: Option<StorePeer> =
            self.rpc.request("kith_storePeer", subxt::rpcs::rpc_params![]).await.map_err(ViewError::node)?;
        Ok(peer.map(|peer| peer.addresses).unwrap_or_default())
    }

    async fn ask<T: Decode>(&self, question: &'static str, arguments: &[u8]) -> Result<T, ViewError> {
        let answer = self.at.runtime_apis().call_raw(question, Some(arguments)).await.map_err(ViewError::node)?;
        T::decode(&mut answer.as_slice()).map_err(|cause| ViewError::Undecodable { question, cause })
    }
}

/// The return flag by which a contract says that it undid what it did.
const REVERT: u32 = 1;

/// What a contract returned.
#[derive(Decode)]
struct Output {
    flags: u32,
    data: Vec<u8>,
}

/// The part of pallet-contracts' `ContractResult` we read; `None` when the call could not be made at all.
struct ContractAnswer(Option<Output>);

impl Decode for ContractAnswer {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        let _consumed_and_required = <[codec::Compact<u64>; 4]>::decode(input)?;
        let _deposit = <(u8, Balance)>::decode(input)?;
        let _debug_message = Vec::<u8>::decode(input)?;
        match u8::decode(input)? {
            0 => Output::decode(input).map(|output| Self(Some(output))),
            _ => Ok(Self(None)),
        }
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("View").field(&self.block()).finish()
    }
}
