// SPDX-License-Identifier: Apache-2.0
//! **Expel.** A reader is expelled and fights on with all they kept: keys, cache, connections, and a store that heeds no
//! chain. Within two final blocks nobody talks to them, and nothing published after is readable to them, by either of two
//! owners, one of whom was publishing at that moment. Who remains reads on throughout. Then somebody lapses, comes back, and
//! leaves, and is hung up on as fast.

mod adversary;
mod lapsing;
mod world;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{anyhow, ensure, Context, Result};
use kith_store::Cid;
use kith_testkit::{get, wait_for, Answer, Community, Companion, Person, Plan};
use serde_json::Value;
use tokio::runtime::Runtime;

use adversary::{alone, unreadable, Adversary};
use lapsing::lapse_and_leave;
use world::World;

/// What one of the others publishes.
const MINUTES: &str = "minutes";
/// What the other one does.
const LEDGER: &str = "ledger";
/// What the expelled reader could read of the minutes.
const BEFORE: &str = "the plums are ripe";
/// What they must not.
const AFTER: &str = "we meet at the old mill";
/// What they could read of the ledger.
const OWED: &str = "cleo owes ben two eggs";
/// What is written there while they are expelled; the version's number follows.
const MEANWHILE: &str = "cleo brought an egg";
/// Blocks within which everyone hangs up.
const BLOCKS: u32 = 2;
/// Blocks from a vouch too few until one lapses.
const GRACE: u64 = 3;
/// How long a companion may take to say how it is.
const ANSWER: Duration = Duration::from_secs(30);

#[test]
fn story() -> Result<()> {
    let community = Community::found_with("garden", &Plan { rules: &[("lapse_grace", GRACE)], ..Plan::default() })?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    let world = World { runtime: Runtime::new()?, community: &community, node: &node };
    let (publisher, reader) = (Companion::up(ada)?, Companion::up(ben)?);
    let dora = world.join("dora", [ada, ben])?;
    let guest = Companion::up(&dora)?;
    for companion in [&publisher, &reader, &guest] {
        companion.wait_for_peers(1)?;
    }
    let (minutes, ledger) = (community.folder().join(MINUTES), community.folder().join(LEDGER));
    let (first, owed) = (publish(ada, &minutes, BEFORE)?, publish(ben, &ledger, OWED)?);
    for (owner, name, other) in [(ada, MINUTES, ben), (ben, LEDGER, ada)] {
        for person in [other, &dora] {
            owner.kith(&["grant", name, &person.address])?;
        }
    }
    reads(&reader, MINUTES, BEFORE)?;
    reads(&guest, MINUTES, BEFORE)?;
    reads(&guest, LEDGER, OWED)?;
    println!("✓ a guest reads what two members published for them and for each other");

    let kept = [world.keep(&dora, &first)?, world.keep(&dora, &owed)?];
    let [of_minutes, of_ledger] = &kept;
    ensure!(guest.stop(), "the guest's companion did not stop by itself");
    let adversary = Adversary::start(&world, &dora, [&publisher, &reader])?;
    for companion in [&publisher, &reader] {
        wait_for("the honest stores to be connected to the adversary", || {
            Ok(connected(&companion.person)?.contains(&adversary.id()).then_some(()))
        })?;
    }
    let reachable = adversary.reachable();
    println!("✓ the guest runs a store of their own making, connected to {} others", reachable.len());

    let ((removed, closed), meanwhile) = world.expel(of_minutes.person, &adversary, [ada, ben, cleo], &ledger)?;
    println!("✓ expelled by three of four in block {removed}: every connection was closed by block {closed}");
    ensure!(opens(&reader, MINUTES, BEFORE)?, "who remains lost what was published before the expulsion");
    alone(&world, &adversary, &reachable, [&publisher, &reader])?;
    println!("✓ no honest store is connected to them, takes their calls or gives them a block");

    let epoch = world.rewrapped(of_minutes, ben)?;
    let of_other = world.rewrapped(of_ledger, ada)?;
    ensure!(opens(&reader, MINUTES, BEFORE)?, "who remains lost what was published before, by the new key");
    println!(
        "✓ their grants are gone, the key epochs are {epoch} and {of_other}, and both owners' companions re-wrapped for who \
         remains, who can still read what there was"
    );
    let is_closed = world.is_closed(of_ledger, &meanwhile, removed)?;
    reads(&publisher, LEDGER, &entry(meanwhile.number))?;
    println!(
        "✓ version {} of the ledger, under way at that moment, came into force {} the expulsion, and opens for who remains",
        meanwhile.number,
        if is_closed { "after" } else { "before" }
    );

    let second = publish(ada, &minutes, AFTER)?;
    reads(&reader, MINUTES, AFTER)?;
    ensure!(second.number == 2, "version {}", second.number);
    world.runtime.block_on(adversary.cannot_fetch(&second.root))?;
    let loot = community.folder().join("loot");
    let looted = |from: &Person| (loot.join(from.address.as_str()), from.home.join("store"));
    let of_both = async {
        unreadable(looted(ada), of_minutes, [(&first, true), (&second, false)]).await?;
        unreadable(looted(ben), of_ledger, [(&owed, true), (&meanwhile, !is_closed)]).await
    };
    world.runtime.block_on(of_both)?;
    for key in &kept {
        world.nothing_opens(key, [ada, ben])?;
    }
    println!(
        "✓ what was published after opens for who remains, and neither with the content keys they kept, though they got the \
         bytes, nor with their encryption key, for which nothing is wrapped any more"
    );

    lapse_and_leave(&world, [ada, ben], &publisher)?;
    println!("expel: removed in block {removed}, hung up on by block {closed}, key epochs {epoch} and {of_other}");
    Ok(())
}

/// A version as `kith publish` told of it.
struct Version {
    resource: u64,
    number: u32,
    root: Cid,
}

/// Publishes a folder of one page with this text, under the folder's name.
fn publish(person: &Person, folder: &Path, secret: &str) -> Result<Version> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.html"), format!("<!doctype html><title>Read this</title><p>{secret}"))?;
    let (path, name) = (folder.to_string_lossy(), folder.file_name().context("a name")?.to_string_lossy());
    let published = person.kith(&["publish", &path, "--name", &name])?;
    let number = |key: &str| published[key].as_u64().with_context(|| format!("{key} of {published}"));
    let root = published["root"].as_str().context("a root")?.parse::<Cid>()?;
    Ok(Version { resource: number("resource")?, number: u32::try_from(number("version")?)?, root })
}

/// Publishes version after version of the ledger while something happens, so that one is under way whenever it does; what came
/// of it, and the last version.
fn publishing_while<T>(person: &Person, ledger: &Path, act: impl FnOnce() -> Result<T>) -> Result<(T, Version)> {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let publishing = scope.spawn(|| -> Result<Version> {
            let mut next = 2;
            loop {
                let version = publish(person, ledger, &entry(next))?;
                ensure!(version.number == next, "version {} came after version {}", version.number, next - 1);
                if is_over.load(Ordering::Relaxed) {
                    return Ok(version);
                }
                next += 1;
            }
        });
        let outcome = act();
        is_over.store(true, Ordering::Relaxed);
        let version = publishing.join().map_err(|_| anyhow!("publishing panicked"))?;
        Ok((outcome?, version?))
    })
}

/// What this version of the ledger says.
fn entry(number: u32) -> String {
    format!("{MEANWHILE} {number}")
}

fn page(companion: &Companion, name: &str) -> Result<Answer> {
    get(companion.port, &format!("GET / HTTP/1.1\r\nHost: {name}.kith.localhost:{}\r\n", companion.port))
}

/// Whether the person can read this now.
fn opens(companion: &Companion, name: &str, secret: &str) -> Result<bool> {
    let page = page(companion, name)?;
    Ok(page.status == 200 && page.text().contains(secret))
}

/// Waits until the person can read this.
fn reads(companion: &Companion, name: &str, secret: &str) -> Result<()> {
    wait_for("a page that opens", || Ok(opens(companion, name, secret)?.then_some(())))
}

/// Whom a person's companion says it is connected to. It is asked where `kith status` asks it: starting that program for
/// every look would take about as long as a block.
fn connected(person: &Person) -> Result<Vec<String>> {
    let mut companion = UnixStream::connect(person.home.join("control.sock"))?;
    companion.set_read_timeout(Some(ANSWER))?;
    companion.write_all(b"\"status\"\n")?;
    let lines = BufReader::new(companion).lines().collect::<Result<Vec<_>, _>>()?;
    let said: Value = serde_json::from_str(lines.last().context("no answer")?)?;
    let peers = said["done"]["data"]["store"]["connected"].as_array();
    let peers = peers.with_context(|| format!("no list of peers in {said}"))?;
    Ok(peers.iter().filter_map(|peer| peer.as_str().map(str::to_owned)).collect())
}
