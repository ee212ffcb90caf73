// SPDX-License-Identifier: Apache-2.0
//! A validator's keys in two nodes at once: both write blocks for the same slots. The others' nodes see it and report
//! it, and its owner loses the seat and nothing else.

use std::ops::RangeInclusive;

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{Community, Node, Person, Plan};
use serde_json::{json, Value};

use crate::seats::{account, seats, validators, voters, within};

/// Blocks of a session, at most: short, since the seat is kept until the session after the next.
const SESSION: u64 = 12;
/// Sessions within which anything awaited happens. Ben has one slot in four, and what is reported after the end of its
/// session cannot be proven in those the chain was founded with; but then the next two blocks are.
const SESSIONS: u64 = 4;
/// Blocks in which who lost the seat may not stand: more than the test takes.
const PENANCE: u64 = 3_600;
/// The number of the founder whose keys are in two nodes.
const BEN: u64 = 1;
/// The same number at the end of a key.
const BEN_IN_A_KEY: &str = "01000000";

/// What the keys begin with of what is remembered of offences: the hashes of `Validators` and of `Offences`.
const OFFENCES: &str = "0x88dcde934c658227ee1dfafcd6e16903d5c41b52a371aa36c9254ce34324f2a5";

#[test]
fn nodes_report_whose_keys_write_two_blocks_for_a_slot_and_the_seat_is_lost_and_nothing_else() -> Result<()> {
    let rules = [("max_validators", 4), ("min_validators", 3), ("validator_penance", PENANCE)];
    let plan = Plan { founders: 4, validators: 4, epoch_blocks: SESSION, rules: &rules };
    let community = Community::found_with("garden", &plan)?;
    let first = community.start(&["--no-store"])?;
    let [_, ben, cleo, dan] = community.founders.as_slice() else { bail!("four founders") };
    let start = |owner: &Person| community.start_validator(owner, &first);
    let (_bens, cleos, _dans) = (start(ben)?, start(cleo)?, start(dan)?);
    first.wait_for_block(2)?;
    ensure!(seats(&first, None)? == [0, 1, 2, 3] && voters(&first)? == 4, "four do not validate from the beginning");
    ensure!(offenders(&first)?.is_empty(), "somebody offended with their keys in one node");

    let (money, before) = (account(&first, ben)?, first.finalised()?);
    let _twin = community.start_validator_at(&ben.home.with_extension("twin"), ben, &first)?;
    let convicted =
        within(&first, SESSIONS * SESSION, "conviction", || convicted_in(&first, before..=first.finalised()?))?;
    ensure!(offenders(&first)? == [BEN_IN_A_KEY], "{:?}", offenders(&first)?);

    // Ben's machine asks the node that convicted him from now on, not his own, which may be behind.
    ben.settle(&community.founded.specification, &first.url())?;
    ensure!(account(&first, ben)? == money, "the offence cost money");
    let me = ben.kith(&["status"])?["me"].clone();
    ensure!(me["standing"] == "member" && me["member_id"] == BEN, "{me}");
    ensure!(me["received_vouches"].as_array().is_some_and(|vouches| vouches.len() == 3), "{me}");

    within(&first, SESSIONS * SESSION, "three seats and three voters", || {
        Ok((seats(&first, None)? == [0, 2, 3] && voters(&first)? == 3).then_some(()))
    })?;
    let (code, said) = ben.refused(&["validator", "stand"])?;
    ensure!(code == 3 && said.contains("InPenance"), "standing again at once: {code} {said}");
    let last = first.finalised()? + 3;
    first.wait_for_block(last)?;
    cleos.wait_for_block(last)?;
    ensure!(hash(&first, last)? == hash(&cleos, last)?, "two nodes hold different blocks {last} for final");
    println!("keys in two nodes since block {before}: reported in {convicted}, and three go on at {last}");
    Ok(())
}

/// The first of these blocks after which ben stands no more. Nobody sends anything, so all that a block has beside the
/// time is reports, and the first to be in a block must convict him.
fn convicted_in(node: &Node, blocks: RangeInclusive<u64>) -> Result<Option<u64>> {
    for block in blocks {
        let is_convicted = is_convicted_after(node, block)?;
        let has_report = transactions(node, block)? > 1;
        ensure!(is_convicted || !has_report, "what was reported in block {block} convicts nobody");
        ensure!(has_report || !is_convicted, "convicted in block {block} without a report");
        if is_convicted {
            return Ok(Some(block));
        }
    }
    Ok(None)
}

fn is_convicted_after(node: &Node, block: u64) -> Result<bool> {
    let all = validators(node, Some(&hash(node, block)?))?;
    let ben = all.iter().find(|one| one["person"] == BEN).with_context(|| format!("ben in block {block}"))?;
    if ben["stands"] == true {
        return Ok(false);
    }
    ensure!(ben["seated"] == true, "the seat was lost before the session's end: {ben}");
    ensure!(ben["penanceUntil"] == block + PENANCE, "in block {block}: {ben}");
    Ok(true)
}

/// How the keys end of what is remembered of offences: with the number of who offended.
fn offenders(node: &Node) -> Result<Vec<String>> {
    let keys = node.call("state_getKeysPaged", json!([OFFENCES, 10]))?;
    let keys = keys.as_array().with_context(|| keys.to_string())?;
    let ends = keys.iter().filter_map(Value::as_str).filter_map(|key| key.get(key.len() - BEN_IN_A_KEY.len()..));
    Ok(ends.map(str::to_owned).collect())
}

/// How many transactions a final block has, what its author put in unasked among them.
fn transactions(node: &Node, block: u64) -> Result<usize> {
    let found = node.call("chain_getBlock", json!([hash(node, block)?]))?;
    Ok(found["block"]["extrinsics"].as_array().with_context(|| found.to_string())?.len())
}

fn hash(node: &Node, block: u64) -> Result<String> {
    let hash = node.call("chain_getBlockHash", json!([block]))?;
    hash.as_str().map(str::to_owned).with_context(|| format!("no block {block}"))
}
