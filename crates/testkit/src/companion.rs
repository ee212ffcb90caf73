// SPDX-License-Identifier: Apache-2.0
//! A running companion.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    person::Person,
    program::{wait_for, Running},
};

/// `kith up`, for one person.
#[derive(Debug)]
pub struct Companion {
    running: Running,
    /// Whose it is.
    pub person: Person,
    /// Where pages are served.
    pub port: u16,
    /// What it said when it came up.
    pub greeting: Value,
}

impl Companion {
    /// Starts it on free ports and waits until it serves.
    pub fn up(person: &Person) -> Result<Self> {
        let log = person.home.join(format!("up-{}.log", std::process::id()));
        let _ = std::fs::remove_file(&log);
        let mut command = person.command()?;
        command.args(["--json", "up", "--port", "0", "--store-port", "0"]).env("KITH_LOG", "kith=debug,warn");
        let mut running = Running::start(&mut command, log)?;
        let greeting = wait_for("a companion", || {
            running.check()?;
            let log = running.log();
            Ok(log.lines().find_map(|line| serde_json::from_str::<Value>(line).ok().filter(|v| v["port"].is_u64())))
        })?;
        let port = greeting["port"].as_u64().and_then(|port| port.try_into().ok()).context("a port")?;
        Ok(Self { running, person: person.clone(), port, greeting })
    }

    /// How many members' stores it is connected to.
    pub fn peers(&self) -> Result<u64> {
        self.person.kith(&["status"])?["store"]["peers"].as_u64().context("no count of peers")
    }

    /// Waits until it is connected to this many stores.
    pub fn wait_for_peers(&self, least: u64) -> Result<()> {
        wait_for(&format!("{least} peers"), || Ok((self.peers()? >= least).then_some(())))
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) -> Result<()> {
        self.running.kill()
    }

    /// Asks it to stop; whether it did so by itself.
    pub fn stop(mut self) -> bool {
        self.running.stop()
    }

    /// What it has said.
    pub fn log(&self) -> String {
        self.running.log()
    }
}
