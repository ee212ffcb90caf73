// SPDX-License-Identifier: Apache-2.0
//! The keys that a founding validator's node signs with.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::node::run;

/// BABE's and GRANDPA's: each public, and as a phrase.
#[derive(Debug)]
pub(crate) struct SessionKeys {
    babe: (String, String),
    grandpa: (String, String),
}

impl SessionKeys {
    /// Fresh ones.
    pub(crate) fn generate() -> Result<Self> {
        Ok(Self { babe: key("sr25519")?, grandpa: key("ed25519")? })
    }

    /// The line of a founder in a community file who validates with these.
    pub(crate) fn line(&self) -> String {
        format!("validator = {{ babe = \"{}\", grandpa = \"{}\" }}\n", self.babe.0, self.grandpa.0)
    }

    /// Puts them where the node of this chain looks whose data are at `base`.
    pub(crate) fn insert(&self, base: &Path, chain: &str) -> Result<()> {
        let base = base.to_string_lossy();
        for (phrase, scheme, kind) in [(&self.babe.1, "sr25519", "babe"), (&self.grandpa.1, "ed25519", "gran")] {
            run(&[
                "key",
                "insert",
                "--base-path",
                &base,
                "--chain",
                chain,
                "--scheme",
                scheme,
                "--suri",
                phrase,
                "--key-type",
                kind,
            ])?;
        }
        Ok(())
    }
}

/// A key, public and as a phrase.
fn key(scheme: &str) -> Result<(String, String)> {
    let key: Value = run(&["key", "generate", "--scheme", scheme, "--output-type", "json"])?;
    let part = |name: &str| key[name].as_str().map(str::to_owned).with_context(|| format!("{name} of {key}"));
    Ok((part("publicKey")?, part("secretPhrase")?))
}
