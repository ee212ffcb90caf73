// SPDX-License-Identifier: Apache-2.0
//! What a running companion is made of.

use kith_chain::{Call, Receipt, SubmitError, View, ViewError};
use kith_primitives::{
    member::Standing,
    runtime_api::{MemberView, ResourceView},
    AccountId,
};
use kith_store::Store;
use kith_vault::{ContentKey, WrapContext};

use crate::{daemon::link::Link, person::Person};

/// The parts, joined.
#[derive(Debug)]
pub(crate) struct Companion {
    /// The chain.
    pub(crate) link: Link,
    /// The community's genesis hash.
    pub(crate) genesis: [u8; 32],
    /// The blocks.
    pub(crate) store: Store,
    /// The keys, unlocked.
    pub(crate) person: Person,
    /// Where pages are served on this machine.
    pub(crate) port: u16,
    /// One transaction at a time: the next one's nonce is known when the last one is final.
    pub(crate) submitting: tokio::sync::Mutex<()>,
}

impl Companion {
    /// Oneself, if one is an active member.
    pub(crate) async fn me(&self, view: &View) -> Result<Option<MemberView>, ViewError> {
        let me = view.member_of(&AccountId::new(self.person.account())).await?;
        Ok(me.filter(|me| me.standing == Standing::Member))
    }

    /// Signs a call and waits until it is final.
    pub(crate) async fn submit(&self, call: &Call) -> Result<Receipt, SubmitError> {
        let _alone = self.submitting.lock().await;
        let chain = self.link.chain().map_err(|cause| SubmitError::View(ViewError::node(cause)))?;
        chain.submit(call, &self.person).await
    }

    /// The key of a resource's latest version, if it was granted to `me` and opens.
    pub(crate) async fn content_key(
        &self,
        view: &View,
        me: &MemberView,
        resource: &ResourceView,
        epoch: u32,
    ) -> Result<Option<ContentKey>, ViewError> {
        let wrapped = view.wrapped_key(resource.id, me.id, epoch).await?;
        let context = WrapContext { community: self.genesis, resource: resource.id, epoch, reader: me.id };
        let wrapped = wrapped.and_then(|bytes| bytes.try_into().ok()).map(kith_vault::WrappedKey);
        Ok(wrapped.and_then(|wrapped| wrapped.unwrap(&self.person.reader_secret(), &context).ok()))
    }
}
