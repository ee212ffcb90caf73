// SPDX-License-Identifier: Apache-2.0
//! From a checked file to a chain specification, by way of the node, which alone knows the runtime.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{json, Map, Value};

use super::file::Checked;
use crate::person::address;

/// Smallest units in a whole token.
const UNIT: u64 = 1_000_000_000_000;

/// What founding gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Founded {
    /// Where the chain specification was written.
    pub(crate) specification: PathBuf,
    /// The hash of the genesis block, in hex with `0x`.
    pub(crate) genesis: String,
}

/// Why no specification could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FoundError {
    #[error("cannot run {program}: {cause}. Name the kith-node program with --node-bin")]
    NoNode { program: PathBuf, cause: std::io::Error },
    #[error("{program} {arguments} failed: {said}")]
    NodeRefused { program: PathBuf, arguments: String, said: String },
    #[error(
        "{program} gave a chain specification this kith does not understand: no `{missing}`. Are they of one version?"
    )]
    Unfamiliar { program: PathBuf, missing: &'static str },
    #[error("cannot write {path}: {cause}")]
    Unwritable { path: PathBuf, cause: std::io::Error },
}

/// Writes the raw chain specification of `community` to `out`.
pub(crate) fn found(community: &Checked, node: &Path, out: &Path) -> Result<Founded, FoundError> {
    let template = run(node, &["export-chain-spec", "--chain", "dev"])?;
    let plain = fill(node, template, community)?;
    let staged = out.with_extension("json.plain");
    write(&staged, &plain)?;
    let raw = run(node, &["export-chain-spec", "--raw", "--chain", &staged.to_string_lossy()]);
    let removed = std::fs::remove_file(&staged);
    let raw = raw?;
    removed.map_err(|cause| FoundError::Unwritable { path: staged, cause })?;
    let fresh = out.with_extension("json.new");
    write(&fresh, &raw)?;
    std::fs::rename(&fresh, out).map_err(|cause| FoundError::Unwritable { path: out.into(), cause })?;
    let hash = run(node, &["genesis-hash", "--chain", &out.to_string_lossy()])?;
    Ok(Founded { specification: out.into(), genesis: hash.as_str().unwrap_or_default().to_owned() })
}

/// Puts the community's own into the specification of a development chain, whose runtime and contract it keeps.
fn fill(node: &Path, mut spec: Value, community: &Checked) -> Result<Value, FoundError> {
    let missing = |missing| FoundError::Unfamiliar { program: node.into(), missing };
    let patch = spec
        .pointer_mut("/genesis/runtimeGenesis/patch")
        .and_then(Value::as_object_mut)
        .ok_or_else(|| missing("genesis.runtimeGenesis.patch"))?;
    let doug = patch.get("constitution").and_then(|c| c.get("dougCode")).cloned();
    let doug = doug.ok_or_else(|| missing("constitution.dougCode"))?;
    let babe = patch.get("babe").cloned().ok_or_else(|| missing("babe"))?;
    *patch = genesis(community, &babe, &doug);
    let object = spec.as_object_mut().ok_or_else(|| missing("an object"))?;
    object.insert("name".into(), json!(community.name));
    object.insert("id".into(), json!(format!("kith-{}", community.name)));
    object.insert("protocolId".into(), json!(format!("kith-{}", community.name)));
    object.insert("chainType".into(), json!("Live"));
    object.insert("bootNodes".into(), json!([]));
    let properties = json!({ "tokenSymbol": community.symbol, "tokenDecimals": 12, "ss58Format": 42 });
    object.insert("properties".into(), properties);
    Ok(spec)
}

fn genesis(community: &Checked, babe: &Value, doug: &Value) -> Map<String, Value> {
    let founders = &community.founders;
    let endowed: Vec<Value> = founders
        .iter()
        .filter(|founder| founder.balance > 0)
        .map(|founder| json!([founder.account.to_string(), founder.balance * UNIT]))
        .collect();
    let members: Vec<Value> =
        founders.iter().map(|founder| json!([founder.account.to_string(), founder.encryption_key, []])).collect();
    let vouches: Vec<Value> = (0..founders.len())
        .flat_map(|a| (0..founders.len()).filter(move |b| *b != a).map(move |b| json!([a, b])))
        .collect();
    // Founders are numbered in the order of the file.
    let (validators, sessions): (Vec<usize>, Vec<Value>) = founders
        .iter()
        .enumerate()
        .filter_map(|(person, founder)| {
            let (babe, grandpa) = founder.validator?;
            let keys = json!({ "babe": session_key(babe), "grandpa": session_key(grandpa) });
            Some((person, json!([founder.account.to_string(), person, keys])))
        })
        .unzip();
    let sections = [
        ("balances", json!({ "balances": endowed })),
        ("babe", babe.clone()),
        ("session", json!({ "keys": sessions })),
        ("validators", json!({ "validators": validators })),
        ("membership", json!({ "founders": members })),
        ("vouching", json!({ "vouches": vouches })),
        (
            "constitution",
            json!({
                "parameters": community.parameters,
                "slotDuration": community.block_time_ms,
                "epochLength": community.epoch_blocks,
                "dougCode": doug,
                "dougRules": community.doug,
                "name": community.name,
            }),
        ),
    ];
    sections.into_iter().map(|(name, section)| (name.to_owned(), section)).collect()
}

/// Public keys are written in a genesis as addresses.
fn session_key(key: [u8; 32]) -> String {
    address(key)
}

fn run(program: &Path, arguments: &[&str]) -> Result<Value, FoundError> {
    let done = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| FoundError::NoNode { program: program.into(), cause })?;
    let refused =
        |said: String| FoundError::NodeRefused { program: program.into(), arguments: arguments.join(" "), said };
    if !done.status.success() {
        return Err(refused(last_lines(&done.stderr)));
    }
    let text = String::from_utf8_lossy(&done.stdout);
    let text = text.trim();
    if let Some(hash) = text.strip_prefix("0x").filter(|rest| rest.len() == 64) {
        return Ok(json!(format!("0x{hash}")));
    }
    serde_json::from_str(text).map_err(|cause| refused(cause.to_string()))
}

/// The end of what a program said, where the cause is.
fn last_lines(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join("; ")
}

fn write(path: &Path, value: &Value) -> Result<(), FoundError> {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    std::fs::write(path, text).map_err(|cause| FoundError::Unwritable { path: path.into(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::community::{CommunityFile, EXAMPLE};
    use std::os::unix::fs::PermissionsExt;

    /// A node that prints the same for whatever it is asked.
    fn node(dir: &Path, script: &str) -> PathBuf {
        let program = dir.join("node");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    fn founded(dir: &Path, script: &str, out: &str) -> FoundError {
        let community = CommunityFile::parse(EXAMPLE).unwrap();
        found(&community, &node(dir, script), &dir.join(out)).unwrap_err()
    }

    const TEMPLATE: &str =
        r#"echo '{"genesis":{"runtimeGenesis":{"patch":{"babe":{},"constitution":{"dougCode":"0x00"}}}}}'"#;

    #[test]
    fn a_node_that_is_not_there_fails_or_says_other_things_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let community = CommunityFile::parse(EXAMPLE).unwrap();
        let missing = found(&community, &dir.path().join("nothing"), &dir.path().join("out.json")).unwrap_err();
        assert!(matches!(&missing, FoundError::NoNode { .. }) && missing.to_string().contains("--node-bin"));
        let failed = founded(dir.path(), "echo 'no such chain' >&2; exit 1", "out.json");
        assert!(matches!(&failed, FoundError::NodeRefused { said, .. } if said == "no such chain"), "{failed}");
        let babbled = founded(dir.path(), "echo hello", "out.json");
        assert!(matches!(babbled, FoundError::NodeRefused { .. }));
        let other = founded(dir.path(), "echo '{}'", "out.json");
        assert!(matches!(other, FoundError::Unfamiliar { missing: "genesis.runtimeGenesis.patch", .. }));
        assert!(!dir.path().join("out.json").exists());
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let refused = founded(dir.path(), TEMPLATE, "nowhere/out.json");
        assert!(matches!(refused, FoundError::Unwritable { .. }), "{refused}");
    }

    #[test]
    fn who_validates_is_known_by_number() {
        let community = CommunityFile::parse(EXAMPLE).unwrap();
        let genesis = genesis(&community, &json!({}), &json!("0x00"));
        assert_eq!(genesis["validators"], json!({ "validators": [0] }));
        let ada = community.founders[0].account.to_string();
        assert_eq!((&genesis["session"]["keys"][0][0], &genesis["session"]["keys"][0][1]), (&json!(ada), &json!(0)));
    }

    #[test]
    fn the_rules_of_the_vote_reach_the_genesis() {
        let community = CommunityFile::parse(&EXAMPLE.replacen("delay = 14400 ", "delay = 7 ", 1)).unwrap();
        let genesis = genesis(&community, &json!({}), &json!("0x00"));
        assert_eq!(genesis["constitution"]["dougRules"]["delay"], 7);
        assert_eq!(genesis["constitution"]["dougRules"]["constitutional"], 75);
    }
}
