// SPDX-License-Identifier: Apache-2.0
//! That a member is linked to the others holds for a term. Whoever has a companion running never notices: it proves it anew
//! in time. Those who have none get a grace, and the companions of members who vouch for them do it.

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Plan};
use serde_json::{json, Value};

/// Blocks for which a proof holds.
const TERM: u64 = 45;
/// Blocks before its end from which it can be given anew: more than a request and a proof take.
const WINDOW: u64 = 35;
/// Blocks after its end in which others may help: many turns of those who vouch.
const GRACE: u64 = 120;
/// The numbers of the four founders; the first has a companion running.
const ALL: [u64; 4] = [0, 1, 2, 3];
const ADA: u64 = 0;

#[test]
fn companions_keep_their_people_members_and_those_they_vouch_for() -> Result<()> {
    let rules = [("proof_validity", TERM), ("renewal_window", WINDOW), ("lapse_grace", GRACE)];
    let community = Community::found_with("garden", &Plan { founders: ALL.len(), rules: &rules, ..Plan::default() })?;
    let node = community.start(&["--no-store"])?;
    let [ada, ..] = community.founders.as_slice() else { bail!("four founders") };

    node.wait_for_block(TERM + 2)?;
    for id in ALL {
        ensure!(lapses_at(&node, id, None)? == json!(TERM + GRACE), "nobody proved anything, and {id} has no grace");
    }
    let state = ada.kith(&["status"])?;
    ensure!(state["me"]["standing"] == "member" && state["me"]["lapses_at"] == TERM + GRACE, "{state}");

    let _companion = Companion::up(ada)?;
    wait_for("ada's companion to help all four", || {
        let lapsing: Result<Vec<Value>> = ALL.iter().map(|id| lapses_at(&node, *id, None)).collect();
        Ok(lapsing?.iter().all(Value::is_null).then_some(()))
    })?;
    let helped = node.finalised()?;
    ensure!(helped < TERM + GRACE, "the grace was over");

    node.wait_for_block(helped + TERM + 5)?;
    for block in helped..=node.finalised()? {
        ensure!(
            lapses_at(&node, ADA, Some(block))?.is_null(),
            "ada's companion let her term end, seen in block {block}"
        );
    }
    Ok(())
}

/// The block in which a member lapses unless they get what they lack, as seen in a block or in the last final one; null
/// if they lack nothing.
fn lapses_at(node: &Node, id: u64, block: Option<u64>) -> Result<Value> {
    let at = block.map(|block| node.call("chain_getBlockHash", json!([block]))).transpose()?;
    let member = node.call("kith_member", json!([id, at]))?;
    ensure!(member["standing"] == "member", "{member}");
    member.get("lapsesAt").cloned().with_context(|| member.to_string())
}
