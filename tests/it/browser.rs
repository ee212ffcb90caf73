// SPDX-License-Identifier: Apache-2.0
//! A real Chromium, driven by `browser/open.mjs`.

use std::{path::Path, process::Command};

use anyhow::{ensure, Context, Result};
use serde_json::Value;

/// Opens a page; what a person and the page's scripts see.
pub(crate) fn open(url: &str) -> Result<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/open.mjs");
    let out = Command::new("node").arg(script).arg(url).output().context("node: run scripts/setup")?;
    ensure!(out.status.success(), "the browser: {}", String::from_utf8_lossy(&out.stderr));
    Ok(serde_json::from_slice(&out.stdout)?)
}
