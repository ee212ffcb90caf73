// SPDX-License-Identifier: Apache-2.0
//! The generated pages of `docs/reference`: whatever can be listed is listed by a program.

mod commands;
mod pallets;
mod parameters;
mod rpc;
mod scenarios;

use std::path::Path;

use anyhow::{ensure, Context, Result};

use crate::sybil;

/// Writes the pages, or compares them.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let pages = [
        ("parameters.md", parameters::page()),
        ("cli.md", commands::page()?),
        ("pallets.md", pallets::page(root)?),
        ("rpc.md", rpc::page(root)?),
        ("scenarios.md", scenarios::page(root)?),
    ];
    for (name, text) in pages {
        let path = root.join("docs/reference").join(name);
        if check {
            let found = std::fs::read_to_string(&path).unwrap_or_default();
            ensure!(found == text, "docs/reference/{name} is out of date: run `cargo xtask reference` and commit it");
        } else {
            std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        println!("✓ docs/reference/{name}");
    }
    if check {
        sybil::glance(root)?;
    }
    Ok(())
}
