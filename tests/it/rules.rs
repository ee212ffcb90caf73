// SPDX-License-Identifier: Apache-2.0
//! Members change a rule over the governing contract's head: what they ask for stands until enough agree, is in force when the
//! next era starts, and lets in who waited.

use anyhow::{bail, ensure, Context, Result};
use kith_testkit::{wait_for, Community, Person, Plan};
use serde_json::json;

/// Blocks of an era.
const ERA: u64 = 20;
/// Percent of the members it takes: two of three.
const PERCENT: u64 = 60;

#[test]
fn two_of_three_lower_the_threshold_and_who_waited_is_a_member() -> Result<()> {
    let rules = [("era_length", ERA), ("override_percent", PERCENT)];
    let community = Community::found_with("garden", &Plan { rules: &rules, ..Plan::default() })?;
    let node = community.start(&["--no-store"])?;
    node.wait_for_block(1)?;
    let [ada, ben, cleo] = community.founders.as_slice() else { bail!("three founders") };
    let dora = community.newcomer("dora", &node)?;
    let application = community.folder().join("dora.json").to_string_lossy().into_owned();
    dora.kith(&["apply", "--out", &application])?;
    let candidate = ada.kith(&["sponsor", &application])?;
    ensure!(candidate["standing"] == "candidate" && candidate["vouches"] == 1, "{candidate}");

    // By the rules in force nothing changes: one learns what is missing.
    let reconsidered = ben.kith(&["reconsider", &candidate["id"].to_string()])?;
    ensure!(reconsidered["standing"] == "candidate" && reconsidered["vouches"] == 1, "{reconsidered}");
    mistakes_are_refused(ada, &dora)?;
    what_is_taken_back_stands_no_more(ada, ben)?;
    let asked = ada.kith(&["override", "set", "admission_threshold", "1"])?;
    ensure!(asked["decided"] == false && asked["approvals"] == 1 && asked["needed"] == 2, "{asked}");
    // Who asks again learns how it stands.
    ensure!(ada.kith(&["override", "set", "admission_threshold", "1"])? == asked);
    let listed = cleo.kith(&["override", "list"])?;
    let [standing] = listed["overrides"].as_array().context("a list")?.as_slice() else { bail!("{listed}") };
    ensure!(standing["id"] == asked["id"] && standing["until"] == asked["until"], "{listed}");
    ensure!(standing["words"] == "set admission_threshold to 1" && listed["scheduled"] == json!([]), "{listed}");

    let decided = cleo.kith(&["override", "approve", &asked["id"].to_string()])?;
    ensure!(decided["decided"] == true, "{decided}");
    wait_for("the next era", || {
        let state = ada.kith(&["status"])?;
        Ok((state["me"]["threshold"] == 1).then_some(()))
    })?;
    let listed = ben.kith(&["override", "list"])?;
    ensure!(listed["overrides"] == json!([]) && listed["scheduled"] == json!([]), "{listed}");
    let (code, said) = ben.refused(&["override", "set", "admission_threshold", "1"])?;
    ensure!(code == 3 && said.contains("is 1 already"), "{code} {said}");
    let admitted = ben.kith(&["reconsider", &candidate["id"].to_string()])?;
    ensure!(admitted["standing"] == "member", "{admitted}");
    Ok(())
}

fn mistakes_are_refused(ada: &Person, dora: &Person) -> Result<()> {
    let cases: [(&Person, &[&str], i32, &str); 5] = [
        (ada, &["override", "set", "admission_threshold", "33"], 2, "can be 1 to 32"),
        (ada, &["override", "set", "admission_threshold", "4"], 3, "WouldLockOut"),
        (ada, &["override", "approve", "9"], 3, "no override 9"),
        (ada, &["override", "withdraw", "9"], 3, "no override 9"),
        (dora, &["override", "set", "admission_threshold", "1"], 3, "only members"),
    ];
    for (by, arguments, expected, words) in cases {
        let (code, said) = by.refused(arguments)?;
        ensure!(code == expected && said.contains(words), "kith {}: {code}, {said}", arguments.join(" "));
    }
    Ok(())
}

fn what_is_taken_back_stands_no_more(ada: &Person, ben: &Person) -> Result<()> {
    let asked = ada.kith(&["override", "set", "vouch_stock", "12"])?;
    let id = asked["id"].to_string();
    let (code, said) = ada.refused(&["override", "set", "admission_threshold", "1"])?;
    ensure!(code == 3 && said.contains(&format!("kith override withdraw {id}")), "two at a time: {code} {said}");
    let (code, said) = ben.refused(&["override", "withdraw", &id])?;
    ensure!(code == 3 && said.contains("do not approve"), "another's approval: {code} {said}");
    let withdrawn = ada.kith(&["override", "withdraw", &id])?;
    ensure!(withdrawn["closed"] == true && withdrawn["approvals"] == 0, "{withdrawn}");
    ensure!(withdrawn["decided"] == false, "{withdrawn}");
    Ok(())
}
