// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a provider does with its store, one resource at a time.

use std::time::Duration;

use kith_primitives::{
    custody::{ChunkProof, Commitment},
    resource::{ResourceId, VersionNumber},
};
use kith_store::{custody::CustodyError, fetch::FetchError, pins::PinError, pins::UnpinError, Cid, Store};
use tokio::time::timeout;

use super::{
    plan::{Question, Version},
    ALIAS,
};

/// A fetch that takes longer is begun again later; what has arrived need not be fetched twice.
const FETCH_PATIENCE: Duration = Duration::from_secs(3_600);

/// What is to be done.
pub(super) enum Work {
    /// Fetch, check and pin.
    Keep(Version),
    /// Prove one chunk of the tree below this root.
    Prove(Question, Cid),
    /// Unpin.
    Forget(ResourceId),
}

/// What has been done.
pub(super) enum Done {
    /// It is pinned.
    Kept { resource: ResourceId, version: VersionNumber },
    /// It is not.
    NotKept { resource: ResourceId, version: VersionNumber, error: KeepError },
    /// Here is the proof.
    Proven(Box<ChunkProof>),
    /// There is none.
    NotProven { question: Question, error: CustodyError },
    /// It is no longer pinned.
    Forgotten { resource: ResourceId },
    /// It still is.
    NotForgotten { resource: ResourceId, error: UnpinError },
}

/// Why a version is not kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum KeepError {
    /// The chain names no CID.
    #[error("the chain names no CID: {0}")]
    Cid(#[from] kith_store::content_id::CidError),
    /// It could not be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It took too long.
    #[error("not all of it arrived within {} s", FETCH_PATIENCE.as_secs())]
    Slow,
    /// It could not be read back.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The bytes are those of the CID, but not what the owner committed to: no proof about them would be accepted.
    #[error(
        "the owner committed to other bytes ({promised:?}) than the CID names ({found:?}): they must publish again"
    )]
    Mismatch {
        /// What the chain says.
        promised: Commitment,
        /// What the bytes hash to.
        found: Commitment,
    },
    /// It could not be pinned.
    #[error(transparent)]
    Pin(#[from] PinError),
}

impl Work {
    /// Does it.
    pub(super) async fn run(self, store: Store) -> Done {
        match self {
            Self::Keep(version) => {
                let (resource, number) = (version.resource, version.number);
                match keep(&store, version).await {
                    Ok(()) => Done::Kept { resource, version: number },
                    Err(error) => Done::NotKept { resource, version: number, error },
                }
            }
            Self::Prove(question, root) => match store.prove(&root, question.chunk).await {
                Ok(proof) => Done::Proven(Box::new(proof)),
                Err(error) => Done::NotProven { question, error },
            },
            Self::Forget(resource) => match store.unpin(&alias(resource)).await {
                Ok(_) => Done::Forgotten { resource },
                Err(error) => Done::NotForgotten { resource, error },
            },
        }
    }
}

/// Fetches a version from whoever has it, checks it against the owner's commitment, and pins it.
async fn keep(store: &Store, version: Version) -> Result<(), KeepError> {
    let root = kith_store::content_id::from_bytes(&version.content)?;
    let fetched =
        timeout(FETCH_PATIENCE, store.fetch(&root, version.bytes(), |_| {})).await.map_err(|_| KeepError::Slow)??;
    let found = store.commitment(&root).await?;
    if found != version.commitment {
        return Err(KeepError::Mismatch { promised: version.commitment, found });
    }
    store.pin(&alias(version.resource), &root).await?;
    drop(fetched);
    Ok(())
}

/// The name a resource is pinned under.
fn alias(resource: ResourceId) -> String {
    format!("{ALIAS}{resource}")
}
