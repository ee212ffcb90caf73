// SPDX-License-Identifier: Apache-2.0
//! What the companion does without being asked, at each finalised block: what its person owes others of trust and keys,
//! which of their versions stays pinned, and what keeps its store in touch.
//!
//! Each errand looks at the chain as it is and does what is missing, so that it may be repeated, or be done by another of the
//! person's devices. One that fails waits, longer each time, and keeps no other waiting.

mod admitting;
mod binding;
mod following;
mod owning;
mod rejecting;
mod returning;
mod turns;
mod waits;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Instant,
};

use kith_chain::View;
use kith_primitives::{
    member::MemberId,
    resource::{ResourceId, Visibility},
    runtime_api::MemberView,
};

use super::{link::LinkError, Parts};
use crate::{companion::Companion, publishing};
use waits::{Errand, Waits};

/// Encrypted resources looked after at one block, at most; the others follow at the next.
const RESOURCES: usize = 32;

/// What is remembered from block to block, to ask less. Losing it loses nothing.
#[derive(Default)]
struct Memory {
    waits: Waits,
    /// The resource looked after last.
    last: Option<ResourceId>,
    /// The person looked at last who may need help.
    helped: Option<MemberId>,
    owned: HashMap<ResourceId, owning::Seen>,
    opened: rejecting::Opened,
}

/// Runs errands at each finalised block until the future is dropped; blocks that come meanwhile are one.
pub(super) async fn run(parts: Arc<Parts>) {
    // What waits for peers keeps nobody waiting for keys.
    tokio::join!(tend_all(&parts), following::run(&parts));
}

async fn tend_all(parts: &Parts) {
    let (mut heads, mut memory) = (parts.companion.link.heads(), Memory::default());
    while heads.changed().await.is_ok() {
        if let Err(cause) = round(parts, &mut memory).await {
            tracing::debug!("errands have to wait: {cause}");
        }
    }
}

async fn round(parts: &Parts, memory: &mut Memory) -> Result<(), LinkError> {
    let companion = &parts.companion;
    for id in publishing::pending::resources(&companion.store) {
        let settling = publishing::pending::settle(companion, id);
        memory.waits.attempt(Errand::Settle, id, Instant::now(), settling).await;
    }
    let view = companion.link.view().await?;
    let Some(me) = companion.me(&view).await? else { return Ok(()) };
    if !binding::is_bound(parts, &me) {
        memory.waits.attempt(Errand::Bind, 0, Instant::now(), binding::bind(parts)).await;
    }
    let people = view.members().await?;
    admitting::run(companion, &view, me.id, &people, memory).await?;
    look_after_keys(companion, &view, &me, &people, memory).await
}

/// Looks after the content keys of some of the resources that are mine, or that I may read.
async fn look_after_keys(
    companion: &Companion,
    view: &View,
    me: &MemberView,
    people: &[MemberView],
    memory: &mut Memory,
) -> Result<(), LinkError> {
    let pins = companion.store.pins();
    let published = pins.keys().filter_map(|pin| named(pin, publishing::OWN));
    let all: BTreeSet<ResourceId> = published.chain(view.readable(me.id).await?).collect();
    for id in next(&all, memory.last, RESOURCES) {
        memory.last = Some(id);
        let Some(resource) = view.resource(id).await? else { continue };
        let is_over = resource.lease_until <= view.block().number;
        if resource.visibility == Visibility::Public || is_over {
            continue;
        }
        let stale = view.stale_keys(id).await?;
        let now = Instant::now();
        let rejecting = rejecting::run(companion, view, me.id, &resource, &stale, &mut memory.opened);
        memory.waits.attempt(Errand::Reject, id, now, rejecting).await;
        if resource.owner == me.id {
            let owning = owning::run(companion, view, me, &resource, people, stale, &mut memory.owned);
            memory.waits.attempt(Errand::Own, id, now, owning).await;
        } else {
            let returning = returning::run(companion, view, me.id, &resource, people, &stale);
            memory.waits.attempt(Errand::Return, id, now, returning).await;
        }
    }
    Ok(())
}

/// The resource a pin of this sort is for.
fn named(pin: &str, sort: &str) -> Option<ResourceId> {
    pin.strip_prefix(sort)?.parse().ok()
}

/// At most `most` of them: those after the last one, then from the beginning.
fn next<T: Copy + Ord>(all: &BTreeSet<T>, last: Option<T>, most: usize) -> Vec<T> {
    let after = |id: &&T| last.is_none_or(|last| **id > last);
    let before = |id: &&T| last.is_some_and(|last| **id <= last);
    all.iter().filter(after).chain(all.iter().filter(before)).take(most).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{companion::tests::alone, home::Home, reading::Reader};
    use kith_chain::SubmitError;
    use kith_store::Identity;

    /// The parts of a companion whose node is away.
    async fn parts() -> (tempfile::TempDir, Parts) {
        let (dir, companion) = alone().await;
        let companion = Arc::new(companion);
        let pages = Arc::new(Reader::new(Arc::clone(&companion)));
        let home = Home::locate(Some(dir.path().to_owned()));
        (dir, Parts { companion, pages, identity: Identity::generate(), home })
    }

    #[tokio::test]
    async fn without_a_node_a_round_is_not_begun_and_a_device_not_bound() {
        let (_dir, parts) = parts().await;
        let refused = round(&parts, &mut Memory::default()).await;
        assert!(matches!(refused, Err(LinkError::Disconnected { .. })));
        let refused = binding::bind(&parts).await.unwrap_err();
        assert!(matches!(&refused, SubmitError::View(_)) && refused.to_string().contains("--node"), "{refused}");
    }

    #[test]
    fn a_pin_names_its_resource_and_what_it_is_for() {
        assert_eq!(named(&publishing::own_pin(7), publishing::OWN), Some(7));
        assert_eq!(named("follow/7", publishing::OWN), None);
        assert_eq!(named("own/seven", publishing::OWN), None);
    }

    #[test]
    fn every_resource_has_its_turn() {
        let all = BTreeSet::from([1, 3, 5, 7]);
        assert_eq!(next(&all, None, 3), [1, 3, 5]);
        assert_eq!(next(&all, Some(5), 3), [7, 1, 3]);
        assert_eq!(next(&all, Some(4), 9), [5, 7, 1, 3]);
        assert_eq!(next(&all, Some(9), 2), [1, 3]);
        assert!(next(&BTreeSet::new(), Some(1), 2).is_empty());
    }
}
