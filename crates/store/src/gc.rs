// SPDX-License-Identifier: Apache-2.0
//! What is removed when the cache outgrows its budget: the blocks no pin reaches and no work in progress holds, those
//! unused for longest first.

use crate::{
    blocking,
    blocks::{Block, Blocks, PutError, Stored},
    dag::{self, Leaves, WalkError},
    holds::Holds,
    pins::Pins,
    Store,
};
use std::{
    collections::HashSet,
    io,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
};
use thiserror::Error;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

/// After a collection that could not reach the budget, the next one waits for this much growth, or for a pin: marking is
/// not free.
const MIN_GROWTH_BYTES: u64 = 64 * 1024 * 1024;

/// What a collection removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Blocks removed.
    pub blocks: u64,
    /// Bytes freed.
    pub bytes: u64,
}

/// Why nothing could be collected.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GcError {
    /// What a pin protects is not known, so nothing is safe to remove.
    #[error("nothing was collected, for the tree of pin {pin:?} is damaged: {source}; fetch it again or unpin it")]
    Pinned {
        /// The pin's name.
        pin: String,
        /// What is wrong with its tree.
        source: Box<WalkError>,
    },
    /// The system refused.
    #[error("cannot list or remove blocks: {0}")]
    Io(#[from] io::Error),
}

impl Store {
    /// Shrinks the cache to its budget. Pinned blocks and those of work in progress are not touched.
    pub async fn gc(&self) -> Result<Collected, GcError> {
        self.inner().cache.clone().collect().await
    }
}

/// The blocks with their budget. Everything that is stored is stored through here.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(crate) blocks: Arc<Blocks>,
    pins: Arc<Pins>,
    holds: Arc<Holds>,
    budget: u64,
    /// One collection, pin or unpin at a time.
    turn: Arc<Mutex<()>>,
    /// Bytes no pin reaches: never too low while trees are pinned, exact after a collection.
    unpinned: AtomicU64,
    due_at: AtomicU64,
    due: Notify,
}

impl Cache {
    pub(crate) fn new(blocks: Arc<Blocks>, pins: Arc<Pins>, holds: Arc<Holds>, budget: u64) -> Self {
        let unpinned = AtomicU64::new(blocks.totals().1);
        let (turn, due) = (Arc::default(), Notify::new());
        Self { blocks, pins, holds, budget, turn, unpinned, due_at: AtomicU64::new(budget), due }
    }

    /// Stores a block. Blocks on the disk.
    pub(crate) fn put(&self, block: &Block) -> Result<(), PutError> {
        let added = self.blocks.put(block)?;
        let unpinned = self.unpinned.fetch_add(added, Ordering::Relaxed).saturating_add(added);
        if unpinned > self.due_at.load(Ordering::Relaxed) {
            self.due.notify_one();
        }
        Ok(())
    }

    /// Keeps others from collecting, pinning and unpinning while the guard lives.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        self.turn.clone().lock_owned().await
    }

    /// Something was pinned: what the last collection could not remove may not be cache any more.
    pub(crate) fn reconsider(&self) {
        self.due_at.store(self.budget, Ordering::Relaxed);
    }

    /// Something was unpinned: anything may be cache now.
    pub(crate) fn recount(&self) {
        self.unpinned.store(self.blocks.totals().1, Ordering::Relaxed);
        self.reconsider();
    }

    /// Collects whenever the cache outgrows its budget, for ever.
    pub(crate) async fn tend(self: Arc<Self>) {
        loop {
            self.due.notified().await;
            if self.unpinned.load(Ordering::Relaxed) <= self.due_at.load(Ordering::Relaxed) {
                continue;
            }
            match self.clone().collect().await {
                Ok(Collected { blocks, bytes }) => tracing::info!(target: "kith::store", blocks, bytes, "cache shrunk"),
                Err(error) => {
                    tracing::warn!(target: "kith::store", %error, "cache not shrunk");
                    self.postpone(self.unpinned.load(Ordering::Relaxed));
                }
            }
        }
    }

    async fn collect(self: Arc<Self>) -> Result<Collected, GcError> {
        let turn = self.turn().await;
        blocking::run(move || {
            let _turn = turn;
            self.collect_now()
        })
        .await
    }

    fn collect_now(&self) -> Result<Collected, GcError> {
        let mut pinned = HashSet::new();
        for (pin, root) in self.pins.all() {
            let mark = |cid: &_, _: Option<&_>| {
                pinned.insert(*cid);
                Ok::<(), WalkError>(())
            };
            dag::walk(&self.blocks, &root, Leaves::Named, mark)
                .map_err(|source| GcError::Pinned { pin, source: Box::new(source) })?;
        }
        let estimated = self.unpinned.load(Ordering::Relaxed);
        let mut cache = Vec::new();
        self.blocks.for_each(|stored| {
            if !pinned.contains(&stored.cid) {
                cache.push(stored);
            }
        })?;
        let mut remaining: u64 = cache.iter().map(|stored| stored.bytes).sum();
        let mut collected = Collected::default();
        for stored in victims(cache, self.budget) {
            if let Some(freed) = self.holds.unless_held(&stored.cid, || self.blocks.remove(&stored.cid)) {
                collected.blocks += 1;
                collected.bytes += freed?;
                remaining = remaining.saturating_sub(stored.bytes);
            }
        }
        // What was stored meanwhile stays counted; the sum wraps where the estimate was too high.
        self.unpinned.fetch_add(remaining.wrapping_sub(estimated), Ordering::Relaxed);
        self.postpone(remaining);
        Ok(collected)
    }

    fn postpone(&self, unpinned: u64) {
        let over = unpinned.saturating_add(MIN_GROWTH_BYTES);
        self.due_at.store(if unpinned > self.budget { over } else { self.budget }, Ordering::Relaxed);
    }
}

/// Which of the cached blocks go, so that no more than `budget` bytes stay: the ones unused for longest.
fn victims(mut cache: Vec<Stored>, budget: u64) -> Vec<Stored> {
    cache.sort_by_key(|stored| std::cmp::Reverse(stored.last_use));
    let mut kept = 0u64;
    cache.retain(|stored| {
        kept = kept.saturating_add(stored.bytes);
        kept > budget
    });
    cache.reverse();
    cache
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_id::{of, RAW};
    use proptest::prelude::*;
    use std::time::{Duration, SystemTime};

    fn stored(bytes: u64, used: u64) -> Stored {
        let cid = of(RAW, &used.to_le_bytes());
        Stored { cid, bytes, last_use: SystemTime::UNIX_EPOCH + Duration::from_secs(used) }
    }

    #[test]
    fn the_longest_unused_go_first() {
        let cache = vec![stored(10, 3), stored(10, 1), stored(10, 2)];
        assert_eq!(victims(cache.clone(), 30), vec![]);
        assert_eq!(victims(cache.clone(), 29), vec![stored(10, 1)]);
        assert_eq!(victims(cache.clone(), 10), vec![stored(10, 1), stored(10, 2)]);
        assert_eq!(victims(cache, 0).len(), 3);
    }

    proptest! {
        #[test]
        fn what_stays_fits_the_budget(sizes in proptest::collection::vec(0u64..1000, 0..50), budget in 0u64..20_000) {
            let cache: Vec<_> = sizes.iter().enumerate().map(|(used, bytes)| stored(*bytes, used as u64)).collect();
            let gone = victims(cache, budget);
            let total: u64 = sizes.iter().sum();
            prop_assert!(total - gone.iter().map(|stored| stored.bytes).sum::<u64>() <= budget);
            prop_assert!(total > budget || gone.is_empty());
        }
    }
}
