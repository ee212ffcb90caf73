// SPDX-License-Identifier: Apache-2.0
//! How fast is the store, next to a raw libp2p stream of as many bytes in the same run?
//!
//! `cargo run --release -p kith-store --example throughput [MiB [rounds]]` (256 MiB, 5 rounds unless told otherwise). Every
//! part is a process of its own on loopback, over TCP, Noise and Yamux: a sender and a receiver of a raw stream; a store that
//! adds a file; one that reads a byte at nine tenths of it; and one that fetches all of it. Prints the median of the rounds,
//! and the lowest and highest. Everything lies in a directory below `TMPDIR` and
//! is removed at the end.

mod figures;
mod kith;
mod numbers;
mod part;
mod raw;
mod spent;

use figures::Figures;
use part::{Outcome, MIB};

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["raw", ref arguments @ ..] => raw::part(arguments).await,
        ["kith", ref arguments @ ..] => kith::part(arguments).await,
        [] => measure(256, 5),
        [mib] => measure(mib.parse()?, 5),
        [mib, rounds] => measure(mib.parse()?, rounds.parse()?),
        _ => Err("usage: throughput [MiB [rounds]]".into()),
    }
}

fn measure(mib: u64, rounds: usize) -> Outcome<()> {
    let (dir, mut raw, mut stored) = (tempfile::tempdir()?, Vec::new(), Vec::new());
    for round in 1..=rounds.max(1) {
        raw.push(raw::measure(mib * MIB)?);
        stored.push(kith::measure(&dir.path().join(round.to_string()), mib * MIB)?);
        spent::empty(dir.path())?;
        eprintln!("round {round} of {rounds} done");
    }
    let rate = |seconds: f64| mib as f64 / seconds;
    let of_raw = Figures::new(raw.iter().zip(&stored).map(|(raw, stored)| raw.seconds / stored.fetch.seconds));
    let raw_cost = Figures::new(raw.iter().map(|raw| raw.processor * 1000.0 / mib as f64));
    let fetch_cost = Figures::new(stored.iter().map(|stored| stored.fetch.processor * 1000.0 / mib as f64));
    println!("{mib} MiB, {rounds} rounds: median (lowest to highest)");
    println!("raw stream         {:.0} MiB/s", Figures::new(raw.iter().map(|raw| rate(raw.seconds))));
    println!("add and pin        {:.0} MiB/s", Figures::new(stored.iter().map(|stored| rate(stored.add_seconds))));
    println!("fetch              {:.0} MiB/s", Figures::new(stored.iter().map(|stored| rate(stored.fetch.seconds))));
    println!("fetch, of raw      {of_raw:.2}");
    println!("processor, raw     {raw_cost:.2} ms a MiB, both sides together");
    println!("processor, fetch   {fetch_cost:.2} ms a MiB, both sides together");
    println!(
        "first byte at 90%  {:.1} ms",
        Figures::new(stored.iter().map(|stored| stored.first_byte_seconds * 1000.0))
    );
    for (name, part) in [("provider", 0), ("fetcher", 1), ("reader", 2)] {
        let peak = |stored: &kith::Measured| [&stored.provider, &stored.fetcher, &stored.reader][part].peak_mib();
        println!("{:18} {:.1} MiB", format!("peak, {name}"), Figures::new(stored.iter().map(peak)));
    }
    Ok(())
}
