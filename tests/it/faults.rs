// SPDX-License-Identifier: Apache-2.0
//! A full disk, and power cuts of the companion and of the node, in the middle of publishing. Nothing acknowledged is lost,
//! and the command can be repeated.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{bail, ensure, Result};
use kith_testkit::{get, program, wait_for, Answer, Community, Companion, Node, Person};
use serde_json::{json, Value};

/// Bytes of the file being published when the power goes.
const BYTES: usize = 40 * 1024 * 1024;
/// Bytes of the small disk.
const DISK: u64 = 48 * 1024 * 1024;
/// Bytes something else takes of it.
const BALLAST: usize = 32 * 1024 * 1024;
/// Bytes of the file that does not fit beside the ballast, and fits without it beside what the first attempt left.
const TOO_MUCH: usize = 20 * 1024 * 1024;
/// What the files of pins begin with whose versions are not known to be in force.
const PENDING: &str = "pending%2f";
/// Final blocks after which such a pin is gone, whatever became of its version: 64, and some to see them.
const SETTLED: u64 = 72;
/// What makes a node validate, even alone.
const VALIDATES: [&str; 3] = ["--validator", "--force-authoring", "--unsafe-force-node-key-generation"];

#[test]
fn what_breaks_publishing_loses_nothing_acknowledged() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, _] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    full_disk(&community, ben)?;
    power_cut_before_it_is_final(&community, &node, ada)?;
    let node = power_cut_of_the_node_before_it_is_final(&community, node, ada)?;
    power_cuts(&community, ada)?;
    power_cut_of_the_node(&community, node)
}

/// A folder with one page.
fn site(community: &Community, name: &str) -> Result<PathBuf> {
    let folder = community.folder().join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), "<!doctype html><p>version one")?;
    Ok(folder)
}

fn page(companion: &Companion, name: &str, path: &str) -> Result<Answer> {
    get(companion.port, &format!("GET /{path} HTTP/1.1\r\nHost: {name}.kith.localhost:{}\r\n", companion.port))
}

/// Begins a command without waiting for what becomes of it.
fn begin(person: &Person, arguments: &[&str]) -> Result<Child> {
    let mut command = Command::new(program("kith")?);
    command.args(["--home", &person.home.to_string_lossy(), "--json"]).args(arguments);
    Ok(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?)
}

/// What somebody's store has pinned, as it lies on their disk: the root in each file.
fn pins(person: &Person) -> Result<BTreeMap<String, String>> {
    let mut pins = BTreeMap::new();
    for file in fs::read_dir(person.home.join("store/pins"))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        // One that is being written is no pin yet.
        if !name.starts_with('.') {
            pins.insert(name, fs::read_to_string(file.path())?.trim().to_owned());
        }
    }
    Ok(pins)
}

/// The pin there is when this was published and nothing else is kept.
fn own_pin(published: &Value) -> BTreeMap<String, String> {
    let root = published["root"].as_str().unwrap_or_default();
    BTreeMap::from([(format!("own%2f{}", published["resource"]), root.to_owned())])
}

/// The first pin of a version that is not known to be in force. It does not last, so it is looked for all the time.
fn pending(person: &Person) -> Result<(String, String)> {
    for _ in 0..20_000 {
        // A file may go while the folder is read.
        let found = pins(person).ok().and_then(|pins| pins.into_iter().find(|(name, _)| name.starts_with(PENDING)));
        if let Some(found) = found {
            return Ok(found);
        }
        thread::sleep(Duration::from_millis(3));
    }
    bail!("no version was pinned before it was in force")
}

/// Waits until the node has a transaction that is in no block yet, or the command has ended.
fn on_its_way(node: &Node, publishing: &mut Child) -> Result<()> {
    while publishing.try_wait()?.is_none() {
        if node.call("author_pendingExtrinsics", json!([]))?.as_array().is_some_and(|waiting| !waiting.is_empty()) {
            break;
        }
        thread::sleep(Duration::from_millis(3));
    }
    Ok(())
}

fn full_disk(community: &Community, ben: &Person) -> Result<()> {
    if !Companion::can_have_a_disk() {
        println!("skipped: this machine allows no user namespaces, so no small disk can be mounted");
        return Ok(());
    }
    let folder = site(community, "orchard")?;
    let folder_text = folder.to_string_lossy().into_owned();
    let publish = ["publish", folder_text.as_str(), "--name", "orchard"];
    let companion = Companion::up_on_a_disk(ben, DISK)?;
    ensure!(wait_for("version 1", || Ok(ben.kith(&publish).ok()))?["version"] == 1);

    let ballast = companion.disk().join("ballast");
    fs::write(&ballast, vec![0_u8; BALLAST])?;
    fs::write(folder.join("large.bin"), vec![7; TOO_MUCH])?;
    for attempt in ["the first", "a repeated"] {
        let (code, said) = ben.refused(&publish)?;
        ensure!(code == 1, "{attempt} attempt ended with {code}: {said}");
        ensure!(said.contains("no room left on the disk") && said.contains("free some space"), "{said}");
        ensure!(said.contains("repeat the command"), "{said}");
        ensure!(ben.kith(&["status"])?["me"]["standing"] == "member", "the companion answers no more");
        let before = page(&companion, "orchard", "")?;
        ensure!(before.status == 200 && before.text().contains("version one"), "{}", before.status);
        ensure!(page(&companion, "orchard", "large.bin")?.status == 404, "half a version is served");
    }

    fs::remove_file(ballast)?;
    ensure!(ben.kith(&publish)?["version"] == 2, "the failed attempts were counted");
    let after = page(&companion, "orchard", "large.bin")?;
    ensure!(after.status == 200 && after.whole && after.body == vec![7; TOO_MUCH], "{}", after.status);
    ensure!(companion.stop());
    Ok(())
}

/// The power goes when the new version is pinned, and nobody knows yet whether it comes into force.
fn power_cut_before_it_is_final(community: &Community, node: &Node, ada: &Person) -> Result<()> {
    let folder = site(community, "atlas")?;
    let folder_text = folder.to_string_lossy().into_owned();
    let companion = Companion::up(ada)?;
    let publish = ["publish", folder_text.as_str(), "--name", "atlas"];
    let first = wait_for("version 1", || Ok(ada.kith(&publish).ok()))?;
    wait_for("version 1 alone to be pinned", || Ok((pins(ada)? == own_pin(&first)).then_some(())))?;
    fs::write(folder.join("index.html"), "<!doctype html><p>version two")?;
    let mut publishing = begin(ada, &publish)?;
    let (attempt, root) = pending(ada)?;
    companion.kill()?;
    publishing.wait()?;
    let mut both = own_pin(&first);
    both.insert(attempt, root.clone());
    let left = pins(ada)?;
    ensure!(left == both && first["root"] != root.as_str(), "not what was in force and what may be: {left:?}");

    let died = node.finalised()?;
    let companion = Companion::up(ada)?;
    let again = wait_for("the command to be repeated", || Ok(ada.kith(&publish).ok()))?;
    ensure!(again["version"].as_u64().is_some_and(|version| version >= 2) && again["root"] != root.as_str(), "{again}");
    // The node may have taken the attempt's transaction or not. Either way its pin goes in the end.
    for blocks in [SETTLED / 2, SETTLED] {
        if pins(ada).is_ok_and(|pins| pins.len() > 1) {
            node.wait_for_block(died + blocks)?;
        }
    }
    wait_for("the last version alone to be pinned", || Ok((pins(ada)? == own_pin(&again)).then_some(())))?;
    let after = page(&companion, "atlas", "")?;
    ensure!(after.status == 200 && after.text().contains("version two"), "{}", after.status);
    ensure!(companion.stop());
    Ok(())
}

/// The node goes when it has been told of the new version, and comes back. The companion stays.
fn power_cut_of_the_node_before_it_is_final(community: &Community, node: Node, ada: &Person) -> Result<Node> {
    let (base, chain, port, before) = (node.base.clone(), community.chain(), node.rpc_port, node.finalised()?);
    let known = node.call("chain_getBlockHash", json!([before]))?;
    let folder = community.folder().join("atlas");
    let folder_text = folder.to_string_lossy().into_owned();
    let publish = ["publish", folder_text.as_str(), "--name", "atlas"];
    let companion = Companion::up(ada)?;
    let atlas = |status: u16| {
        wait_for(&format!("a page with status {status}"), || {
            Ok(Some(page(&companion, "atlas", "")?).filter(|page| page.status == status))
        })
    };
    ensure!(atlas(200)?.text().contains("version two"));
    let first = pins(ada)?;
    fs::write(folder.join("index.html"), "<!doctype html><p>version three")?;
    let mut publishing = begin(ada, &publish)?;
    let (attempt, root) = pending(ada)?;
    on_its_way(&node, &mut publishing)?;
    node.kill()?;

    let ended = publishing.wait_with_output()?;
    let said = String::from_utf8_lossy(&ended.stdout);
    // On a busy machine it may be final before the node is killed.
    let acknowledged = ended.status.success();
    let lost = said.contains("lost sight of the transaction") && said.contains("kith status");
    let told = ended.status.code() == Some(4) && (lost || said.contains("the node did not answer"));
    ensure!(acknowledged || told, "{}: {said}", ended.status);
    let left = pins(ada)?;
    ensure!(
        acknowledged || first.iter().all(|(pin, root)| left.get(pin) == Some(root)),
        "not what is in force: {left:?}"
    );
    ensure!(!lost || left.get(&attempt) == Some(&root), "not what may come into force: {left:?}");
    let away = atlas(503)?;
    ensure!(away.text().contains("node_away"), "{}", away.text());

    let node = Node::start_at(port, &base, &chain, &VALIDATES)?;
    let kept = (node.finalised()?, node.call("chain_getBlockHash", json!([before]))?);
    ensure!(kept.0 >= before && kept.1 == known, "the node lost what was final: {kept:?}, not {before} {known}");
    let kept = atlas(200)?.text();
    let in_force = kept.contains("version three") || (!acknowledged && kept.contains("version two"));
    ensure!(in_force, "an acknowledged version is lost: {kept}");
    let again = wait_for("the command to be repeated", || Ok(ada.kith(&publish).ok()))?;
    wait_for("the last version to be pinned", || {
        let left = pins(ada)?;
        Ok(own_pin(&again).iter().all(|(pin, root)| left.get(pin) == Some(root)).then_some(()))
    })?;
    ensure!(atlas(200)?.text().contains("version three"), "the repeated command published something else");
    ensure!(companion.stop());
    Ok(node)
}

fn power_cuts(community: &Community, ada: &Person) -> Result<()> {
    let folder = site(community, "diary")?;
    let folder_text = folder.to_string_lossy().into_owned();
    let companion = Companion::up(ada)?;
    let publish = ["publish", folder_text.as_str(), "--name", "diary"];
    ensure!(wait_for("version 1", || Ok(ada.kith(&publish).ok()))?["version"] == 1);
    fs::write(folder.join("large.bin"), vec![7; BYTES])?;
    for wait in [200, 900, 2500] {
        let mut publishing = begin(ada, &publish)?;
        thread::sleep(Duration::from_millis(wait));
        publishing.kill()?;
        publishing.wait()?;
    }
    // The third attempt was cut off with its command line; now the companion goes, in the middle of a fourth.
    let mut last = begin(ada, &publish)?;
    thread::sleep(Duration::from_millis(700));
    companion.kill()?;
    last.wait()?;

    let companion = Companion::up(ada)?;
    let kept = wait_for("the acknowledged version", || {
        Ok(Some(page(&companion, "diary", "")?).filter(|page| page.status == 200))
    })?;
    ensure!(kept.text().contains("version one"), "an acknowledged version is lost");
    let again = wait_for("the command to be repeated", || Ok(ada.kith(&publish).ok()))?;
    ensure!(again["version"].as_u64().is_some_and(|version| version >= 2), "{again}");
    ensure!(companion.stop());
    Ok(())
}

fn power_cut_of_the_node(community: &Community, node: Node) -> Result<()> {
    let (base, chain, before) = (node.base.clone(), community.chain(), node.finalised()?);
    let known = node.call("chain_getBlockHash", json!([before]))?;
    node.kill()?;
    let node = Node::start(&base, &chain, &VALIDATES)?;
    let kept = node.finalised()?;
    ensure!(kept >= before, "final again is {kept}, and was {before}");
    node.wait_for_block(kept + 1)?;
    ensure!(node.call("chain_getBlockHash", json!([before]))? == known, "the node lost what was final");
    Ok(())
}
