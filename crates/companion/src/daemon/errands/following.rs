// SPDX-License-Identifier: Apache-2.0
//! Stays connected to the node's store, and keeps the latest versions of what its person follows.

use std::time::Instant;

use kith_chain::{View, ViewError};
use kith_primitives::resource::ResourceId;
use kith_store::{content_id, fetch::FetchError, pins::PinError, Cid, Multiaddr};

use super::{
    named,
    waits::{Errand, Waits},
    RoundError,
};
use crate::{companion::Companion, daemon::Parts, operations};

/// Why a version is not here.
#[derive(Debug, thiserror::Error)]
enum FollowError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Content(#[from] content_id::CidError),
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Pin(#[from] PinError),
}

/// Does so at each finalised block.
pub(super) async fn run(parts: &Parts) {
    let (mut heads, mut waits) = (parts.companion.link.heads(), Waits::default());
    while heads.changed().await.is_ok() {
        if let Err(cause) = round(&parts.companion, &mut waits).await {
            tracing::debug!("following has to wait: {cause}");
        }
    }
}

async fn round(companion: &Companion, waits: &mut Waits) -> Result<(), RoundError> {
    let view = companion.link.view().await?;
    if companion.me(&view).await?.is_none() {
        return Ok(());
    }
    for address in view.store_addresses().await? {
        if let Ok(address) = address.parse::<Multiaddr>() {
            if let Err(cause) = companion.store.connect(address).await {
                tracing::debug!("the node's store: {cause}");
            }
        }
    }
    for (pin, root) in companion.store.pins() {
        if let Some(resource) = named(&pin, operations::FOLLOWED) {
            let keeping = keep_up(companion, &view, resource, &pin, &root);
            waits.attempt(Errand::Follow, resource, Instant::now(), keeping).await;
        }
    }
    Ok(())
}

/// Fetches and pins the latest version of what one follows, in place of the one that is here.
async fn keep_up(
    companion: &Companion,
    view: &View,
    resource: ResourceId,
    pin: &str,
    root: &Cid,
) -> Result<(), FollowError> {
    let Some(latest) = view.resource(resource).await?.and_then(|resource| resource.latest) else { return Ok(()) };
    let newest = content_id::from_bytes(&latest.content)?;
    if newest != *root {
        let fetched = companion.store.fetch(&newest, operations::limit(&latest), |_| ()).await?;
        companion.store.pin(pin, &newest).await?;
        drop(fetched);
    }
    Ok(())
}
