// SPDX-License-Identifier: Apache-2.0
//! What is typed wrongly is refused with the cause and the fix, without a node and without a companion.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{ensure, Context, Result};
use kith_testkit::{program, Person};
use serde_json::Value;

/// Commands, the exit code they end with, and words they say.
type Cases<'a> = &'a [(&'a [&'a str], i32, &'a str)];

fn refused(person: &Person, cases: Cases<'_>) -> Result<()> {
    for (arguments, expected, words) in cases {
        let (code, said) = person.refused(arguments)?;
        ensure!(code == *expected && said.contains(words), "kith {}: {code}, {said}", arguments.join(" "));
        let told: Value = serde_json::from_str(said.lines().next().unwrap_or_default())
            .with_context(|| format!("kith --json {} said {said}", arguments.join(" ")))?;
        ensure!(told["code"] == *expected && told["error"].is_string(), "kith {}: {told}", arguments.join(" "));
    }
    Ok(())
}

#[test]
fn mistakes_are_told_apart_and_change_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let person = Person::new(&folder.path().join("ada"))?;
    let keys = fs::read(person.home.join("keys.json"))?;
    let text = |name: &str, content: &str| -> Result<String> {
        let file = folder.path().join(name);
        fs::write(&file, content)?;
        Ok(file.to_string_lossy().into_owned())
    };
    let (nothing, nonsense) = (text("gone", "")?, text("nonsense.json", "[]")?);
    fs::remove_file(&nothing)?;
    refused(
        &person,
        &[
            (&["init"], 2, "there are keys already"),
            (&["init", "--community", "0x12"], 2, "no genesis hash"),
            (&["init", "--community", &nonsense], 2, "cannot tell the genesis hash"),
            (&["apply"], 2, "which community to apply to"),
            (&["recover", "request", "--person", "0"], 2, "does not know its community"),
            (&["revocation", "write"], 2, "does not know its community"),
            (&["certificate", "show", &nonsense], 2, "does not know its community"),
            (&["certificate", "merge"], 2, "required"),
            (&["guardians", "choose"], 2, "required"),
            (&["override", "set", "threshold", "2"], 2, "It has admission_threshold, vouch_stock"),
            (&["override", "set", "vouch_stock", "101"], 2, "can be 1 to 100"),
            (&["override", "set", "vouch_stock", "many"], 2, "invalid digit"),
            (&["up", "--port", "0", "--store-port", "0"], 2, "which community it belongs to"),
            (&["sponsor", &nothing], 2, "cannot read"),
            (&["sponsor", &nonsense], 2, "is no application"),
            (&["device", "add", &nothing], 2, "cannot read"),
            (&["device", "add", &nonsense], 2, "is no device proof"),
            (&["device", "remove", "0xzz"], 2, "hexadecimal"),
            (&["publish", &nothing, "--name", "notes"], 2, "cannot read"),
            (&["publish", &nonsense, "--name", "notes"], 4, "kith up"),
            (&["--node", "ws://127.0.0.1:9", "vouch", "0"], 4, "no node answers"),
            (&["community", "new", &nothing], 2, "cannot read"),
            (&["fly"], 2, "unrecognized subcommand"),
        ],
    )?;
    person.kith(&["init", "--community", &"0".repeat(64)])?;
    refused(
        &person,
        &[
            (&["certificate", "new", &nonsense], 2, "is no application"),
            (&["certificate", "show", &nonsense], 2, "is no certificate"),
            (&["certificate", "show", "KITH:CERTIFICATE:1:AAAA"], 2, "the text is no certificate's"),
            (&["certificate", "sign", &nothing], 2, "cannot read"),
            (&["recover", "propose", &nonsense], 2, "is no request for a new key"),
            (&["revocation", "submit", &nonsense], 2, "is no revocation document"),
            (&["--node", "ws://127.0.0.1:9", "freeze", "0"], 4, "no node answers"),
        ],
    )?;
    ensure!(fs::read(person.home.join("keys.json"))? == keys, "the keys were changed");
    Ok(())
}

#[test]
fn a_password_is_asked_for_and_a_wrong_one_opens_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let person = Person::new(&folder.path().join("ada"))?;
    person.kith(&["init", "--community", &"0".repeat(64)])?;
    let apply = |home: &Path, password: Option<&str>| -> Result<(Option<i32>, String)> {
        let mut command = Command::new(program("kith")?);
        command.arg("--home").arg(home).arg("apply").env_remove("KITH_PASSWORD");
        if let Some(password) = password {
            command.env("KITH_PASSWORD", password);
        }
        let done = command.output()?;
        Ok((done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned()))
    };
    let (code, said) = apply(&person.home, None)?;
    ensure!(code == Some(1) && said.contains("no terminal") && said.contains("KITH_PASSWORD"), "{code:?} {said}");
    let (code, said) = apply(&person.home, Some("battery"))?;
    ensure!(code == Some(2) && said.contains("password"), "{code:?} {said}");
    let (code, said) = apply(&folder.path().join("nobody"), Some("battery"))?;
    ensure!(code != Some(0) && !said.is_empty(), "keys that are not there: {code:?} {said}");
    Ok(())
}

#[test]
fn keys_come_back_from_their_words_and_open_with_a_password_from_a_descriptor() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let home = |who: &str| folder.path().join(who);
    // Someone types a command, with a password in the environment, and something into stdin.
    let kith = |who: &str, arguments: &[&str], password: Option<&str>, typed: &str| -> Result<(Option<i32>, Value)> {
        let mut command = Command::new(program("kith")?);
        command.arg("--json").arg("--home").arg(home(who)).args(arguments).env_remove("KITH_PASSWORD");
        command.envs(password.map(|password| ("KITH_PASSWORD", password)));
        let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        running.stdin.take().context("no stdin")?.write_all(typed.as_bytes())?;
        let done = running.wait_with_output()?;
        Ok((done.status.code(), serde_json::from_slice(&done.stdout)?))
    };
    let (code, made) = kith("old", &["init"], Some("battery"), "")?;
    let phrase = made["phrase"].as_str().context("no phrase")?;
    ensure!(code == Some(0) && phrase.split(' ').count() == 12, "{code:?}");

    let (code, back) = kith("new", &["init", "--restore"], Some("staple"), &format!("{phrase}\n"))?;
    ensure!(code == Some(0) && back["phrase"].is_null(), "{code:?} {back}");
    ensure!(back["address"] == made["address"] && back["encryption_key"] == made["encryption_key"], "{back}");
    ensure!(!fs::read_to_string(home("new").join("keys.json"))?.contains(phrase), "the words lie in the key file");
    let (code, said) = kith("nobody", &["init", "--restore"], Some("staple"), "these are not the words\n")?;
    ensure!(code == Some(2) && !home("nobody").join("keys.json").exists(), "{code:?} {said}");

    let community = "0".repeat(64);
    ensure!(kith("new", &["init", "--community", &community], None, "")?.0 == Some(0));
    let (code, application) = kith("new", &["--password-fd", "0", "apply"], None, "staple\n")?;
    ensure!(code == Some(0), "{code:?} {application}");
    let (code, said) = kith("new", &["--password-fd", "0", "apply"], Some("staple"), "battery\n")?;
    ensure!(code == Some(2), "the environment went before the descriptor: {code:?} {said}");
    Ok(())
}
