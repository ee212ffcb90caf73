// SPDX-License-Identifier: Apache-2.0
//! A running node.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

use crate::{
    program::{free_port, program, wait_for, Running},
    rpc,
};

/// `kith-node`, with data of its own.
#[derive(Debug)]
pub struct Node {
    running: Running,
    /// Its data.
    pub base: PathBuf,
    /// Its RPC port.
    pub rpc_port: u16,
    p2p_port: u16,
}

impl Node {
    /// Starts a node of this chain; `flags` are added to those that keep it apart from others on this machine. It has a
    /// store, unless `--no-store` is among them.
    pub fn start(base: &Path, chain: &str, flags: &[&str]) -> Result<Self> {
        Self::start_at(free_port()?, base, chain, flags)
    }

    /// Starts one that clients find at this port: where they look for another that was killed.
    pub fn start_at(rpc_port: u16, base: &Path, chain: &str, flags: &[&str]) -> Result<Self> {
        let p2p_port = free_port()?;
        std::fs::create_dir_all(base)?;
        let store: &[&str] = if flags.contains(&"--no-store") { &[] } else { &["--store-port", "0"] };
        let node = program("kith-node")?;
        let mut command = Command::new(&node);
        if !flags.contains(&"--compiled-runtime") {
            // One node compiles the runtime for all.
            command.arg("--compiled-runtime").arg(node.with_file_name("compiled-runtime"));
        }
        command
            .args(["--chain", chain, "--no-prometheus", "--no-telemetry", "--no-mdns"])
            .args(store)
            .args(["--rpc-port", &rpc_port.to_string()])
            .args(["--listen-addr", &format!("/ip4/127.0.0.1/tcp/{p2p_port}")])
            .arg("--base-path")
            .arg(base)
            .args(flags);
        let running = Running::start(&mut command, base.join("node.log"))?;
        let mut node = Self { running, base: base.into(), rpc_port, p2p_port };
        wait_for("a node's RPC", || {
            node.running.check()?;
            node.call("system_health", json!([])).map(Some)
        })?;
        Ok(node)
    }

    /// Where clients connect.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.rpc_port)
    }

    /// Where other nodes connect.
    pub fn address(&self) -> Result<String> {
        let id = self.call("system_localPeerId", json!([]))?;
        Ok(format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.p2p_port, id.as_str().context("a peer id")?))
    }

    /// Calls an RPC method.
    pub fn call(&self, method: &str, params: Value) -> Result<Value> {
        rpc::call(self.rpc_port, method, params)
    }

    /// The number of the finalised block.
    pub fn finalised(&self) -> Result<u64> {
        let hash = self.call("chain_getFinalizedHead", json!([]))?;
        let header = self.call("chain_getHeader", json!([hash]))?;
        let number = header["number"].as_str().context("a header")?;
        Ok(u64::from_str_radix(number.trim_start_matches("0x"), 16)?)
    }

    /// Waits until this block is final.
    pub fn wait_for_block(&self, least: u64) -> Result<u64> {
        wait_for(&format!("block {least}"), || Ok(Some(self.finalised()?).filter(|number| *number >= least)))
    }

    /// Addresses of its store.
    pub fn store_addresses(&self) -> Result<Vec<String>> {
        let peer = self.call("kith_storePeer", json!([]))?;
        let addresses = peer["addresses"].as_array().context("no store")?;
        Ok(addresses.iter().filter_map(|address| address.as_str().map(str::to_owned)).collect())
    }

    /// The proof that its store's device belongs to the member with this address.
    pub fn device_proof(base: &Path, chain: &str, owner: &str) -> Result<Value> {
        run(&["device", "--chain", chain, "--owner", owner, "--base-path", &base.to_string_lossy()])
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) -> Result<()> {
        self.running.kill()
    }

    /// What it has said.
    pub fn log(&self) -> String {
        self.running.log()
    }
}

/// Runs a command of the node that prints JSON.
pub(crate) fn run(arguments: &[&str]) -> Result<Value> {
    let out = Command::new(program("kith-node")?).args(arguments).output()?;
    let said = String::from_utf8_lossy(&out.stdout);
    ensure!(out.status.success(), "kith-node {}: {}", arguments.join(" "), String::from_utf8_lossy(&out.stderr));
    if said.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(&said).with_context(|| format!("kith-node {} said {said}", arguments.join(" ")))
}
