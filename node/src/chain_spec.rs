// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Which chain a name or a file stands for, and what its genesis block hashes to.

use std::{collections::BTreeMap, path::PathBuf};

use codec::Encode;
use kith_primitives::Hashing;
use kith_runtime::opaque::Block;
use sc_chain_spec::{ChainType, GenericChainSpec, Properties};
use sp_core::{
    storage::{StateVersion, Storage},
    H256,
};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_runtime::traits::{Block as _, Hash};

use crate::service::Executor;

/// The symbol of a community's token, if its specification names no other.
const TOKEN_SYMBOL: &str = "KITH";
/// Digits after the point of a token.
const TOKEN_DECIMALS: u8 = 12;

/// Why there is no such chain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ChainSpecError {
    /// The binary was built with `SKIP_WASM_BUILD`.
    #[error(
        "this binary holds no runtime for `{id}`: build it without SKIP_WASM_BUILD, or give a chain specification file"
    )]
    NoRuntime {
        /// The chain asked for.
        id: &'static str,
    },
    /// The file is missing or is not a chain specification.
    #[error("`{}` is neither `dev`, `local` nor a chain specification file: {cause}", path.display())]
    BadFile {
        /// The file asked for.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
}

/// The chain of this name: `dev`, `local` (also if no name is given), or a specification file.
pub(crate) fn load(id: &str) -> Result<Box<dyn sc_chain_spec::ChainSpec>, ChainSpecError> {
    Ok(match id {
        "dev" => Box::new(preset("Kith Development", "dev", "kith-dev", ChainType::Development, DEV_RUNTIME_PRESET)?),
        "" | "local" => Box::new(preset(
            "Kith Local Testnet",
            "local",
            "kith-local",
            ChainType::Local,
            LOCAL_TESTNET_RUNTIME_PRESET,
        )?),
        file => {
            let path = PathBuf::from(file);
            let spec = GenericChainSpec::<sc_chain_spec::NoExtension, ()>::from_json_file(path.clone())
                .map_err(|cause| ChainSpecError::BadFile { path, cause })?;
            Box::new(spec)
        }
    })
}

/// A chain whose genesis the runtime brings along.
fn preset(
    name: &str,
    id: &'static str,
    protocol: &str,
    kind: ChainType,
    preset: &str,
) -> Result<GenericChainSpec, ChainSpecError> {
    let code = kith_runtime::WASM_BINARY.ok_or(ChainSpecError::NoRuntime { id })?;
    Ok(GenericChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(protocol)
        .with_chain_type(kind)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties())
        .build())
}

/// How wallets show amounts and addresses.
fn properties() -> Properties {
    let entries: [(&str, serde_json::Value); 3] = [
        ("tokenSymbol", TOKEN_SYMBOL.into()),
        ("tokenDecimals", TOKEN_DECIMALS.into()),
        ("ss58Format", kith_runtime::configs::SS58_PREFIX.into()),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The hash of the chain's genesis block, computed as a node that starts it does, without a database.
pub(crate) fn genesis_hash(spec: &dyn sc_chain_spec::ChainSpec) -> sc_cli::Result<H256> {
    let storage = spec.as_storage_builder().build_storage()?;
    let executor = Executor::builder().build();
    let version = sc_chain_spec::resolve_state_version_from_wasm::<_, Hashing>(&storage, &executor)?;
    let block: Block = sc_chain_spec::construct_genesis_block(state_root(storage, version), version);
    Ok(block.hash())
}

/// The root of the state: of its own entries, and of the roots of the child tries that contracts keep.
fn state_root(storage: Storage, version: StateVersion) -> H256 {
    let trie_root = |entries: BTreeMap<_, _>| Hashing::trie_root(entries.into_iter().collect(), version);
    let children = storage.children_default.into_values().filter(|child| !child.data.is_empty());
    let roots = children.map(|child| {
        let key = child.child_info.prefixed_storage_key().into_inner();
        (key, trie_root(child.data).encode())
    });
    let roots: Vec<_> = roots.collect();
    trie_root(storage.top.into_iter().chain(roots).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named_with_its_cause() {
        let error = load("no/such/chain.json").err().unwrap();
        assert!(matches!(&error, ChainSpecError::BadFile { path, .. } if path == &PathBuf::from("no/such/chain.json")));
        assert!(error.to_string().contains("no/such/chain.json"));
    }

    #[test]
    fn the_presets_say_how_amounts_and_addresses_look_and_share_no_protocol() {
        let (dev, local) = (load("dev").unwrap(), load("local").unwrap());
        assert_eq!(dev.properties()["tokenDecimals"], 12);
        assert_eq!(dev.properties()["ss58Format"], kith_runtime::configs::SS58_PREFIX);
        assert!(dev.protocol_id().is_some() && dev.protocol_id() != local.protocol_id());
    }

    #[test]
    fn the_same_specification_has_the_same_genesis_and_another_has_another() {
        let hash = |id| genesis_hash(load(id).unwrap().as_ref()).unwrap();
        assert_eq!(hash("dev"), hash("dev"));
        assert_ne!(hash("dev"), hash("local"));
    }
}
