// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Whom the store may talk to: the devices of active members, as the last finalised block has them, while that is recent.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures::StreamExt;
use kith_primitives::{device::DeviceId, runtime_api::KithApi};
use kith_runtime::opaque::{Block, Header};
use kith_store::{identity::peer_id_of, Access};
use sc_client_api::{BlockchainEvents, HeaderBackend};
use sp_api::ProvideRuntimeApi;
use sp_consensus_babe::{Slot, SlotDuration};
use sp_core::H256;
use tokio::{sync::watch, time::timeout};

use crate::service::Client;

/// A finalised block older than this says nothing of who belongs now…
const MAX_AGE: Duration = Duration::from_secs(120);
/// …nor one that lies more slots back, where slots are long.
const MAX_AGE_SLOTS: u64 = 10;

/// Tells the store of every change, until the chain or the store ends.
pub(super) async fn feed(client: Arc<Client>, slot_duration: SlotDuration, access: watch::Sender<Access>) {
    let mut finalised = client.finality_notification_stream();
    let info = client.info();
    let mut fresh_for = match client.header(info.finalized_hash) {
        Ok(Some(header)) => tell(&client, &header, info.finalized_hash, slot_duration, &access),
        _ => Duration::ZERO,
    };
    loop {
        match timeout(fresh_for, finalised.next()).await {
            Ok(Some(block)) => fresh_for = tell(&client, &block.header, block.hash, slot_duration, &access),
            Ok(None) => break,
            Err(_elapsed) => {
                close(&access);
                // Nothing is left to wait for but a block.
                match finalised.next().await {
                    Some(block) => fresh_for = tell(&client, &block.header, block.hash, slot_duration, &access),
                    None => break,
                }
            }
        }
    }
    close(&access);
}

/// Tells of one finalised block. Returns how long it may be acted upon.
fn tell(
    client: &Client,
    header: &Header,
    hash: H256,
    slot_duration: SlotDuration,
    access: &watch::Sender<Access>,
) -> Duration {
    let Ok(slot) = sc_consensus_babe::find_pre_digest::<Block>(header).map(|digest| digest.slot()) else {
        close(access);
        return Duration::ZERO;
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let left = left_of(slot, slot_duration, now);
    if left.is_zero() {
        close(access);
        return left;
    }
    match client.runtime_api().devices(hash) {
        Ok(devices) => {
            let current = Access { peers: peers(&devices), fresh: true };
            access.send_if_modified(|known| current != std::mem::replace(known, current.clone()));
            left
        }
        Err(error) => {
            tracing::warn!(target: "store", %error, "The members' devices cannot be read");
            close(access);
            Duration::ZERO
        }
    }
}

/// Lets nobody in.
fn close(access: &watch::Sender<Access>) {
    let closed = access.send_if_modified(|known| std::mem::take(known).fresh);
    if closed {
        tracing::warn!(target: "store", "No recent block was finalised: the store talks to nobody until one is");
    }
}

/// How long a block of this slot may still be acted upon; zero if it is too old.
fn left_of(slot: Slot, slot_duration: SlotDuration, now: Duration) -> Duration {
    let length = slot_duration.as_duration();
    let slots = |count: u64| length.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    let began = Duration::from_millis((*slot).saturating_mul(slot_duration.as_millis()));
    let max_age = slots(MAX_AGE_SLOTS).max(MAX_AGE);
    // A clock that runs behind must not make a view last longer than one just made.
    (began + max_age).saturating_sub(now).min(max_age)
}

/// The peers of these devices. A key that is no point of the curve is nobody's.
fn peers(devices: &[DeviceId]) -> BTreeSet<kith_store::PeerId> {
    devices.iter().filter_map(|device| peer_id_of(&device.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_store::Identity;

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    fn left(age: Duration, slot_length: u64) -> Duration {
        let duration = SlotDuration::from_millis(slot_length);
        let slot = Slot::from((NOW.saturating_sub(age)).as_millis() as u64 / slot_length);
        left_of(slot, duration, NOW)
    }

    #[test]
    fn a_view_lasts_two_minutes_or_ten_slots() {
        assert_eq!(left(Duration::ZERO, 1_000), MAX_AGE);
        assert_eq!(left(Duration::from_secs(119), 1_000), Duration::from_secs(1));
        assert_eq!(left(Duration::from_secs(120), 1_000), Duration::ZERO);
        assert_eq!(left(Duration::from_secs(120), 60_000), Duration::from_secs(480));
        assert_eq!(left(Duration::from_secs(3_600), 1_000), Duration::ZERO);
    }

    #[test]
    fn genesis_and_a_slow_clock_open_nothing_for_longer() {
        assert_eq!(left_of(Slot::from(0), SlotDuration::from_millis(1_000), NOW), Duration::ZERO);
        assert_eq!(left_of(Slot::from(u64::MAX), SlotDuration::from_millis(1_000), NOW), MAX_AGE);
    }

    #[test]
    fn devices_become_peers_and_nonsense_becomes_nobody() {
        let identity = Identity::generate();
        let nonsense =
            (0..=255).map(|byte| DeviceId([byte; 32])).find(|device| peer_id_of(&device.0).is_none()).unwrap();
        assert_eq!(peers(&[DeviceId(identity.public()), nonsense]), [identity.peer_id()].into());
    }

    #[test]
    fn closing_says_so_once() {
        let (sender, mut receiver) = watch::channel(Access { fresh: true, ..Access::default() });
        close(&sender);
        assert!(!receiver.borrow_and_update().fresh);
        close(&sender);
        assert!(!receiver.has_changed().unwrap());
    }
}
