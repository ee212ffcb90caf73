// SPDX-License-Identifier: Apache-2.0
//! What members do every day: ask the doctor, look at the dashboard and decide there, extend a lease, follow, revoke, publish
//! for everyone, and miss their node.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::{ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Person};
use serde_json::{json, Value};

use crate::dashboard;

#[test]
fn everyday_commands_do_what_they_say() -> Result<()> {
    let community = Community::found("garden")?;
    let node = community.start(&["--provide"])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { anyhow::bail!("three founders") };
    community.bind_store(&node.base, ada)?;
    let dora = community.newcomer("dora", &node)?;
    the_doctor_finds_what_is_wrong(&dora)?;

    let companions = [Companion::up(ada)?, Companion::up(ben)?, Companion::up(cleo)?];
    let well = wait_for("everything to be well", || {
        Ok(Some(ada.kith(&["doctor"])?).filter(|report| report["healthy"] == true))
    })?;
    ensure!(well["findings"].as_array().is_some_and(|all| all.iter().all(|one| one["fault"].is_null())), "{well}");

    let notes = community.folder().join("notes");
    let resource = publish(ada, &notes, "first", &[])?["resource"].clone();
    dashboard::shows_the_community(&companions[0], [ben, cleo], "notes")?;
    dashboard::stops_a_new_key(&community, &companions[0], [ben, cleo])?;
    leases_are_extended(&node, ada, ben, cleo)?;
    followers_keep_up(ada, ben, &notes, &resource)?;
    revoked_readers_read_nothing_new(&node, [ada, ben, cleo], &notes, &resource)?;
    mistakes_are_told_apart([ada, ben, cleo], &notes)?;
    everyone_reads_what_is_for_everyone(&community, [ada, ben, cleo], &dora)?;
    a_node_that_is_gone_is_told_from_mistakes(node, ada, ben, &notes)
}

fn the_doctor_finds_what_is_wrong(dora: &Person) -> Result<()> {
    let report = faults(dora, &["doctor"])?;
    ensure!(report["healthy"] == false, "{report}");
    ensure!(fault(&report, "you are a member")?.contains("kith apply"), "{report}");
    ensure!(fault(&report, "the companion runs and is connected")?.contains("kith up"), "{report}");
    for what in ["your folder is yours alone", "your keys are there", "this machine knows its community"] {
        ensure!(fault(&report, what)?.is_empty(), "{report}");
    }
    ensure!(fault(&report, "the node answers and finalises")?.is_empty(), "{report}");

    let alone = faults(dora, &["--node", "ws://127.0.0.1:9", "doctor"])?;
    ensure!(fault(&alone, "the node answers and finalises")?.contains("no node answers"), "{alone}");
    fs::set_permissions(&dora.home, fs::Permissions::from_mode(0o755))?;
    let open = faults(dora, &["doctor"])?;
    ensure!(fault(&open, "your folder is yours alone")?.contains("chmod 700"), "{open}");
    fs::set_permissions(&dora.home, fs::Permissions::from_mode(0o700))?;
    Ok(())
}

/// What the doctor, asked so, says of a machine on which something is wrong.
fn faults(of: &Person, asked: &[&str]) -> Result<Value> {
    let (code, said) = of.refused(asked)?;
    ensure!(code == 1, "the doctor exited with {code}: {said}");
    Ok(serde_json::from_str(said.lines().next().unwrap_or_default())?)
}

/// What the doctor says is wrong with one thing; nothing if it is well.
fn fault(report: &Value, what: &str) -> Result<String> {
    let findings = report["findings"].as_array().context("no findings")?;
    let finding = findings.iter().find(|finding| finding["what"] == what);
    let finding = finding.with_context(|| format!("the doctor does not look whether {what}"))?;
    Ok(finding["fault"].as_str().unwrap_or_default().to_owned())
}

/// Publishes a folder of one file with this text, under the folder's name.
fn publish(by: &Person, folder: &Path, text: &str, flags: &[&str]) -> Result<Value> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("text.txt"), text)?;
    let (path, name) = (folder.to_string_lossy(), folder.file_name().context("a name")?.to_string_lossy());
    wait_for("a version to be final", || by.kith(&[&["publish", &path, "--name", &name], flags].concat()).map(Some))
}

fn read(by: &Person, name: &str) -> Result<String> {
    let out = by.home.join("out");
    by.kith(&["get", name, "text.txt", "--out", &out.to_string_lossy()])?;
    Ok(fs::read_to_string(out.join("text.txt"))?)
}

/// Waits until someone reads this text.
fn reads(by: &Person, name: &str, text: &str) -> Result<()> {
    wait_for(&format!("{name} to say {text}"), || Ok((read(by, name)? == text).then_some(())))
}

fn leases_are_extended(node: &Node, ada: &Person, ben: &Person, cleo: &Person) -> Result<()> {
    let until = |said: &Value| said["lease_until"].as_u64().with_context(|| said.to_string());
    let by_owner = until(&ada.kith(&["refresh", "notes"])?)?;
    let granted = ada.kith(&["grant", "notes", &ben.address])?;
    ensure!(granted["reader"] == 1 && granted["epoch"] == 0, "{granted}");
    reads(ben, "notes", "first")?;
    node.wait_for_block(node.finalised()? + 2)?;
    let by_reader = until(&ben.kith(&["refresh", "notes"])?)?;
    ensure!(by_reader > by_owner, "a reader's refresh left the lease at {by_reader}, it was {by_owner}");
    let (code, said) = cleo.refused(&["refresh", "notes"])?;
    ensure!(code == 3 && said.contains("NotReader"), "a member without a grant: {code} {said}");
    let (code, said) = ada.refused(&["refresh", "nothing-here"])?;
    ensure!(code == 2 && said.contains("no resource is called"), "an unknown name: {code} {said}");
    Ok(())
}

fn followers_keep_up(ada: &Person, ben: &Person, notes: &Path, resource: &Value) -> Result<()> {
    for _ in 0..2 {
        let following = ben.kith(&["subscribe", "notes"])?;
        ensure!(following == json!({ "resource": resource, "version": 1 }), "{following}");
    }
    let (code, said) = ben.refused(&["subscribe", "nothing-here"])?;
    ensure!(code == 2 && said.contains("no resource is called"), "an unknown name: {code} {said}");
    let second = publish(ada, notes, "second", &[])?;
    ensure!(second["version"] == 2, "{second}");
    let pin = ben.home.join(format!("store/pins/follow%2f{resource}"));
    wait_for("the follower to hold the second version", || {
        Ok((second["root"] == fs::read_to_string(&pin)?.trim()).then_some(()))
    })?;
    reads(ben, "notes", "second")
}

fn revoked_readers_read_nothing_new(
    node: &Node,
    [ada, ben, cleo]: [&Person; 3],
    notes: &Path,
    resource: &Value,
) -> Result<()> {
    ada.kith(&["grant", "notes", &cleo.address])?;
    let revoked = ada.kith(&["revoke", "notes", &ben.address])?;
    ensure!(revoked == json!({ "resource": resource, "reader": 1 }), "{revoked}");
    let (code, said) = ada.refused(&["revoke", "notes", &ben.address])?;
    ensure!(code == 3 && said.contains("NotGranted"), "a right ended twice: {code} {said}");
    let readers = node.call("kith_readers", json!([resource]))?;
    ensure!(readers.as_array().is_some_and(|all| !all.contains(&json!(1)) && all.contains(&json!(2))), "{readers}");

    ensure!(publish(ada, notes, "third", &[])?["version"] == 3);
    reads(cleo, "notes", "third")?;
    let (_, said) = ben.refused(&["get", "notes", "--out", &ben.home.join("late").to_string_lossy()])?;
    ensure!(said.contains("not granted") && !ben.home.join("late").exists(), "{said}");
    Ok(())
}

fn mistakes_are_told_apart([ada, ben, cleo]: [&Person; 3], notes: &Path) -> Result<()> {
    let (folder, file) = (notes.to_string_lossy(), notes.join("text.txt").to_string_lossy().into_owned());
    let empty = ben.home.join("empty");
    fs::create_dir_all(&empty)?;
    let (empty, long) = (empty.to_string_lossy(), "x".repeat(64));
    let cases: [(&Person, &[&str], i32, &str); 12] = [
        (ben, &["publish", &folder, "--name", "notes"], 3, "belongs to member 0"),
        (ben, &["publish", &folder, "--name", "Our_Notes"], 2, "only a-z"),
        (ben, &["publish", &folder, "--name", &long], 2, "more than 63"),
        (ben, &["publish", &folder, "--name", "localhost"], 2, "means something already"),
        (ben, &["publish", &folder, "--name", "n0tes"], 3, "ConfusableName"),
        (ben, &["publish", &empty, "--name", "nothing-in-it"], 1, "holds nothing to publish"),
        (ben, &["grant", "notes", &cleo.address], 3, "not yours to grant"),
        (ada, &["grant", "notes", "99"], 2, "knows nobody called 99"),
        (ada, &["vouch", "somebody"], 2, "neither a member number nor an address"),
        (cleo, &["get", "notes", "missing.txt"], 1, "missing.txt"),
        (cleo, &["get", "notes", "--out", &file], 1, "cannot write"),
        (cleo, &["open", "no-such-name"], 2, "no-such-name"),
    ];
    for (by, arguments, expected, words) in cases {
        let (code, said) = by.refused(arguments)?;
        ensure!(code == expected && said.contains(words), "kith {}: {code}, {said}", arguments.join(" "));
    }
    Ok(())
}

fn everyone_reads_what_is_for_everyone(
    community: &Community,
    [ada, ben, cleo]: [&Person; 3],
    dora: &Person,
) -> Result<()> {
    let poster = community.folder().join("poster");
    let published = publish(ada, &poster, "come on Sunday", &["--members"])?;
    ensure!(published["visibility"] == "members", "{published}");
    reads(ben, "poster", "come on Sunday")?;
    reads(cleo, "poster", "come on Sunday")?;

    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let candidate = ada.kith(&["sponsor", &application])?;
    let (code, said) = ada.refused(&["grant", "notes", &candidate["id"].to_string()])?;
    ensure!(code == 3 && said.contains("ReaderNotMember"), "a candidate is granted: {code} {said}");
    let _companion = Companion::up(dora)?;
    ensure!(read(dora, "poster").is_err(), "a candidate reads what is for members");
    let folder = poster.to_string_lossy();
    let (_, said) = dora.refused(&["publish", &folder, "--name", "too-early"])?;
    ensure!(said.contains("not a member of this community yet"), "a candidate publishes: {said}");
    ensure!(ben.kith(&["vouch", &candidate["id"].to_string()])?["standing"] == "member");
    reads(dora, "poster", "come on Sunday")?;

    let (code, said) = ada.refused(&["revoke", "poster", &ben.address])?;
    ensure!(code == 2 && said.contains("for every member"), "one member left out of all: {code} {said}");
    let (_, said) = ada.refused(&["publish", &folder, "--name", "poster", "--public"])?;
    ensure!(said.contains("cannot become Public"), "a name made public: {said}");
    let (code, said) = ada.refused(&["publish", &folder, "--name", "poster", "--public", "--members"])?;
    ensure!(code == 2 && said.contains("cannot be used with"), "for members and for anyone: {code} {said}");
    Ok(())
}

/// The companions run on, and say whom they miss.
fn a_node_that_is_gone_is_told_from_mistakes(node: Node, ada: &Person, ben: &Person, notes: &Path) -> Result<()> {
    node.kill()?;
    let (folder, out) = (notes.to_string_lossy(), ben.home.join("never").to_string_lossy().into_owned());
    let cases: [(&Person, &[&str]); 6] = [
        (ada, &["publish", &folder, "--name", "notes"]),
        (ada, &["grant", "notes", &ben.address]),
        (ben, &["subscribe", "notes"]),
        (ben, &["refresh", "notes"]),
        (ben, &["get", "poster", "--out", &out]),
        (ben, &["open", "poster"]),
    ];
    for (by, arguments) in cases {
        let (code, said) = by.refused(arguments)?;
        ensure!(code == 4 && said.contains("node"), "kith {}: {code}, {said}", arguments.join(" "));
    }
    Ok(())
}
