// SPDX-License-Identifier: Apache-2.0
//! What a member sees of their community on the dashboard, in a real browser, and stops there; looking changes nothing.

use anyhow::{ensure, Context, Result};
use kith_testkit::{get, wait_for, Community, Companion, Person};
use serde_json::json;

use crate::browser;

/// The titles of its parts.
const PARTS: [&str; 7] = ["You", "Waiting for you", "Your key", "Who vouches for you", "Store", "Resources", "Members"];
/// The chain's word for what shows that vouches link somebody to the others. No member need ever have heard it.
const INNER_WORD: &str = "witness";

/// Opens the dashboard of a founder for whom both others vouch, in a community where something is called `resource`.
pub(crate) fn shows_the_community(companion: &Companion, others: [&Person; 2], resource: &str) -> Result<()> {
    let link = link(companion)?;
    let text = wait_for("the dashboard to show the state", || {
        let text = browser::open(link)?["text"].as_str().unwrap_or_default().to_owned();
        Ok(Some(text).filter(|text| text.contains("Member number")))
    })?;
    for part in PARTS {
        ensure!(text.lines().any(|line| line == part), "no part is called {part}: {text}");
    }
    ensure!(text.contains("garden") && text.contains("2 vouches of the 2 needed."), "{text}");
    ensure!(text.contains(resource), "{resource} is not listed: {text}");
    for other in others {
        // Once as who vouches, once as a member.
        ensure!(text.matches(&short(&other.address)).count() == 2, "{} is not listed twice: {text}", other.address);
    }

    let token = link.rsplit('=').next().unwrap_or_default();
    let local = format!("Host: localhost:{}\r\nAuthorization: Bearer {token}\r\n", companion.port);
    let asked = get(companion.port, &format!("GET /api/v1/approvals/veto-0 HTTP/1.1\r\n{local}"))?;
    ensure!(asked.status == 405, "to look was taken for a decision: {}", asked.status);
    // All that the page can ever say is in its script and in the state.
    for (path, known) in [("/dashboard.js", "Who vouches for you"), ("/api/v1/state", "received_vouches")] {
        let sent = get(companion.port, &format!("GET {path} HTTP/1.1\r\n{local}"))?.text();
        ensure!(sent.contains(known), "{path} is not what the page is made of: {sent}");
        ensure!(!sent.to_lowercase().contains(INNER_WORD), "{path} speaks of a {INNER_WORD}: {sent}");
    }
    ensure!(!text.to_lowercase().contains(INNER_WORD), "the page speaks of a {INNER_WORD}: {text}");
    Ok(())
}

/// All guardians of a person agree to give their key to somebody else. The person sees it, on the command line and on the
/// dashboard, and stops it with the button there.
pub(crate) fn stops_a_new_key(community: &Community, companion: &Companion, guardians: [&Person; 2]) -> Result<()> {
    let owner = &companion.person;
    let impostor = Person::new(&community.folder().join("impostor"))?;
    impostor.kith(&["init", "--community", &community.chain()])?;
    let number = owner.kith(&["status"])?["me"]["member_id"].to_string();
    let request = community.folder().join("impostor.json").to_string_lossy().into_owned();
    impostor.kith(&["recover", "request", "--person", &number, "--out", &request])?;
    for guardian in guardians {
        guardian.kith(&["recover", "propose", &request])?;
    }
    let aim = format!("give the person the key {}", impostor.address);
    let told = wait_for("the owner's companion to see it", || {
        let told = owner.kith(&["status"])?["me"]["motions"].clone();
        Ok(Some(told).filter(|told| told[0]["progress"].as_str().is_some_and(|said| said.contains("agreed by"))))
    })?;
    ensure!(told[0]["aim"] == json!(aim) && told[0]["vetoable"] == true, "the owner is told {told}");

    let (before, after) = browser::press(link(companion)?, "Veto")?;
    ensure!(before.contains("1 approval waiting"), "nothing waits: {before}");
    ensure!(before.contains(&format!("Guardians want to {aim} instead of yours: agreed by members")), "{before}");
    ensure!(!after.contains("approval waiting") && !after.contains(&impostor.address), "it is shown still: {after}");

    let state = owner.kith(&["status"])?;
    ensure!(state["me"]["motions"] == json!([]) && state["approvals"] == json!([]), "it is open still: {state}");
    let (code, said) = guardians[0].refused(&["recover", "complete", &number])?;
    ensure!(code == 2 && said.contains("nothing like this is moved"), "what was stopped went on: {code} {said}");
    let known =
        state["members"].as_array().context("no members")?.iter().find(|one| one["id"] == state["me"]["member_id"]);
    ensure!(known.is_some_and(|one| one["address"] == json!(owner.address)), "the key was given away: {state}");
    Ok(())
}

/// The link to the dashboard.
fn link(companion: &Companion) -> Result<&str> {
    companion.greeting["dashboard"].as_str().context("no link to the dashboard")
}

/// An address as the dashboard shows it.
fn short(address: &str) -> String {
    format!("{}…{}", &address[..8], &address[address.len() - 6..])
}
