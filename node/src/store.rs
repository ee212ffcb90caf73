// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The store inside the node: its flags, how it is opened, what runs for it.

mod access;
mod args;
mod metrics;
mod peers;
mod provider;

use std::{
    path::Path,
    sync::{atomic::AtomicUsize, Arc},
};

use kith_store::{
    identity::{load_or_create_identity, IdentityError},
    Access, Identity, OpenError, Store, StoreConfig,
};
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use tokio::sync::watch;

pub(crate) use args::StoreArgs;

use crate::service::{Client, Pool};

/// The store's directory, in the chain's.
const DIRECTORY: &str = "store";
/// The device's key, beside it: removing the store does not change who this device is.
const KEY_FILE: &str = "store.key";
/// What the store's tasks are counted under.
const GROUP: Option<&str> = Some("store");

/// The key by which the swarm and the chain know this device; made if there is none.
pub(crate) fn identity(data_path: &Path) -> Result<Identity, IdentityError> {
    load_or_create_identity(&data_path.join(KEY_FILE))
}

/// Opens the store, unless the operator wants none, and starts what runs for it.
pub(crate) async fn start(
    args: &StoreArgs,
    config: &Configuration,
    client: &Arc<Client>,
    pool: &Arc<Pool>,
    task_manager: &TaskManager,
) -> Result<Option<Store>, ServiceError> {
    if args.no_store {
        return Ok(None);
    }
    let identity = identity(&config.data_path).map_err(application)?;
    let (access, guard) = watch::channel(Access::default());
    let store = open(args, &config.data_path, identity.clone(), guard).await.map_err(application)?;
    tracing::info!(target: "store", peer = %store.local_peer(), device = %hex::encode(identity.public()), "Store opened");

    let spawner = task_manager.spawn_handle();
    let slot_duration = sc_consensus_babe::configuration(&**client)?.slot_duration();
    spawner.spawn("store-access", GROUP, access::feed(client.clone(), slot_duration, access));
    for address in &args.store_peer {
        spawner.spawn("store-peer", GROUP, peers::reach(store.clone(), address.clone()));
    }
    let pledges = Arc::new(AtomicUsize::new(0));
    if args.provide {
        let limits = provider::Limits { disk_bytes: args.disk_bytes() };
        let provider = provider::run(client.clone(), pool.clone(), store.clone(), identity, limits, pledges.clone());
        spawner.spawn("store-provider", GROUP, provider);
    }
    if let Some(registry) = config.prometheus_registry() {
        spawner.spawn("store-metrics", GROUP, metrics::report(registry, store.clone(), pledges)?);
    }
    Ok(Some(store))
}

/// Opens it; where the operator named no port and the usual one is taken, on a free one.
async fn open(
    args: &StoreArgs,
    data_path: &Path,
    identity: Identity,
    access: watch::Receiver<Access>,
) -> Result<Store, OpenError> {
    let mut config = StoreConfig::new(data_path.join(DIRECTORY), identity);
    config.budget_bytes = args.cache_bytes();
    config.listen = args.listen_addresses();
    match (Store::open(config.clone(), access.clone()).await, args.any_port_addresses()) {
        (Err(error @ OpenError::Listen { .. }), Some(listen)) => {
            tracing::warn!(target: "store", %error, "Taking a free port: give --store-port to choose one");
            Store::open(StoreConfig { listen, ..config }, access).await
        }
        (opened, _) => opened,
    }
}

fn application(error: impl std::error::Error + Send + Sync + 'static) -> ServiceError {
    ServiceError::Application(Box::new(error))
}
