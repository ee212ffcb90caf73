// SPDX-License-Identifier: Apache-2.0
//! The rule's own time: a turn with all that it asks for at hand, in a process of its own.
//!
//! In the process that made the community the same turns take longer the more members it has, with the same entries at hand;
//! here they do not.

use std::{
    env,
    error::Error,
    io::{self, Read, Write},
    process::{Command, Stdio},
    time::Duration,
};

use codec::{DecodeAll, Encode};
use sp_io::TestExternalities;

use crate::{acts::ACTS, once, timed, town::Town};

/// The argument that makes this program the process of one turn.
pub(crate) const ARGUMENT: &str = "at-hand";
/// Runs of a turn. The fastest counts, which leaves the scheduler's noise out.
const RUNS: usize = 50;

/// Storage, key by key.
pub(crate) type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// How long a turn of an act, which is named by its place among all, takes over nothing but these entries.
pub(crate) fn measure(act: usize, town: Town, turn: u32, entries: Entries) -> Result<Duration, Box<dyn Error>> {
    let mut process =
        Command::new(env::current_exe()?).arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let told = (act as u32, town.members, turn, entries).encode();
    process.stdin.take().ok_or("no way to tell it")?.write_all(&told)?;
    let said = process.wait_with_output()?;
    if !said.status.success() {
        return Err(format!("{}: {}", ACTS[act].name, said.status).into());
    }
    Ok(Duration::from_nanos(u64::decode_all(&mut said.stdout.as_slice())?))
}

/// What the process of one turn does.
pub(crate) fn serve() -> Result<(), Box<dyn Error>> {
    let mut told = Vec::new();
    io::stdin().read_to_end(&mut told)?;
    let (act, members, turn, entries) = <(u32, u32, u32, Entries)>::decode_all(&mut told.as_slice())?;
    let fastest = TestExternalities::default().execute_with(|| {
        entries.iter().for_each(|(key, value)| sp_io::storage::set(key, value));
        (0..RUNS).map(|_| once(&ACTS[act as usize], Town { members }, turn, timed).0).min().unwrap_or_default()
    });
    io::stdout().write_all(&u64::try_from(fastest.as_nanos())?.encode())?;
    Ok(())
}
