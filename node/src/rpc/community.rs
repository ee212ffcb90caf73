// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The read-only `kith_*` methods: members, resources, who holds them, the node's store.
//!
//! All are answered from a finalised block: the latest, or the one named by `at`.

mod error;
mod views;

use std::sync::Arc;

use jsonrpsee::{proc_macros::rpc, RpcModule};
use kith_primitives::{
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, ResourceId},
    runtime_api::{KeysView, KithApi, ValidatorView},
    AccountId,
};
use kith_runtime::opaque::Block;
use kith_store::Store;
use sc_client_api::HeaderBackend;
use sp_api::{ApiRef, ProvideRuntimeApi};
use sp_core::H256;

use self::{
    error::Error,
    views::{Challenge, Holder, Member, Resource, StorePeer},
};
use crate::service::Client;

/// Entries of one page, at most.
const MAX_PAGE: u32 = 100;

/// What a community can be asked.
#[rpc(server)]
pub(super) trait CommunityApi {
    /// The person with this number.
    #[method(name = "kith_member", blocking)]
    fn member(&self, id: MemberId, at: Option<H256>) -> Result<Option<Member>, Error>;

    /// The person whose account, or whose device's account, this is: an address or 32 bytes in hexadecimal.
    #[method(name = "kith_memberOf", blocking)]
    fn member_of(&self, account: String, at: Option<H256>) -> Result<Option<Member>, Error>;

    /// At most `limit` people, from number `from` on; `limit` is at most 100.
    #[method(name = "kith_members", blocking)]
    fn members(&self, from: MemberId, limit: u32, at: Option<H256>) -> Result<Vec<Member>, Error>;

    /// The devices of all active members: 32 bytes each, in hexadecimal.
    #[method(name = "kith_devices", blocking)]
    fn devices(&self, at: Option<H256>) -> Result<Vec<String>, Error>;

    /// The resource with this number.
    #[method(name = "kith_resource", blocking)]
    fn resource(&self, id: ResourceId, at: Option<H256>) -> Result<Option<Resource>, Error>;

    /// The resource with this name.
    #[method(name = "kith_resourceByName", blocking)]
    fn resource_by_name(&self, name: String, at: Option<H256>) -> Result<Option<Resource>, Error>;

    /// At most `limit` resources, from number `from` on; `limit` is at most 100.
    #[method(name = "kith_resources", blocking)]
    fn resources(&self, from: ResourceId, limit: u32, at: Option<H256>) -> Result<Vec<Resource>, Error>;

    /// The numbers of the resource's readers.
    #[method(name = "kith_readers", blocking)]
    fn readers(&self, resource: ResourceId, at: Option<H256>) -> Result<Vec<MemberId>, Error>;

    /// The reader's wrapped content key for one epoch of the resource, in hexadecimal.
    #[method(name = "kith_wrappedKey", blocking)]
    fn wrapped_key(
        &self,
        resource: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        at: Option<H256>,
    ) -> Result<Option<String>, Error>;

    /// Who promised to keep the resource.
    #[method(name = "kith_holders", blocking)]
    fn holders(&self, resource: ResourceId, at: Option<H256>) -> Result<Vec<Holder>, Error>;

    /// What the provider is asked in the current era.
    #[method(name = "kith_challenge", blocking)]
    fn challenge(&self, provider: MemberId, at: Option<H256>) -> Result<Option<Challenge>, Error>;

    /// Where the person's keys stand: guardians, freeze, open motions.
    #[method(name = "kith_keys", blocking)]
    fn keys(&self, person: MemberId, at: Option<H256>) -> Result<Option<KeysView>, Error>;

    /// Who validates, or stands for it.
    #[method(name = "kith_validators", blocking)]
    fn validators(&self, at: Option<H256>) -> Result<Vec<ValidatorView>, Error>;

    /// This node's own store: its peer id and where it listens; null if it runs none.
    #[method(name = "kith_storePeer")]
    fn store_peer(&self) -> Result<Option<StorePeer>, Error>;
}

/// Answers them.
pub(super) struct Community {
    client: Arc<Client>,
    store: Option<Store>,
}

impl Community {
    /// Answers from this chain, and of this store.
    pub(super) fn new(client: Arc<Client>, store: Option<Store>) -> Self {
        Self { client, store }
    }

    /// The methods.
    pub(super) fn module(self) -> RpcModule<Self> {
        self.into_rpc()
    }

    /// The runtime, and the finalised block to ask it at.
    fn runtime(
        &self,
        at: Option<H256>,
    ) -> Result<(ApiRef<'_, <Client as ProvideRuntimeApi<Block>>::Api>, H256), Error> {
        let info = self.client.info();
        let Some(block) = at else { return Ok((self.client.runtime_api(), info.finalized_hash)) };
        let number = self.client.number(block).map_err(Error::client)?.ok_or(Error::UnknownBlock { block })?;
        let canonical = self.client.hash(number).map_err(Error::client)? == Some(block);
        match canonical && number <= info.finalized_number {
            true => Ok((self.client.runtime_api(), block)),
            false => Err(Error::NotFinalised { block }),
        }
    }
}

impl CommunityApiServer for Community {
    fn member(&self, id: MemberId, at: Option<H256>) -> Result<Option<Member>, Error> {
        let (api, at) = self.runtime(at)?;
        Ok(api.member(at, id).map_err(Error::runtime)?.map(Member::from))
    }

    fn member_of(&self, account: String, at: Option<H256>) -> Result<Option<Member>, Error> {
        let account = parse_account(&account)?;
        let (api, at) = self.runtime(at)?;
        Ok(api.member_of(at, account).map_err(Error::runtime)?.map(Member::from))
    }

    fn members(&self, from: MemberId, limit: u32, at: Option<H256>) -> Result<Vec<Member>, Error> {
        check_limit(limit)?;
        let (api, at) = self.runtime(at)?;
        Ok(api.members(at, from, limit).map_err(Error::runtime)?.into_iter().map(Member::from).collect())
    }

    fn devices(&self, at: Option<H256>) -> Result<Vec<String>, Error> {
        let (api, at) = self.runtime(at)?;
        Ok(api.devices(at).map_err(Error::runtime)?.iter().map(|device| views::hex_text(&device.0)).collect())
    }

    fn resource(&self, id: ResourceId, at: Option<H256>) -> Result<Option<Resource>, Error> {
        let (api, at) = self.runtime(at)?;
        Ok(api.resource(at, id).map_err(Error::runtime)?.map(Resource::from))
    }

    fn resource_by_name(&self, name: String, at: Option<H256>) -> Result<Option<Resource>, Error> {
        let name = ResourceName::parse(name.as_bytes()).map_err(|cause| Error::BadName { cause })?;
        let (api, at) = self.runtime(at)?;
        Ok(api.resource_by_name(at, name.as_bytes().to_vec()).map_err(Error::runtime)?.map(Resource::from))
    }

    fn resources(&self, from: ResourceId, limit: u32, at: Option<H256>) -> Result<Vec<Resource>, Error> {
        check_limit(limit)?;
        let (api, at) = self.runtime(at)?;
        Ok(api.resources(at, from, limit).map_err(Error::runtime)?.into_iter().map(Resource::from).collect())
    }

    fn readers(&self, resource: ResourceId, at: Option<H256>) -> Result<Vec<MemberId>, Error> {
        let (api, at) = self.runtime(at)?;
        api.readers(at, resource).map_err(Error::runtime)
    }

    fn wrapped_key(
        &self,
        resource: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        at: Option<H256>,
    ) -> Result<Option<String>, Error> {
        let (api, at) = self.runtime(at)?;
        let key = api.wrapped_key(at, resource, reader, epoch).map_err(Error::runtime)?;
        Ok(key.map(|key| views::hex_text(&key)))
    }

    fn holders(&self, resource: ResourceId, at: Option<H256>) -> Result<Vec<Holder>, Error> {
        let (api, at) = self.runtime(at)?;
        Ok(api.holders(at, resource).map_err(Error::runtime)?.into_iter().map(Holder::from).collect())
    }

    fn challenge(&self, provider: MemberId, at: Option<H256>) -> Result<Option<Challenge>, Error> {
        let (api, at) = self.runtime(at)?;
        Ok(api.challenge(at, provider).map_err(Error::runtime)?.map(Challenge::from))
    }

    fn keys(&self, person: MemberId, at: Option<H256>) -> Result<Option<KeysView>, Error> {
        let (api, at) = self.runtime(at)?;
        api.keys(at, person).map_err(Error::runtime)
    }

    fn validators(&self, at: Option<H256>) -> Result<Vec<ValidatorView>, Error> {
        let (api, at) = self.runtime(at)?;
        api.validators(at).map_err(Error::runtime)
    }

    fn store_peer(&self) -> Result<Option<StorePeer>, Error> {
        Ok(self.store.as_ref().map(StorePeer::from))
    }
}

/// Pages are bounded.
fn check_limit(limit: u32) -> Result<(), Error> {
    match limit {
        1..=MAX_PAGE => Ok(()),
        _ => Err(Error::BadLimit { limit }),
    }
}

/// An address (SS58), or 32 bytes in hexadecimal.
fn parse_account(text: &str) -> Result<AccountId, Error> {
    // The longest SS58 address of 32 bytes has 50 characters, hexadecimal 66.
    const MAX_ACCOUNT_CHARS: usize = 66;
    match text.len() <= MAX_ACCOUNT_CHARS {
        true => text.parse().map_err(|_| Error::BadAccount),
        false => Err(Error::BadAccount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_at_least_one_and_at_most_a_hundred_entries() {
        assert!(check_limit(1).is_ok() && check_limit(100).is_ok());
        for limit in [0, 101, u32::MAX] {
            assert!(matches!(check_limit(limit), Err(Error::BadLimit { limit: refused }) if refused == limit));
        }
    }

    #[test]
    fn an_account_is_an_address_or_hexadecimal() {
        let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let hex = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(parse_account(alice).unwrap(), parse_account(hex).unwrap());
        for text in ["", "0x", "0xzz", "alice", &alice[1..], &hex[..64], &"a".repeat(1_000_000)] {
            assert!(matches!(parse_account(text), Err(Error::BadAccount)), "{}", text.len());
        }
    }
}
