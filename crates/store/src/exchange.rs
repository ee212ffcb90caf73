// SPDX-License-Identifier: Apache-2.0
//! Where a block comes from: this disk, or else whichever admitted peer delivers it first and right.

mod link;
mod peers;
mod search;
pub(crate) mod serve;
pub(crate) mod wire;

use crate::{
    blocking,
    blocks::{Block, GetError, PutError},
    content_id::{self, CidError},
    gc::Cache,
    swarm,
};
use cid::Cid;
use futures::{
    future::{BoxFuture, Shared, WeakShared},
    FutureExt,
};
use libp2p::PeerId;
use peers::Peers;
use search::{Found, Nowhere};
use std::{
    collections::HashMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use thiserror::Error;

/// Finished searches are swept from the table whenever it has doubled, from this size on.
const SWEEP_SEARCHES: usize = 256;

/// Why a block could not be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ObtainError {
    /// The identifier is not accepted.
    #[error(transparent)]
    Refused(#[from] CidError),
    /// Not here, and no admitted peer delivered it.
    #[error("block {cid} was not found: it is not here, and none of {peers} connected peers delivered it within {seconds} s")]
    NotFound {
        /// The block.
        cid: Cid,
        /// Peers asked.
        peers: usize,
        /// How long they were asked.
        seconds: u64,
    },
    /// The disk refused to read.
    #[error(transparent)]
    Read(#[from] GetError),
    /// The disk is full or refused to write.
    #[error(transparent)]
    Write(Arc<PutError>),
}

impl ObtainError {
    /// Whether the block may exist elsewhere: worth trying again.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Whether freeing space would help.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Write(error) if error.is_disk_full())
    }
}

/// Where a block was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Disk,
    Peer,
}

/// What to do with a block from a peer that the disk refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Fail: the caller wants it on the disk.
    Must,
    /// Go on: the caller wants its bytes.
    Try,
}

type Search = BoxFuture<'static, Result<Found, Nowhere>>;

/// Finds blocks.
pub(crate) struct Exchange {
    cache: Arc<Cache>,
    patience: Duration,
    peers: Arc<Peers>,
    /// One search a block, however many wait for it. When nobody waits any more, it ends.
    searches: Mutex<HashMap<Cid, WeakShared<Search>>>,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("peers", &self.peers).finish_non_exhaustive()
    }
}

impl Exchange {
    pub(crate) fn new(cache: Arc<Cache>, patience: Duration) -> Self {
        Self { cache, patience, peers: Arc::default(), searches: Mutex::default() }
    }

    /// A peer was admitted and connected; the future is the work of asking it, and ends after it is gone.
    pub(crate) fn connected(&self, peer: PeerId, swarm: swarm::Handle) -> impl Future<Output = ()> + Send + 'static {
        self.peers.add(peer, swarm)
    }

    /// A peer is gone.
    pub(crate) fn disconnected(&self, peer: &PeerId) {
        self.peers.remove(peer);
    }

    /// The block, verified, from this disk or from a peer. A damaged block on the disk counts as absent, and is replaced.
    pub(crate) async fn obtain(&self, cid: Cid, keep: Keep) -> Result<(Block, Origin), ObtainError> {
        let cid = content_id::check(&cid)?;
        let damaged = match self.local(cid).await {
            Ok(Some(block)) => return Ok((block, Origin::Disk)),
            Ok(None) => None,
            Err(error @ GetError::Damaged { .. }) => Some(error),
            Err(error) => return Err(error.into()),
        };
        let found = self.search(cid).await;
        let Found { block, stored } = found.map_err(|Nowhere { peers, seconds }| match damaged {
            Some(damaged) => damaged.into(),
            None => ObtainError::NotFound { cid, peers, seconds },
        })?;
        match stored {
            Err(error) if keep == Keep::Must => return Err(ObtainError::Write(error)),
            Err(error) => tracing::warn!(target: "kith::store", %error, "block read but not cached"),
            Ok(()) => {}
        }
        Ok((block, Origin::Peer))
    }

    /// The block from this disk. Whether there is one is asked here and now: it takes less time than changing threads.
    async fn local(&self, cid: Cid) -> Result<Option<Block>, GetError> {
        if !self.cache.blocks.has(&cid) {
            return Ok(None);
        }
        let cache = self.cache.clone();
        blocking::run(move || cache.blocks.get(&cid)).await
    }

    /// Joins the search for the block, or begins one.
    fn search(&self, cid: Cid) -> Shared<Search> {
        let mut searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(search) = searches.get(&cid).and_then(WeakShared::upgrade) {
            return search;
        }
        if searches.len() >= SWEEP_SEARCHES && searches.len().is_power_of_two() {
            searches.retain(|_, search| search.upgrade().is_some());
        }
        let search = search::run(self.peers.clone(), self.cache.clone(), cid, self.patience).boxed().shared();
        searches.extend(search.downgrade().map(|search| (cid, search)));
        search
    }
}
