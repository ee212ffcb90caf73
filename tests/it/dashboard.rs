// SPDX-License-Identifier: Apache-2.0
//! What a member sees of their community on the dashboard, in a real browser; looking changes nothing.

use anyhow::{ensure, Context, Result};
use kith_testkit::{get, wait_for, Companion, Person};

use crate::browser;

/// The titles of its parts.
const PARTS: [&str; 7] = ["You", "Waiting for you", "Your key", "Who vouches for you", "Store", "Resources", "Members"];

/// Opens the dashboard of a founder for whom both others vouch, in a community where something is called `resource`.
pub(crate) fn shows_the_community(companion: &Companion, others: [&Person; 2], resource: &str) -> Result<()> {
    let link = companion.greeting["dashboard"].as_str().context("no link to the dashboard")?;
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
    Ok(())
}

/// An address as the dashboard shows it.
fn short(address: &str) -> String {
    format!("{}…{}", &address[..8], &address[address.len() - 6..])
}
