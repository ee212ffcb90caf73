// SPDX-License-Identifier: Apache-2.0
//! Where there are more referees than are asked, those who are asked are drawn when the next epoch begins. Until then
//! even a newcomer with vouches enough waits; then the companion of someone who vouched does the rest, and nobody types
//! anything.

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{wait_for, Community, Companion, Node, Person, Plan};
use serde_json::{json, Value};

/// Each has vouched for each, so all of them are referees: two more than are asked.
const FOUNDERS: usize = 10;
/// Referees asked: as few as a constitution may say.
const SAMPLE: u64 = 8;
/// Blocks of an epoch: three times what a sponsor and a voucher need.
const EPOCH: u64 = 40;

/// What the chain says of the newcomer's distance, in SCALE: not proven, nobody asked, nobody needed.
const WAITING: &str = "0x01000000000000";
/// Not proven, eight asked; who they are follows.
const DRAWN: &str = "0x010020";
/// At the end: eighty percent of the eight, rounded up, are needed.
const NEEDED: &str = "07000000";
/// Nothing to prove any more, nobody asked, nobody needed.
const ADMITTED: &str = "0x01010000000000";

#[test]
fn a_newcomer_waits_for_the_draw_and_a_vouchers_companion_does_the_rest() -> Result<()> {
    let plan = Plan { founders: FOUNDERS, epoch_blocks: EPOCH, rules: &[("distance_sample", SAMPLE)] };
    let community = Community::found_with("garden", &plan)?;
    let node = community.start(&["--no-store"])?;
    node.wait_for_block(1)?;
    let [ada, ben, ..] = community.founders.as_slice() else { bail!("ten founders") };
    let dora = community.newcomer("dora", &node)?;
    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let _companion = Companion::up(ben)?;

    an_epoch_begins(&node)?;
    let candidate = ada.kith(&["sponsor", &application])?;
    let first = node.finalised()?;
    let person = candidate["id"].as_u64().with_context(|| candidate.to_string())?;
    let vouched = ben.kith(&["vouch", &person.to_string()])?;
    ensure!(vouched["vouches"] == 2 && vouched["standing"] == "candidate", "{vouched}");
    ensure!(standing(&dora)? == "candidate", "nobody was asked yet, and the newcomer is a member");

    wait_for("the companion to do the rest", || Ok((standing(&dora)? == "member").then_some(())))?;
    let course = course(&node, person, first..=node.finalised()?)?;
    let [waiting, drawn, admitted] = course.as_slice() else { bail!("not in three steps: {course:?}") };
    ensure!(waiting == WAITING && admitted == ADMITTED, "{course:?}");
    ensure!(drawn.starts_with(DRAWN) && drawn.ends_with(NEEDED), "{course:?}");
    Ok(())
}

fn standing(person: &Person) -> Result<Value> {
    Ok(person.kith(&["status"])?["me"]["standing"].clone())
}

/// Waits until an epoch begins, so that all of it lies ahead.
fn an_epoch_begins(node: &Node) -> Result<()> {
    let running = epoch(node)?;
    wait_for("the next epoch", || Ok((epoch(node)? != running).then_some(())))
}

/// The epoch that runs, by the number in the first eight bytes of the answer.
fn epoch(node: &Node) -> Result<String> {
    let said = node.call("state_call", json!(["BabeApi_current_epoch", "0x"]))?;
    said.as_str().and_then(|said| said.get(..18)).map(str::to_owned).with_context(|| said.to_string())
}

/// What the chain said of somebody's distance, block after block; what it said in several in a row, once.
fn course(node: &Node, person: u64, blocks: std::ops::RangeInclusive<u64>) -> Result<Vec<String>> {
    // Little endian: numbers as low as this one have one byte that is not zero.
    let argument = format!("0x{:02x}000000", u8::try_from(person)?);
    let mut course: Vec<String> = Vec::new();
    for block in blocks {
        let hash = node.call("chain_getBlockHash", json!([block]))?;
        let said = node.call("state_call", json!(["KithApi_distance", argument, hash]))?;
        let said = said.as_str().with_context(|| said.to_string())?;
        if course.last().is_none_or(|last| last != said) {
            course.push(said.to_owned());
        }
    }
    Ok(course)
}
