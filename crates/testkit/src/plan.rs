// SPDX-License-Identifier: Apache-2.0
//! What a community of the tests is founded with: how many people, at which pace, under which rules.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::{person::Person, session::SessionKeys};

/// Milliseconds of a block. Everything below is counted in blocks, so that this alone makes all of it faster or slower.
pub const BLOCK_MS: u64 = 1_000;

/// What the founders are called, in the order of their numbers.
const NAMES: &[&str] = &["ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana", "ivo", "jill"];

/// The constitution's rules where they are not its defaults: times short enough to be waited for.
const RULES: [(&str, u64); 11] = [
    ("admission_threshold", 2),
    ("candidate_lifetime", 3_600),
    ("claim_period", 3_600),
    ("distance_interval", 0),
    ("era_length", 120),
    ("lease_period", 86_400),
    ("override_period", 600),
    ("recovery_delay", 20),
    ("recovery_period", 600),
    ("recovery_threshold", 2),
    ("vouch_interval", 0),
];

/// The rules of the governing contract.
const DOUG: [(&str, u64); 3] = [("voting_period", 15), ("delay", 5), ("expiry", 600)];

/// In what a community may differ from others.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// How many found it, ten at most.
    pub founders: usize,
    /// How many of them validate from the first block on, in their order: the first at least.
    pub validators: usize,
    /// Blocks of an epoch, at most: of a session too.
    pub epoch_blocks: u64,
    /// Rules of the constitution, by name: in place of those every community has, or beside them.
    pub rules: &'a [(&'a str, u64)],
}

/// Three founders, of whom the first validates, and epochs of sixty blocks.
impl Default for Plan<'_> {
    fn default() -> Self {
        Self { founders: 3, validators: 1, epoch_blocks: 60, rules: &[] }
    }
}

impl Plan<'_> {
    /// What the founders are called.
    pub(crate) fn names(&self) -> Result<&'static [&'static str]> {
        NAMES.get(..self.founders).with_context(|| format!("there are names for {} founders", NAMES.len()))
    }

    /// The community file, in which the first founders validate with these keys, each with the next.
    pub(crate) fn file(&self, name: &str, founders: &[Person], sessions: &[SessionKeys]) -> String {
        let mut rules = BTreeMap::from(RULES);
        rules.extend(self.rules.iter().copied());
        let people: Vec<String> = founders
            .iter()
            .enumerate()
            .map(|(number, founder)| {
                let validator = sessions.get(number).map(SessionKeys::line).unwrap_or_default();
                format!(
                    "[[founders]]\naddress = \"{}\"\nencryption_key = \"{}\"\nbalance = 1000\n{validator}",
                    founder.address, founder.encryption_key
                )
            })
            .collect();
        format!(
            "name = \"{name}\"\n\n[chain]\nblock_time_ms = {BLOCK_MS}\nepoch_blocks = {}\n\n[constitution]\n{}\n\n\
             [doug]\n{}\n\n{}",
            self.epoch_blocks,
            lines(rules),
            lines(DOUG),
            people.join("\n")
        )
    }
}

/// A line for each.
fn lines<'a>(rules: impl IntoIterator<Item = (&'a str, u64)>) -> String {
    let lines: Vec<String> = rules.into_iter().map(|(rule, value)| format!("{rule} = {value}")).collect();
    lines.join("\n")
}
