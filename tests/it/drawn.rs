// SPDX-License-Identifier: Apache-2.0
//! Where there are more referees than are asked, those who are asked are drawn when the epoch after the next begins. Until
//! then even a newcomer with vouches enough waits; then the companion of someone who vouched does the rest, and nobody
//! types anything.

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Person, Plan};
use serde_json::{json, Value};

/// Each has vouched for each, so all of them are referees: two more than are asked.
const FOUNDERS: usize = 10;
/// Referees asked: as few as a constitution may say.
const SAMPLE: u64 = 8;
/// Blocks of an epoch: twice what a sponsor and a voucher need, since a whole one lies before the draw.
const EPOCH: u64 = 30;

/// What the chain says, in SCALE, of the distance of a newcomer it does not know.
const UNKNOWN: &str = "0x00";
/// Of one who is sponsored, and with that requests it: not proven, nobody asked yet, nobody needed.
const WAITING: &str = "0x01000000000000";
/// Not proven, eight asked; who they are follows.
const DRAWN: &str = "0x010020";
/// At the end: eighty percent of the eight, rounded up, are needed.
const NEEDED: &str = "07000000";
/// Nothing to prove any more, nobody asked, nobody needed.
const ADMITTED: &str = "0x01010000000000";

#[test]
fn a_newcomer_waits_for_the_draw_and_a_vouchers_companion_does_the_rest() -> Result<()> {
    let plan =
        Plan { founders: FOUNDERS, epoch_blocks: EPOCH, rules: &[("distance_sample", SAMPLE)], ..Plan::default() };
    let community = Community::found_with("garden", &plan)?;
    let node = community.start(&["--no-store"])?;
    node.wait_for_block(1)?;
    let [ada, ben, ..] = community.founders.as_slice() else { bail!("ten founders") };
    let dora = community.newcomer("dora", &node)?;
    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let _companion = Companion::up(ben)?;

    let before = node.finalised()?;
    let candidate = ada.kith(&["sponsor", &application])?;
    let person = candidate["id"].as_u64().with_context(|| candidate.to_string())?;
    let vouched = ben.kith(&["vouch", &person.to_string()])?;
    ensure!(vouched["vouches"] == 2 && vouched["standing"] == "candidate", "{vouched}");
    ensure!(standing(&dora)? == "candidate", "nobody was asked yet, and the newcomer is a member");
    by_certificate(&community, &node, [ada, ben])?;

    wait_for("the companion to do the rest", || Ok((standing(&dora)? == "member").then_some(())))?;
    let course = course(&node, person, before..=node.finalised()?)?;
    let [(_, unknown), (requested, waiting), (drawn, asked), (_, admitted)] = course.as_slice() else {
        bail!("not in four steps: {course:?}")
    };
    ensure!(unknown == UNKNOWN && waiting == WAITING && admitted == ADMITTED, "{course:?}");
    ensure!(asked.starts_with(DRAWN) && asked.ends_with(NEEDED), "{course:?}");
    // A whole epoch lies between, of as many blocks as the machine was fast enough to write.
    let request = epoch(&node, *requested)?;
    let around = (epoch(&node, *drawn - 1)?, epoch(&node, *drawn)?);
    ensure!(around == (request + 1, request + 2), "asked in epoch {request}, drawn between {around:?}: {course:?}");
    Ok(())
}

/// It is no different by a certificate: it goes alone, since whom to be linked to is not known.
fn by_certificate(community: &Community, node: &Node, signers: [&Person; 2]) -> Result<()> {
    let zoe = community.newcomer("zoe", node)?;
    let file = |name: &str| community.folder().join(name).to_string_lossy().into_owned();
    let (application, certificate) = (file("zoe.json"), file("certificate.json"));
    zoe.kith(&["apply", "--out", &application])?;
    signers[0].kith(&["certificate", "new", &application, "--expires-in", "600", "--out", &certificate])?;
    for signer in signers {
        signer.kith(&["certificate", "sign", &certificate])?;
    }
    let sent = || Ok::<_, anyhow::Error>(node.call("system_accountNextIndex", json!([signers[0].address]))?.as_u64());
    let before = sent()?.context("a number")?;
    let certified = signers[0].kith(&["certificate", "submit", &certificate])?;
    ensure!(certified["standing"] == "candidate" && certified["vouches"] == 2, "{certified}");
    ensure!(sent()? == Some(before + 1), "not one transaction");
    Ok(())
}

fn standing(person: &Person) -> Result<Value> {
    Ok(person.kith(&["status"])?["me"]["standing"].clone())
}

/// The number of the epoch that runs in a block.
fn epoch(node: &Node, block: u64) -> Result<u64> {
    let hash = node.call("chain_getBlockHash", json!([block]))?;
    let said = node.call("state_call", json!(["BabeApi_current_epoch", "0x", hash]))?;
    // It comes first, in eight bytes, the lowest before the others.
    let number = said.as_str().and_then(|said| said.get(2..18)).with_context(|| said.to_string())?;
    Ok(u64::from_str_radix(number, 16)?.swap_bytes())
}

/// What the chain said of somebody's distance, block after block; what it said in several in a row, once, with the first.
fn course(node: &Node, person: u64, blocks: std::ops::RangeInclusive<u64>) -> Result<Vec<(u64, String)>> {
    // Little endian: numbers as low as this one have one byte that is not zero.
    let argument = format!("0x{:02x}000000", u8::try_from(person)?);
    let mut course: Vec<(u64, String)> = Vec::new();
    for block in blocks {
        let hash = node.call("chain_getBlockHash", json!([block]))?;
        let said = node.call("state_call", json!(["KithApi_distance", argument, hash]))?;
        let said = said.as_str().with_context(|| said.to_string())?;
        if course.last().is_none_or(|(_, last)| last != said) {
            course.push((block, said.to_owned()));
        }
    }
    Ok(course)
}
