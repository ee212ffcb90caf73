// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How the stores the operator named are reached, however long it takes until both sides admit each other.

use std::time::Duration;

use kith_store::{swarm::ConnectError, Multiaddr, Store};

/// How long to wait after the first failure; doubled each time…
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// …up to this.
const LAST_PAUSE: Duration = Duration::from_secs(60);

/// Connects once; the store itself keeps up what once stood.
pub(super) async fn reach(store: Store, address: Multiaddr) {
    let mut pause = FIRST_PAUSE;
    loop {
        match store.connect(address.clone()).await {
            Ok(peer) => return tracing::info!(target: "store", %peer, "Connected to a store"),
            Err(ConnectError::Closed) => return,
            Err(error) => tracing::debug!(target: "store", %error, "A store is not reached yet"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LAST_PAUSE);
    }
}
