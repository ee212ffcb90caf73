// SPDX-License-Identifier: Apache-2.0
//! Whether a crate's tests notice when its code is wrong: it is changed in many small ways, one at a time.

use std::{path::Path, process::Command};

use anyhow::{bail, ensure, Context, Result};

/// Files that a crate's tests do not run, or that are part of its tests.
const EXCLUDED: [&str; 4] = ["**/benchmarking*", "**/benchmarking/**", "**/weights.rs", "**/mock*"];

/// Changes a copy of the package, and runs the package's tests on each change; `more` goes to cargo-mutants.
pub(crate) fn run(root: &Path, package: &str, more: &[String]) -> Result<()> {
    let there = Command::new("cargo").args(["mutants", "--version"]).output().context("cargo")?;
    ensure!(there.status.success(), "cargo-mutants is not installed: cargo install --locked cargo-mutants");
    let status = Command::new("cargo")
        .args(["mutants", "--package", package, "--test-tool", "nextest", "--output", "target/mutants"])
        .args(EXCLUDED.iter().flat_map(|glob| ["--exclude", glob]))
        .args(more)
        .current_dir(root)
        .status()
        .context("cargo mutants")?;
    // What the numbers mean is in cargo-mutants' manual, "Exit codes".
    match status.code() {
        Some(0) => Ok(()),
        Some(2) => bail!("the tests of {package} missed a change: see target/mutants/mutants.out/missed.txt"),
        Some(3) => bail!("the tests of {package} did not end for a change: see target/mutants/mutants.out/timeout.txt"),
        Some(4) => bail!("the tests of {package} fail without any change"),
        _ => bail!("cargo mutants: {status}"),
    }
}
