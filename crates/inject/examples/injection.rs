// SPDX-License-Identifier: Apache-2.0
//! How fast is injection, and how much memory does a page of 100 MB take? Sending is a copy into a buffer, as a
//! socket would make.
//!
//! `cargo run --release -p kith-inject --example injection`

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use kith_inject::{Injector, Outcome, ScriptTag};

/// What a page arrives in, in bytes.
const PIECE_LEN: usize = 64 * 1024;
const MIB: usize = 1024 * 1024;
const PAGE_LEN: usize = 100 * MIB;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let script = ScriptTag::new("/.well-known/kith/inject.js", "sha384-AAAA")?;
    let filler = "<p>Grias di Gott, liabe Leit.</p>\n".repeat(PIECE_LEN / 34);
    for (what, start) in [
        ("ordinary page, script near its start", "<!doctype html><html><head>"),
        ("worst page, all of it one comment before the head", "<!-- "),
        ("worst page, all of it one attribute before the head", "<html a=\""),
    ] {
        let before = peak_kib()?;
        let mut injector = Injector::new(&script, None);
        let (mut taken, mut sent) = (0, 0);
        let mut socket: Vec<u8> = Vec::with_capacity(2 * PIECE_LEN);
        let mut send = |bytes: Bytes| {
            socket.clear();
            socket.extend_from_slice(&bytes);
            sent += black_box(&socket).len();
        };
        let piece = Bytes::from(filler.clone());
        let clock = Instant::now();
        injector.write(Bytes::from_static(start.as_bytes()), &mut send);
        while taken < PAGE_LEN {
            taken += piece.len();
            injector.write(piece.clone(), &mut send);
        }
        let outcome = injector.end(&mut send);
        let rate = taken as f64 / MIB as f64 / clock.elapsed().as_secs_f64();
        let grown = peak_kib()? - before;
        let flagged = if outcome == Outcome::Injected { "injected" } else { "passed without script, flagged" };
        println!("{what}: {rate:.0} MiB/s, peak memory grew by {grown} KiB over {} MB, {flagged}", sent / 1_000_000);
    }
    Ok(())
}

/// The process's peak resident memory, from the kernel.
fn peak_kib() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}
