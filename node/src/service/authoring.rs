// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How a validator makes blocks.

use std::sync::Arc;

use kith_runtime::opaque::Block;
use sc_basic_authorship::ProposerFactory;
use sc_consensus_babe::{BabeLink, BabeParams, SlotProportion};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network_sync::SyncingService;
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use sc_telemetry::TelemetryHandle;
use sp_keystore::KeystorePtr;

use super::{
    import::{BabeImport, Inherents},
    Client, Pool, SelectChain,
};

/// The part of a slot in which a block may be filled; the rest is for its way to the others.
const PROPOSAL_PORTION: f32 = 0.5;

/// What making blocks takes.
pub(super) struct Authoring<'a> {
    pub(super) config: &'a Configuration,
    pub(super) client: Arc<Client>,
    pub(super) pool: Arc<Pool>,
    pub(super) keystore: KeystorePtr,
    pub(super) select_chain: SelectChain,
    pub(super) block_import: BabeImport,
    pub(super) link: BabeLink<Block>,
    pub(super) inherents: Inherents,
    pub(super) sync: Arc<SyncingService<Block>>,
    pub(super) telemetry: Option<TelemetryHandle>,
    pub(super) task_manager: &'a TaskManager,
}

/// Starts making blocks.
pub(super) fn spawn(parts: Authoring<'_>) -> Result<(), ServiceError> {
    let env = ProposerFactory::new(
        parts.task_manager.spawn_handle(),
        parts.client.clone(),
        parts.pool,
        parts.config.prometheus_registry(),
        parts.telemetry.clone(),
    );
    let worker = sc_consensus_babe::start_babe(BabeParams {
        keystore: parts.keystore,
        client: parts.client,
        select_chain: parts.select_chain,
        env,
        block_import: parts.block_import,
        sync_oracle: parts.sync.clone(),
        justification_sync_link: parts.sync,
        create_inherent_data_providers: parts.inherents,
        force_authoring: parts.config.force_authoring,
        // With finality far behind, more blocks make the way back longer.
        backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::default()),
        babe_link: parts.link,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
        max_block_proposal_slot_portion: None,
        telemetry: parts.telemetry,
    })?;
    parts.task_manager.spawn_essential_handle().spawn_blocking("babe-proposer", Some("block-authoring"), worker);
    Ok(())
}
