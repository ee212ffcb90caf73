// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What of the store can be watched. No label names content, people or peers.

use std::{
    future::Future,
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
    time::Duration,
};

use kith_store::Store;
use substrate_prometheus_endpoint::{register, Gauge, PrometheusError, Registry, U64};

/// How often the figures are brought up to date.
const INTERVAL: Duration = Duration::from_secs(5);

/// Registers the figures. What is returned keeps them up to date.
pub(super) fn report(
    registry: &Registry,
    store: Store,
    pledges: Arc<AtomicUsize>,
) -> Result<impl Future<Output = ()> + Send + 'static, PrometheusError> {
    let gauge = |name, help| register(Gauge::<U64>::new(name, help)?, registry);
    let blocks = gauge("kith_store_blocks", "Blocks in the store")?;
    let bytes = gauge("kith_store_bytes", "Bytes of the blocks in the store")?;
    let pins = gauge("kith_store_pins", "Roots that are never collected")?;
    let kept = gauge("kith_store_kept_resources", "Resources kept for the network")?;
    let peers = gauge("kith_store_peers", "Stores connected to this one")?;
    Ok(async move {
        loop {
            let stats = store.stats();
            blocks.set(stats.blocks);
            bytes.set(stats.bytes);
            pins.set(stats.pins as u64);
            kept.set(pledges.load(Ordering::Relaxed) as u64);
            peers.set(stats.peers as u64);
            tokio::time::sleep(INTERVAL).await;
        }
    })
}
