// SPDX-License-Identifier: Apache-2.0
//! Which crate may depend on which, and the rules of the house that a program can see.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{bail, ensure, Context, Result};
use serde::Deserialize;

/// Lines of a source file at most.
const MAX_LINES: usize = 600;
/// File names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 4] = ["utils", "common", "helpers", "misc"];

/// Libraries that only one of our crates may depend on directly: the rest goes through it.
const ONLY: [(&str, &[&str]); 6] = [
    ("subxt", &["kith-chain"]),
    ("libp2p", &["kith-store"]),
    ("redb", &["kith-store"]),
    ("lol_html", &["kith-inject"]),
    ("schnorrkel", &["kith-keyring"]),
    ("hpke", &["kith-vault"]),
];

/// Crates that may use `anyhow`: programs, and what only tests use.
const MAY_ANYHOW: [&str; 5] = ["kith-companion", "kith-node", "kith-testkit", "kith-tests", "xtask"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// Checks the whole tree.
pub(crate) fn check(root: &Path) -> Result<()> {
    let crates = dependencies(root)?;
    let mut faults = directions(&crates);
    faults.extend(files(root)?);
    for fault in &faults {
        eprintln!("✗ {fault}");
    }
    ensure!(faults.is_empty(), "{} faults", faults.len());
    println!(
        "✓ {} crates depend on one another as the design allows; every file is one a reader can hold",
        crates.len()
    );
    Ok(())
}

/// Our crates, each with what it depends on outside its tests.
fn dependencies(root: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let out = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("cargo metadata")?;
    ensure!(out.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&out.stderr));
    let metadata: Metadata = serde_json::from_slice(&out.stdout)?;
    let ours = metadata.packages.into_iter().filter(|package| metadata.workspace_members.contains(&package.id));
    let crates: BTreeMap<_, _> = ours
        .map(|package| {
            let used = package.dependencies.into_iter().filter(|d| d.kind.as_deref() != Some("dev"));
            (package.name, used.map(|dependency| dependency.name).collect())
        })
        .collect();
    if crates.is_empty() {
        bail!("cargo metadata names no crate of ours");
    }
    Ok(crates)
}

/// What depends on what it must not.
fn directions(crates: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, used) in crates {
        for dependency in used {
            let ours = crates.contains_key(dependency);
            if ours && !may_use(name, dependency) {
                faults.push(format!("{name} must not depend on {dependency}"));
            }
            if let Some((_, owners)) = ONLY.iter().find(|(library, _)| library == dependency) {
                if !owners.contains(&name.as_str()) {
                    faults.push(format!("{name} must reach {dependency} through {}", owners.join(" or ")));
                }
            }
            if dependency == "anyhow" && !MAY_ANYHOW.contains(&name.as_str()) {
                faults.push(format!("{name} is a library and has errors of its own: no anyhow"));
            }
        }
    }
    faults
}

/// The design's arrows: `primitives ← pallets ← runtime ← node`, and the libraries joined only by the companion.
fn may_use(name: &str, dependency: &str) -> bool {
    if dependency == "kith-primitives" {
        return true;
    }
    match name {
        "kith-runtime" => dependency.starts_with("pallet-kith-"),
        "kith-node" => matches!(dependency, "kith-runtime" | "kith-store") || dependency.starts_with("pallet-kith-"),
        "kith-proxy" => dependency == "kith-inject",
        "kith-companion" => {
            matches!(dependency, "kith-chain" | "kith-keyring" | "kith-proxy" | "kith-store" | "kith-vault")
        }
        "kith-tests" => dependency == "kith-testkit",
        "xtask" => matches!(dependency, "kith-runtime" | "pallet-kith-vouching"),
        _ => false,
    }
}

/// Files that are too long, or named after nothing.
fn files(root: &Path) -> Result<Vec<String>> {
    let out =
        Command::new("git").args(["ls-files", "*.rs", "*.ts"]).current_dir(root).output().context("git ls-files")?;
    let mut faults = Vec::new();
    for file in String::from_utf8_lossy(&out.stdout).lines() {
        let path = Path::new(file);
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if EMPTY_NAMES.contains(&stem) || stem == "mod" {
            faults.push(format!("{file}: name it by what it answers"));
        }
        let Ok(text) = std::fs::read_to_string(root.join(path)) else { continue };
        let lines = text.lines().count();
        if lines > MAX_LINES {
            faults.push(format!("{file}: {lines} lines are more than one subject"));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, dependency: &str) -> Vec<String> {
        let mut crates = BTreeMap::from([(name.to_owned(), vec![dependency.to_owned()])]);
        if dependency.contains("kith") {
            crates.entry(dependency.to_owned()).or_default();
        }
        directions(&crates)
    }

    #[test]
    fn the_designs_arrows_are_allowed() {
        for (name, dependency) in [
            ("pallet-kith-vouching", "kith-primitives"),
            ("kith-runtime", "pallet-kith-vouching"),
            ("kith-node", "kith-store"),
            ("kith-companion", "kith-vault"),
            ("kith-chain", "subxt"),
        ] {
            assert!(one(name, dependency).is_empty(), "{name} -> {dependency}");
        }
    }

    #[test]
    fn every_other_arrow_is_a_fault() {
        for (name, dependency) in [
            ("pallet-kith-vouching", "pallet-kith-membership"),
            ("kith-primitives", "kith-store"),
            ("kith-proxy", "kith-keyring"),
            ("kith-store", "kith-chain"),
            ("kith-companion", "kith-runtime"),
            ("kith-companion", "subxt"),
            ("kith-vault", "anyhow"),
        ] {
            assert_eq!(one(name, dependency).len(), 1, "{name} -> {dependency}");
        }
    }
}
