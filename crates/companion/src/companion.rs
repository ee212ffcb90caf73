// SPDX-License-Identifier: Apache-2.0
//! What a running companion is made of.

use kith_chain::{Call, Receipt, SubmitError, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    resource::{KeyEpoch, ResourceId},
    runtime_api::MemberView,
    AccountId,
};
use kith_store::Store;
use kith_vault::{ContentKey, WrapContext};

use crate::{daemon::link::Link, person::Person, publishing::pending::Pending, reading::Doubts};

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
    /// One at a time makes content keys, so that an epoch never has two.
    pub(crate) keying: tokio::sync::Mutex<()>,
    /// Content keys that turned out to be others than they should.
    pub(crate) doubts: Doubts,
    /// One's own versions that are pinned and not known to be in force.
    pub(crate) pending: Pending,
}

/// What this person has of a content key.
#[derive(Debug)]
pub(crate) enum Held {
    /// Nothing was wrapped for them.
    Nothing,
    /// Something was, and does not open with the keys they have now.
    Sealed,
    /// The key.
    Key(ContentKey),
}

impl Held {
    /// The key, if it is there and opens.
    pub(crate) fn key(self) -> Option<ContentKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::Nothing | Self::Sealed => None,
        }
    }
}

impl Companion {
    /// Oneself, if one is an active member whose key counts.
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

    /// What `me`, who is the person at this machine, has of the key of one epoch.
    pub(crate) async fn content_key(
        &self,
        view: &View,
        me: MemberId,
        resource: ResourceId,
        epoch: KeyEpoch,
    ) -> Result<Held, ViewError> {
        let Some(wrapped) = view.wrapped_key(resource, me, epoch).await? else { return Ok(Held::Nothing) };
        let context = WrapContext { community: self.genesis, resource, epoch, reader: me };
        let wrapped = wrapped.try_into().ok().map(kith_vault::WrappedKey);
        let key = wrapped.and_then(|wrapped| wrapped.unwrap(&self.person.reader_secret(), &context).ok());
        Ok(key.map_or(Held::Sealed, Held::Key))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{daemon::link, papers::application::tests::someone};
    use kith_store::{Access, Identity, StoreConfig};
    use tempfile::TempDir;

    /// A companion whose node is away, and the folder its store is in.
    pub(crate) async fn alone() -> (TempDir, Companion) {
        let dir = tempfile::tempdir().unwrap();
        let access = tokio::sync::watch::channel(Access::default()).1;
        let config = StoreConfig::new(dir.path().join("store"), Identity::generate());
        let store = Store::open(config, access).await.unwrap();
        let companion = Companion {
            link: link::tests::link(None),
            genesis: [7; 32],
            store,
            person: someone(),
            port: 0,
            submitting: tokio::sync::Mutex::default(),
            keying: tokio::sync::Mutex::default(),
            doubts: Doubts::default(),
            pending: Pending::default(),
        };
        (dir, companion)
    }
}
