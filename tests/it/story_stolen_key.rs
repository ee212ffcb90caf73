// SPDX-License-Identifier: Apache-2.0
//! **Stolen key.** A thief has a copy of a member's machine. From the block in which the guardians freeze the key, nothing the
//! thief signs counts; the person gets a new key. Another member freezes hers with a document she signed beforehand.

use std::fs;

use anyhow::{ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Person};
use serde_json::json;

#[test]
fn story() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&[])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    let candidate = a_candidate(&community, &node)?;
    let ledger = community.folder().join("ledger");
    fs::create_dir_all(&ledger)?;
    fs::write(ledger.join("text.txt"), "who owes what")?;
    let ledger = ledger.to_string_lossy().into_owned();

    let bens = Companion::up(ben)?;
    bens.wait_for_peers(1)?;
    ben.kith(&["publish", &ledger, "--name", "ledger"])?;
    ensure!(bens.stop(), "the companion did not stop by itself");
    let thief = copy_of(&community, ben)?;
    let theirs = Companion::up(&thief)?;
    theirs.wait_for_peers(1)?;
    thief.kith(&["guardians", "choose", "0", "2"])?;
    println!("✓ a thief with a copy of ben's machine signs as ben, and members' stores talk to them");

    let one = ada.kith(&["freeze", "1"])?;
    ensure!(one["frozen"] == false, "one guardian of two froze a key: {one}");
    let two = cleo.kith(&["freeze", &ben.address])?;
    ensure!(two["frozen"] == true, "{two}");
    let (code, said) = cleo.refused(&["freeze", "1"])?;
    ensure!(code == 3 && said.contains("frozen already"), "frozen twice: {code} {said}");
    ensure!(thief.kith(&["status"])?["me"]["standing"] == "frozen", "the status says nothing of it");
    println!("✓ two guardians froze the key, at once");

    nothing_counts(&community, &thief, &candidate, &ledger)?;
    wait_for("stores to have left the thief", || Ok((theirs.peers()? == 0).then_some(())))?;
    println!("✓ vouch, publication, grant, device, guardians and departure are refused; no store talks to the thief");

    let opened_by_thief = key_epoch(&node)?;
    let again = new_key(&community, &node, ben, &thief)?;
    wait_for("another content key", || Ok((key_epoch(&node)? > opened_by_thief).then_some(())))?;
    let me = again.kith(&["status"])?["me"].clone();
    ensure!(me["member_id"] == 1 && me["standing"] == "member" && me["frozen_since"].is_null(), "{me}");
    let member = again.kith(&["vouch", &candidate])?;
    ensure!(member["standing"] == "member", "{member}");
    nothing_counts(&community, &thief, &candidate, &ledger)?;
    println!(
        "✓ ben has a new key, which counts; the thief could not veto it; the stolen one still counts for nothing, and his \
         ledger is written under a content key that it does not open"
    );

    revoked(&community, &again)?;
    println!("✓ cleo's document froze her key the moment it was submitted; no guardian can undo that");
    vetoed(&community, ada, &again)?;
    println!("✓ a motion against a person who still has the key is stopped by them");
    println!("stolen-key: frozen by 2 of 2, 0 of the thief's 7 transactions counted");
    Ok(())
}

/// The epoch of the key that the next version of the ledger is written under.
fn key_epoch(node: &Node) -> Result<u64> {
    let ledger = node.call("kith_resourceByName", json!(["ledger"]))?;
    ledger["keyEpoch"].as_u64().with_context(|| ledger.to_string())
}

/// Someone for whom a vouch is missing; the number.
fn a_candidate(community: &Community, node: &Node) -> Result<String> {
    let dora = community.newcomer("dora", node)?;
    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let founder = community.founders.first().context("a founder")?;
    Ok(founder.kith(&["sponsor", &application])?["id"].to_string())
}

fn copy_of(community: &Community, person: &Person) -> Result<Person> {
    let home = community.folder().join("thief");
    let done = std::process::Command::new("cp").arg("-a").args([&person.home, &home]).status()?;
    ensure!(done.success(), "{} was not copied", person.home.display());
    Ok(Person { home, ..person.clone() })
}

/// Whatever the thief tries is refused.
fn nothing_counts(community: &Community, thief: &Person, candidate: &str, ledger: &str) -> Result<()> {
    let base = community.folder().join("thief-node");
    let proof = community.folder().join("device.json");
    fs::write(&proof, Node::device_proof(&base, &community.chain(), &thief.address)?.to_string())?;
    let proof = proof.to_string_lossy();
    let signed: [&[&str]; 5] = [
        &["vouch", candidate],
        &["device", "add", &proof],
        &["guardians", "reset"],
        &["refresh", "ledger"],
        &["leave", "--yes"],
    ];
    for command in signed {
        let (code, said) = thief.refused(command)?;
        ensure!(code == 3 && said.contains("counts for nothing"), "kith {}: {code} {said}", command.join(" "));
    }
    for command in [&["publish", ledger, "--name", "ledger"][..], &["grant", "ledger", candidate]] {
        let (code, said) = thief.refused(command)?;
        ensure!(said.contains("not a member") || said.contains("counts for nothing"), "{}: {code} {said}", command[0]);
    }
    Ok(())
}

/// Ben's guardians give him a new key while the stolen one is frozen; the thief tries to stop them.
fn new_key(community: &Community, node: &Node, ben: &Person, thief: &Person) -> Result<Person> {
    let [ada, _, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    let again = community.newcomer("ben-again", node)?;
    let request = community.folder().join("request.json").to_string_lossy().into_owned();
    again.kith(&["recover", "request", "--person", &ben.address, "--out", &request])?;
    ada.kith(&["recover", "propose", &request])?;
    let agreed = cleo.kith(&["recover", "propose", &request])?;
    let due = agreed["due"].as_u64().with_context(|| agreed.to_string())?;
    let (code, said) = thief.refused(&["recover", "veto"])?;
    ensure!(code == 3 && said.contains("counts for nothing"), "a veto by a frozen key: {code} {said}");
    node.wait_for_block(due)?;
    let now = ada.kith(&["recover", "complete", "1"])?;
    ensure!(now["account"] == json!(again.address) && now["frozen"] == false, "{now}");
    Ok(again)
}

/// Cleo wrote a document while her machine was hers; whoever finds the machine stolen submits it.
fn revoked(community: &Community, ben: &Person) -> Result<()> {
    let [ada, _, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    let document = community.folder().join("revocation.json").to_string_lossy().into_owned();
    cleo.kith(&["--node", "ws://127.0.0.1:9", "revocation", "write", "--out", &document])?;
    let altered = community.folder().join("altered.json").to_string_lossy().into_owned();
    fs::write(&altered, fs::read_to_string(&document)?.replacen(&cleo.address, &ada.address, 1))?;
    let (code, said) = ada.refused(&["revocation", "submit", &altered])?;
    ensure!(code == 2 && said.contains("was altered"), "another's key: {code} {said}");

    let frozen = ada.kith(&["revocation", "submit", &document])?;
    ensure!(frozen == json!({ "person": 2, "frozen": true, "revoked": true }), "{frozen}");
    let (code, said) = cleo.refused(&["guardians", "reset"])?;
    ensure!(code == 3 && said.contains("counts for nothing"), "a revoked key: {code} {said}");
    let (code, said) = ben.refused(&["unfreeze", "2"])?;
    ensure!(code == 3 && said.contains("only a new one helps"), "{code} {said}");
    Ok(())
}

/// Guardians who are wrong, or in league, are stopped by the person.
fn vetoed(community: &Community, ada: &Person, ben: &Person) -> Result<()> {
    let stranger = Person::new(&community.folder().join("stranger"))?;
    stranger.kith(&["init", "--community", &community.chain()])?;
    let request = community.folder().join("wrong.json").to_string_lossy().into_owned();
    stranger.kith(&["recover", "request", "--person", "1", "--out", &request])?;
    ada.kith(&["recover", "propose", &request])?;
    let shown = ben.kith(&["status"])?["me"]["motions"].clone();
    ensure!(shown[0]["vetoable"] == true, "ben is not told: {shown}");
    let vetoed = ben.kith(&["recover", "veto"])?;
    ensure!(vetoed["motion"] == shown[0]["id"], "{vetoed}");
    ensure!(ben.kith(&["status"])?["me"]["motions"] == json!([]), "the motion is still open");
    Ok(())
}
