// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What each command does.

mod identity;

use kith_runtime::opaque::Block;
use sc_cli::SubstrateCli;

use crate::{
    cli::{Cli, Subcommand},
    service::{self, Partial},
};

pub(crate) use identity::{DeviceCmd, GenesisHashCmd};

/// Reads the command line and does what it says.
pub(crate) fn run() -> sc_cli::Result<()> {
    let cli = Cli::read();
    match &cli.subcommand {
        None => node(&cli),
        Some(Subcommand::Key(cmd)) => cmd.run(&cli),
        Some(Subcommand::BuildSpec(cmd)) => {
            cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network))
        }
        Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
        Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, import, task_manager, .. } = service::partial(&config, None)?;
            Ok((cmd.run(client, import.queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, task_manager, .. } = service::partial(&config, None)?;
            Ok((cmd.run(client, config.database), task_manager))
        }),
        Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, task_manager, .. } = service::partial(&config, None)?;
            Ok((cmd.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
            let Partial { client, import, task_manager, .. } = service::partial(&config, None)?;
            Ok((cmd.run(client, import.queue), task_manager))
        }),
        Some(Subcommand::PurgeChain(cmd)) => cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database)),
        Some(Subcommand::Revert(cmd)) => revert(&cli, cmd),
        Some(Subcommand::ChainInfo(cmd)) => cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config)),
        #[cfg(feature = "runtime-benchmarks")]
        Some(Subcommand::Benchmark(crate::cli::Measure::Pallet(cmd))) => cli
            .create_runner(cmd.as_ref())?
            .sync_run(|config| cmd.run_with_spec::<sp_runtime::traits::HashingFor<Block>, ()>(Some(config.chain_spec))),
        Some(Subcommand::GenesisHash(cmd)) => cmd.run(&cli),
        Some(Subcommand::Device(cmd)) => cmd.run(&cli),
    }
}

/// Runs the node until it is told to stop.
fn node(cli: &Cli) -> sc_cli::Result<()> {
    let runner = cli.create_runner(&cli.run)?;
    let (store, compiled) = (cli.store.clone(), cli.compiled_runtime.clone());
    runner.run_node_until_exit(|config| async move {
        service::start(config, store, compiled.as_deref()).await.map_err(sc_cli::Error::Service)
    })
}

/// Takes blocks back, and with them what the consensus noted of them.
fn revert(cli: &Cli, cmd: &sc_cli::RevertCmd) -> sc_cli::Result<()> {
    cli.create_runner(cmd)?.async_run(|config| {
        let Partial { client, backend, task_manager, .. } = service::partial(&config, None)?;
        let consensus = Box::new(|client: std::sync::Arc<service::Client>, backend, blocks| {
            sc_consensus_babe::revert(client.clone(), backend, blocks)?;
            sc_consensus_grandpa::revert(client, blocks)?;
            Ok(())
        });
        Ok((cmd.run(client, backend, Some(consensus)), task_manager))
    })
}
