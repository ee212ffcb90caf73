// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a provider reads from a finalised block, a bounded part at a time.

use std::{
    collections::BTreeMap,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
};

use kith_primitives::{
    custody::Commitment,
    device::DeviceId,
    member::{MemberId, Standing},
    resource::ResourceId,
    runtime_api::{KithApi, ResourceView, VersionView},
    BlockNumber,
};
use kith_store::{Cid, Identity};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_core::H256;

use super::plan::{Leased, Question, Version, View};
use crate::service::Client;

/// Resources asked for at once: what the runtime gives at most.
const PAGE: u32 = 100;
/// Pages read in one look. The next look goes on where this one stopped.
const PAGES: usize = 10;
/// Own pins whose lease is checked in one look.
const PINS: usize = 100;

/// What one look at the chain showed.
pub(super) struct Look {
    /// What the plan is decided from.
    pub(super) view: View,
    /// The root to answer the chain's question from, if that version is kept here.
    pub(super) roots: BTreeMap<Question, Cid>,
}

/// The chain as this provider sees it.
pub(super) struct Chain {
    client: Arc<Client>,
    device: DeviceId,
    next_resource: AtomicU64,
    next_pin: AtomicU64,
}

impl Chain {
    /// Looks as this device.
    pub(super) fn new(client: Arc<Client>, identity: &Identity) -> Self {
        let device = DeviceId(identity.public());
        Self { client, device, next_resource: AtomicU64::new(0), next_pin: AtomicU64::new(0) }
    }

    /// Reads a block; nothing if the device is not bound to an active member, or the block cannot be read.
    pub(super) fn look(&self, at: H256, now: BlockNumber, pins: &BTreeMap<ResourceId, Cid>) -> Option<Look> {
        match self.try_look(at, now, pins) {
            Ok(look) => look,
            Err(error) => {
                tracing::warn!(target: "store", %error, "The chain cannot be read for what to keep");
                None
            }
        }
    }

    fn try_look(&self, at: H256, now: BlockNumber, pins: &BTreeMap<ResourceId, Cid>) -> Result<Option<Look>, ApiError> {
        let Some(provider) = self.provider(at)? else { return Ok(None) };
        let leased = self.leased(at, now, provider, pins)?;
        let ended = self.ended(at, now, pins)?;
        let challenge = self.client.runtime_api().challenge(at, provider)?;
        let mut roots = BTreeMap::new();
        if let Some(asked) = &challenge {
            let question = Question { resource: asked.resource, version: asked.version, chunk: asked.chunk };
            if let Some(root) = self.root(at, &question, pins)? {
                roots.insert(question, root);
            }
        }
        Ok(Some(Look { view: View { now, leased, ended, challenge, room: 0 }, roots }))
    }

    /// The active member this device is bound to.
    fn provider(&self, at: H256) -> Result<Option<MemberId>, ApiError> {
        let owner = self.client.runtime_api().member_of(at, self.device.account())?;
        Ok(owner
            .filter(|owner| owner.standing == Standing::Member && owner.devices.contains(&self.device))
            .map(|owner| owner.id))
    }

    /// Some of the resources under lease that have a version.
    fn leased(
        &self,
        at: H256,
        now: BlockNumber,
        provider: MemberId,
        pins: &BTreeMap<ResourceId, Cid>,
    ) -> Result<Vec<Leased>, ApiError> {
        let api = self.client.runtime_api();
        let mut leased = Vec::new();
        for _ in 0..PAGES {
            let page = api.resources(at, self.next_resource.load(Ordering::Relaxed), PAGE)?;
            let next = page.last().map_or(0, |last| last.id.saturating_add(1));
            self.next_resource.store(next, Ordering::Relaxed);
            for resource in page.iter().filter(|resource| resource.lease_until > now) {
                let Some(version) = latest(resource) else { continue };
                let holders = api.holders(at, resource.id)?;
                leased.push(Leased {
                    pledged: holders.iter().find(|holder| holder.provider == provider).map(|holder| holder.version),
                    pinned: pins.get(&resource.id).is_some_and(|root| is_of(root, &version)),
                    holders: holders.len(),
                    version,
                });
            }
            if next == 0 {
                break;
            }
        }
        Ok(leased)
    }

    /// Some of the resources kept here whose lease is over.
    fn ended(&self, at: H256, now: BlockNumber, pins: &BTreeMap<ResourceId, Cid>) -> Result<Vec<ResourceId>, ApiError> {
        let api = self.client.runtime_api();
        let mut ended = Vec::new();
        let from = self.next_pin.load(Ordering::Relaxed);
        let some: Vec<_> = pins.range(from..).map(|(resource, _)| *resource).take(PINS).collect();
        for resource in &some {
            if api.resource(at, *resource)?.is_none_or(|resource| resource.lease_until <= now) {
                ended.push(*resource);
            }
        }
        let next = some.last().filter(|_| some.len() == PINS).map_or(0, |last| last.saturating_add(1));
        self.next_pin.store(next, Ordering::Relaxed);
        Ok(ended)
    }

    /// The root of the version asked about, if it is the latest and kept here.
    fn root(&self, at: H256, question: &Question, pins: &BTreeMap<ResourceId, Cid>) -> Result<Option<Cid>, ApiError> {
        let Some(root) = pins.get(&question.resource) else { return Ok(None) };
        let resource = self.client.runtime_api().resource(at, question.resource)?;
        let kept = resource
            .as_ref()
            .and_then(latest)
            .filter(|latest| latest.number == question.version && is_of(root, latest));
        Ok(kept.map(|_| *root))
    }
}

/// The resource's latest version.
fn latest(resource: &ResourceView) -> Option<Version> {
    let VersionView { number, content, commitment, chunks, .. } = resource.latest.clone()?;
    let commitment = Commitment { root: H256(commitment), chunks };
    Some(Version { resource: resource.id, number, content, commitment })
}

/// Whether this is the version's root. CIDs of version 0 and 1 may name the same block, hence the comparison of hashes.
fn is_of(root: &Cid, version: &Version) -> bool {
    Cid::try_from(version.content.as_slice())
        .is_ok_and(|content| content.hash() == root.hash() && content.codec() == root.codec())
}
