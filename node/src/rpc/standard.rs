// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The methods every Substrate node has, so that wallets and explorers work unchanged.

use jsonrpsee::{server::RegisterMethodError, RpcModule};
use kith_runtime::opaque::Block;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_client_api::{Backend as _, HeaderBackend};
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::{
    author::AuthorApiServer,
    chain::ChainApiServer,
    offchain::OffchainApiServer,
    state::{ChildStateApiServer, StateApiServer},
    system::SystemApiServer,
    SubscriptionTaskExecutor,
};
use sc_rpc_spec_v2::{
    archive::ArchiveApiServer,
    chain_head::{ChainHeadApiServer, ChainHeadConfig},
    chain_spec::ChainSpecApiServer,
    transaction::{TransactionApiServer, TransactionBroadcastApiServer, TransactionMetrics},
};
use sc_service::Configuration;
use substrate_frame_rpc_system::{System as FrameSystem, SystemApiServer as FrameSystemApiServer};

use super::Sources;
use crate::service::{Backend, Client};

/// Transactions one connection may have broadcast at a time.
const MAX_BROADCASTS: usize = 16;

/// Adds them.
pub(super) fn merge(
    module: &mut RpcModule<()>,
    config: &Configuration,
    sources: Sources,
    executor: SubscriptionTaskExecutor,
) -> Result<(), RegisterMethodError> {
    legacy(module, &sources, &executor)?;
    spec_v2(module, config, &sources, &executor)?;
    module.merge(sources.system.into_rpc())?;
    module.merge(FrameSystem::new(sources.client.clone(), sources.pool).into_rpc())?;
    module.merge(TransactionPayment::new(sources.client.clone()).into_rpc())?;
    let babe = Babe::new(sources.client, sources.babe_worker, sources.keystore, sources.select_chain);
    module.merge(babe.into_rpc())?;
    let finality = sources.finality;
    let grandpa =
        Grandpa::new(executor, finality.authority_set, finality.voter_state, finality.justifications, finality.proofs);
    module.merge(grandpa.into_rpc())
}

/// `chain_*`, `state_*`, `childstate_*`, `author_*`, `offchain_*`.
fn legacy(
    module: &mut RpcModule<()>,
    sources: &Sources,
    executor: &SubscriptionTaskExecutor,
) -> Result<(), RegisterMethodError> {
    let client = &sources.client;
    module.merge(sc_rpc::chain::new_full::<Block, Client>(client.clone(), executor.clone()).into_rpc())?;
    let (state, child_state) =
        sc_rpc::state::new_full::<Backend, Block, Client>(client.clone(), executor.clone(), None);
    module.merge(state.into_rpc())?;
    module.merge(child_state.into_rpc())?;
    let author =
        sc_rpc::author::Author::new(client.clone(), sources.pool.clone(), sources.keystore.clone(), executor.clone());
    module.merge(author.into_rpc())?;
    match sources.backend.offchain_storage() {
        Some(storage) => module.merge(sc_rpc::offchain::Offchain::new(storage).into_rpc()),
        None => Ok(()),
    }
}

/// `chainHead_*`, `chainSpec_*`, `transaction_*`, `transactionWatch_*`, and `archive_*` where nothing is pruned.
fn spec_v2(
    module: &mut RpcModule<()>,
    config: &Configuration,
    sources: &Sources,
    executor: &SubscriptionTaskExecutor,
) -> Result<(), RegisterMethodError> {
    let (client, backend, pool) = (&sources.client, &sources.backend, &sources.pool);
    let genesis = client.info().genesis_hash;
    let metrics = config.prometheus_registry().and_then(|registry| TransactionMetrics::new(registry).ok());
    let watch = sc_rpc_spec_v2::transaction::Transaction::new(client.clone(), pool.clone(), executor.clone(), metrics);
    module.merge(watch.into_rpc())?;
    let broadcast = sc_rpc_spec_v2::transaction::TransactionBroadcast::new(
        client.clone(),
        pool.clone(),
        executor.clone(),
        MAX_BROADCASTS,
    );
    module.merge(broadcast.into_rpc())?;
    let follow = sc_rpc_spec_v2::chain_head::ChainHead::new(
        client.clone(),
        backend.clone(),
        executor.clone(),
        ChainHeadConfig::default(),
    );
    module.merge(follow.into_rpc())?;
    let spec = sc_rpc_spec_v2::chain_spec::ChainSpec::new(
        config.chain_spec.name().into(),
        genesis,
        config.chain_spec.properties(),
    );
    module.merge(spec.into_rpc())?;
    if sources.archive {
        let archive = sc_rpc_spec_v2::archive::Archive::new(client.clone(), backend.clone(), genesis, executor.clone());
        module.merge(archive.into_rpc())?;
    }
    Ok(())
}
