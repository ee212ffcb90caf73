// SPDX-License-Identifier: Apache-2.0
//! What the chain's own calls cost, measured by their benchmarks on the runtime as it runs in a node.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{ensure, Context, Result};

/// Where the weights are written.
const FOLDER: &str = "runtime/src/weights";
/// First lines of each file.
const HEADER: &str = "xtask/src/weights/header.txt";
/// The pallets measured.
const PALLETS: [&str; 6] = [
    "pallet_kith_membership",
    "pallet_kith_vouching",
    "pallet_kith_validators",
    "pallet_kith_resources",
    "pallet_kith_incentives",
    "pallet_kith_constitution",
];

/// Builds a node that can measure, runs the benchmarks on its runtime, and writes what each call costs.
pub(crate) fn run(root: &Path, pallet: Option<&str>, quick: bool) -> Result<()> {
    ensure!(pallet.is_none_or(|wanted| PALLETS.contains(&wanted)), "the pallets measured are {}", PALLETS.join(", "));
    let node = build(root)?;
    let (steps, repeat) = if quick { ("2", "1") } else { ("20", "10") };
    for name in PALLETS.iter().filter(|name| pallet.is_none_or(|wanted| **name == wanted)) {
        println!("· {name}");
        let mut command = Command::new(&node);
        command
            .args(["benchmark", "pallet", "--chain", "dev", "--genesis-builder", "runtime"])
            .args(["--genesis-builder-preset", "development", "--extrinsic", "*"])
            .args(["--pallet", name, "--steps", steps, "--repeat", repeat])
            .current_dir(root);
        if !quick {
            command.args(["--header", HEADER, "--output"]).arg(format!("{FOLDER}/{name}.rs"));
        }
        let status = command.status().context("running kith-node")?;
        ensure!(status.success(), "the benchmarks of {name} failed: the reason stands above");
    }
    if quick {
        println!("✓ every benchmark runs (nothing was written: a quick run measures nothing)");
    } else {
        println!("✓ {FOLDER}: look at the differences and commit them");
    }
    Ok(())
}

/// An optimised node with the runtime's benchmarks in it. The first build takes as long as a release.
fn build(root: &Path) -> Result<PathBuf> {
    let status = Command::new("cargo")
        .args(["build", "--locked", "--release", "-p", "kith-node", "--features", "runtime-benchmarks"])
        .current_dir(root)
        .status()
        .context("cargo build")?;
    ensure!(status.success(), "the node with benchmarks does not build");
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/kith-node"))
}
