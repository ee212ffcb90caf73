// SPDX-License-Identifier: Apache-2.0
//! Who sits, who votes, and what the chain stores of a validator's account, block after block.

use anyhow::{ensure, Context, Result};
use kith_keyring::Address;
use kith_testkit::{Node, Person};
use serde_json::{json, Value};

/// What the keys of all accounts' records begin with: the hashes of `System` and of `Account`.
const ACCOUNTS: &str = "0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9";

/// Looks at each final block until `look` finds something, for so many blocks at most.
pub(crate) fn within<T>(
    node: &Node,
    blocks: u64,
    what: &str,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let last = node.finalised()? + blocks;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        let now = node.finalised()?;
        ensure!(now < last, "no {what} within {blocks} blocks; by block {now}: {:?}", validators(node, None)?);
        node.wait_for_block(now + 1)?;
    }
}

/// Who sits or stands, or waits to stand again, by number, as of a final block, or of the last one.
pub(crate) fn validators(node: &Node, at: Option<&str>) -> Result<Vec<Value>> {
    let all = node.call("kith_validators", json!([at]))?;
    all.as_array().cloned().with_context(|| all.to_string())
}

/// Who sits, in the order of the seats.
pub(crate) fn seats(node: &Node, at: Option<&str>) -> Result<Vec<u64>> {
    let all = validators(node, at)?;
    Ok(all.iter().filter(|one| one["seated"] == true).filter_map(|one| one["person"].as_u64()).collect())
}

/// How many vote on what is final.
pub(crate) fn voters(node: &Node) -> Result<u64> {
    let state = node.call("grandpa_roundState", json!([]))?;
    state["best"]["totalWeight"].as_u64().with_context(|| state.to_string())
}

/// What the chain stores of somebody's account: what they signed, what they have, what of it is held.
pub(crate) fn account(node: &Node, person: &Person) -> Result<Value> {
    let account = person.address.parse::<Address>()?.account();
    let account: String = account.iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = node.call("state_getKeysPaged", json!([ACCOUNTS, 100]))?;
    let mut keys = keys.as_array().into_iter().flatten();
    let key = keys.find(|key| key.as_str().is_some_and(|key| key.ends_with(&account))).context("no account")?;
    let record = node.call("state_getStorage", json!([key]))?;
    ensure!(record.is_string(), "nothing is stored of {}", person.address);
    Ok(record)
}
