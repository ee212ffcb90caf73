// SPDX-License-Identifier: Apache-2.0
//! The runtime's metadata, checked in so that what is off the chain need not compile it.

use std::{path::Path, process::Command};

use anyhow::{ensure, Context, Result};

/// Where it is.
const FILE: &str = "artifacts/metadata.scale";

/// Asks the built runtime through its own test, which knows it natively.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["nextest", "run", "--workspace", "--locked", "--cargo-quiet", "-E"])
        .arg("package(kith-runtime) & test(=metadata_is_the_one_checked_in)")
        .current_dir(root);
    if !check {
        cargo.env("KITH_WRITE_METADATA", "1");
    }
    let status = cargo.status().context("cargo nextest")?;
    ensure!(status.success(), "{FILE} differs from the runtime's: run `cargo xtask metadata` and commit it");
    println!("✓ {FILE}");
    Ok(())
}
