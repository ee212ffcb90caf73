// SPDX-License-Identifier: Apache-2.0
//! How fast is the store next to rust-ipfs as it comes, and to a raw libp2p stream of as many bytes, in the same run?
//!
//! `cargo run --release [rounds]` (5 unless told otherwise): 64 and 256 MiB. Every part is a process of its own on loopback,
//! over TCP, Noise and Yamux, as in the store's example `throughput`, whose parts are used here.

#[path = "../../../crates/store/examples/throughput/figures.rs"]
mod figures;
mod ipfs;
#[path = "../../../crates/store/examples/throughput/kith.rs"]
#[allow(dead_code, reason = "reading a range is measured by the example alone")]
mod kith;
#[path = "../../../crates/store/examples/throughput/numbers.rs"]
mod numbers;
#[path = "../../../crates/store/examples/throughput/part.rs"]
mod part;
#[path = "../../../crates/store/examples/throughput/raw.rs"]
mod raw;
#[path = "../../../crates/store/examples/throughput/spent.rs"]
mod spent;

use figures::Figures;
use part::{Outcome, Transfer, Usage, MIB};

const SIZES_MIB: [u64; 2] = [64, 256];

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["raw", ref arguments @ ..] => raw::part(arguments).await,
        ["kith", ref arguments @ ..] => kith::part(arguments).await,
        ["ipfs", ref arguments @ ..] => ipfs::part(arguments).await,
        [] => measure(5),
        [rounds] => measure(rounds.parse()?),
        _ => Err("usage: kith-rivals [rounds]".into()),
    }
}

/// One round of one store.
struct Round {
    add_seconds: f64,
    fetch: Transfer,
    provider: Usage,
    fetcher: Usage,
    /// How fast the fetch was, next to the raw stream of the same round.
    of_raw: f64,
}

fn measure(rounds: usize) -> Outcome<()> {
    for mib in SIZES_MIB {
        let (dir, mut raw, mut stores) = (tempfile::tempdir()?, Vec::new(), [Vec::new(), Vec::new()]);
        for round in 1..=rounds.max(1) {
            let below = |name: &str| dir.path().join(format!("{name}-{round}"));
            let alone = raw::measure(mib * MIB)?;
            let kith::Measured { add_seconds, fetch, provider, fetcher, .. } =
                kith::measure(&below("kith"), mib * MIB)?;
            spent::empty(dir.path())?;
            let of_raw = alone.seconds / fetch.seconds;
            stores[0].push(Round { add_seconds, fetch, provider, fetcher, of_raw });
            let ipfs::Measured { add_seconds, fetch, provider, fetcher } = ipfs::measure(&below("ipfs"), mib * MIB)?;
            spent::empty(dir.path())?;
            let of_raw = alone.seconds / fetch.seconds;
            stores[1].push(Round { add_seconds, fetch, provider, fetcher, of_raw });
            raw.push(alone);
            eprintln!("{mib} MiB, round {round} of {rounds} done");
        }
        println!("{mib} MiB, {rounds} rounds: median (lowest to highest)");
        println!("raw stream      MiB/s        {:.0}", Figures::new(raw.iter().map(|raw| mib as f64 / raw.seconds)));
        println!("raw stream      ms a MiB     {:.2}", Figures::new(raw.iter().map(|raw| cost(mib, raw))));
        tell("kith-store", mib, &stores[0]);
        tell("rust-ipfs 0.16", mib, &stores[1]);
    }
    println!("ms a MiB: processor time of both sides together");
    Ok(())
}

fn cost(mib: u64, transfer: &Transfer) -> f64 {
    transfer.processor * 1000.0 / mib as f64
}

fn tell(name: &str, mib: u64, rounds: &[Round]) {
    let line = |what: &str, places: usize, figure: &dyn Fn(&Round) -> f64| {
        println!("{name:15} {what:12} {:.places$}", Figures::new(rounds.iter().map(figure)));
    };
    line("add MiB/s", 0, &|round| mib as f64 / round.add_seconds);
    line("fetch MiB/s", 0, &|round| mib as f64 / round.fetch.seconds);
    line("of raw", 2, &|round| round.of_raw);
    line("ms a MiB", 2, &|round| cost(mib, &round.fetch));
    line("provider MiB", 1, &|round| round.provider.peak_mib());
    line("fetcher MiB", 1, &|round| round.fetcher.peak_mib());
}
