// SPDX-License-Identifier: Apache-2.0
//! Says of its person's own content keys which of them do not open, so that others return them.

use std::collections::HashSet;

use kith_chain::{Call, SubmitError, View, ViewError};
use kith_primitives::{
    member::MemberId,
    resource::{KeyEpoch, ResourceId},
    runtime_api::ResourceView,
};

use crate::{
    companion::{Companion, Held},
    publishing::readers,
};

/// Keys remembered to open, at most; then all are looked at anew.
const MOST: usize = 4096;

/// The keys that were seen to open.
pub(super) type Opened = HashSet<(ResourceId, KeyEpoch)>;

/// Why it was not said.
#[derive(Debug, thiserror::Error)]
pub(super) enum RejectError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

/// Rejects the keys of a resource that should open, and do not.
pub(super) async fn run(
    companion: &Companion,
    view: &View,
    me: MemberId,
    resource: &ResourceView,
    stale: &[(MemberId, KeyEpoch)],
    opened: &mut Opened,
) -> Result<(), RejectError> {
    if opened.len() >= MOST {
        opened.clear();
    }
    let mut sealed = Vec::new();
    for epoch in readers::needed(resource) {
        if opened.contains(&(resource.id, epoch)) {
            continue;
        }
        match companion.content_key(view, me, resource.id, epoch).await? {
            Held::Nothing => {}
            Held::Sealed => sealed.push(epoch),
            Held::Key(_) => {
                opened.insert((resource.id, epoch));
            }
        }
    }
    for epoch in rejected(me, &sealed, &companion.doubts.of(resource.id), stale) {
        tracing::info!("the key of epoch {epoch} of resource {} does not open: asking for it anew", resource.id);
        companion.submit(&Call::RejectKey { resource: resource.id, epoch }).await?;
        opened.remove(&(resource.id, epoch));
        companion.doubts.settle(resource.id, epoch);
    }
    Ok(())
}

/// Those that are sealed to me, or doubted, and not known to be of no use to me.
fn rejected(me: MemberId, sealed: &[KeyEpoch], doubted: &[KeyEpoch], stale: &[(MemberId, KeyEpoch)]) -> Vec<KeyEpoch> {
    let mut rejected: Vec<KeyEpoch> = sealed.iter().chain(doubted).copied().collect();
    rejected.retain(|epoch| !stale.contains(&(me, *epoch)));
    rejected.sort_unstable();
    rejected.dedup();
    rejected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_open_is_rejected_once_and_what_was_wrapped_before_the_new_keys_not_at_all() {
        assert_eq!(rejected(1, &[4, 5], &[], &[]), [4, 5]);
        assert_eq!(rejected(1, &[4, 5], &[5, 3], &[(1, 4), (2, 5)]), [3, 5]);
        assert!(rejected(1, &[4], &[4], &[(1, 4)]).is_empty());
    }
}
