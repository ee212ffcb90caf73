// SPDX-License-Identifier: Apache-2.0
//! Does what a call costs depend on how many members there are?
//!
//! `cargo xtask scale`, or `cargo run --release -p kith-runtime --example scale [members]`, in communities of 100 to
//! 1,000,000 members, or of no more than `members`. Counts what each call asks of storage, which must be the same in
//! all, and measures how long it takes: with everything it asks for at hand, which is the rule's own time, and from the
//! trie.
//! Fails if a count differs, or if a call takes longer than it declares. Prints Markdown, and on stderr what it is at.

mod acts;
mod cast;
mod tables;
mod town;
mod watch;

use std::{
    error::Error,
    hint::black_box,
    process::ExitCode,
    rc::Rc,
    time::{Duration, Instant},
};

use acts::{Act, Job, ACTS};
use cast::TURNS;
use frame_support::weights::Weight;
use sp_externalities::set_and_run_with_externalities;
use sp_io::TestExternalities;
use tables::{Figures, Row};
use town::Town;
use watch::{Seen, Watch};

/// Members of each community, and how that is written.
const SIZES: [(u32, &str); 5] = [(100, "10²"), (1_000, "10³"), (10_000, "10⁴"), (100_000, "10⁵"), (1_000_000, "10⁶")];
/// Runs over the trie in each turn.
const COLD: usize = 3;
/// Runs with everything at hand in each turn. The fastest counts, which leaves the scheduler's noise out.
const WARM: usize = 50;
/// Words that are read to empty the processor's caches: 64 MiB.
const SWEPT: usize = 8 << 20;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let most = std::env::args().nth(1).map_or(Ok(u32::MAX), |most| most.parse())?;
    let sizes: Vec<_> = SIZES.into_iter().filter(|(members, _)| *members <= most).collect();
    if sizes.is_empty() {
        return Err("the smallest community has 100 members".into());
    }
    let swept = vec![1_u64; SWEPT];
    let mut rows = ACTS.map(|act| (Row { name: act.name, figures: Vec::new() }, act));
    for (members, size) in &sizes {
        eprintln!("{size} members: writing the state");
        let town = Town { members: *members };
        let mut state = cast::play(town);
        for (row, act) in &mut rows {
            eprintln!("{size} members: {}", act.name);
            row.figures.push(measure(act, town, &mut state, &swept));
        }
    }
    let names: Vec<_> = sizes.iter().map(|(_, size)| *size).collect();
    let faults = tables::print(&names, &rows.map(|(row, _)| row));
    faults.iter().for_each(|fault| eprintln!("✗ {fault}"));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(act: &Act, town: Town, state: &mut TestExternalities, swept: &[u64]) -> Figures {
    if let Some(stage) = act.stage {
        stage(state);
    }
    let (mut at_hand, mut from_trie, mut asked, mut declared) = (Vec::new(), Vec::new(), Vec::new(), Weight::MAX);
    for turn in 0..TURNS {
        for _ in 0..COLD {
            let cold = |job| {
                black_box(black_box(swept).iter().fold(0, |sum: u64, word| sum.wrapping_add(*word)));
                timed(job)
            };
            let (time, weight) = state.execute_with(|| once(act, town, turn, cold));
            from_trie.push(time);
            declared = declared.min(weight);
        }
        let seen = watched(act, town, turn, state);
        at_hand.push(fastest(act, town, turn, state, &seen));
        asked.push(tables::Counts::of(&seen));
    }
    Figures { at_hand: median(at_hand), from_trie: median(from_trie), asked, declared }
}

/// Does one turn and undoes it; `run` runs what is measured.
fn once<R>(act: &Act, town: Town, turn: u32, run: impl FnOnce(Job) -> R) -> R {
    sp_io::storage::start_transaction();
    let ran = run((act.job)(town, turn));
    assert!((act.is_done)(town, turn), "{}: nothing came of it", act.name);
    sp_io::storage::rollback_transaction();
    ran
}

fn timed(job: Job) -> (Duration, Weight) {
    let start = Instant::now();
    let declared = job();
    (start.elapsed(), declared)
}

/// What a turn asks of storage.
fn watched(act: &Act, town: Town, turn: u32, state: &mut TestExternalities) -> Seen {
    let (mut storage, seen) = (state.ext(), Rc::default());
    let mut watch = Watch { storage: &mut storage, seen: Rc::clone(&seen) };
    set_and_run_with_externalities(&mut watch, || {
        once(act, town, turn, |job| {
            // What the preparation asked for is no part of it.
            seen.take();
            job();
            seen.take()
        })
    })
}

/// How long a turn takes over nothing but what it asks for, in memory.
fn fastest(act: &Act, town: Town, turn: u32, state: &mut TestExternalities, seen: &Seen) -> Duration {
    let entries: Vec<_> = state.execute_with(|| {
        let found = seen.touched().into_iter().map(|key| (key, sp_io::storage::get(key)));
        found.filter_map(|(key, value)| Some((key, value?))).collect()
    });
    TestExternalities::default().execute_with(|| {
        entries.iter().for_each(|(key, value)| sp_io::storage::set(key, value));
        (0..WARM).map(|_| once(act, town, turn, timed).0).min().unwrap_or_default()
    })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
