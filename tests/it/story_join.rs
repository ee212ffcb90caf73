// SPDX-License-Identifier: Apache-2.0
//! **Join.** A newcomer without money becomes a member by two vouches; by one they do not, and no store talks to them.

use anyhow::{ensure, Result};
use kith_testkit::{Community, Companion};

#[test]
fn story() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, _] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&community.folder().join("validator"), ada)?;
    println!("✓ the node's store is bound to a founder");

    let dora = community.newcomer("dora", &node)?;
    let application = community.folder().join("dora.json");
    dora.kith(&["apply", "--out", &application.to_string_lossy()])?;
    ensure!(dora.kith(&["status"])?["me"]["standing"] == "stranger", "the chain knows the newcomer already");
    println!("✓ the newcomer made keys and a signed application; the chain knows nothing of them yet");

    let companion = Companion::up(&dora)?;
    let candidate = ada.kith(&["sponsor", &application.to_string_lossy()])?;
    ensure!(candidate["standing"] == "candidate" && candidate["vouches"] == 1, "{candidate}");
    let number = candidate["id"].to_string();
    let seen = node.finalised()?;
    node.wait_for_block(seen + 8)?;
    ensure!(dora.kith(&["status"])?["me"]["standing"] == "candidate", "one vouch made a member");
    ensure!(companion.peers()? == 0, "a store talks to someone who is not a member");
    println!("✓ one vouch short they are a candidate, and their device is connected to no store");

    let member = ben.kith(&["vouch", &number])?;
    ensure!(member["standing"] == "member" && member["vouches"] == 2, "{member}");
    companion.wait_for_peers(1)?;
    let devices = dora.kith(&["device", "list"])?;
    ensure!(devices["devices"][0] == companion.greeting["device"], "{devices}");
    println!("✓ at the second vouch they are a member; their device was bound and let into the swarm");

    let (code, said) = ben.refused(&["vouch", &number])?;
    ensure!(code == 3 && said.contains("you vouch for person"), "a second vouch of one member: {said}");
    let (code, said) = ben.refused(&["vouch", "1"])?;
    ensure!(code == 3 && said.contains("VouchForSelf"), "a vouch for oneself: {said}");
    let (code, said) = ada.refused(&["sponsor", &application.to_string_lossy()])?;
    ensure!(code == 3 && said.contains("AccountInUse"), "an application used twice: {said}");
    println!("✓ a second vouch, a vouch for oneself and a used application are refused by name");

    ensure!(companion.stop(), "the companion did not stop by itself");
    println!("join: 2 of 2 vouches, 1 store connected, 0 before");
    Ok(())
}
