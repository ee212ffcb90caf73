// SPDX-License-Identifier: Apache-2.0
//! Which version of one's own is kept, while it is not known yet whether the new one comes into force.
//!
//! A new version is pinned under a name of its own before it is announced. It takes the place of the old one once the
//! chain shows it in force, and is let go once the chain will not take it any more. A companion that dies in between
//! leaves both pinned, and the next one finds out.

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
/// Final blocks after which a version that nobody here announces any more cannot come into force: the chain takes a
/// signed transaction for 32 blocks, and this is twice that.
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
    // Asked while nobody else moves pins: by an older answer, an older version would come back.
    let view = companion.link.view().await?;
    let latest = view.resource(resource).await?.and_then(|resource| resource.latest);
    let in_force = latest.and_then(|latest| content_id::from_bytes(&latest.content).ok());
    settle_by(companion, resource, &mut waiting, in_force.as_ref(), view.block().number).await
}

/// Does so by what is in force at the final block `now`.
async fn settle_by(
    companion: &Companion,
    resource: ResourceId,
    waiting: &mut BTreeMap<String, BlockNumber>,
    in_force: Option<&Cid>,
    now: BlockNumber,
) -> Result<(), SettleError> {
    let all = companion.store.pins();
    waiting.retain(|pin, _| all.contains_key(pin));
    let pins: Vec<(String, Cid)> = all
        .into_iter()
        .filter(|(pin, _)| resource_of(pin) == Some(resource) && !companion.pending.announced().contains(pin))
        .collect();
    for (pin, root, fate) in judge(waiting, pins, in_force, now) {
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
    use SubmitError::{Dispatch, Incompatible, Refused, View};
    !matches!(cause, View(_) | Incompatible(_) | Refused { .. } | Dispatch(_))
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
mod tests;
