// SPDX-License-Identifier: Apache-2.0
//! What the companion knows of its person, its community and itself: for `kith status` and the dashboard.

use kith_chain::View;
use kith_primitives::{member::Standing, runtime_api::MemberView, AccountId};
use kith_store::store::DEFAULT_BUDGET_BYTES;
use serde_json::{json, Value};

use super::approvals;
use crate::{
    daemon::Parts,
    guarding,
    people::behind,
    person::address,
    renewals,
    report::{Done, Failure},
};

/// The state, in the shape `web/dashboard/state.ts` describes.
pub(crate) async fn state(parts: &Parts) -> Result<Value, Failure> {
    let companion = &parts.companion;
    let chain = companion.link.chain()?;
    let view = chain.view().await?;
    let account = companion.person.account();
    let me = behind(&view, &AccountId::new(account)).await?;
    let mine = person(&view, account, me.as_ref()).await?;
    let approvals = approvals::waiting(&mine);
    let members = view.members().await?;
    let resources = view.resources().await?;
    let stats = companion.store.stats();
    let connected: Vec<String> = companion.store.peers().iter().map(|peer| peer.id.to_string()).collect();
    Ok(json!({
        "community": { "name": chain.name().await?, "genesis": format!("0x{}", hex::encode(companion.genesis)) },
        "chain": {
            "finalized": view.block().number,
            "stale": companion.link.stale_for().is_some(),
            "block_ms": view.block_ms().await?,
        },
        "me": mine,
        "members": members.iter().map(|member| json!({
            "id": member.id,
            "address": address(member.account.clone().into()),
            "standing": standing_of(member),
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
            "peers": connected.len(),
            "connected": connected,
            "blocks": stats.blocks,
            "bytes": stats.bytes,
            "budget": DEFAULT_BUDGET_BYTES,
        },
        "approvals": approvals,
    }))
}

/// One's own part of the state.
pub(crate) async fn person(view: &View, account: [u8; 32], me: Option<&MemberView>) -> Result<Value, Failure> {
    let vouches = match me {
        Some(me) => view.vouches(me.id).await?,
        None => Vec::new(),
    };
    let keys = match me {
        Some(me) => view.keys(me.id).await?,
        None => None,
    };
    let parameters = view.parameters().await?;
    let to_renew = match me {
        Some(me) => renewals::open(view, me, parameters.renewal_window).await?,
        None => Vec::new(),
    };
    let (needed, now) = (parameters.recovery_threshold, view.block().number);
    let motions = keys.iter().flat_map(|keys| &keys.motions).map(|motion| {
        json!({
            "id": motion.id,
            "aim": guarding::aim(&motion.aim),
            "progress": guarding::progress(motion, needed, now),
            "vetoable": guarding::is_new_key(&motion.aim),
        })
    });
    Ok(json!({
        "address": address(account),
        "member_id": me.map(|me| me.id),
        "standing": me.map_or_else(|| json!("stranger"), standing_of),
        "received_vouches": vouches,
        "threshold": parameters.admission_threshold,
        "vouches_to_renew": to_renew.iter().map(|vouch| json!({
            "subject": vouch.subject,
            "expires": vouch.expires,
        })).collect::<Vec<_>>(),
        "guardians": keys.as_ref().map(|keys| keys.guardians.clone()).unwrap_or_default(),
        "guardians_needed": needed,
        "lapses_at": me.and_then(|me| me.lapses_at),
        "frozen_since": keys.as_ref().and_then(|keys| keys.frozen_since),
        "motions": motions.collect::<Vec<_>>(),
    }))
}

/// Where someone stands; whoever's key is frozen can do nothing, wherever they stand.
fn standing_of(person: &MemberView) -> Value {
    if person.frozen {
        return json!("frozen");
    }
    json!(person.standing)
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
    if let Some(block) = me["lapses_at"].as_u64() {
        lines.push(format!(
            "grace       you are a member until block {block} unless more members vouch for you; if enough do, leave `kith up` running"
        ));
    }
    lines.extend(to_renew(me));
    lines.extend(key(me));
    if let Some(store) = state.get("store") {
        lines.push(format!(
            "store       {} blocks, {} bytes, {} peers connected",
            store["blocks"], store["bytes"], store["peers"]
        ));
    }
    lines.join("\n")
}

/// Which vouches one gave can be renewed.
fn to_renew(me: &Value) -> impl Iterator<Item = String> + '_ {
    me["vouches_to_renew"].as_array().into_iter().flatten().map(|vouch| {
        let (subject, expires) = (&vouch["subject"], &vouch["expires"]);
        format!("renew       your vouch for person {subject} ends in block {expires}. If you still answer for them: `kith vouch {subject}`")
    })
}

/// Who guards one's key, and what is moved about it.
fn key(me: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(guardians) = me["guardians"].as_array().filter(|guardians| !guardians.is_empty()) {
        let numbers: Vec<String> = guardians.iter().map(Value::to_string).collect();
        lines.push(format!("guardians   members {}; {} decide together", numbers.join(", "), me["guardians_needed"]));
    }
    if let Some(since) = me["frozen_since"].as_u64() {
        lines.push(format!("frozen      your key counts for nothing since block {since}. Ask your guardians"));
    }
    for motion in me["motions"].as_array().into_iter().flatten() {
        let how = if motion["vetoable"] == true { ". If this is not your wish: `kith recover veto`" } else { "" };
        lines.push(format!(
            "motion      {}, to {}: {}{how}",
            motion["id"],
            text(&motion["aim"]),
            text(&motion["progress"])
        ));
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vouch_that_nears_its_end_is_told_with_what_renews_it() {
        let state = |vouches: Value| json!({ "me": { "threshold": 2, "vouches_to_renew": vouches } });
        let told = words(&state(json!([{ "subject": 3, "expires": 90 }, { "subject": 5, "expires": 95 }])));
        assert!(told.contains("person 3 ends in block 90. If you still answer for them: `kith vouch 3`"), "{told}");
        assert!(told.contains("`kith vouch 5`"), "{told}");
        assert!(!words(&state(json!([]))).contains("renew"));
    }

    #[test]
    fn a_frozen_key_and_what_is_moved_about_it_are_told() {
        let me = json!({
            "guardians": [0, 2],
            "guardians_needed": 2,
            "frozen_since": 9,
            "motions": [{ "id": 4, "aim": "give the person the key 5F", "progress": "half way", "vetoable": true }],
        });
        let told = key(&me).join("\n");
        for words in ["members 0, 2; 2 decide", "since block 9", "motion      4, to give", "kith recover veto"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert!(key(&json!({ "guardians": [], "frozen_since": null, "motions": [] })).is_empty());
    }
}
