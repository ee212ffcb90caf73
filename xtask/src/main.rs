// SPDX-License-Identifier: Apache-2.0
//! The one menu: `cargo xtask help` lists every recipe.

mod arch;
mod contracts;
mod metadata;
mod mutants;
mod reference;
mod scale;
mod stories;
mod sybil;
mod weights;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

/// Kith's recipes.
#[derive(Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
struct Menu {
    #[command(subcommand)]
    recipe: Recipe,
}

#[derive(Subcommand)]
enum Recipe {
    /// Run a story end to end over the real programs, or all of them
    Story {
        /// Which
        #[arg(value_enum)]
        story: stories::Story,
    },
    /// Check that the crates depend on one another only as the design allows, and the house rules a program can see
    CheckArch,
    /// Build the contracts into ink-contracts/artifacts; with --check, only compare
    Contracts {
        /// Compare, and fail if they differ
        #[arg(long)]
        check: bool,
    },
    /// Write the runtime's metadata to artifacts/metadata.scale; with --check, only compare
    Metadata {
        /// Compare, and fail if they differ
        #[arg(long)]
        check: bool,
    },
    /// Measure what the chain's calls cost and write pallets/*/src/weights.rs; with --quick, only see that every benchmark runs
    Weights {
        /// One pallet, e.g. vouching [default: all of ours]
        pallet: Option<String>,
        /// Run each benchmark once and write nothing
        #[arg(long)]
        quick: bool,
    },
    /// Measure whether what a call costs depends on how many members there are, and print it
    Scale {
        /// Members of the largest community [default: 1000000]
        members: Option<u32>,
    },
    /// Change a crate's code in many small ways, and see that its tests notice each; needs cargo-mutants
    Mutants {
        /// Which crate, e.g. pallet-kith-vouching
        package: String,
        /// What cargo-mutants is told besides, e.g. `-- --file '**/terms.rs'`
        #[arg(last = true)]
        more: Vec<String>,
    },
    /// Write how many fakes the rules of vouching let in to docs/reference/sybil.md, or play one attack
    Sybil(sybil::Sybil),
    /// Write the generated pages of docs/reference; with --check, only compare
    Reference {
        /// Compare, and fail if they differ
        #[arg(long)]
        check: bool,
    },
}

fn main() -> Result<()> {
    let root = root()?;
    match Menu::parse().recipe {
        Recipe::Story { story } => stories::run(&root, story),
        Recipe::CheckArch => arch::check(&root),
        Recipe::Contracts { check } => contracts::build(&root, check),
        Recipe::Metadata { check } => metadata::run(&root, check),
        Recipe::Weights { pallet, quick } => weights::run(&root, pallet.as_deref(), quick),
        Recipe::Scale { members } => scale::run(&root, members),
        Recipe::Mutants { package, more } => mutants::run(&root, &package, &more),
        Recipe::Sybil(asked) => sybil::run(&root, &asked),
        Recipe::Reference { check } => reference::run(&root, check),
    }
}

/// The workspace's folder.
fn root() -> Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map(Path::to_path_buf).context("xtask lies in the workspace's root")
}
