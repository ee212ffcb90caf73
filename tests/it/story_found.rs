// SPDX-License-Identifier: Apache-2.0
//! **Found.** One file becomes a chain: the same file the same chain, another file another, and it runs.

use anyhow::{ensure, Result};
use kith_testkit::{Community, Founding};
use serde_json::json;

#[test]
fn story() -> Result<()> {
    let community = Community::found("garden")?;
    let founder = &community.founders[0];
    let again = community.folder().join("again.json");
    let second = Founding::from_file(founder, &community.file, &again)?;
    ensure!(
        second.genesis == community.founded.genesis,
        "the same file gave {} and {second:?}",
        community.founded.genesis
    );
    ensure!(std::fs::read(&again)? == std::fs::read(&community.founded.specification)?, "the specifications differ");
    println!("✓ the same file twice gives the same specification, genesis {}", second.genesis);

    let text = std::fs::read_to_string(&community.file)?;
    let mut hashes = vec![second.genesis.clone()];
    for (from, to) in
        [("admission_threshold = 2", "admission_threshold = 1"), ("name = \"garden\"", "name = \"orchard\"")]
    {
        let file = community.folder().join("changed.toml");
        std::fs::write(&file, text.replacen(from, to, 1))?;
        let changed = Founding::from_file(founder, &file, &community.folder().join("changed.json"))?;
        ensure!(!hashes.contains(&changed.genesis), "{to} gave a genesis that was there before: {}", changed.genesis);
        hashes.push(changed.genesis);
    }
    println!("✓ a changed threshold or name gives another genesis");

    let node = community.start(&[])?;
    ensure!(
        node.call("chain_getBlockHash", json!([0]))? == json!(community.founded.genesis),
        "the node has another genesis"
    );
    let block = node.wait_for_block(3)?;
    println!("✓ a node of this specification makes blocks and finalises them");

    let status = founder.kith(&["status"])?;
    ensure!(status["me"]["standing"] == "member" && status["me"]["member_id"] == 0, "{status}");
    ensure!(status["me"]["received_vouches"].as_array().is_some_and(|vouches| vouches.len() == 2), "{status}");
    ensure!(!node.call("kith_member", json!([2]))?.is_null(), "the third founder is no member");
    println!("✓ the founders are members and vouch for one another");

    let (code, said) = founder.refused(&["doug", "resolve", "treasury"])?;
    ensure!(code == 1 && said.contains("no contract serves the role"), "the DOUG gave no answer of its own: {said}");
    println!("✓ the governing contract was deployed with the community and answers");
    println!("found: genesis {} and block {block} final", second.genesis);
    Ok(())
}
