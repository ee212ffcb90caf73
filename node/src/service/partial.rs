// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The parts that commands without a network need as well: database, client, pool, import queue.

use std::sync::Arc;

use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sp_keystore::KeystorePtr;

use super::{
    import::{self, Import},
    Backend, Client, Pool, SelectChain,
};

/// Messages that may wait for a telemetry server; more are dropped.
const TELEMETRY_BACKLOG: usize = 16;

/// A node without a network.
pub(crate) struct Partial {
    pub(crate) client: Arc<Client>,
    pub(crate) backend: Arc<Backend>,
    pub(crate) keystore: KeystorePtr,
    pub(crate) task_manager: TaskManager,
    pub(crate) pool: Arc<Pool>,
    pub(crate) select_chain: SelectChain,
    pub(crate) import: Import,
    pub(crate) telemetry: Option<Telemetry>,
}

/// Opens the database and puts around it what commands need.
pub(crate) fn partial(config: &Configuration) -> Result<Partial, ServiceError> {
    let telemetry = telemetry(config)?;
    let handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
    let executor = sc_service::new_wasm_executor(&config.executor);
    // Blocks with a justification stay, whatever is pruned: a node that warps in proves the validators' line with them.
    let (client, backend, keystore, task_manager) =
        sc_service::new_full_parts(config, handle.clone(), executor, vec![Arc::new(GrandpaPruningFilter)])?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = SelectChain::new(backend.clone());
    let pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    let import = import::import(config, &client, &select_chain, &pool, &task_manager, handle)?;
    Ok(Partial { client, backend, keystore: keystore.keystore(), task_manager, pool, select_chain, import, telemetry })
}

/// A line to the telemetry servers the operator named; none are named by default.
fn telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, ServiceError> {
    let Some(endpoints) = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) else {
        return Ok(None);
    };
    let worker = TelemetryWorker::new(TELEMETRY_BACKLOG)?;
    let telemetry = worker.handle().new_telemetry(endpoints);
    Ok(Some((worker, telemetry)))
}
