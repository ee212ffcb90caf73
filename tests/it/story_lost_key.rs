// SPDX-License-Identifier: Apache-2.0
//! **Lost key.** A member's laptop is gone, with everything on it; two guardians give the person a new key, and all that was
//! theirs is theirs again: number, vouches, money, name, grants, and what only they could read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Person};
use serde_json::{json, Value};

/// The number of the founder who loses the key.
const CLEO: u64 = 2;

#[test]
fn story() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&["--provide"])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    let dora = admitted_by_certificate(&community, &node)?;

    let _others = [Companion::up(ada)?, Companion::up(ben)?];
    let laptop = Companion::up(cleo)?;
    laptop.wait_for_peers(1)?;
    publish(&community, ada, "recipes", "leek soup")?;
    ada.kith(&["grant", "recipes", &CLEO.to_string()])?;
    reads(cleo, "recipes", "leek soup")?;
    let diary = publish(&community, cleo, "diary", "dear diary")?;
    cleo.kith(&["grant", "diary", "1"])?;
    reads(ben, "diary", "dear diary")?;
    ben.kith(&["subscribe", "diary"])?;
    println!("✓ cleo reads what ada granted, and ben what cleo did");

    ensure!(laptop.stop(), "the companion did not stop by itself");
    let stolen = copy_of(&community, cleo)?;
    fs::remove_dir_all(&cleo.home)?;
    let cleo = &community.newcomer("cleo-again", &node)?;
    println!("✓ the laptop is gone; on another machine cleo made new keys");

    let request = given_new_key(&community, &node, cleo)?;
    println!("✓ two guardians approved what the new key signed; after the delay it is cleo's");
    the_same_person(cleo, &dora)?;
    println!("✓ the number, and the vouches received and given, are cleo's as before");

    for command in [&["vouch", "3"][..], &["refresh", "diary"], &["guardians", "choose", "0", "1"]] {
        let (code, said) = stolen.refused(command)?;
        ensure!(code == 3 && said.contains("counts for nothing"), "the old key: {command:?}: {code} {said}");
    }
    let (_, said) = ada.refused(&["recover", "propose", &request])?;
    ensure!(said.contains("AccountInUse"), "a request used twice: {said}");
    println!("✓ the old key signs nothing that counts, and the request is good once");

    let companion = Companion::up(cleo)?;
    companion.wait_for_peers(1)?;
    let devices = cleo.kith(&["device", "list"])?;
    ensure!(
        devices["devices"].as_array().is_some_and(|all| all.len() == 2),
        "the new device beside the old: {devices}"
    );
    reads(cleo, "recipes", "leek soup")?;
    println!("✓ ada's companion wrapped the key of her recipes for cleo anew");
    reads(cleo, "diary", "dear diary")?;
    println!("✓ ben's companion handed cleo the key of her own diary");
    let again = publish(&community, cleo, "diary", "dear diary, I am back")?;
    ensure!(again["resource"] == diary["resource"] && again["version"] == 2, "{again}");
    reads(ben, "diary", "dear diary, I am back")?;
    println!("✓ cleo publishes under her name and from her money, and ben reads it");
    println!("lost-key: 1 person, 2 of 2 guardians, 2 resources readable again, 0 transactions by the old key");
    Ok(())
}

/// Dora becomes a member by a file that two members signed without a network.
fn admitted_by_certificate(community: &Community, node: &Node) -> Result<Person> {
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    let dora = community.newcomer("dora", node)?;
    let file = |name: &str| community.folder().join(name).to_string_lossy().into_owned();
    let (application, blank, one, two, both) =
        (file("dora.json"), file("blank.json"), file("one.json"), file("two.json"), file("both.json"));
    dora.kith(&["apply", "--out", &application])?;
    ben.kith(&["certificate", "new", &application, "--expires-in", "600", "--out", &blank])?;
    ada.kith(&["--node", "ws://127.0.0.1:9", "certificate", "sign", &blank, "--out", &one])?;
    let text = ben.kith(&["certificate", "show", "--qr", &blank])?;
    let text = text["text"].as_str().context("a text")?;
    cleo.kith(&["--node", "ws://127.0.0.1:9", "certificate", "sign", text, "--out", &two])?;

    let (code, said) = ben.refused(&["certificate", "submit", &one])?;
    ensure!(code == 3 && said.contains("TooFewSignatures"), "one of two signatures: {code} {said}");
    let (code, said) = ada.refused(&["certificate", "sign", &one])?;
    ensure!(code == 2 && said.contains("signed the certificate twice"), "a second signature: {code} {said}");
    let altered = fs::read_to_string(&one)?.replacen(&ada.address, &ben.address, 1);
    fs::write(file("altered.json"), altered)?;
    let (code, said) = ben.refused(&["certificate", "show", &file("altered.json")])?;
    ensure!(code == 2 && said.contains("was altered"), "another signer's name: {code} {said}");

    ben.kith(&["certificate", "merge", &one, &two, "--out", &both])?;
    let shown = ben.kith(&["certificate", "show", &both])?;
    ensure!(shown["missing"] == 0 && shown["newcomer"] == json!(dora.address), "{shown}");
    let sent = || Ok::<_, anyhow::Error>(node.call("system_accountNextIndex", json!([ben.address]))?.as_u64());
    let before = sent()?.context("a number")?;
    let member = ben.kith(&["certificate", "submit", &both])?;
    ensure!(member["standing"] == "member" && member["vouches"] == 2, "{member}");
    ensure!(sent()? == Some(before + 1), "not in one transaction");
    let (code, said) = ben.refused(&["certificate", "submit", &both])?;
    ensure!(code == 3 && said.contains("AccountInUse"), "a certificate used twice: {code} {said}");
    println!("✓ a certificate with two signatures, put together from a file and a QR text, admitted dora in one transaction; with one it did not");
    Ok(dora)
}

/// Guardians propose, approve and complete; the request's file.
fn given_new_key(community: &Community, node: &Node, cleo: &Person) -> Result<String> {
    let [ada, ben, _] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    let request = community.folder().join("request.json").to_string_lossy().into_owned();
    let number = CLEO.to_string();
    cleo.kith(&["--node", "ws://127.0.0.1:9", "recover", "request", "--person", &number, "--out", &request])?;
    ensure!(cleo.kith(&["status"])?["me"]["standing"] == "stranger", "the chain knows the new key already");
    let (code, said) = cleo.refused(&["guardians", "show"])?;
    ensure!(code == 2 && said.contains("does not know you"), "a stranger's guardians: {code} {said}");
    let opened = ada.kith(&["recover", "propose", &request])?;
    ensure!(opened["approvals"] == json!([0]) && opened["due"].is_null(), "{opened}");
    let (code, said) = ada.refused(&["recover", "complete", &number])?;
    ensure!(code == 3 && said.contains("NotAgreed"), "one guardian of two: {code} {said}");
    let agreed = ben.kith(&["recover", "approve", &number])?;
    let due = agreed["due"].as_u64().with_context(|| agreed.to_string())?;
    let shown = ben.kith(&["recover", "show", &number])?;
    ensure!(shown["keys"]["motions"].as_array().is_some_and(|all| all.len() == 1), "{shown}");
    if node.finalised()? + 3 < due {
        let (code, said) = ben.refused(&["recover", "complete", &number])?;
        ensure!(code == 3 && said.contains("TooEarly"), "before the delay is over: {code} {said}");
    }
    node.wait_for_block(due)?;
    let now = ben.kith(&["recover", "complete", &number])?;
    ensure!(now["account"] == json!(cleo.address), "{now}");
    Ok(request)
}

fn the_same_person(cleo: &Person, dora: &Person) -> Result<()> {
    let me = cleo.kith(&["status"])?["me"].clone();
    ensure!(me["member_id"] == CLEO && me["standing"] == "member", "{me}");
    let mut vouches: Vec<u64> = issuers(&me["received_vouches"])?;
    vouches.sort_unstable();
    ensure!(vouches == [0, 1], "the vouches for cleo: {me}");
    let given = issuers(&dora.kith(&["status"])?["me"]["received_vouches"])?;
    ensure!(given.contains(&CLEO), "the vouch cleo gave: {given:?}");
    Ok(())
}

fn issuers(vouches: &Value) -> Result<Vec<u64>> {
    let all = vouches.as_array().with_context(|| vouches.to_string())?;
    Ok(all.iter().filter_map(|vouch| vouch["issuer"].as_u64()).collect())
}

/// Someone else with a copy of all that lies in a home.
fn copy_of(community: &Community, person: &Person) -> Result<Person> {
    let home = community.folder().join("copy");
    let done = std::process::Command::new("cp").arg("-a").args([&person.home, &home]).status()?;
    ensure!(done.success(), "{} was not copied", person.home.display());
    Ok(Person { home, ..person.clone() })
}

/// Publishes a file with this text.
fn publish(community: &Community, by: &Person, name: &str, text: &str) -> Result<Value> {
    let folder: PathBuf = community.folder().join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("text.txt"), text)?;
    let path = folder.to_string_lossy().into_owned();
    wait_for("a version to be final", || by.kith(&["publish", &path, "--name", name]).map(Some))
}

/// Waits until someone reads this text.
fn reads(by: &Person, name: &str, text: &str) -> Result<()> {
    let out: &Path = &by.home.join("out");
    wait_for(&format!("{name} to say {text}"), || {
        by.kith(&["get", name, "text.txt", "--out", &out.to_string_lossy()])?;
        Ok((fs::read_to_string(out.join("text.txt"))? == text).then_some(()))
    })
}
