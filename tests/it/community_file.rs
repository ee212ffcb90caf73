// SPDX-License-Identifier: Apache-2.0
//! A nonsense community file is refused with the line, the cause and the fix.

use anyhow::{ensure, Context, Result};
use kith_testkit::{Community, BLOCK_MS};

#[test]
fn nonsense_is_refused_with_line_cause_and_fix() -> Result<()> {
    let community = Community::found("garden")?;
    let founder = &community.founders[0];
    let text = std::fs::read_to_string(&community.file)?;
    let second = community.founders[1].address.clone();
    let first = community.founders[0].address.clone();
    let pace = format!("block_time_ms = {BLOCK_MS}");
    let cases = [
        ("admission_threshold = 2", "admission_threshold = 0", "must lie from 1 to 32"),
        ("admission_threshold = 2", "admission_threshold = 3", "write at most 2, or add founders"),
        ("era_length = 120", "era_lenght = 120", "unknown field `era_lenght`"),
        ("delay = 5", "delay = 31536001", "must lie from 0 to 31536000"),
        ("voting_period = 15", "voting_periods = 15", "unknown field `voting_periods`"),
        (second.as_str(), first.as_str(), "founder 2 has the key of founder 1"),
        (second.as_str(), "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694tz", "is no address"),
        (pace.as_str(), "block_time_ms = 3", "must lie from 500 to 60000"),
        (pace.as_str(), "block_time_ms = 1001", "must be an even number"),
        ("vouch_interval = 0", "vouch_stock = 1", "begin with fewer founders"),
        ("name = \"garden\"", "name = \"Garten\"", "cannot be a community's name"),
        ("[chain]", "[chian]", "unknown field `chian`"),
    ];
    for (from, to, words) in cases {
        let file = community.folder().join("nonsense.toml");
        let out = community.folder().join("nonsense.json");
        std::fs::write(&file, text.replacen(from, to, 1))?;
        let said = founder.refused(&["community", "new", &file.to_string_lossy(), "--out", &out.to_string_lossy()])?;
        let line =
            text.lines().position(|line| line.contains(from)).with_context(|| format!("no line says {from}"))? + 1;
        let named = [format!("line {line}:"), format!("line {line},")].iter().any(|place| said.1.contains(place));
        ensure!(said.0 == 2 && named && said.1.contains(words), "line {line}, {to}: {said:?}");
        ensure!(!out.exists(), "{to}: a specification was written all the same");
    }
    Ok(())
}
