// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What the node can be asked over JSON-RPC: the SDK's methods and our read-only ones.

mod community;
mod gate;
mod server;
mod standard;

use std::sync::Arc;

use jsonrpsee::RpcModule;
use kith_runtime::opaque::Block;
use kith_store::Store;
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;
use sc_rpc_server::RpcSpawnHandle;
use sc_service::{Configuration, Error as ServiceError};
use sp_core::H256;
use sp_keystore::KeystorePtr;
use tokio::runtime::{Handle, Runtime};

use crate::service::{Backend, Client, Pool, SelectChain};

/// Where GRANDPA's answers come from.
pub(crate) struct Finality {
    pub(crate) voter_state: SharedVoterState,
    pub(crate) authority_set: SharedAuthoritySet<H256, u32>,
    pub(crate) justifications: GrandpaJustificationStream<Block>,
    pub(crate) proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

/// Where all answers come from.
pub(crate) struct Sources {
    pub(crate) client: Arc<Client>,
    pub(crate) backend: Arc<Backend>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) keystore: KeystorePtr,
    pub(crate) select_chain: SelectChain,
    pub(crate) system: sc_rpc::system::System<Block>,
    pub(crate) babe_worker: BabeWorkerHandle<Block>,
    pub(crate) finality: Finality,
    /// The store inside the node, if there is one.
    pub(crate) store: Option<Store>,
    /// Whether nothing is pruned, so that old state can be asked for.
    pub(crate) archive: bool,
}

/// What the node says of itself.
pub(crate) fn system_info(config: &Configuration) -> sc_rpc::system::SystemInfo {
    sc_rpc::system::SystemInfo {
        chain_name: config.chain_spec.name().into(),
        impl_name: config.impl_name.clone(),
        impl_version: config.impl_version.clone(),
        properties: config.chain_spec.properties(),
        chain_type: config.chain_spec.chain_type(),
    }
}

/// Starts to answer. The server stops when what is returned is dropped.
pub(crate) fn start(config: &Configuration, sources: Sources) -> Result<sc_rpc_server::Server, ServiceError> {
    // A runtime of its own, so that a flood of questions does not slow down the chain.
    let runtime = sc_service::create_rpc_runtime(config.rpc.max_connections)?;
    let ((handle, addresses), runtime) = begin_on(runtime, |runtime| {
        let executor: SubscriptionTaskExecutor = Arc::new(RpcSpawnHandle::new(runtime.clone()));
        let module = module(config, sources, executor).map_err(|error| ServiceError::Application(Box::new(error)))?;
        server::start(config, module, runtime)
    })?;
    Ok(sc_rpc_server::Server::new(handle, addresses, runtime))
}

/// What `begin` starts on the runtime, and the runtime that keeps it going.
fn begin_on<T, E>(runtime: Runtime, begin: impl FnOnce(&Handle) -> Result<T, E>) -> Result<(T, Runtime), E> {
    match begin(runtime.handle()) {
        Ok(begun) => Ok((begun, runtime)),
        Err(error) => {
            // Dropping it would wait for its threads, and panic: this is called on the node's own runtime.
            runtime.shutdown_background();
            Err(error)
        }
    }
}

/// All methods.
fn module(
    config: &Configuration,
    sources: Sources,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, jsonrpsee::server::RegisterMethodError> {
    let mut module = RpcModule::new(());
    module.merge(community::Community::new(sources.client.clone(), sources.store.clone()).module())?;
    standard::merge(&mut module, config, sources, executor)?;
    let mut names: Vec<_> = module.method_names().chain(["rpc_methods"]).collect();
    names.sort_unstable();
    module.register_method("rpc_methods", move |_, _, _| serde_json::json!({ "methods": names }))?;
    Ok(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_cannot_begin_is_an_error_and_no_panic() {
        let failed = begin_on(Runtime::new().unwrap(), |_| Err::<(), _>("the port is taken"));
        assert_eq!(failed.err(), Some("the port is taken"));
    }
}
