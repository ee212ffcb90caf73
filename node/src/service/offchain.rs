// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How the runtime's off-chain work is run after each block.

use std::sync::Arc;

use futures::FutureExt;
use sc_client_api::Backend as _;
use sc_network::service::traits::NetworkService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;

use super::{Backend, Client, Pool};

/// Starts it.
pub(super) fn spawn(
    config: &Configuration,
    client: &Arc<Client>,
    backend: &Arc<Backend>,
    pool: &Arc<Pool>,
    keystore: &KeystorePtr,
    network: &Arc<dyn NetworkService>,
    task_manager: &TaskManager,
) -> Result<(), ServiceError> {
    let workers = OffchainWorkers::new(OffchainWorkerOptions {
        runtime_api_provider: client.clone(),
        keystore: Some(keystore.clone()),
        offchain_db: backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
        network_provider: Arc::new(network.clone()),
        is_validator: config.role.is_authority(),
        // The runtime asks nothing of servers, and no upgrade may make it.
        enable_http_requests: false,
        custom_extensions: |_| Vec::new(),
    })?;
    let run = workers.run(client.clone(), task_manager.spawn_handle()).boxed();
    task_manager.spawn_handle().spawn("offchain-workers-runner", "offchain-worker", run);
    Ok(())
}
