// SPDX-License-Identifier: Apache-2.0
//! Calls in one another, handed to a node by somebody who can pay. What lies deeper than the chain decodes is refused;
//! what lies as deep is refused or is in a block that another node takes; and blocks go on becoming final.

use std::{
    io::{Seek, Write},
    process::Command,
};

use anyhow::{ensure, Context, Result};
use kith_keyring::{Keyring, Unlocked};
use kith_testkit::{Community, Node, Person, PASSWORD};
use serde_json::json;

/// The pallets that make other calls, by index.
const UTILITY: u8 = 20;
const PROXY: u8 = 22;
/// `System::remark` of nothing: a call that anybody may make, and that changes nothing.
const REMARK: [u8; 3] = [0, 0, 0];
/// Calls around another: few, as many as the chain decodes, and so many that decoding them exhausts any stack.
const FEW: usize = 2;
const DEEPEST: usize = 256;
const ABYSS: usize = 30_000;
/// How a node is given a transaction.
const SUBMIT: &str = "author_submitExtrinsic";
/// Bytes of what is signed; of more, their hash is.
const SIGNED_PLAINLY: usize = 256;
/// Final blocks within which a transaction that can be in a block is in one.
const BLOCKS: u64 = 8;

#[test]
fn calls_nested_too_deep_are_refused_and_no_depth_parts_two_nodes() -> Result<()> {
    let community = Community::found("garden")?;
    let first = community.start(&["--no-store"])?;
    let meeting = first.address()?;
    let flags = ["--no-store", "--bootnodes", meeting.as_str()];
    let second = Node::start(&community.folder().join("second"), &community.chain(), &flags)?;
    // A node that knows no block yet takes transactions unseen.
    second.wait_for_block(2)?;
    let signer = Signer::of(&community.founders[0], &first, &community.founded.genesis)?;
    let kinds = around(&signer.keys.account_id());

    for (name, around) in &kinds {
        // Refused for their depth alone: fewer of the same, signed by the same, are taken.
        for depth in [DEEPEST + 1, ABYSS] {
            let bomb = signer.transaction(&first, &nested(around, depth))?;
            for node in [&first, &second] {
                refused(node, &bomb).with_context(|| format!("{depth} of {name}"))?;
            }
        }
        let few = signer.transaction(&first, &nested(around, FEW))?;
        let block = included(&first, &few)?.with_context(|| format!("{FEW} of {name} are in no block"))?;
        agree(&first, &second, block)?;
    }
    for (name, around) in &kinds {
        let deepest = signer.transaction(&first, &nested(around, DEEPEST))?;
        let became = match included(&first, &deepest)? {
            Some(block) => format!("in block {block}"),
            None => "refused".to_owned(),
        };
        println!("{DEEPEST} of {name} are {became}");
        let last = first.finalised()? + 1;
        first.wait_for_block(last)?;
        agree(&first, &second, last)?;
    }
    Ok(())
}

/// What stands before a call that others are to make: of each kind, and of all in turn. Some are not for this account,
/// which the chain sees only when they run.
fn around(account: &[u8; 32]) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let batch = vec![UTILITY, 0, 4];
    let as_derivative = vec![UTILITY, 1, 0, 0];
    // As an account that signed.
    let dispatch_as = [&[UTILITY, 3, 0, 1][..], account].concat();
    // For an account by its id, as any type of proxy.
    let proxy = [&[PROXY, 0, 0][..], account, &[0]].concat();
    let all = vec![batch.clone(), as_derivative.clone(), dispatch_as.clone(), proxy.clone()];
    vec![
        ("batch", vec![batch]),
        ("as_derivative", vec![as_derivative]),
        ("dispatch_as", vec![dispatch_as]),
        ("proxy", vec![proxy]),
        ("all", all),
    ]
}

/// The innermost call in so many others.
fn nested(around: &[Vec<u8>], depth: usize) -> Vec<u8> {
    around.iter().cycle().take(depth).flatten().copied().chain(REMARK).collect()
}

/// Fails unless the node refuses the transaction: for its pool, as valid, and for a block.
fn refused(node: &Node, transaction: &str) -> Result<()> {
    let best = node.call("chain_getBlockHash", json!([]))?;
    let best = best.as_str().and_then(|best| best.strip_prefix("0x")).context("a block")?;
    // From outside, upon the best block.
    let validity = format!("0x02{}{best}", &transaction[2..]);
    for (method, given) in [
        (SUBMIT, json!([transaction])),
        ("system_dryRun", json!([transaction])),
        ("state_call", json!(["TaggedTransactionQueue_validate_transaction", validity])),
    ] {
        match node.call(method, given) {
            // What the runtime answers begins so if the transaction is invalid.
            Ok(answer) => {
                let is_no = answer.as_str().is_some_and(|said| said.starts_with("0x01"));
                ensure!(method != SUBMIT && is_no, "{method} said {answer}");
            }
            Err(cause) => ensure!(cause.to_string().starts_with(method), "no answer: {cause:#}"),
        }
    }
    Ok(())
}

/// The final block that the transaction is in; none if it is refused, at once or when a block was to be made of it.
fn included(node: &Node, transaction: &str) -> Result<Option<u64>> {
    let from = node.finalised()? + 1;
    if let Err(cause) = node.call(SUBMIT, json!([transaction])) {
        ensure!(cause.to_string().starts_with(SUBMIT), "no answer: {cause:#}");
        return Ok(None);
    }
    for block in from..from + BLOCKS {
        node.wait_for_block(block)?;
        let hash = node.call("chain_getBlockHash", json!([block]))?;
        let found = node.call("chain_getBlock", json!([hash]))?;
        let all = found["block"]["extrinsics"].as_array().with_context(|| found.to_string())?;
        if all.iter().any(|one| one == transaction) {
            return Ok(Some(block));
        }
    }
    let waiting = node.call("author_pendingExtrinsics", json!([]))?;
    let waits = waiting.as_array().context("what waits")?.iter().any(|one| one == transaction);
    ensure!(!waits, "neither refused nor in a block after {BLOCKS}");
    Ok(None)
}

/// Fails unless both nodes hold the same block of this number for final.
fn agree(first: &Node, second: &Node, block: u64) -> Result<()> {
    second.wait_for_block(block)?;
    let [one, other] = [first, second].map(|node| node.call("chain_getBlockHash", json!([block])));
    let (one, other) = (one?, other?);
    ensure!(one.is_string() && one == other, "block {block} is {one} and {other}");
    Ok(())
}

/// Signs calls that no client of ours would make.
struct Signer {
    keys: Unlocked,
    address: String,
    genesis: Vec<u8>,
    /// Of the runtime and of its transactions.
    versions: [u32; 2],
}

impl Signer {
    fn of(person: &Person, node: &Node, genesis: &str) -> Result<Self> {
        let keys = Keyring::open(&person.home.join("keys.json"))?.unlock(PASSWORD)?;
        let version = node.call("state_getRuntimeVersion", json!([]))?;
        let number = |name: &str| -> Result<u32> {
            Ok(version[name].as_u64().with_context(|| format!("{name} of {version}"))?.try_into()?)
        };
        let versions = [number("specVersion")?, number("transactionVersion")?];
        Ok(Self { keys, address: person.address.clone(), genesis: unhex(genesis)?, versions })
    }

    /// The call signed, for ever and without a tip, in hex.
    fn transaction(&self, node: &Node, call: &[u8]) -> Result<String> {
        let nonce = node.call("system_accountNextIndex", json!([self.address]))?;
        let nonce = nonce.as_u64().with_context(|| nonce.to_string())?;
        // For ever; the number; no tip; no check of the metadata's hash.
        let extension = [&[0_u8][..], &compact(nonce.try_into()?)?, &[0, 0]].concat();
        let [of_runtime, of_transactions] = self.versions.map(u32::to_le_bytes);
        // What is signed and not sent: versions, genesis twice (of this chain, and valid from there on), no hash.
        let known = [&of_runtime[..], &of_transactions, &self.genesis, &self.genesis, &[0]].concat();
        let payload = [call, &extension, &known].concat();
        let payload = if payload.len() > SIGNED_PLAINLY { blake2_256(&payload)? } else { payload };
        let signature = self.keys.sign(&payload);
        // The fourth format, signed; an account by its id; a signature by sr25519.
        let body = [&[0x84_u8, 0][..], &self.keys.account_id(), &[1], &signature, &extension, call].concat();
        Ok(format!("0x{}", hex(&[compact(body.len())?, body].concat())))
    }
}

/// A number as SCALE writes it compactly, up to 2^30.
fn compact(number: usize) -> Result<Vec<u8>> {
    let number = u32::try_from(number)?;
    ensure!(number >> 30 == 0, "{number} is written otherwise");
    let (mode, bytes) = match number {
        0..=0x3f => (0, 1),
        0x40..=0x3fff => (1, 2),
        _ => (2, 4),
    };
    Ok(((number << 2) | mode).to_le_bytes()[..bytes].to_vec())
}

/// BLAKE2b of 32 bytes, by the system's own program: nothing that the tests are built of has it.
fn blake2_256(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    let out =
        Command::new("b2sum").args(["--length", "256"]).stdin(file).output().context("b2sum, of the coreutils")?;
    ensure!(out.status.success(), "b2sum ended with {}", out.status);
    let said = String::from_utf8(out.stdout)?;
    unhex(said.split_whitespace().next().context("a hash")?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let digits = text.trim_start_matches("0x");
    let starts = (0..digits.len()).step_by(2);
    starts.map(|start| Ok(u8::from_str_radix(digits.get(start..start + 2).context("half a byte")?, 16)?)).collect()
}
