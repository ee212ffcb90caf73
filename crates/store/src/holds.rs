// SPDX-License-Identifier: Apache-2.0
//! What garbage collection must leave alone although no pin names it: the blocks of work in progress.

use cid::Cid;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many holds each held block has.
#[derive(Debug, Default)]
pub(crate) struct Holds(Mutex<HashMap<Cid, usize>>);

impl Holds {
    fn counts(&self) -> MutexGuard<'_, HashMap<Cid, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `remove` unless the block is held; no hold on it can begin meanwhile.
    pub(crate) fn unless_held<T>(&self, cid: &Cid, remove: impl FnOnce() -> T) -> Option<T> {
        let counts = self.counts();
        (!counts.contains_key(cid)).then(remove)
    }
}

/// Keeps the blocks of an import or a fetch from being collected until it is dropped. Pin the root before dropping it.
#[derive(Debug)]
#[must_use = "the blocks may be collected as soon as the hold is dropped"]
pub struct Hold {
    all: Arc<Holds>,
    mine: HashSet<Cid>,
}

impl Hold {
    pub(crate) fn new(all: Arc<Holds>) -> Self {
        Self { all, mine: HashSet::new() }
    }

    /// Holds a block. Call it before looking whether the block is there.
    pub(crate) fn keep(&mut self, cid: Cid) {
        if self.mine.insert(cid) {
            *self.all.counts().entry(cid).or_default() += 1;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.mine.len()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut counts = self.all.counts();
        for cid in &self.mine {
            if let Some(count) = counts.get_mut(cid) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(cid);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content_id::{of, RAW};

    #[test]
    fn a_block_is_held_until_its_last_hold_is_dropped() {
        let holds = Arc::new(Holds::default());
        let cid = of(RAW, b"x");
        let (mut first, mut second) = (Hold::new(holds.clone()), Hold::new(holds.clone()));
        first.keep(cid);
        first.keep(cid);
        second.keep(cid);
        drop(first);
        assert_eq!(holds.unless_held(&cid, || ()), None);
        drop(second);
        assert_eq!(holds.unless_held(&cid, || ()), Some(()));
        assert!(holds.counts().is_empty());
    }
}
