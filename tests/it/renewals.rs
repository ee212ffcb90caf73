// SPDX-License-Identifier: Apache-2.0
//! A vouch is somebody's word for a time: who gave it is told when it nears its end, and renews it by a command or a button; who
//! takes it back leaves the other with a grace. A newcomer whose time ran out is sponsored anew.

use std::collections::BTreeMap;

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{get, wait_for, Community, Companion, Node, Person, Plan};
use serde_json::{json, Value};

/// Blocks a vouch counts for: those of the founders end together, so many blocks after the founding.
const TERM: u64 = 120;
/// Blocks before its end from which it can be renewed: more than all commands below take.
const WINDOW: u64 = 80;
/// Blocks a candidate has: they are over before the window opens.
const CANDIDATURE: u64 = 20;
/// The numbers of the founders.
const ADA: u64 = 0;
const BEN: u64 = 1;
const CLEO: u64 = 2;

#[test]
fn vouches_are_renewed_and_taken_back_and_a_late_candidate_comes_again() -> Result<()> {
    let rules = [("vouch_validity", TERM), ("renewal_window", WINDOW), ("candidate_lifetime", CANDIDATURE)];
    let community = Community::found_with("garden", &Plan { rules: &rules, ..Plan::default() })?;
    let node = community.start(&["--no-store"])?;
    node.wait_for_block(1)?;
    let [ada, ben, _] = community.founders.as_slice() else { bail!("three founders") };
    let early = to_renew(ada)?;
    ensure!(early.is_empty(), "nothing can be renewed yet, and {early:?} is named");
    a_late_candidate_is_sponsored_anew(&community, &node, ada)?;

    node.wait_for_block(TERM - WINDOW)?;
    a_vouch_is_renewed_by_a_command(ada)?;
    a_vouch_is_renewed_by_a_button(ben)?;
    a_vouch_taken_back_starts_a_grace(&node, ada)
}

fn a_late_candidate_is_sponsored_anew(community: &Community, node: &Node, ada: &Person) -> Result<()> {
    let dora = community.newcomer("dora", node)?;
    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let first = number(&ada.kith(&["sponsor", &application])?, "id")?;
    let since = node.finalised()?;
    let (code, said) = ada.refused(&["sponsor", &application])?;
    ensure!(code == 3 && said.contains("AccountInUse"), "a candidate whose time runs: {code} {said}");

    node.wait_for_block(since + CANDIDATURE)?;
    let again = ada.kith(&["sponsor", &application])?;
    ensure!(number(&again, "pruned")? == first && number(&again, "id")? > first, "{again}");
    ensure!(again["standing"] == "candidate" && again["vouches"] == 1, "{again}");
    Ok(())
}

fn a_vouch_is_renewed_by_a_command(ada: &Person) -> Result<()> {
    let named = to_renew(ada)?;
    ensure!(named.get(&BEN) == Some(&TERM) && named.get(&CLEO) == Some(&TERM), "{named:?}");
    let renewed = ada.kith(&["vouch", &BEN.to_string()])?;
    let until = number(&renewed, "renewedUntil")?;
    ensure!(until > TERM && renewed["vouches"] == 2, "{renewed}");

    let named = to_renew(ada)?;
    ensure!(!named.contains_key(&BEN) && named.get(&CLEO) == Some(&TERM), "{named:?}");
    let (code, said) = ada.refused(&["vouch", &BEN.to_string()])?;
    let when = format!("until block {until}. Renew that from block {} on", until - WINDOW);
    ensure!(code == 3 && said.contains(&when), "renewed twice: {code} {said}");
    Ok(())
}

/// On the dashboard, as its page asks.
fn a_vouch_is_renewed_by_a_button(ben: &Person) -> Result<()> {
    let companion = Companion::up(ben)?;
    let token = std::fs::read_to_string(ben.home.join("api-token"))?;
    let host = format!("Host: localhost:{}\r\nAuthorization: Bearer {token}\r\n", companion.port);
    let waiting = || -> Result<Vec<Value>> {
        let state = get(companion.port, &format!("GET /api/v1/state HTTP/1.1\r\n{host}"))?;
        let state: Value = serde_json::from_slice(&state.body).with_context(|| state.text())?;
        state["approvals"].as_array().cloned().with_context(|| state.to_string())
    };
    let id = format!("renew-{ADA}");
    let button = wait_for("the button", || Ok(waiting()?.into_iter().find(|one| one["id"] == id.as_str())))?;
    ensure!(button["answer"] == "Renew" && button["summary"].to_string().contains(&TERM.to_string()), "{button}");

    let own = format!("{host}Origin: http://localhost:{}\r\nContent-Type: application/json\r\n", companion.port);
    let pressed = get(companion.port, &format!("POST /api/v1/approvals/{id} HTTP/1.1\r\n{own}Content-Length: 0\r\n"))?;
    ensure!(pressed.status == 200, "{}: {}", pressed.status, pressed.text());
    let left = waiting()?;
    ensure!(left.iter().all(|one| one["id"] != id.as_str()), "it waits still: {left:?}");
    ensure!(left.iter().any(|one| one["id"] == format!("renew-{CLEO}").as_str()), "both were renewed: {left:?}");
    Ok(())
}

fn a_vouch_taken_back_starts_a_grace(node: &Node, ada: &Person) -> Result<()> {
    let cleo = CLEO.to_string();
    let (code, said) = ada.refused(&["withdraw", &cleo])?;
    ensure!(code == 2 && said.contains("--yes"), "nobody was asked, and it was done: {code} {said}");
    let before = node.call("kith_member", json!([CLEO]))?;
    ensure!(before["lapsesAt"].is_null() && before["vouches"] == 2, "{before}");

    let withdrawn = ada.kith(&["withdraw", &cleo, "--yes"])?;
    ensure!(withdrawn["standing"] == "member" && withdrawn["vouches"] == 1, "{withdrawn}");
    ensure!(number(&withdrawn, "lapsesAt")? > node.finalised()?, "{withdrawn}");
    let (code, said) = ada.refused(&["withdraw", &cleo, "--yes"])?;
    ensure!(code == 3 && said.contains("do not vouch for person 2"), "taken back twice: {code} {said}");
    // The grace runs already, and no rule has changed.
    let (code, said) = ada.refused(&["reconsider", &cleo])?;
    ensure!(code == 3 && said.contains("Unchanged"), "{code} {said}");
    Ok(())
}

/// For whom somebody's vouches can be renewed, as `kith status` says it, and until when each counts.
fn to_renew(of: &Person) -> Result<BTreeMap<u64, u64>> {
    let status = of.kith(&["status"])?;
    let vouches = status["me"]["vouches_to_renew"].as_array().with_context(|| status.to_string())?;
    vouches.iter().map(|vouch| Ok((number(vouch, "subject")?, number(vouch, "expires")?))).collect()
}

fn number(value: &Value, key: &str) -> Result<u64> {
    value[key].as_u64().with_context(|| format!("no {key} in {value}"))
}
