// SPDX-License-Identifier: Apache-2.0
//! Someone with a home of their own, who types `kith` commands.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{ensure, Context, Result};
use serde_json::Value;

use crate::program::program;

/// Everyone's password in tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// A person at their machine.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their home.
    pub home: PathBuf,
    /// Their address.
    pub address: String,
    /// Their encryption key, in hex.
    pub encryption_key: String,
}

impl Person {
    /// Makes keys in a new home.
    pub fn new(home: &Path) -> Result<Self> {
        let mut person = Self { home: home.into(), address: String::new(), encryption_key: String::new() };
        let made = person.kith(&["init"])?;
        person.address = text(&made, "address")?;
        person.encryption_key = text(&made, "encryption_key")?;
        Ok(person)
    }

    /// Tells their machine which community and which node are theirs.
    pub fn settle(&self, specification: &Path, node: &str) -> Result<()> {
        self.kith(&["init", "--node", node, "--community", &specification.to_string_lossy()]).map(drop)
    }

    /// Runs a command that must succeed; its JSON.
    pub fn kith(&self, arguments: &[&str]) -> Result<Value> {
        let (code, said, error) = self.try_kith(arguments)?;
        ensure!(code == 0, "kith {} exited with {code}: {said}{error}", arguments.join(" "));
        serde_json::from_str(&said).with_context(|| format!("kith {} said {said}", arguments.join(" ")))
    }

    /// Runs a command that must fail; its exit code and what it said.
    pub fn refused(&self, arguments: &[&str]) -> Result<(i32, String)> {
        let (code, said, error) = self.try_kith(arguments)?;
        ensure!(code != 0, "kith {} was to be refused, and said {said}", arguments.join(" "));
        Ok((code, said + &error))
    }

    fn try_kith(&self, arguments: &[&str]) -> Result<(i32, String, String)> {
        let out = self.command()?.arg("--json").args(arguments).output()?;
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        Ok((out.status.code().unwrap_or(-1), said, String::from_utf8_lossy(&out.stderr).into_owned()))
    }

    /// The program, for this person.
    pub(crate) fn command(&self) -> Result<Command> {
        let mut command = Command::new(program("kith")?);
        command.arg("--home").arg(&self.home).env("KITH_PASSWORD", PASSWORD).env_remove("KITH_NODE");
        Ok(command)
    }
}

fn text(value: &Value, key: &str) -> Result<String> {
    value[key].as_str().map(str::to_owned).with_context(|| format!("no {key} in {value}"))
}
