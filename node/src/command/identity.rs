// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Which community a specification founds, and which device this node is.

use kith_primitives::{device::binding_payload, AccountId};
use sc_cli::{CliConfiguration, SharedParams, SubstrateCli};
use serde_json::json;
use sp_core::crypto::Ss58Codec;

use crate::{chain_spec, cli::Cli, store};

/// Prints the hash of the genesis block.
#[derive(Debug, clap::Parser)]
pub(crate) struct GenesisHashCmd {
    /// Print JSON instead of the bare hash.
    #[arg(long)]
    json: bool,

    #[clap(flatten)]
    shared: SharedParams,
}

impl GenesisHashCmd {
    /// Prints it.
    pub(crate) fn run(&self, cli: &Cli) -> sc_cli::Result<()> {
        let spec = cli.load_spec(&self.shared.chain_id(self.shared.is_dev()))?;
        let hash = chain_spec::genesis_hash(spec.as_ref())?;
        match self.json {
            true => println!("{}", json!({ "chain": spec.id(), "genesis": hash })),
            false => println!("{hash:?}"),
        }
        Ok(())
    }
}

/// Prints the device of this node's store, as JSON.
#[derive(Debug, clap::Parser)]
pub(crate) struct DeviceCmd {
    /// Sign a binding of the device to the member with this address.
    #[arg(long, value_name = "SS58")]
    owner: Option<String>,

    #[clap(flatten)]
    shared: SharedParams,
}

impl DeviceCmd {
    /// Prints it.
    pub(crate) fn run(&self, cli: &Cli) -> sc_cli::Result<()> {
        cli.create_runner(self)?.sync_run(|config| {
            let identity = store::identity(&config.data_path).map_err(application)?;
            let mut out = json!({
                "device": hex_text(&identity.public()),
                "peerId": identity.peer_id().to_string(),
            });
            if let Some(owner) = &self.owner {
                let owner = parse_owner(owner)?;
                let genesis = chain_spec::genesis_hash(config.chain_spec.as_ref())?.0;
                let signature = identity.sign(&binding_payload(&genesis, &owner));
                out["genesis"] = hex_text(&genesis).into();
                out["owner"] = owner.to_ss58check_with_version(kith_runtime::configs::SS58_PREFIX.into()).into();
                out["signature"] = hex_text(&signature).into();
            }
            println!("{out:#}");
            Ok(())
        })
    }
}

impl CliConfiguration for DeviceCmd {
    fn shared_params(&self) -> &SharedParams {
        &self.shared
    }
}

fn parse_owner(text: &str) -> sc_cli::Result<AccountId> {
    text.parse::<AccountId>()
        .map_err(|cause| sc_cli::Error::Input(format!("--owner takes the address of a member, not `{text}`: {cause}")))
}

fn application(error: impl std::error::Error + Send + Sync + 'static) -> sc_cli::Error {
    sc_cli::Error::Application(Box::new(error))
}

fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}
