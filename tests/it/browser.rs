// SPDX-License-Identifier: Apache-2.0
//! A real Chromium, driven by the scripts in `browser/`.

use std::{path::Path, process::Command};

use anyhow::{ensure, Context, Result};
use serde_json::Value;

/// Opens a page; what a person and the page's scripts see.
pub(crate) fn open(url: &str) -> Result<Value> {
    driven("open.mjs", &[url])
}

/// Opens a page and presses the one button of this name until it is gone; what a person could read before and after.
pub(crate) fn press(url: &str, button: &str) -> Result<(String, String)> {
    let read = driven("press.mjs", &[url, button])?;
    let text = |when: &str| read[when].as_str().map(str::to_owned).with_context(|| format!("no text {when}: {read}"));
    Ok((text("before")?, text("after")?))
}

/// What a script says.
fn driven(script: &str, arguments: &[&str]) -> Result<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser").join(script);
    let out = Command::new("node").arg(script).args(arguments).output().context("node: run scripts/setup")?;
    ensure!(out.status.success(), "the browser: {}", String::from_utf8_lossy(&out.stderr));
    Ok(serde_json::from_slice(&out.stdout)?)
}
