// SPDX-License-Identifier: Apache-2.0
//! Stays connected to the node's store, and keeps the latest versions of what its person follows.

use std::time::Instant;

use kith_chain::ViewError;
use kith_primitives::runtime_api::ResourceView;
use kith_store::{content_id, fetch::FetchError, pins::PinError, Cid, Multiaddr};

use super::{
    named,
    waits::{Errand, Waits},
};
use crate::{
    companion::Companion,
    daemon::{link::LinkError, Parts},
    operations,
};

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

async fn round(companion: &Companion, waits: &mut Waits) -> Result<(), LinkError> {
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
            let keeping = async { keep_up(companion, &pin, &root, view.resource(resource).await).await };
            waits.attempt(Errand::Follow, resource, Instant::now(), keeping).await;
        }
    }
    Ok(())
}

/// Fetches and pins the latest version of what one follows, as the chain shows it, in place of the one that is here.
async fn keep_up(
    companion: &Companion,
    pin: &str,
    root: &Cid,
    shown: Result<Option<ResourceView>, ViewError>,
) -> Result<(), FollowError> {
    let Some(latest) = shown?.and_then(|resource| resource.latest) else { return Ok(()) };
    let newest = content_id::from_bytes(&latest.content)?;
    if newest != *root {
        let fetched = companion.store.fetch(&newest, operations::limit(&latest), |_| ()).await?;
        companion.store.pin(pin, &newest).await?;
        drop(fetched);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{companion::tests::alone, publishing::readers::tests::resource};
    use kith_primitives::{resource::Visibility, runtime_api::VersionView};

    /// What the pin is called under which the tests follow something.
    const PIN: &str = "follow/1";

    /// A companion that follows something of which it has two versions, the old one pinned; the roots of both.
    async fn following() -> (tempfile::TempDir, Companion, Cid, Cid) {
        let (dir, companion) = alone().await;
        let old = companion.store.add_file(&b"old"[..]).await.unwrap().root;
        let new = companion.store.add_file(&b"new"[..]).await.unwrap().root;
        companion.store.pin(PIN, &old).await.unwrap();
        (dir, companion, old, new)
    }

    /// What the chain shows whose latest version has this content, in so many chunks.
    fn shown(content: Vec<u8>, chunks: u32) -> Result<Option<ResourceView>, ViewError> {
        let mut followed = resource(Visibility::Public, Some(0), 0);
        followed.latest = followed.latest.map(|latest| VersionView { content, chunks, ..latest });
        Ok(Some(followed))
    }

    #[tokio::test]
    async fn the_latest_version_takes_the_place_of_the_one_that_is_here() {
        let (_dir, companion, old, new) = following().await;
        let unpublished = Ok(Some(resource(Visibility::Public, None, 0)));
        for nothing_new in [Ok(None), unpublished, shown(old.to_bytes(), 1)] {
            keep_up(&companion, PIN, &old, nothing_new).await.unwrap();
            assert_eq!(companion.store.pins().get(PIN), Some(&old));
        }
        keep_up(&companion, PIN, &old, shown(new.to_bytes(), 1)).await.unwrap();
        assert_eq!(companion.store.pins().get(PIN), Some(&new));
    }

    #[tokio::test]
    async fn a_version_that_cannot_be_had_leaves_the_one_that_is_here() {
        let (dir, companion, old, new) = following().await;
        let keep_up = |shown| keep_up(&companion, PIN, &old, shown);
        let missing = ViewError::Missing { what: "the resource", block: 7 };
        assert!(matches!(keep_up(Err(missing)).await, Err(FollowError::View(ViewError::Missing { block: 7, .. }))));
        // A node may say anything.
        assert!(matches!(keep_up(shown(vec![7], 1)).await, Err(FollowError::Content(_))));
        let larger_than_said = keep_up(shown(new.to_bytes(), 0)).await;
        assert!(matches!(larger_than_said, Err(FollowError::Fetch(FetchError::TooLarge { limit: 0 }))));
        let file = dir.path().join("store/pins/follow%2f1");
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert!(matches!(keep_up(shown(new.to_bytes(), 1)).await, Err(FollowError::Pin(_))));
        assert_eq!(companion.store.pins().get(PIN), Some(&old));
    }
}
