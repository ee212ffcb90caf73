// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What may be typed: every flag and subcommand of a Substrate node, and those of the store.

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};
use sc_cli::{ChainSpec, Cors, RpcEndpoint, SubstrateCli};
use sc_service::config::RpcBatchRequestConfig;

use crate::{chain_spec, store::StoreArgs};

/// Requests in one batch, unless the operator says otherwise: enough for any client, too few to stall the server.
const MAX_BATCH: u32 = 1_024;

/// Who may talk to the RPC from a browser, unless the operator says otherwise, with `--dev` as without.
const DEFAULT_ORIGINS: [&str; 3] = ["http://localhost:*", "http://127.0.0.1:*", "https://polkadot.js.org"];
/// How every origin is spelled.
const ALL_ORIGINS: [&str; 2] = ["all", "*"];

/// The command line.
#[derive(Debug, Parser)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    #[clap(flatten)]
    pub(crate) run: sc_cli::RunCmd,

    #[clap(flatten)]
    pub(crate) store: StoreArgs,

    /// Folder that keeps the runtime compiled, so that the next start need not do it again. What lies there is run
    /// unchecked: let nobody else write to it.
    #[arg(long, value_name = "DIR")]
    pub(crate) compiled_runtime: Option<PathBuf>,
}

/// What the program does instead of running a node.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Make, look at and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Print a chain specification.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Write a chain specification to a file.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Validate one block again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write the state of a block as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the chain's database.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back the latest blocks.
    Revert(sc_cli::RevertCmd),

    /// Print what the database knows of the chain.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure what the chain's calls cost.
    #[cfg(feature = "runtime-benchmarks")]
    #[command(subcommand)]
    Benchmark(Measure),

    /// Print the hash of the genesis block, which names the community.
    GenesisHash(crate::command::GenesisHashCmd),

    /// Print this node's device, and with `--owner` the signature that binds it to that member.
    Device(crate::command::DeviceCmd),
}

/// What is measured.
#[cfg(feature = "runtime-benchmarks")]
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Measure {
    /// The calls and hooks of a pallet.
    Pallet(Box<frame_benchmarking_cli::PalletCmd>),
}

impl Cli {
    /// Reads the command line, and leaves the program where it is wrong or asks for help.
    pub(crate) fn read() -> Self {
        let matches = Self::described().get_matches();
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        cli.close_defaults();
        cli
    }

    /// The command, with help that is true of the defaults below.
    fn described() -> clap::Command {
        let origins = format!(
            "Origins of web pages that may use the RPC, separated by commas; `:*` stands for any port, `all` for every \
             origin. [default, with --dev as well: {}]",
            DEFAULT_ORIGINS.join(",")
        );
        let batch = format!("Most requests in one RPC batch [default: {MAX_BATCH}]");
        Self::setup_command(Self::command())
            .mut_arg("rpc_cors", |arg| arg.help(origins.clone()).long_help(origins))
            .mut_arg("rpc_max_batch_request_len", |arg| arg.help(batch.clone()).long_help(batch))
    }

    /// Sets what the SDK leaves open: all origins with `--dev`, batches of any length.
    fn close_defaults(&mut self) {
        let rpc = &mut self.run.rpc_params;
        if rpc.rpc_cors.is_none() && rpc.experimental_rpc_endpoint.is_empty() {
            rpc.rpc_cors = Some(Cors::List(DEFAULT_ORIGINS.map(String::from).to_vec()));
        }
        for endpoint in &mut rpc.experimental_rpc_endpoint {
            close_endpoint(endpoint);
        }
        if !rpc.rpc_disable_batch_requests {
            rpc.rpc_max_batch_request_len.get_or_insert(MAX_BATCH);
        }
    }
}

/// Sets the same for an endpoint with settings of its own, whose origins the SDK takes as they are spelled.
fn close_endpoint(endpoint: &mut RpcEndpoint) {
    let origins = endpoint.cors.get_or_insert_with(|| DEFAULT_ORIGINS.map(String::from).to_vec());
    if origins.iter().any(|origin| ALL_ORIGINS.contains(&origin.as_str())) {
        endpoint.cors = None;
    }
    if let RpcBatchRequestConfig::Unlimited = endpoint.batch_config {
        endpoint.batch_config = RpcBatchRequestConfig::Limit(MAX_BATCH);
    }
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Kith Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        "the Kith authors".into()
    }

    fn support_url() -> String {
        concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        chain_spec::load(id).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_cli::CliConfiguration;

    fn read(args: &[&str]) -> Cli {
        let matches = Cli::described().try_get_matches_from(args).unwrap();
        let mut cli = Cli::from_arg_matches(&matches).unwrap();
        cli.close_defaults();
        cli
    }

    fn origins(args: &[&str]) -> Option<Vec<String>> {
        let cli = read(args);
        let is_dev = cli.run.is_dev().unwrap();
        cli.run.rpc_cors(is_dev).unwrap()
    }

    /// An endpoint with these settings of its own.
    fn endpoint(settings: &str) -> RpcEndpoint {
        let described = format!("listen-addr=127.0.0.1:9944{settings}");
        let cli = read(&["kith-node", "--experimental-rpc-endpoint", &described]);
        cli.run.rpc_params.experimental_rpc_endpoint[0].clone()
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::described().debug_assert();
    }

    #[test]
    fn dev_allows_no_more_origins_than_any_other_chain() {
        let expected = DEFAULT_ORIGINS.map(String::from).to_vec();
        assert_eq!(origins(&["kith-node", "--dev"]), Some(expected.clone()));
        assert_eq!(origins(&["kith-node"]), Some(expected));
    }

    #[test]
    fn the_operator_decides_on_origins() {
        assert_eq!(origins(&["kith-node", "--dev", "--rpc-cors", "all"]), None);
        assert_eq!(origins(&["kith-node", "--rpc-cors", "http://a:1"]), Some(vec!["http://a:1".into()]));
    }

    #[test]
    fn an_endpoint_without_origins_gets_the_default() {
        let cli = read(&["kith-node", "--dev", "--experimental-rpc-endpoint", "listen-addr=127.0.0.1:9944"]);
        let endpoints = cli.run.rpc_addr(9944).unwrap().unwrap();
        assert!(endpoints.iter().all(|endpoint| endpoint.cors.is_some()));
    }

    #[test]
    fn the_operator_decides_on_the_origins_of_an_endpoint() {
        assert_eq!(endpoint(",cors=http://a:1").cors, Some(vec!["http://a:1".into()]));
        for all in ["all", "*"] {
            assert_eq!(endpoint(&format!(",cors=http://a:1,cors={all}")).cors, None, "{all}");
        }
    }

    #[test]
    fn batches_of_an_endpoint_are_bounded_unless_set() {
        assert!(matches!(endpoint("").batch_config, RpcBatchRequestConfig::Limit(MAX_BATCH)));
        assert!(matches!(endpoint(",max-batch-request-len=7").batch_config, RpcBatchRequestConfig::Limit(7)));
    }

    #[test]
    fn batches_are_bounded_unless_forbidden_or_set() {
        let limit = |args: &[&str]| read(args).run.rpc_params.rpc_max_batch_request_len;
        assert_eq!(limit(&["kith-node"]), Some(MAX_BATCH));
        assert_eq!(limit(&["kith-node", "--rpc-max-batch-request-len", "7"]), Some(7));
        assert_eq!(limit(&["kith-node", "--rpc-disable-batch-requests"]), None);
    }
}
