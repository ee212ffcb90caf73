// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! Which chain a name or a file stands for, and what its genesis block hashes to.

use std::{collections::BTreeMap, path::PathBuf};

use codec::Encode;
use kith_primitives::Hashing;
use kith_runtime::{opaque::Block, presets};
use sc_chain_spec::{ChainType, GenericChainSpec, Properties};
use sc_executor_common::runtime_blob::RuntimeBlob;
use sp_core::{
    storage::{well_known_keys::CODE, StateVersion, Storage},
    H256,
};
use sp_runtime::traits::{Block as _, Hash};

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
    /// The specification holds no code, or none that says what a runtime says of itself.
    #[error("the chain specification holds no runtime of Kith's: {cause}. Make it anew with `kith community new`")]
    BadRuntime {
        /// What is wrong with the code.
        cause: String,
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
        "dev" => {
            Box::new(preset("Kith Development", "dev", "kith-dev", ChainType::Development, presets::development())?)
        }
        "" | "local" => {
            Box::new(preset("Kith Local Testnet", "local", "kith-local", ChainType::Local, presets::local_testnet())?)
        }
        file => {
            let path = PathBuf::from(file);
            let spec = GenericChainSpec::<sc_chain_spec::NoExtension, ()>::from_json_file(path.clone())
                .map_err(|cause| ChainSpecError::BadFile { path, cause })?;
            Box::new(spec)
        }
    })
}

/// A chain whose genesis the runtime brings along. The patch is this program's own, which is the same as the one in the
/// code it holds, and need not be compiled to be read.
fn preset(
    name: &str,
    id: &'static str,
    protocol: &str,
    kind: ChainType,
    patch: serde_json::Value,
) -> Result<GenericChainSpec, ChainSpecError> {
    let code = kith_runtime::WASM_BINARY.ok_or(ChainSpecError::NoRuntime { id })?;
    Ok(GenericChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_protocol_id(protocol)
        .with_chain_type(kind)
        .with_genesis_config_patch(patch)
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
    let version = state_version(&storage).map_err(|error| error.to_string())?;
    let block: Block = sc_chain_spec::construct_genesis_block(state_root(storage, version), version);
    Ok(block.hash())
}

/// How the runtime lays out the state, as its code says of itself: it need not be compiled for that.
fn state_version(storage: &Storage) -> Result<StateVersion, ChainSpecError> {
    let bad = |cause: String| ChainSpecError::BadRuntime { cause };
    let code = storage.top.get(CODE).ok_or_else(|| bad("there is no code".into()))?;
    let blob = RuntimeBlob::uncompress_if_needed(code).map_err(|cause| bad(cause.to_string()))?;
    let version = sc_executor::read_embedded_version(&blob).map_err(|cause| bad(cause.to_string()))?;
    Ok(version.ok_or_else(|| bad("it does not say its version".into()))?.state_version())
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
    fn what_is_no_runtime_or_says_no_version_lays_out_no_state() {
        let said = |code: Option<&[u8]>| {
            let top = code.map(|code| (CODE.to_vec(), code.to_vec())).into_iter().collect();
            state_version(&Storage { top, ..Default::default() }).unwrap_err().to_string()
        };
        let empty_module = [0, b'a', b's', b'm', 1, 0, 0, 0];
        let cases: [(Option<&[u8]>, &str); 3] = [
            (None, "there is no code"),
            (Some(b"nonsense"), "Invalid"),
            (Some(&empty_module), "it does not say its version"),
        ];
        for (code, cause) in cases {
            let said = said(code);
            assert!(said.contains(cause) && said.contains("kith community new"), "{said}");
        }
    }

    #[test]
    fn the_same_specification_has_the_same_genesis_and_another_has_another() {
        let hash = |id| genesis_hash(load(id).unwrap().as_ref()).unwrap();
        assert_eq!(hash("dev"), hash("dev"));
        assert_ne!(hash("dev"), hash("local"));
    }
}
