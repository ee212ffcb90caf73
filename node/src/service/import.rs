// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How a block that arrives is checked: GRANDPA inside BABE inside the report of equivocations inside the queue.

use std::sync::Arc;

use kith_runtime::opaque::Block;
use sc_consensus::DefaultImportQueue;
use sc_consensus_babe::{BabeBlockImport, BabeLink, BabeWorkerHandle, ImportQueueParams};
use sc_consensus_grandpa::{GrandpaBlockImport, LinkHalf};
use sc_service::{Configuration, Error as ServiceError, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::{OffchainTransactionPoolFactory, RejectAllTxPool};
use sp_consensus_babe::{inherents::InherentDataProvider as SlotProvider, SlotDuration};
use sp_inherents::CreateInherentDataProviders;
use sp_timestamp::InherentDataProvider as TimestampProvider;

use super::{equivocation::Reporting, Backend, Client, Pool, SelectChain};

/// At least every so many blocks a proof of finality is kept: the SDK's value.
pub(super) const JUSTIFICATION_PERIOD: u32 = 512;

/// What BABE puts into a block from outside: its slot and its time.
pub(crate) type Inherents =
    Arc<dyn CreateInherentDataProviders<Block, (), InherentDataProviders = (SlotProvider, TimestampProvider)>>;
type GrandpaImport = GrandpaBlockImport<Backend, Block, Client, SelectChain>;
/// Checks a block by BABE's rules, then by GRANDPA's, and reports whose second it is for a slot.
pub(crate) type BabeImport = Reporting<BabeBlockImport<Block, Client, GrandpaImport, Inherents, SelectChain>>;
/// Ties the voter to the import.
pub(crate) type GrandpaLink = LinkHalf<Block, Client, SelectChain>;

/// The import of blocks, and what the rest of the node needs of it.
pub(crate) struct Import {
    pub(crate) queue: DefaultImportQueue<Block>,
    pub(crate) babe_import: BabeImport,
    pub(crate) babe_link: BabeLink<Block>,
    pub(crate) babe_worker: BabeWorkerHandle<Block>,
    pub(crate) grandpa_link: GrandpaLink,
    pub(crate) inherents: Inherents,
}

/// Builds it.
pub(super) fn import(
    config: &Configuration,
    client: &Arc<Client>,
    select_chain: &SelectChain,
    pool: &Arc<Pool>,
    task_manager: &TaskManager,
    telemetry: Option<TelemetryHandle>,
) -> Result<Import, ServiceError> {
    let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        client,
        select_chain.clone(),
        telemetry.clone(),
    )?;
    let babe_config = sc_consensus_babe::configuration(&**client)?;
    let slot_duration = babe_config.slot_duration();
    let inherents = inherents(slot_duration);
    let (babe_import, babe_link) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import.clone(),
        client.clone(),
        inherents.clone(),
        select_chain.clone(),
        // What sc-consensus-babe 0.60.0 itself reports lacks the seals and convicts nobody (docs/adr/0010): no pool
        // takes it, and `Reporting` reports instead.
        OffchainTransactionPoolFactory::new(RejectAllTxPool::<Block>::default()),
    )?;
    let babe_import = Reporting::new(babe_import, client.clone(), pool.clone(), slot_duration);
    let (queue, babe_worker) = sc_consensus_babe::import_queue(ImportQueueParams {
        link: babe_link.clone(),
        block_import: babe_import.clone(),
        justification_import: Some(Box::new(grandpa_import)),
        client: client.clone(),
        slot_duration,
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        telemetry,
    })?;
    Ok(Import { queue, babe_import, babe_link, babe_worker, grandpa_link, inherents })
}

/// Slot and time by this machine's clock; the slot's length comes from genesis.
fn inherents(slot_duration: SlotDuration) -> Inherents {
    Arc::new(move |_parent, ()| async move {
        let timestamp = TimestampProvider::from_system_time();
        let slot = SlotProvider::from_timestamp_and_slot_duration(*timestamp, slot_duration);
        Ok((slot, timestamp))
    })
}
