// SPDX-License-Identifier: Apache-2.0
//! **Validate.** Three members whom nobody invites start nodes, stand, and get seats beside the founding validator.
//! Then one of the four nodes dies. Blocks go on becoming final; its owner loses the seat and nothing else, and may
//! stand again when the penance is over.

use std::{collections::BTreeSet, ops::RangeInclusive, thread};

use anyhow::{anyhow, bail, ensure, Context, Result};
use kith_testkit::{Community, Node, Person, Plan};
use serde_json::json;

use crate::seats::{account, seats, validators, voters};

/// Blocks of a session, at most. With one of four silent one slot in five stays empty, and four seats are judged by
/// sixteen blocks or more.
const SESSION: u64 = 24;
/// Sessions in a row without a block that cost the seat: of one alone, chance might be the cause.
const ABSENCE_ALLOWED: u64 = 2;
/// Blocks in which who lost the seat may not stand: more than it takes to try.
const PENANCE: u64 = 30;
/// Sessions within which anything awaited happens: the three get their seats one after the other.
const SESSIONS: u64 = 10;
/// The number of the founder whose node dies.
const DAN: u64 = 3;

/// How the item of a block's digest begins by which its author shows their seat: BABE's, 109 bytes.
const CLAIM: &str = "0x0642414245b501";
/// How the item begins by which BABE announces an epoch to come, in the first block of each.
const ANNOUNCEMENT: &str = "0x0442414245";

#[test]
fn story() -> Result<()> {
    let rules = [
        ("max_validators", 4),
        ("min_validators", 3),
        ("absence_allowed", ABSENCE_ALLOWED),
        ("validator_penance", PENANCE),
    ];
    let community = Community::found_with(
        "garden",
        &Plan { founders: 4, epoch_blocks: SESSION, rules: &rules, ..Plan::default() },
    )?;
    let first = community.start(&["--no-store"])?;
    first.wait_for_block(1)?;
    let [_, ben, cleo, dan] = community.founders.as_slice() else { bail!("four founders") };
    ensure!(seats(&first, None)? == [0], "others sit beside the founding validator");
    println!("✓ a chain with one validator makes blocks and finalises them");

    let mut nodes = stand(&community, &first, [ben, cleo, dan])?;
    let seated = within(&first, "four seats", || {
        let block = first.finalised()?;
        Ok((seats(&first, None)? == [0, 1, 2, 3]).then_some(block))
    })?;
    println!("✓ three more set their nodes' keys and stood; by block {seated} they sit, and nobody was asked");
    within(&first, "blocks by all four", || {
        let authors = authors(&first, seated..=first.finalised()?)?;
        Ok((BTreeSet::from_iter(authors) == BTreeSet::from([0, 1, 2, 3])).then_some(()))
    })?;
    within(&first, "four voters", || Ok((voters(&first)? == 4).then_some(())))?;
    println!("✓ all four write blocks and vote on which are final");

    let money = account(&first, dan)?;
    nodes.pop().context("dan's node")?.kill()?;
    let killed = first.finalised()?;
    dan.settle(&community.founded.specification, &first.url())?;
    first.wait_for_block(killed + SESSION)?;
    ensure!(seats(&first, None)?.contains(&DAN) && voters(&first)? == 4, "the seat was lost at once");
    println!("✓ one node is dead, and still has a vote: the three others finalise {SESSION} blocks without it");

    let until = within(&first, "judgement of the absent one", || penance(&first))?;
    let judged = until - PENANCE;
    let silent = sessions_since_a_block_of(&first, DAN, seated..=judged)?;
    ensure!(silent > ABSENCE_ALLOWED, "judged where session {silent} after the one of their last block began");
    ensure!(account(&first, dan)? == money, "absence cost money");
    let me = dan.kith(&["status"])?["me"].clone();
    ensure!(me["standing"] == "member" && me["member_id"] == DAN, "{me}");
    ensure!(me["received_vouches"].as_array().is_some_and(|vouches| vouches.len() == 3), "{me}");
    println!("✓ after {ABSENCE_ALLOWED} sessions without a block its owner stands no more, and lost nothing else");

    let (code, said) = dan.refused(&["validator", "stand"])?;
    ensure!(code == 3 && said.contains("InPenance"), "standing again at once: {code} {said}");
    within(&first, "three seats and three voters", || {
        Ok((seats(&first, None)? == [0, 1, 2] && voters(&first)? == 3).then_some(()))
    })?;
    let now = first.finalised()?;
    first.wait_for_block(now + 3)?;
    println!("✓ the seat is gone, and the three go on as a set of three; standing again at once is refused by name");

    first.wait_for_block(until)?;
    let stands = dan.kith(&["validator", "stand"])?;
    ensure!(stands["stands"] == true, "{stands}");
    let listed = validators(&first, None)?.into_iter().find(|one| one["person"] == DAN);
    let mine = listed.context("dan is not listed")?;
    ensure!(mine["stands"] == true && mine["penanceUntil"].is_null(), "{mine}");
    println!("✓ when the penance is over they stand again");
    println!("validate: 3 seats uninvited, 1 of 4 nodes dead from block {killed}, its owner judged in block {judged}");
    Ok(())
}

/// Each starts a node, has it make keys, and stands: all at the same time, and without a word to anybody.
fn stand(community: &Community, first: &Node, owners: [&Person; 3]) -> Result<Vec<Node>> {
    thread::scope(|scope| {
        let standing = owners.map(|owner| scope.spawn(move || stand_alone(community, first, owner)));
        let joined = standing.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(anyhow!("an owner panicked"))));
        joined.collect()
    })
}

fn stand_alone(community: &Community, first: &Node, owner: &Person) -> Result<Node> {
    let node = community.start_validator(owner, first)?;
    node.wait_for_block(first.finalised()?)?;
    owner.kith(&["validator", "set-keys"])?;
    let stands = owner.kith(&["validator", "stand"])?;
    ensure!(stands["stands"] == true, "{stands}");
    Ok(node)
}

/// Looks at each final block until `look` finds something, for [`SESSIONS`] sessions at most.
fn within<T>(node: &Node, what: &str, look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    crate::seats::within(node, SESSIONS * SESSION, what, look)
}

/// The first block in which dan may stand again, once he stands no more.
fn penance(node: &Node) -> Result<Option<u64>> {
    let all = validators(node, None)?;
    let dan = all.iter().find(|one| one["person"] == DAN && one["stands"] == false);
    Ok(dan.and_then(|dan| dan["penanceUntil"].as_u64()))
}

/// The hash of a block, and the items of its digest.
fn digest(node: &Node, block: u64) -> Result<(String, Vec<String>)> {
    let hash = node.call("chain_getBlockHash", json!([block]))?;
    let header = node.call("chain_getHeader", json!([hash]))?;
    let items = header["digest"]["logs"].as_array().with_context(|| header.to_string())?;
    let items = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    Ok((hash.as_str().context("a hash")?.to_owned(), items))
}

/// Who wrote a final block: who sat in the seat it names.
fn author(node: &Node, hash: &str, items: &[String]) -> Result<u64> {
    // The sort of the claim comes first, then the seat in four bytes, the lowest of which is enough for a hundred.
    let seat = items.iter().find_map(|item| item.strip_prefix(CLAIM)?.get(2..4)).context("no author")?;
    let seat = usize::from_str_radix(seat, 16)?;
    seats(node, Some(hash))?.get(seat).copied().with_context(|| format!("nobody sits in seat {seat}"))
}

/// Who wrote these blocks.
fn authors(node: &Node, blocks: RangeInclusive<u64>) -> Result<Vec<u64>> {
    let author_of = |block| {
        let (hash, items) = digest(node, block)?;
        author(node, &hash, &items)
    };
    blocks.map(author_of).collect()
}

/// How many sessions began in these blocks after the one in which somebody wrote the last. A block that begins a session
/// is written in the one before: the authorship pallet comes before the session pallet.
fn sessions_since_a_block_of(node: &Node, person: u64, blocks: RangeInclusive<u64>) -> Result<u64> {
    let mut sessions = 0;
    for block in blocks {
        let (hash, items) = digest(node, block)?;
        let begins = items.iter().any(|item| item.starts_with(ANNOUNCEMENT));
        let before = if author(node, &hash, &items)? == person { 0 } else { sessions };
        sessions = before + u64::from(begins);
    }
    Ok(sessions)
}
