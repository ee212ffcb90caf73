// SPDX-License-Identifier: Apache-2.0
//! A running companion.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    person::Person,
    program::{wait_for, Running},
};

/// Mounts a disk of `$2` bytes at `$1` and becomes the program that follows.
const WITH_DISK: &str = r#"mount -t tmpfs -o size="$2" tmpfs "$1" && shift 2 && exec "$@""#;

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
        Self::start(person, up(person)?)
    }

    /// Starts it with its store on a disk of its own, of so many bytes, that nobody else sees and that is gone when it is.
    pub fn up_on_a_disk(person: &Person, bytes: u64) -> Result<Self> {
        let (store, plain) = (person.home.join("store"), up(person)?);
        std::fs::create_dir_all(&store)?;
        let mut command = Command::new("unshare");
        command.args(["-Urm", "sh", "-c", WITH_DISK, "sh"]).arg(store).arg(bytes.to_string());
        command.arg(plain.get_program()).args(plain.get_args());
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::start(person, command)
    }

    /// Whether this machine lets a companion have a disk of its own.
    pub fn can_have_a_disk() -> bool {
        Command::new("unshare").args(["-Urm", "true"]).status().is_ok_and(|status| status.success())
    }

    fn start(person: &Person, mut command: Command) -> Result<Self> {
        let log = person.home.join(format!("up-{}.log", std::process::id()));
        let _ = std::fs::remove_file(&log);
        let mut running = Running::start(&mut command, log)?;
        let greeting = wait_for("a companion", || {
            running.check()?;
            let log = running.log();
            Ok(log.lines().find_map(|line| serde_json::from_str::<Value>(line).ok().filter(|v| v["port"].is_u64())))
        })?;
        let port = greeting["port"].as_u64().and_then(|port| port.try_into().ok()).context("a port")?;
        Ok(Self { running, person: person.clone(), port, greeting })
    }

    /// Its store as it sees it itself, where that lies on a disk of its own.
    pub fn disk(&self) -> PathBuf {
        let store = self.person.home.join("store");
        let inside = store.strip_prefix("/").unwrap_or(&store);
        PathBuf::from(format!("/proc/{}/root", self.running.id())).join(inside)
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

fn up(person: &Person) -> Result<Command> {
    let mut command = person.command()?;
    command.args(["--json", "up", "--port", "0", "--store-port", "0"]).env("KITH_LOG", "kith=debug,warn");
    Ok(command)
}
