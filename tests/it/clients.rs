// SPDX-License-Identifier: Apache-2.0
//! Do the JavaScript clients of Substrate chains work unchanged with a development node?

use std::{fs, path::Path, process::Command};

use anyhow::{ensure, Context, Result};
use kith_testkit::Node;

#[test]
fn polkadot_js_works_unchanged() -> Result<()> {
    use_with("polkadot-js.mjs")
}

#[test]
fn polkadot_api_works_unchanged() -> Result<()> {
    use_with("papi.mjs")
}

/// Runs one of `clients/` with a fresh development node. It checks every answer itself.
fn use_with(client: &str) -> Result<()> {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join(client);
    if base.exists() {
        fs::remove_dir_all(&base)?;
    }
    let node = Node::start(&base, "dev", &["--dev"])?;
    node.wait_for_block(1)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients").join(client);
    let out = Command::new("node").arg(script).arg(node.url()).output().context("node: run scripts/setup")?;
    let shown = String::from_utf8_lossy(&out.stdout);
    print!("{shown}");
    ensure!(out.status.success(), "{client}, after\n{shown}{}", String::from_utf8_lossy(&out.stderr));
    drop(node);
    Ok(fs::remove_dir_all(base)?)
}
