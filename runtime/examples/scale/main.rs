// SPDX-License-Identifier: Apache-2.0
//! Does what a call costs depend on how many members there are?
//!
//! `cargo xtask scale`, or `cargo run --release -p kith-runtime --example scale [members]`, in communities of 100 to
//! 1,000,000 members, or of no more than `members`. Counts what each call asks of storage, which must be the same in
//! all, and measures how long it takes: with everything it asks for at hand, which is the rule's own time, and from the
//! trie.
//! Fails if a count differs, or if a call takes longer than it declares. Prints Markdown, and on stderr what it is at.

mod acts;
mod at_hand;
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
use at_hand::Entries;
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
/// Words that are read to empty the processor's caches: 64 MiB.
const SWEPT: usize = 8 << 20;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some(at_hand::ARGUMENT) {
        at_hand::serve()?;
        return Ok(ExitCode::SUCCESS);
    }
    let most = argument.map_or(Ok(u32::MAX), |most| most.parse())?;
    let sizes: Vec<_> = SIZES.into_iter().filter(|(members, _)| *members <= most).collect();
    if sizes.is_empty() {
        return Err("the smallest community has 100 members".into());
    }
    let swept = vec![1_u64; SWEPT];
    let mut rows = ACTS.map(|act| Row { name: act.name, figures: Vec::new() });
    for (members, size) in &sizes {
        eprintln!("{size} members: writing the state");
        let town = Town { members: *members };
        let mut state = cast::play(town);
        for (act, row) in rows.iter_mut().enumerate() {
            eprintln!("{size} members: {}", row.name);
            row.figures.push(measure(act, town, &mut state, &swept)?);
        }
    }
    let names: Vec<_> = sizes.iter().map(|(_, size)| *size).collect();
    let faults = tables::print(&names, &rows);
    faults.iter().for_each(|fault| eprintln!("✗ {fault}"));
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is found of an act, which is named by its place among all.
fn measure(place: usize, town: Town, state: &mut TestExternalities, swept: &[u64]) -> Result<Figures, Box<dyn Error>> {
    let act = &ACTS[place];
    if let Some(stage) = act.stage {
        stage(state);
    }
    let (mut own, mut from_trie, mut asked, mut declared) = (Vec::new(), Vec::new(), Vec::new(), Weight::MAX);
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
        own.push(at_hand::measure(place, town, turn, entries(state, &seen))?);
        asked.push(tables::Counts::of(&seen));
    }
    Ok(Figures { at_hand: median(own), from_trie: median(from_trie), asked, declared })
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

/// All that a turn asks for and that is there.
fn entries(state: &mut TestExternalities, seen: &Seen) -> Entries {
    state.execute_with(|| {
        let found = seen.touched().into_iter().map(|key| (key.clone(), sp_io::storage::get(key)));
        found.filter_map(|(key, value)| Some((key, value?.to_vec()))).collect()
    })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
