// SPDX-License-Identifier: Apache-2.0
//! A full disk, and power cuts of the companion and of the node, in the middle of publishing. Nothing acknowledged is lost,
//! and the command can be repeated.

use std::{fs, path::PathBuf, process::Stdio, thread, time::Duration};

use anyhow::{ensure, Result};
use kith_testkit::{get, program, wait_for, Answer, Community, Companion, Node, Person};

/// Bytes of the file being published when the power goes.
const BYTES: usize = 40 * 1024 * 1024;
/// Bytes of the small disk.
const DISK: u64 = 48 * 1024 * 1024;
/// Bytes something else takes of it.
const BALLAST: usize = 32 * 1024 * 1024;
/// Bytes of the file that does not fit beside the ballast, and fits without it beside what the first attempt left.
const TOO_MUCH: usize = 20 * 1024 * 1024;

#[test]
fn what_breaks_publishing_loses_nothing_acknowledged() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, _] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    full_disk(&community, ben)?;
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

fn power_cuts(community: &Community, ada: &Person) -> Result<()> {
    let folder = site(community, "diary")?;
    let folder_text = folder.to_string_lossy().into_owned();
    let companion = Companion::up(ada)?;
    let publish = ["publish", folder_text.as_str(), "--name", "diary"];
    ensure!(wait_for("version 1", || Ok(ada.kith(&publish).ok()))?["version"] == 1);
    fs::write(folder.join("large.bin"), vec![7; BYTES])?;
    let begin = || -> Result<std::process::Child> {
        let mut command = std::process::Command::new(program("kith")?);
        command.args(["--home", &ada.home.to_string_lossy(), "--json"]).args(publish);
        Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    };
    for wait in [200, 900, 2500] {
        let mut publishing = begin()?;
        thread::sleep(Duration::from_millis(wait));
        publishing.kill()?;
        publishing.wait()?;
    }
    // The third attempt was cut off with its command line; now the companion goes, in the middle of a fourth.
    let mut last = begin()?;
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
    node.kill()?;
    let node = Node::start(&base, &chain, &["--validator", "--force-authoring", "--unsafe-force-node-key-generation"])?;
    ensure!(node.wait_for_block(before + 1)? > before, "the node lost what was final");
    Ok(())
}
