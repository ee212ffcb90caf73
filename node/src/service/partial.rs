// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The parts that commands without a network need as well: database, client, pool, import queue.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_executor::{HeapAllocStrategy, DEFAULT_HEAP_ALLOC_STRATEGY};
use sc_service::{config::ExecutorConfiguration, Configuration, Error as ServiceError, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sp_keystore::KeystorePtr;

use super::{
    import::{self, Import},
    Backend, Client, Executor, Pool, SelectChain,
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

/// Opens the database and puts around it what commands need; `compiled` is the folder that keeps the runtime compiled.
pub(crate) fn partial(config: &Configuration, compiled: Option<&Path>) -> Result<Partial, ServiceError> {
    let telemetry = telemetry(config)?;
    let handle = telemetry.as_ref().map(|(_, telemetry)| telemetry.handle());
    let compiled = compiled.map(folder_of_ones_own).transpose()?;
    let executor = executor(&config.executor, compiled);
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

/// Makes the folder, for nobody else to write to, since what lies there is run. It is absolute: wasmtime takes no other, and
/// would go on without one.
fn folder_of_ones_own(folder: &Path) -> Result<PathBuf, ServiceError> {
    let made = std::path::absolute(folder).and_then(|folder| {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let probe = folder.join(format!(".{}", std::process::id()));
        std::fs::write(&probe, [])?;
        std::fs::remove_file(probe)?;
        Ok(folder)
    });
    made.map_err(|cause| {
        let folder = folder.display();
        ServiceError::Other(format!(
            "nothing can be written to {folder}, the folder for the compiled runtime: {cause}. Give another with \
             --compiled-runtime, or leave that out"
        ))
    })
}

/// What `sc_service::new_wasm_executor` makes, with the folder that one does not take.
fn executor(config: &ExecutorConfiguration, compiled: Option<PathBuf>) -> Executor {
    let pages = config.default_heap_pages.map(|pages| HeapAllocStrategy::Static { extra_pages: pages as u32 });
    let heap = pages.unwrap_or(DEFAULT_HEAP_ALLOC_STRATEGY);
    let builder = Executor::builder()
        .with_execution_method(config.wasm_method)
        .with_onchain_heap_alloc_strategy(heap)
        .with_offchain_heap_alloc_strategy(heap)
        .with_max_runtime_instances(config.max_runtime_instances)
        .with_runtime_cache_size(config.runtime_cache_size);
    match compiled {
        Some(folder) => builder.with_cache_path(folder).build(),
        None => builder.build(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_folder_for_the_compiled_runtime_is_made_for_oneself_wherever_one_stands() {
        let dir = tempfile::tempdir().unwrap();
        let wanted = dir.path().join("node/compiled");
        let up: PathBuf = std::env::current_dir().unwrap().components().skip(1).map(|_| "..").collect();
        let relative = up.join(wanted.strip_prefix("/").unwrap());
        for folder in [&relative, &wanted] {
            assert!(folder_of_ones_own(folder).unwrap().is_absolute());
            assert_eq!(std::fs::read_dir(&wanted).unwrap().count(), 0);
        }
        assert_eq!(std::fs::metadata(&wanted).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn where_nothing_can_be_written_the_folder_is_named_with_the_way_out() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, []).unwrap();
        for folder in [&file, &file.join("below")] {
            let said = folder_of_ones_own(folder).unwrap_err().to_string();
            assert!(said.contains(&*folder.to_string_lossy()) && said.contains("--compiled-runtime"), "{said}");
        }
    }
}
