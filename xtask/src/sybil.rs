// SPDX-License-Identifier: Apache-2.0
//! How many fakes a conspiracy can bring into a community, under the constitution's rules of vouching.
//!
//! The rules are the pallet's own: `pallet_kith_vouching::rules` says who may vouch when and who is a member,
//! `kith_primitives::distance` who is near enough. Here is only who plays, and how well.

mod attack;
mod bound;
mod chance;
mod expulsion;
mod gate;
mod honest;
mod newcomers;
mod page;
mod plot;
mod random;
mod reach;
mod region;

use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use clap::{Args, Subcommand};
use kith_primitives::{parameters::Parameters, BlockNumber};

use attack::{Attack, Placed};
use honest::{Honest, Shape};

/// Blocks of a day at six seconds each, as in the defaults of the constitution.
const DAY: BlockNumber = 14_400;

/// What is asked of the simulator.
#[derive(Args)]
pub(crate) struct Sybil {
    #[command(subcommand)]
    ask: Option<Ask>,
    /// Compare, and fail if they differ
    #[arg(long)]
    check: bool,
}

#[derive(Subcommand)]
enum Ask {
    /// Play one attack and print how it goes
    Play(Game),
}

#[derive(Args)]
struct Game {
    /// The constitution's parameters, as in a founding file; the defaults for those it does not name
    #[arg(long)]
    parameters: Option<PathBuf>,
    /// Who vouches for whom: "issuer subject" a line, people numbered from 0
    #[arg(long, conflicts_with_all = ["shape", "people", "acquaintances"])]
    graph: Option<PathBuf>,
    /// How acquaintances come about
    #[arg(long, value_enum, default_value = "preferential")]
    shape: Shape,
    /// Honest members
    #[arg(long, default_value_t = 1_000)]
    people: usize,
    /// How many others each knows on average
    #[arg(long, default_value_t = page::ACQUAINTANCES)]
    acquaintances: usize,
    /// Members who vouch for fakes: colluders, or owners of stolen keys
    #[arg(long, default_value_t = 5)]
    colluders: usize,
    /// Other members who are deceived into vouching for one fake each
    #[arg(long, default_value_t = 0)]
    deceived: usize,
    /// Who the attackers are in the community
    #[arg(long, value_enum, default_value = "anywhere")]
    placed: Placed,
    /// Days until they are found out
    #[arg(long, default_value_t = 730)]
    days: u32,
    /// What everything random follows from
    #[arg(long, default_value_t = page::SEED)]
    seed: u64,
}

/// Writes docs/reference/sybil.md and its plots, compares them, or plays one attack.
pub(crate) fn run(root: &Path, asked: &Sybil) -> Result<()> {
    if let Some(Ask::Play(game)) = &asked.ask {
        return print(game);
    }
    for (name, text) in page::files()? {
        let path = root.join("docs/reference").join(name);
        if asked.check {
            let found = std::fs::read_to_string(&path).unwrap_or_default();
            ensure!(found == text, "docs/reference/{name} is out of date: run `cargo xtask sybil` and commit it");
        } else {
            let folder = path.parent().context("a page lies in a folder")?;
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        println!("✓ docs/reference/{name}");
    }
    Ok(())
}

/// Compares docs/reference/sybil.md with the defaults and the rules in a second; `--check` compares every figure.
pub(crate) fn glance(root: &Path) -> Result<()> {
    let path = root.join("docs/reference/sybil.md");
    let found = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if let Some(line) = page::outdated(&found)? {
        anyhow::bail!(
            "docs/reference/sybil.md is out of date: run `cargo xtask sybil` and commit it. The first fault: {line}"
        );
    }
    println!("✓ docs/reference/sybil.md, but for the figures that take long");
    Ok(())
}

fn print(game: &Game) -> Result<()> {
    let rules = rules(game.parameters.as_deref())?;
    let honest = match &game.graph {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Honest::parse(&text, rules.vouch_stock).with_context(|| path.display().to_string())?
        }
        None => Honest::generate(game.shape, game.people, game.acquaintances, rules.vouch_stock, game.seed)?,
    };
    let patience = game.days.checked_mul(DAY).context("more days than blocks can be numbered: take at most 298,000")?;
    let attack = Attack {
        colluders: game.colluders,
        deceived: game.deceived,
        placed: game.placed,
        patience,
        recycles: true,
        seed: game.seed,
    };
    print!("{}", page::one(&honest, &rules, &attack)?);
    Ok(())
}

/// The parameters of a file, or the defaults.
fn rules(path: Option<&Path>) -> Result<Parameters> {
    let Some(path) = path else { return Ok(Parameters::default()) };
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse_rules(&text).with_context(|| path.display().to_string())
}

fn parse_rules(text: &str) -> Result<Parameters> {
    let rules: Parameters = toml::from_str(text)?;
    if let Some((name, value, least, most)) = rules.out_of_bounds() {
        anyhow::bail!("{name} is {value}: it must lie between {least} and {most}");
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_and_held_to_their_bounds() {
        let rules = parse_rules("admission_threshold = 5\nvouch_interval = 72000").unwrap();
        let expected = Parameters { admission_threshold: 5, vouch_interval: 72_000, ..Parameters::default() };
        assert_eq!(rules, expected);
        let fault = parse_rules("admission_threshold = 0").unwrap_err().to_string();
        assert_eq!(fault, "admission_threshold is 0: it must lie between 1 and 32");
        assert!(parse_rules("admision_threshold = 4").is_err());
    }
}
