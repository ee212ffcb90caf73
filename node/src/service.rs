// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a running node is made of, and in which order it is put together.

mod authoring;
mod equivocation;
mod finality;
mod import;
mod offchain;
mod partial;
mod tasks;

use std::{path::Path, sync::Arc};

use kith_runtime::{opaque::Block, RuntimeApi};
use sc_client_api::HeaderBackend;
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{
    config::{FullNetworkConfiguration, NetworkBackendType},
    service::traits::NetworkBackend,
    Litep2pNetworkBackend, NetworkWorker,
};
use sc_service::{BuildNetworkParams, Configuration, Error as ServiceError, TaskManager, WarpSyncConfig};
use sp_core::H256;
use sp_keystore::KeystorePtr;

pub(crate) use partial::{partial, Partial};

use crate::{
    rpc,
    store::{self, StoreArgs},
};

/// Runs the runtime.
pub(crate) type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// The chain as this node knows it.
pub(crate) type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// Where it is kept.
pub(crate) type Backend = sc_service::TFullBackend<Block>;
/// Transactions that wait for a block.
pub(crate) type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;
/// Which fork to build on.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;

/// Starts a node, with the network the operator chose; `compiled` is the folder that keeps the runtime compiled.
pub(crate) async fn start(
    config: Configuration,
    store: StoreArgs,
    compiled: Option<&Path>,
) -> Result<TaskManager, ServiceError> {
    let partial = partial(&config, compiled)?;
    match config.network.network_backend {
        NetworkBackendType::Libp2p => start_with::<NetworkWorker<Block, H256>>(config, partial, store).await,
        NetworkBackendType::Litep2p => start_with::<Litep2pNetworkBackend>(config, partial, store).await,
    }
}

/// Puts the parts together.
async fn start_with<Net: NetworkBackend<Block, H256>>(
    config: Configuration,
    partial: Partial,
    store_args: StoreArgs,
) -> Result<TaskManager, ServiceError> {
    let Partial { client, backend, keystore, mut task_manager, pool, select_chain, import, mut telemetry } = partial;
    let import::Import { queue, babe_import, babe_link, babe_worker, grandpa_link, inherents } = import;
    let registry = config.prometheus_registry().cloned();
    let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());

    // Before anything looks for keys: the voter looks once, when its first round begins.
    development_keys(&config, &client, keystore.clone())?;

    let metrics = Net::register_notification_metrics(registry.as_ref());
    let mut net_config = FullNetworkConfiguration::<_, _, Net>::new(&config.network, registry.clone());
    let grandpa_protocol = finality::protocol::<Net>(&client, &config, &mut net_config, metrics.clone())?;
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync, _bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue: queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    task_manager.spawn_handle().spawn(
        "on-transaction-imported",
        Some("transaction-pool"),
        sc_service::propagate_transaction_notifications(pool.clone(), tx_handler_controller, telemetry_handle.clone()),
    );
    let store = store::start(&store_args, &config, &client, &pool, &task_manager).await?;
    if config.offchain_worker.enabled {
        offchain::spawn(&config, &client, &backend, &pool, &keystore, &network, &task_manager)?;
    }

    let voter_state = SharedVoterState::empty();
    let finality_rpc = rpc::Finality {
        voter_state: voter_state.clone(),
        authority_set: grandpa_link.shared_authority_set().clone(),
        justifications: grandpa_link.justification_stream(),
        proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa_link.shared_authority_set().clone()),
        ),
    };
    let sources = rpc::Sources {
        client: client.clone(),
        backend,
        pool: pool.clone(),
        keystore: keystore.clone(),
        select_chain: select_chain.clone(),
        system: sc_rpc::system::System::new(rpc::system_info(&config), system_rpc_tx),
        babe_worker,
        finality: finality_rpc,
        store,
        archive: config.state_pruning.as_ref().is_some_and(|pruning| pruning.is_archive())
            && config.blocks_pruning.is_archive(),
    };

    if config.role.is_authority() {
        authoring::spawn(authoring::Authoring {
            config: &config,
            client: client.clone(),
            pool: pool.clone(),
            keystore: keystore.clone(),
            select_chain,
            block_import: babe_import,
            link: babe_link,
            inherents,
            sync: sync.clone(),
            telemetry: telemetry_handle.clone(),
            task_manager: &task_manager,
        })?;
    }
    if !config.disable_grandpa {
        finality::spawn_voter(finality::Voter {
            config: &config,
            link: grandpa_link,
            network: network.clone(),
            sync: sync.clone(),
            protocol: grandpa_protocol,
            keystore: keystore.clone(),
            pool: pool.clone(),
            voter_state,
            telemetry: telemetry_handle,
            task_manager: &task_manager,
        })?;
    }

    tasks::spawn(tasks::Tasks {
        config,
        client,
        pool,
        network,
        sync,
        telemetry: telemetry.as_mut(),
        sources,
        task_manager: &mut task_manager,
    })?;
    Ok(task_manager)
}

/// Makes the session keys of `--alice` and the other validators everyone knows.
fn development_keys(config: &Configuration, client: &Arc<Client>, keystore: KeystorePtr) -> Result<(), ServiceError> {
    let seeds = config.dev_key_seed.iter().cloned().collect();
    sp_session::generate_initial_session_keys(client.clone(), client.info().best_hash, seeds, keystore)
        .map_err(|error| ServiceError::Application(Box::new(error)))
}
