// SPDX-License-Identifier: Apache-2.0
//! How a provider brings a whole tree to its own disk: several blocks at a time, from several peers, within a budget.

use crate::{
    content_id::{self, CidError},
    dag::MAX_TREE_BLOCKS,
    exchange::{Keep, ObtainError, Origin},
    holds::Hold,
    unixfs::{node, NodeError},
    Store,
};
use cid::Cid;
use futures::{stream::FuturesUnordered, StreamExt};
use std::collections::HashSet;
use thiserror::Error;

/// Blocks asked for at the same time: 8 MiB of leaves on their way hide the latency of most links.
const BLOCKS_IN_FLIGHT: usize = 32;

/// How far a fetch has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Distinct blocks that are here.
    pub blocks: u64,
    /// Distinct blocks known to belong to the tree; grows while nodes arrive.
    pub known: u64,
    /// Bytes of the blocks that are here.
    pub bytes: u64,
    /// How many of those bytes came from peers in this fetch.
    pub from_peers: u64,
}

/// What was fetched.
#[derive(Debug)]
#[must_use = "the blocks may be collected once the hold is dropped: pin the root"]
pub struct Fetched {
    /// The totals.
    pub progress: Progress,
    /// Keeps the blocks until the root is pinned.
    pub hold: Hold,
}

/// Why a tree was not fetched. What arrived stays in the cache: repeating goes on from there.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The root is not an accepted identifier.
    #[error(transparent)]
    Root(#[from] CidError),
    /// A block could not be had.
    #[error(transparent)]
    Block(#[from] ObtainError),
    /// A block is not a node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The tree is larger than the caller allowed, or than any tree may be.
    #[error("the tree has more than the {limit} bytes allowed, or more than {MAX_TREE_BLOCKS} blocks")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
}

impl Store {
    /// Brings every block below `root` to this disk, at most `limit` bytes of them, and verifies those already here.
    ///
    /// `on_progress` is called after every block.
    pub async fn fetch(
        &self,
        root: &Cid,
        limit: u64,
        mut on_progress: impl FnMut(Progress) + Send,
    ) -> Result<Fetched, FetchError> {
        let root = content_id::check(root)?;
        let exchange = &self.inner().exchange;
        let (mut seen, mut ahead, mut arriving) = (HashSet::from([root]), vec![root], FuturesUnordered::new());
        let (mut progress, mut hold) = (Progress { known: 1, ..Progress::default() }, self.hold());
        loop {
            while arriving.len() < BLOCKS_IN_FLIGHT {
                let Some(cid) = ahead.pop() else { break };
                hold.keep(cid);
                arriving.push(exchange.obtain(cid, Keep::Must));
            }
            let Some(arrived) = arriving.next().await else { break };
            let (block, origin) = arrived?;
            let bytes = block.bytes().len() as u64;
            progress.blocks += 1;
            progress.bytes += bytes;
            progress.from_peers += if origin == Origin::Peer { bytes } else { 0 };
            ahead.extend(node::links(&block)?.into_iter().rev().filter(|cid| seen.insert(*cid)));
            progress.known = seen.len() as u64;
            if progress.bytes > limit || seen.len() > MAX_TREE_BLOCKS {
                return Err(FetchError::TooLarge { limit });
            }
            on_progress(progress);
        }
        Ok(Fetched { progress, hold })
    }
}
