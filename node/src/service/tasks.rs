// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What runs beside the chain itself: the pool's upkeep, metrics, telemetry, the log's status line, the RPC.
//!
//! `sc_service::spawn_tasks` would do the same, but its RPC server lets a web page of any origin open a WebSocket.

use std::sync::Arc;

use futures::FutureExt;
use kith_runtime::opaque::Block;
use sc_network::service::traits::NetworkService;
use sc_network_sync::SyncingService;
use sc_service::{config::PrometheusConfig, Configuration, Error as ServiceError, MetricsService, TaskManager};
use sc_telemetry::{Telemetry, TelemetryHandle};

use super::{Client, Pool};
use crate::rpc;

/// What the tasks take.
pub(super) struct Tasks<'a> {
    pub(super) config: Configuration,
    pub(super) client: Arc<Client>,
    pub(super) pool: Arc<Pool>,
    pub(super) network: Arc<dyn NetworkService>,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) telemetry: Option<&'a mut Telemetry>,
    pub(super) sources: rpc::Sources,
    pub(super) task_manager: &'a mut TaskManager,
}

/// Starts them.
pub(super) fn spawn(tasks: Tasks<'_>) -> Result<(), ServiceError> {
    let Tasks { config, client, pool, network, sync, telemetry, sources, task_manager } = tasks;
    let spawner = task_manager.spawn_handle();
    let telemetry = telemetry.map(|telemetry| connect(&config, &client, &network, telemetry)).transpose()?;
    spawner.spawn(
        "txpool-notifications",
        Some("transaction-pool"),
        sc_transaction_pool::notification_future(
            client.clone(),
            pool.clone(),
            config.transaction_pool.use_all_block_notifications(),
        ),
    );
    let metrics = metrics(&config, telemetry)?;
    spawner.spawn("telemetry-periodic-send", None, metrics.run(client.clone(), pool, network.clone(), sync.clone()));
    if let Some(PrometheusConfig { port, registry }) = config.prometheus_config.clone() {
        let serve = substrate_prometheus_endpoint::init_prometheus(port, registry).map(drop);
        spawner.spawn("prometheus-endpoint", None, serve);
    }
    spawner.spawn("informant", None, sc_informant::build(client, network, sync));

    let server = rpc::start(&config, sources)?;
    // A temporary base path is removed when it is dropped.
    task_manager.keep_alive((config.base_path, server));
    Ok(())
}

/// Introduces the node to the telemetry servers.
fn connect(
    config: &Configuration,
    client: &Arc<Client>,
    network: &Arc<dyn NetworkService>,
    telemetry: &mut Telemetry,
) -> Result<TelemetryHandle, ServiceError> {
    Ok(sc_service::init_telemetry(
        config.network.node_name.clone(),
        config.impl_name.clone(),
        config.impl_version.clone(),
        config.chain_spec.name().to_owned(),
        config.role.is_authority(),
        network.clone(),
        client.clone(),
        telemetry,
        None,
    )?)
}

/// What is measured every few seconds, for Prometheus if it is on.
fn metrics(config: &Configuration, telemetry: Option<TelemetryHandle>) -> Result<MetricsService, ServiceError> {
    Ok(match config.prometheus_registry() {
        Some(registry) => MetricsService::with_prometheus(
            telemetry,
            registry,
            config.role,
            &config.network.node_name,
            &config.impl_version,
        )?,
        None => MetricsService::new(telemetry),
    })
}
