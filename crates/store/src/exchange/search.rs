// SPDX-License-Identifier: Apache-2.0
//! How long and how widely a block is looked for.

use super::{
    link::Answer,
    peers::{Answered, Peers},
};
use crate::{
    blocking,
    blocks::{Block, PutError},
    content_id::BlockError,
    gc::Cache,
};
use cid::Cid;
use futures::{stream::FuturesUnordered, StreamExt};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::time::{sleep, Instant};

/// Peers asked at the same time, when the first is slow or has not got the block.
const MAX_ATTEMPTS: usize = 4;
/// All peers said no. One that is still fetching the block itself may have it soon, so they are asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// A peer is slow when it takes this many times what it took lately, within the bounds below.
const SLOW_FACTOR: u32 = 3;
const MIN_SLOW: Duration = Duration::from_millis(300);
const MAX_SLOW: Duration = Duration::from_secs(5);

/// Nobody delivered the block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nowhere {
    /// Peers asked.
    pub(super) peers: usize,
    /// How long the search took.
    pub(super) seconds: u64,
}

/// A block from a peer, and whether the disk took it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) block: Block,
    pub(super) stored: Result<(), Arc<PutError>>,
}

/// Asks one peer, then more if it is slow or has not got the block, until one delivers the right bytes. After `patience` the
/// search ends as soon as no peer is busy with an answer.
pub(super) async fn run(peers: Arc<Peers>, cache: Arc<Cache>, cid: Cid, patience: Duration) -> Result<Found, Nowhere> {
    let (begun, mut joined) = (Instant::now(), peers.joined());
    let (mut asked, mut ever_asked) = (HashSet::new(), HashSet::new());
    let (mut attempts, mut wanted, mut slow_after) = (FuturesUnordered::new(), 1, MIN_SLOW);
    loop {
        while attempts.len() < wanted {
            let Some((expected, attempt)) = peers.ask(cid, &mut asked) else { break };
            slow_after = (expected * SLOW_FACTOR).clamp(MIN_SLOW, MAX_SLOW);
            attempts.push(attempt);
        }
        if attempts.is_empty() {
            ever_asked.extend(asked.iter().copied());
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(Nowhere { peers: ever_asked.len(), seconds: begun.elapsed().as_secs() });
            }
            tokio::select! {
                () = sleep(ASK_AGAIN.min(left)) => asked.clear(),
                _ = joined.changed() => {},
            }
            continue;
        }
        tokio::select! {
            Some(answered) = attempts.next() => {
                if let Some(found) = judge(cid, answered, &cache).await {
                    return Ok(found);
                }
                // The likeliest peer has not got it: ask widely.
                wanted = MAX_ATTEMPTS;
            },
            () = sleep(slow_after) => wanted = (attempts.len() + 1).min(MAX_ATTEMPTS),
        }
    }
}

/// Verifies and stores an answer. A peer that delivers wrong bytes is not asked again.
async fn judge(cid: Cid, Answered { link, answer }: Answered, cache: &Arc<Cache>) -> Option<Found> {
    let Answer::Block(bytes) = answer else { return None };
    let cache = cache.clone();
    let verified = blocking::run(move || {
        let block = Block::verify(cid, bytes)?;
        Ok::<_, BlockError>(Found { stored: cache.put(&block).map_err(Arc::new), block })
    });
    match verified.await {
        Ok(found) => Some(found),
        Err(error) => {
            tracing::warn!(target: "kith::store", peer = %link.peer(), %error, "wrong block discarded, peer distrusted");
            link.distrust();
            None
        }
    }
}
