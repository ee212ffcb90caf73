// SPDX-License-Identifier: Apache-2.0
//! What the chain's own calls cost, measured by their benchmarks on the runtime as it runs in a node.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{ensure, Context, Result};

/// What a file of weights looks like.
const TEMPLATE: &str = "xtask/src/weights/weights.hbs";
/// The pallets measured: each lies in a folder of this name, which gets the weights.
const PALLETS: [&str; 6] = ["membership", "vouching", "validators", "resources", "incentives", "constitution"];

/// Builds a node that can measure, runs the benchmarks on its runtime, and writes what each call costs.
pub(crate) fn run(root: &Path, pallet: Option<&str>, quick: bool) -> Result<()> {
    ensure!(pallet.is_none_or(|wanted| PALLETS.contains(&wanted)), "the pallets measured are {}", PALLETS.join(", "));
    let node = build(root)?;
    let (steps, repeat, least_seconds) = if quick { ("2", "1", "0") } else { ("10", "20", "1") };
    for name in PALLETS.iter().filter(|name| pallet.is_none_or(|wanted| **name == wanted)) {
        println!("· {name}");
        let file = format!("pallets/{name}/src/weights.rs");
        let mut command = Command::new(&node);
        command
            .args(["benchmark", "pallet", "--chain", "dev", "--genesis-builder", "spec-runtime"])
            .args(["--genesis-builder-preset", "development", "--extrinsic", "*", "--min-duration", least_seconds])
            .args(["--pallet", &format!("pallet_kith_{name}"), "--steps", steps, "--repeat", repeat])
            .current_dir(root);
        if !quick {
            command.args(["--template", TEMPLATE, "--output", &file]);
        }
        let status = command.status().context("running kith-node")?;
        ensure!(status.success(), "the benchmarks of {name} failed: the reason stands above");
        if !quick {
            let status = Command::new("rustfmt").args(["--edition", "2021", &file]).current_dir(root).status();
            ensure!(status.context("running rustfmt")?.success(), "rustfmt refuses {file}: is {TEMPLATE} right?");
        }
    }
    if quick {
        println!("✓ every benchmark runs (nothing was written: a quick run measures nothing)");
    } else {
        println!("✓ pallets/*/src/weights.rs: look at the differences and commit them");
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
