// SPDX-License-Identifier: Apache-2.0
//! Whether what a call costs depends on how many members there are.

use std::{path::Path, process::Command};

use anyhow::{ensure, Context, Result};

/// Runs the runtime's example `scale`, in communities of no more members than these.
pub(crate) fn run(root: &Path, members: Option<u32>) -> Result<()> {
    let status = Command::new("cargo")
        .args(["run", "--release", "--locked", "-p", "kith-runtime", "--example", "scale", "--"])
        .args(members.map(|members| members.to_string()))
        // What is measured is native code.
        .env("SKIP_WASM_BUILD", "1")
        .current_dir(root)
        .status()
        .context("cargo run")?;
    ensure!(status.success(), "it could not be measured, or is not as it must be: the reason stands above");
    Ok(())
}
