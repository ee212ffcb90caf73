// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How validators agree on what is final, and how the others follow.

use std::{sync::Arc, time::Duration};

use kith_runtime::opaque::Block;
use sc_client_api::BlockBackend;
use sc_consensus_grandpa::{Config, GrandpaParams, SharedVoterState, VotingRulesBuilder};
use sc_network::{
    config::FullNetworkConfiguration,
    service::{
        traits::{NetworkBackend, NetworkService, NotificationService},
        NotificationMetrics,
    },
    ProtocolName,
};
use sc_network_sync::SyncingService;
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_core::H256;
use sp_keystore::KeystorePtr;

use super::{
    import::{GrandpaLink, JUSTIFICATION_PERIOD},
    Client, Pool,
};

/// How long a vote takes to reach everyone: the SDK's value.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// The name votes travel under, and the end of the line they travel on.
pub(super) struct Protocol {
    name: ProtocolName,
    notifications: Box<dyn NotificationService>,
}

/// Adds the voters' protocol to the network.
pub(super) fn protocol<Net: NetworkBackend<Block, H256>>(
    client: &Arc<Client>,
    config: &Configuration,
    net_config: &mut FullNetworkConfiguration<Block, H256, Net>,
    metrics: NotificationMetrics,
) -> Result<Protocol, ServiceError> {
    let genesis = client.block_hash(0)?.ok_or("the database has no genesis block: purge the chain and sync again")?;
    let name = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (protocol, notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<_, Net>(name.clone(), metrics, net_config.peer_store_handle());
    net_config.add_notification_protocol(protocol);
    Ok(Protocol { name, notifications })
}

/// What voting takes.
pub(super) struct Voter<'a> {
    pub(super) config: &'a Configuration,
    pub(super) link: GrandpaLink,
    pub(super) network: Arc<dyn NetworkService>,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) protocol: Protocol,
    pub(super) keystore: KeystorePtr,
    pub(super) pool: Arc<Pool>,
    pub(super) voter_state: SharedVoterState,
    pub(super) telemetry: Option<TelemetryHandle>,
    pub(super) task_manager: &'a TaskManager,
}

/// Starts voting, or following the votes without a key.
pub(super) fn spawn_voter(parts: Voter<'_>) -> Result<(), ServiceError> {
    let config = Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        name: Some(parts.config.network.node_name.clone()),
        observer_enabled: false,
        keystore: parts.config.role.is_authority().then_some(parts.keystore),
        local_role: parts.config.role,
        telemetry: parts.telemetry.clone(),
        protocol_name: parts.protocol.name,
    };
    let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
        config,
        link: parts.link,
        network: parts.network,
        sync: Arc::new(parts.sync),
        notification_service: parts.protocol.notifications,
        voting_rule: VotingRulesBuilder::default().build(),
        prometheus_registry: parts.config.prometheus_registry().cloned(),
        shared_voter_state: parts.voter_state,
        telemetry: parts.telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool),
    })?;
    parts.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}
