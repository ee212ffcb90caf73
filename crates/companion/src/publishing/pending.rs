// SPDX-License-Identifier: Apache-2.0
//! Which version of one's own is kept, while it is not known yet whether the new one comes into force.
//!
//! A new version is pinned under a name of its own before it is announced. It takes the place of the old one once the chain
//! shows it in force, and is let go once the chain will not take it any more. A companion that dies in between leaves both
//! pinned, and the next one finds out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use kith_chain::{Receipt, SubmitError, ViewError};
use kith_primitives::{resource::ResourceId, BlockNumber};
use kith_store::{
    content_id,
    pins::{PinError, UnpinError},
    Cid, Store,
};
use rand::RngCore;

use super::own_pin;
use crate::{companion::Companion, daemon::link::LinkError};

/// What the pins of versions begin with that are not known to be in force.
const PENDING: &str = "pending/";
/// Final blocks after which a version that nobody here announces any more cannot come into force: the chain takes a signed
/// transaction for 32 blocks, and this is twice that.
const LIFE: BlockNumber = 64;

/// Why pins stay as they are for now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettleError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Pin(#[from] PinError),
    #[error(transparent)]
    Unpin(#[from] UnpinError),
}

impl From<ViewError> for SettleError {
    fn from(cause: ViewError) -> Self {
        Self::Link(cause.into())
    }
}

/// What is remembered of pending pins. Losing it lets them wait longer, and loses nothing else.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// Pins that are being announced.
    announced: Mutex<BTreeSet<String>>,
    /// Since which final block the others wait. Whoever has it is the only one who moves pins.
    waiting: tokio::sync::Mutex<BTreeMap<String, BlockNumber>>,
}

impl Pending {
    fn announced(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A pin that somebody here announces, until it is dropped: however that ends, the version is settled later.
#[derive(Debug)]
pub(crate) struct Announced<'a> {
    pending: &'a Pending,
    pin: String,
}

impl Drop for Announced<'_> {
    fn drop(&mut self) {
        self.pending.announced().remove(&self.pin);
    }
}

/// Pins a version that is about to be announced, beside the one in force and beside other attempts.
pub(crate) async fn pin<'a>(
    companion: &'a Companion,
    resource: ResourceId,
    root: &Cid,
) -> Result<Announced<'a>, PinError> {
    let pin = name(resource, rand::rngs::OsRng.next_u64());
    companion.pending.announced().insert(pin.clone());
    let announced = Announced { pending: &companion.pending, pin };
    companion.store.pin(&announced.pin, root).await?;
    Ok(announced)
}

/// Does what the end of the announcement means for the pin. What cannot be done now is done at a later block.
pub(crate) async fn conclude(
    companion: &Companion,
    resource: ResourceId,
    announced: Announced<'_>,
    outcome: &Result<Receipt, SubmitError>,
) {
    let done = match outcome {
        Ok(_) => {
            drop(announced);
            settle(companion, resource).await
        }
        Err(cause) if may_take_effect(cause) => return,
        Err(_) => companion.store.unpin(&announced.pin).await.map(drop).map_err(SettleError::from),
    };
    if let Err(cause) = done {
        tracing::warn!("the pins of resource {resource} stay as they are for now: {cause}");
    }
}

/// The resources that have pending pins.
pub(crate) fn resources(store: &Store) -> BTreeSet<ResourceId> {
    store.pins().keys().filter_map(|pin| resource_of(pin)).collect()
}

/// Moves the pin of a resource on to the version in force, and lets those go that cannot come into force any more.
pub(crate) async fn settle(companion: &Companion, resource: ResourceId) -> Result<(), SettleError> {
    let mut waiting = companion.pending.waiting.lock().await;
    let all = companion.store.pins();
    waiting.retain(|pin, _| all.contains_key(pin));
    let pins: Vec<(String, Cid)> = all
        .into_iter()
        .filter(|(pin, _)| resource_of(pin) == Some(resource) && !companion.pending.announced().contains(pin))
        .collect();
    // Asked while nobody else moves pins: by an older answer, an older version would come back.
    let view = companion.link.view().await?;
    let latest = view.resource(resource).await?.and_then(|resource| resource.latest);
    let in_force = latest.and_then(|latest| content_id::from_bytes(&latest.content).ok());
    for (pin, root, fate) in judge(&mut waiting, pins, in_force.as_ref(), view.block().number) {
        carry_out(&companion.store, resource, &pin, &root, fate).await?;
    }
    Ok(())
}

/// What becomes of a pending pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Its version is in force.
    InForce,
    /// Its version may still come into force.
    Open,
    /// Its version will not come into force.
    Over,
}

/// What becomes of each of these pins, at the final block `now`.
fn judge(
    waiting: &mut BTreeMap<String, BlockNumber>,
    pins: Vec<(String, Cid)>,
    in_force: Option<&Cid>,
    now: BlockNumber,
) -> Vec<(String, Cid, Fate)> {
    let mut judged = Vec::new();
    for (pin, root) in pins {
        let since = *waiting.entry(pin.clone()).or_insert(now);
        let fate = match now.saturating_sub(since) {
            _ if in_force == Some(&root) => Fate::InForce,
            waited if waited < LIFE => Fate::Open,
            _ => Fate::Over,
        };
        judged.push((pin, root, fate));
    }
    judged
}

/// At no moment is the version in force without a pin.
async fn carry_out(store: &Store, resource: ResourceId, pin: &str, root: &Cid, fate: Fate) -> Result<(), SettleError> {
    if fate == Fate::InForce {
        store.pin(&own_pin(resource), root).await?;
    }
    if fate != Fate::Open {
        store.unpin(pin).await?;
    }
    Ok(())
}

/// Whether a transaction may still become final although its submission failed: a node may have it, and has not said no.
fn may_take_effect(cause: &SubmitError) -> bool {
    use SubmitError as E;
    !matches!(cause, E::View(_) | E::Incompatible(_) | E::Refused { .. } | E::Dispatch(_))
}

/// The name of a pending pin; `attempt` tells two attempts at one version apart.
fn name(resource: ResourceId, attempt: u64) -> String {
    format!("{PENDING}{resource}/{attempt:016x}")
}

/// The resource a pending pin is for.
fn resource_of(pin: &str) -> Option<ResourceId> {
    let (resource, _) = pin.strip_prefix(PENDING)?.split_once('/')?;
    resource.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companion::tests::alone;

    /// A companion that has published one version of resource 7 and made another; the roots of both.
    async fn republishing() -> (tempfile::TempDir, Companion, Cid, Cid) {
        let (dir, companion) = alone().await;
        let (old, new) = (added(&companion, b"old").await, added(&companion, b"new").await);
        companion.store.pin(&own_pin(7), &old).await.unwrap();
        (dir, companion, old, new)
    }

    async fn added(companion: &Companion, bytes: &'static [u8]) -> Cid {
        companion.store.add_file(bytes).await.unwrap().root
    }

    fn pins<const N: usize>(pins: [(&str, Cid); N]) -> BTreeMap<String, Cid> {
        pins.into_iter().map(|(pin, root)| (pin.to_owned(), root)).collect()
    }

    fn refused() -> SubmitError {
        SubmitError::Refused { pallet: "Resources".into(), error: "WrongEpoch".into(), explanation: String::new() }
    }

    fn root(byte: u8) -> Cid {
        content_id::from_bytes(&[&[1, 0x55, 0x12, 32][..], &[byte; 32]].concat()).unwrap()
    }

    #[test]
    fn a_version_waits_as_long_as_the_chain_may_take_it_and_moves_as_soon_as_it_does() {
        let (mut waiting, one, other) = (BTreeMap::new(), root(1), root(2));
        let mut fates = |now, in_force: Option<&Cid>| -> Vec<Fate> {
            let pins = vec![("pending/7/a".to_owned(), one), ("pending/7/b".to_owned(), other)];
            judge(&mut waiting, pins, in_force, now).into_iter().map(|(_, _, fate)| fate).collect()
        };
        assert_eq!(fates(10, None), [Fate::Open, Fate::Open]);
        assert_eq!(fates(10 + LIFE - 1, Some(&root(3))), [Fate::Open, Fate::Open]);
        assert_eq!(fates(10 + LIFE - 1, Some(&one)), [Fate::InForce, Fate::Open]);
        assert_eq!(fates(10 + LIFE, Some(&one)), [Fate::InForce, Fate::Over]);
        // A node that is behind another shows an older block.
        assert_eq!(fates(9, None), [Fate::Open, Fate::Open]);
    }

    #[tokio::test]
    async fn the_old_version_keeps_its_pin_until_the_new_one_is_in_force() {
        let (_dir, companion, old, new) = republishing().await;
        let store = &companion.store;
        let announced = pin(&companion, 7, &new).await.unwrap();
        let name = announced.pin.clone();
        let both = pins([("own/7", old), (&name, new)]);
        assert_eq!(store.pins(), both);
        assert_eq!(resources(store), BTreeSet::from([7]));
        carry_out(store, 7, &name, &new, Fate::Open).await.unwrap();
        assert_eq!(store.pins(), both);
        carry_out(store, 7, &name, &new, Fate::InForce).await.unwrap();
        assert_eq!(store.pins(), pins([("own/7", new)]));
    }

    #[tokio::test]
    async fn a_refused_version_is_let_go_and_one_that_may_take_effect_is_not() {
        let (_dir, companion, old, new) = republishing().await;
        let announced = pin(&companion, 7, &new).await.unwrap();
        conclude(&companion, 7, announced, &Err(refused())).await;
        assert_eq!(companion.store.pins(), pins([("own/7", old)]));

        let accepted = Receipt { transaction: [0; 32], resource: None };
        // The node is away: that the version is in force is seen later.
        for outcome in [Err(SubmitError::TimedOut), Ok(accepted)] {
            let announced = pin(&companion, 7, &new).await.unwrap();
            let name = announced.pin.clone();
            assert!(companion.pending.announced().contains(&name));
            conclude(&companion, 7, announced, &outcome).await;
            assert!(companion.pending.announced().is_empty());
            assert_eq!(companion.store.pins(), pins([("own/7", old), (&name, new)]));
            carry_out(&companion.store, 7, &name, &new, Fate::Over).await.unwrap();
            assert_eq!(companion.store.pins(), pins([("own/7", old)]));
        }
    }

    #[tokio::test]
    async fn pins_that_cannot_be_moved_stay() {
        let (dir, companion, old, new) = republishing().await;
        let store = &companion.store;
        let no_node = settle(&companion, 7).await;
        assert!(matches!(no_node, Err(SettleError::Link(LinkError::Disconnected { .. }))));
        let announced = pin(&companion, 7, &new).await.unwrap();
        let not_here = carry_out(store, 7, &announced.pin, &root(1), Fate::InForce).await;
        assert!(matches!(not_here, Err(SettleError::Pin(_))));
        let file = dir.path().join("store/pins").join(announced.pin.replace('/', "%2f"));
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        let in_the_way = carry_out(store, 7, &announced.pin, &new, Fate::Over).await;
        assert!(matches!(in_the_way, Err(SettleError::Unpin(_))));
        assert_eq!(store.pins(), pins([("own/7", old), (&announced.pin, new)]));
    }

    #[tokio::test]
    async fn a_version_that_is_not_here_is_not_announced() {
        let (_dir, companion, old, _) = republishing().await;
        assert!(matches!(pin(&companion, 7, &root(1)).await, Err(PinError::Tree(_))));
        assert!(companion.pending.announced().is_empty());
        assert_eq!(companion.store.pins(), pins([("own/7", old)]));
    }

    #[test]
    fn only_a_clear_no_is_the_end_of_a_version() {
        let missing = ViewError::Missing { what: "the resource", block: 7 };
        assert!(!may_take_effect(&refused()) && !may_take_effect(&SubmitError::View(missing)));
        for open in [SubmitError::TimedOut, SubmitError::Barred, SubmitError::LostSight("closed".into())] {
            assert!(may_take_effect(&open), "{open}");
        }
    }

    #[test]
    fn a_pending_pin_names_its_resource_and_attempts_differ() {
        assert_eq!(resource_of(&name(7, 1)), Some(7));
        assert_ne!(name(7, 1), name(7, 2));
        assert!(name(ResourceId::MAX, u64::MAX).len() <= kith_store::pins::MAX_NAME_BYTES);
        for other in ["own/7", "pending/7", "pending/seven/1", "follow/7"] {
            assert_eq!(resource_of(other), None, "{other}");
        }
    }
}
