// SPDX-License-Identifier: Apache-2.0
//! Power cuts: of the companion and of the node, in the middle of publishing. Nothing acknowledged is lost, and the command
//! can be repeated.

use std::{fs, process::Stdio, thread, time::Duration};

use anyhow::{ensure, Result};
use kith_testkit::{get, program, wait_for, Community, Companion, Node};

/// Bytes of the file being published when the power goes.
const BYTES: usize = 40 * 1024 * 1024;

#[test]
fn a_power_cut_while_publishing_loses_nothing_acknowledged() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let ada = &community.founders[0];
    community.bind_store(&node.base, ada)?;
    let folder = community.folder().join("site");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), "<!doctype html><p>version one")?;
    let folder_text = folder.to_string_lossy().into_owned();

    let companion = Companion::up(ada)?;
    let publish = ["publish", folder_text.as_str(), "--name", "diary"];
    ensure!(wait_for("version 1", || Ok(ada.kith(&publish).ok()))?["version"] == 1);
    fs::write(folder.join("large.bin"), vec![7; BYTES])?;
    for wait in [200, 900, 2500] {
        let mut publishing = std::process::Command::new(program("kith")?)
            .args(["--home", &ada.home.to_string_lossy(), "--json"])
            .args(publish)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        thread::sleep(Duration::from_millis(wait));
        publishing.kill()?;
        publishing.wait()?;
    }
    // The third attempt was cut off with its command line; now the companion goes, in the middle of a fourth.
    let mut last = std::process::Command::new(program("kith")?)
        .args(["--home", &ada.home.to_string_lossy(), "--json"])
        .args(publish)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    thread::sleep(Duration::from_millis(700));
    companion.kill()?;
    last.wait()?;

    let companion = Companion::up(ada)?;
    let host = format!("Host: diary.kith.localhost:{}\r\n", companion.port);
    let page = wait_for("the acknowledged version", || {
        Ok(Some(get(companion.port, &format!("GET / HTTP/1.1\r\n{host}"))?).filter(|page| page.status == 200))
    })?;
    ensure!(page.text().contains("version one"), "an acknowledged version is lost");
    let again = wait_for("the command to be repeated", || Ok(ada.kith(&publish).ok()))?;
    ensure!(again["version"].as_u64().is_some_and(|version| version >= 2), "{again}");
    ensure!(companion.stop());

    let (base, chain, before) = (node.base.clone(), community.chain(), node.finalised()?);
    node.kill()?;
    let node = Node::start(&base, &chain, &["--validator", "--force-authoring", "--unsafe-force-node-key-generation"])?;
    ensure!(node.wait_for_block(before + 1)? > before, "the node lost what was final");
    Ok(())
}
