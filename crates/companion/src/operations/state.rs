// SPDX-License-Identifier: Apache-2.0
//! What the companion knows of its person, its community and itself: for `kith status` and the dashboard.

use kith_chain::View;
use kith_primitives::{member::Standing, runtime_api::MemberView, AccountId};
use kith_store::store::DEFAULT_BUDGET_BYTES;
use serde_json::{json, Value};

use crate::{
    daemon::Parts,
    person::address,
    report::{Done, Failure},
};

/// The state, in the shape `web/dashboard/state.ts` describes.
pub(crate) async fn state(parts: &Parts) -> Result<Value, Failure> {
    let companion = &parts.companion;
    let chain = companion.link.chain()?;
    let view = chain.view().await?;
    let account = companion.person.account();
    let me = view.member_of(&AccountId::new(account)).await?;
    let members = view.members().await?;
    let resources = view.resources().await?;
    let stats = companion.store.stats();
    Ok(json!({
        "community": { "name": chain.name().await?, "genesis": format!("0x{}", hex::encode(companion.genesis)) },
        "chain": {
            "finalized": view.block().number,
            "stale": companion.link.stale_for().is_some(),
            "block_ms": view.block_ms().await?,
        },
        "me": person(&view, account, me.as_ref()).await?,
        "members": members.iter().map(|member| json!({
            "id": member.id,
            "address": address(member.account.clone().into()),
            "standing": member.standing,
            "vouches": member.vouches,
        })).collect::<Vec<_>>(),
        "resources": resources.iter().map(|resource| json!({
            "id": resource.id,
            "name": resource.name.as_deref().map(String::from_utf8_lossy),
            "kind": resource.kind,
            "visibility": resource.visibility,
            "version": resource.latest.as_ref().map_or(0, |latest| latest.number),
            "lease_until": resource.lease_until,
            "mine": me.as_ref().is_some_and(|me| me.id == resource.owner),
        })).collect::<Vec<_>>(),
        "store": {
            "peer_id": companion.store.local_peer().to_string(),
            "peers": companion.store.peers().len(),
            "blocks": stats.blocks,
            "bytes": stats.bytes,
            "budget": DEFAULT_BUDGET_BYTES,
        },
        "approvals": [],
    }))
}

/// One's own part of the state.
pub(crate) async fn person(view: &View, account: [u8; 32], me: Option<&MemberView>) -> Result<Value, Failure> {
    let vouches = match me {
        Some(me) => view.vouches(me.id).await?,
        None => Vec::new(),
    };
    let standing = me.map_or_else(|| json!("stranger"), |me| json!(me.standing));
    Ok(json!({
        "address": address(account),
        "member_id": me.map(|me| me.id),
        "standing": standing,
        "received_vouches": vouches,
        "threshold": view.parameters().await?.admission_threshold,
    }))
}

/// The state, in words.
pub(crate) async fn status(parts: &Parts) -> Result<Done, Failure> {
    let state = state(parts).await?;
    Ok(Done::new(words(&state), state))
}

/// What one should know at a glance.
pub(crate) fn words(state: &Value) -> String {
    let me = &state["me"];
    let vouches = me["received_vouches"].as_array().map_or(0, Vec::len);
    let mut lines = vec![
        format!("community   {} ({})", text(&state["community"]["name"]), text(&state["community"]["genesis"])),
        format!("finalised   block {}{}", state["chain"]["finalized"], stale(&state["chain"]["stale"])),
        format!("you         {} — {}", text(&me["address"]), standing(me)),
        format!("vouches     {vouches} of {} needed", me["threshold"]),
    ];
    if let Some(store) = state.get("store") {
        lines.push(format!(
            "store       {} blocks, {} bytes, {} peers connected",
            store["blocks"], store["bytes"], store["peers"]
        ));
    }
    lines.join("\n")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("unknown")
}

fn stale(value: &Value) -> &'static str {
    if value.as_bool().unwrap_or(false) {
        " (old: the node is out of touch)"
    } else {
        ""
    }
}

fn standing(me: &Value) -> String {
    let standing = text(&me["standing"]);
    match me["member_id"].as_u64() {
        Some(id) if me["standing"] == json!(Standing::Member) => format!("member {id}"),
        Some(id) => format!("{standing}, person {id}"),
        None => "a stranger here: `kith apply`, then ask members to sponsor and vouch for you".to_owned(),
    }
}
