// SPDX-License-Identifier: Apache-2.0
//! Which content keys turned out to be others than they should, so that they are asked for anew, once.
//!
//! Whoever got new keys has their content keys returned by other readers, any of whom may wrap nonsense. That shows when a
//! version does not open. The publisher may be to blame as well, so a key is doubted only once.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kith_primitives::resource::{KeyEpoch, ResourceId};

/// Keys doubted while the companion runs, at most: more are not a member's, but a mistake of ours.
const MOST: usize = 1024;

/// The doubts.
#[derive(Debug, Default)]
pub(crate) struct Doubts(Mutex<Raised>);

#[derive(Debug, Default)]
struct Raised {
    /// Doubted, and not acted upon.
    open: BTreeSet<(ResourceId, KeyEpoch)>,
    /// Every one there was.
    all: BTreeSet<(ResourceId, KeyEpoch)>,
}

impl Doubts {
    /// The key did not open what it is for.
    pub(crate) fn raise(&self, resource: ResourceId, epoch: KeyEpoch) {
        let mut raised = self.raised();
        if raised.all.len() < MOST && raised.all.insert((resource, epoch)) {
            raised.open.insert((resource, epoch));
        }
    }

    /// The doubted keys of a resource, to be acted upon.
    pub(crate) fn of(&self, resource: ResourceId) -> Vec<KeyEpoch> {
        self.raised().open.range((resource, 0)..=(resource, KeyEpoch::MAX)).map(|(_, epoch)| *epoch).collect()
    }

    /// It was acted upon.
    pub(crate) fn settle(&self, resource: ResourceId, epoch: KeyEpoch) {
        self.raised().open.remove(&(resource, epoch));
    }

    fn raised(&self) -> MutexGuard<'_, Raised> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_doubted_until_that_was_acted_upon_and_never_again() {
        let doubts = Doubts::default();
        doubts.raise(7, 2);
        doubts.raise(7, 1);
        doubts.raise(8, 1);
        assert_eq!(doubts.of(7), [1, 2]);
        doubts.settle(7, 1);
        doubts.raise(7, 1);
        assert_eq!(doubts.of(7), [2]);
        assert_eq!(doubts.of(9), Vec::<KeyEpoch>::new());
    }

    #[test]
    fn doubts_are_bounded() {
        let doubts = Doubts::default();
        for epoch in 0..5_000 {
            doubts.raise(1, epoch);
        }
        assert_eq!(doubts.of(1).len(), MOST);
    }
}
