// SPDX-License-Identifier: Apache-2.0
//! What was found, as the tables of docs/reference/figures.md, and what of it must not be.

use std::{collections::BTreeSet, time::Duration};

use frame_support::weights::Weight;
use kith_runtime::Runtime;
use sp_io::hashing::twox_128;

use crate::{town::DEGREE, watch::Seen};

/// A time may grow so much before it is marked.
const FLAT: f64 = 1.1;

/// How often one turn asked what of storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    reads: usize,
    seeks: usize,
    writes: usize,
    /// Different entries, save those that lie in memory during every block.
    entries_read: u64,
    entries_written: u64,
}

impl Counts {
    pub(crate) fn of(seen: &Seen) -> Self {
        Self {
            reads: seen.read.len(),
            seeks: seen.sought.len(),
            writes: seen.written.len(),
            entries_read: entries(&seen.read),
            entries_written: entries(&seen.written),
        }
    }
}

/// How many different entries of the database there are among these: none of the block's own, which begin with a colon
/// or are the system's, save accounts.
fn entries(keys: &[Vec<u8>]) -> u64 {
    let (system, account) = (twox_128(b"System"), twox_128(b"Account"));
    let is_of_block =
        |key: &[u8]| key.starts_with(b":") || key.starts_with(&system) && !key[16..].starts_with(&account);
    let all: BTreeSet<_> = keys.iter().filter(|key| !is_of_block(key)).collect();
    all.len() as u64
}

/// What was found of one act in one community.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) at_hand: Duration,
    pub(crate) from_trie: Duration,
    /// In each turn.
    pub(crate) asked: Vec<Counts>,
    pub(crate) declared: Weight,
}

/// What was found of one act, in each community.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figures>,
}

/// Prints all; returns what must not be.
pub(crate) fn print(sizes: &[&str], rows: &[Row]) -> Vec<String> {
    let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
    println!(
        "{first} to {last} members, each with {DEGREE} vouches given and {DEGREE} received, in the storage of the\n\
         composed runtime; beside them those who play a part in a call, as many at every size. The code is native.\n"
    );
    let mut faults = counts(&format!("{last} : {first}"), rows);
    println!("\nMicroseconds with all that a call asks for at hand in memory: the rule's own time.\n");
    times(sizes, rows, |figures| figures.at_hand);
    println!(
        "\nMicroseconds from the whole Merkle trie in memory, with no cache of the node's before it and the\n\
         processor's caches emptied: every read walks down from the root, and the depth grows with the\n\
         logarithm of the entries.\n"
    );
    times(sizes, rows, |figures| figures.from_trie);
    println!(
        "\nMicroseconds declared, the longest measured above, and the rule's own time with the database's prices for\n\
         the entries read and written.\n"
    );
    faults.extend(weights(rows));
    faults
}

fn counts(ratio: &str, rows: &[Row]) -> Vec<String> {
    println!("| what | reads | of entries | seeks | writes | to entries | {ratio} |\n|---|---|---|---|---|---|---|");
    let mut faults = Vec::new();
    for Row { name, figures } in rows {
        let all: Vec<Counts> = figures.iter().flat_map(|figures| figures.asked.iter().copied()).collect();
        let (first, last) = (all[0], all[all.len() - 1]);
        let sum = |counts: Counts| (counts.reads + counts.seeks + counts.writes) as f64;
        let ratio = sum(last) / sum(first);
        let Counts { reads, seeks, writes, entries_read, entries_written } = last;
        println!("| {name} | {reads} | {entries_read} | {seeks} | {writes} | {entries_written} | {ratio} |");
        if let Some(other) = all.iter().find(|counts| **counts != first) {
            faults.push(format!("{name}: asks now {first:?}, now {other:?}"));
        }
    }
    faults
}

fn times(sizes: &[&str], rows: &[Row], time: fn(&Figures) -> Duration) {
    let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
    println!("| what | {} | {last} : {first} |\n|---|{}---|", sizes.join(" | "), "---|".repeat(sizes.len()));
    for Row { name, figures } in rows {
        let times: Vec<f64> = figures.iter().map(|figures| micros(time(figures))).collect();
        let ratio = times[times.len() - 1] / times[0];
        let times: Vec<_> = times.iter().map(|time| format!("{time:.1}")).collect();
        println!("| {name} | {} | {} |", times.join(" | "), marked(ratio, ratio > FLAT));
    }
}

fn weights(rows: &[Row]) -> Vec<String> {
    println!("| what | declared | longest | declared : longest | with the database |\n|---|---|---|---|---|");
    let mut faults = Vec::new();
    for Row { name, figures } in rows {
        let declared = figures.iter().map(|figures| figures.declared.ref_time()).min().unwrap_or(0) as f64 / 1e6;
        let all = figures.iter().flat_map(|figures| [figures.at_hand, figures.from_trie]);
        let longest = micros(all.max().unwrap_or_default());
        let own = micros(figures.iter().map(|figures| figures.at_hand).max().unwrap_or_default());
        let priced = own + figures.iter().flat_map(|figures| &figures.asked).map(price).fold(0.0, f64::max);
        let ratio = marked(declared / longest, declared <= longest);
        println!("| {name} | {declared:.0} | {longest:.0} | {ratio} | {} |", marked(priced, priced > declared));
        if declared <= longest {
            faults.push(format!("{name}: declares {declared:.0} µs and takes {longest:.0}"));
        }
    }
    faults
}

/// What the database takes for the entries, in microseconds.
fn price(counts: &Counts) -> f64 {
    let prices = <Runtime as frame_system::Config>::DbWeight::get();
    prices.reads_writes(counts.entries_read, counts.entries_written).ref_time() as f64 / 1e6
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// In bold if it is not as it should be.
fn marked(figure: f64, is_bad: bool) -> String {
    if is_bad {
        format!("**{figure:.2}**")
    } else {
        format!("{figure:.2}")
    }
}
