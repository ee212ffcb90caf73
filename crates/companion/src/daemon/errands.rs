// SPDX-License-Identifier: Apache-2.0
//! What the companion does without being asked: binds this device once its person is a member, stays connected to the node's
//! store, and keeps what its person follows.

use std::{sync::Arc, time::Duration};

use kith_chain::Call;
use kith_primitives::{
    device::{binding_payload, DeviceId},
    AccountId,
};
use kith_store::{content_id, Multiaddr};

use super::{link::LinkError, Parts};
use crate::operations;

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(5);

/// Runs errands in rounds until the future is dropped.
pub(super) async fn run(parts: Arc<Parts>) {
    loop {
        if let Err(cause) = round(&parts).await {
            tracing::debug!("an errand has to wait: {cause}");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Why a round was cut short; the next one begins anew.
#[derive(Debug, thiserror::Error)]
enum ErrandError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    View(#[from] kith_chain::ViewError),
    #[error(transparent)]
    Submit(#[from] kith_chain::SubmitError),
    #[error(transparent)]
    Content(#[from] content_id::CidError),
    #[error(transparent)]
    Fetch(#[from] kith_store::fetch::FetchError),
    #[error(transparent)]
    Pin(#[from] kith_store::pins::PinError),
}

async fn round(parts: &Parts) -> Result<(), ErrandError> {
    let companion = &parts.companion;
    let view = companion.link.view().await?;
    let Some(me) = companion.me(&view).await? else { return Ok(()) };
    let device = DeviceId(parts.identity.public());
    if !me.devices.contains(&device) {
        bind(parts, device).await?;
    }
    for address in view.store_addresses().await? {
        if let Ok(address) = address.parse::<Multiaddr>() {
            if let Err(cause) = companion.store.connect(address).await {
                tracing::debug!("the node's store: {cause}");
            }
        }
    }
    for (pin, root) in companion.store.pins() {
        let Some(resource) = pin.strip_prefix(operations::FOLLOWED).and_then(|id| id.parse().ok()) else { continue };
        let latest = view.resource(resource).await?.and_then(|resource| resource.latest);
        let Some(latest) = latest else { continue };
        let newest = content_id::from_bytes(&latest.content)?;
        if newest != root {
            let fetched = companion.store.fetch(&newest, operations::limit(&latest), |_| ()).await?;
            companion.store.pin(&pin, &newest).await?;
            drop(fetched);
        }
    }
    Ok(())
}

/// Binds this device to its person: the device signs that it is theirs, they sign the transaction.
async fn bind(parts: &Parts, device: DeviceId) -> Result<(), ErrandError> {
    let owner = AccountId::new(parts.companion.person.account());
    let payload = binding_payload(&parts.companion.genesis, &owner);
    let Ok(signature) = parts.identity.sign(&payload).try_into() else { return Ok(()) };
    parts.companion.submit(&Call::BindDevice { device, signature }).await?;
    Ok(())
}
