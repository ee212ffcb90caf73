// SPDX-License-Identifier: Apache-2.0
//! A community of founders, the first of whom validates, and the nodes and people that come to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    node::{run, Node},
    person::Person,
    plan::Plan,
};

/// What makes a node a validator, in a folder of its own and even alone.
const VALIDATES: [&str; 3] = ["--validator", "--force-authoring", "--unsafe-force-node-key-generation"];

/// A founded community, before any of its nodes runs.
#[derive(Debug)]
pub struct Community {
    folder: TempDir,
    /// The founders; the first validates.
    pub founders: Vec<Person>,
    /// The community file.
    pub file: PathBuf,
    /// What `kith community new` said.
    pub founded: Founding,
    validator: [(String, &'static str, &'static str); 2],
}

/// What founding gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The chain specification.
    pub specification: PathBuf,
    /// The genesis hash, in hex.
    pub genesis: String,
}

impl Community {
    /// Founds one of three founders, whose admission threshold is two.
    pub fn found(name: &str) -> Result<Self> {
        Self::found_with(name, &Plan::default())
    }

    /// Founds one as planned.
    pub fn found_with(name: &str, plan: &Plan<'_>) -> Result<Self> {
        let folder = TempDir::with_prefix("kith-")?;
        let founders =
            plan.names()?.iter().map(|who| Person::new(&folder.path().join(who))).collect::<Result<Vec<_>>>()?;
        let (babe, babe_phrase) = session_key("sr25519")?;
        let (grandpa, grandpa_phrase) = session_key("ed25519")?;
        let file = folder.path().join("community.toml");
        std::fs::write(&file, plan.file(name, &founders, &babe, &grandpa))?;
        let founded = new(&founders[0], &file, &folder.path().join("spec.json"))?;
        let validator = [(babe_phrase, "sr25519", "babe"), (grandpa_phrase, "ed25519", "gran")];
        Ok(Self { folder, founders, file, founded, validator })
    }

    /// Where things of this community are kept until it is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The chain specification, as an argument.
    pub fn chain(&self) -> String {
        self.founded.specification.to_string_lossy().into_owned()
    }

    /// Starts the validator, whose store provides and belongs to the first founder; everyone's machine learns of it.
    pub fn start(&self, flags: &[&str]) -> Result<Node> {
        let (base, chain) = (self.folder().join("validator"), self.chain());
        for (phrase, scheme, kind) in &self.validator {
            let base = base.to_string_lossy();
            run(&[
                "key",
                "insert",
                "--base-path",
                &base,
                "--chain",
                &chain,
                "--scheme",
                scheme,
                "--suri",
                phrase,
                "--key-type",
                kind,
            ])?;
        }
        let node = Node::start(&base, &chain, &[&VALIDATES[..], flags].concat())?;
        for founder in &self.founders {
            founder.settle(&self.founded.specification, &node.url())?;
        }
        Ok(node)
    }

    /// Starts a further node, without a store, that meets the others through `first` and validates once its owner has a
    /// seat; it is the one that the owner's machine asks from now on.
    pub fn start_validator(&self, owner: &Person, first: &Node) -> Result<Node> {
        let (base, meeting) = (owner.home.with_extension("node"), first.address()?);
        let flags = [&VALIDATES[..], &["--no-store", "--bootnodes", meeting.as_str()]].concat();
        let node = Node::start(&base, &self.chain(), &flags)?;
        owner.settle(&self.founded.specification, &node.url())?;
        Ok(node)
    }

    /// Binds the store of the node whose data are at `base` to a member.
    pub fn bind_store(&self, base: &Path, owner: &Person) -> Result<()> {
        let proof = Node::device_proof(base, &self.chain(), &owner.address)?;
        let file = base.join("device.json");
        std::fs::write(&file, proof.to_string())?;
        owner.kith(&["device", "add", &file.to_string_lossy()]).map(drop)
    }

    /// A newcomer with keys, who knows the community and a node.
    pub fn newcomer(&self, who: &str, node: &Node) -> Result<Person> {
        let person = Person::new(&self.folder().join(who))?;
        person.settle(&self.founded.specification, &node.url())?;
        Ok(person)
    }
}

/// Founds from a file.
pub(crate) fn new(founder: &Person, file: &Path, out: &Path) -> Result<Founding> {
    let said = founder.kith(&["community", "new", &file.to_string_lossy(), "--out", &out.to_string_lossy()])?;
    let genesis = said["genesis"].as_str().context("no genesis hash")?.to_owned();
    Ok(Founding { specification: out.into(), genesis })
}

impl Founding {
    /// Founds from a community file.
    pub fn from_file(founder: &Person, file: &Path, out: &Path) -> Result<Self> {
        new(founder, file, out)
    }
}

/// A fresh session key: public key and phrase.
fn session_key(scheme: &str) -> Result<(String, String)> {
    let key: Value = run(&["key", "generate", "--scheme", scheme, "--output-type", "json"])?;
    let part = |name: &str| key[name].as_str().map(str::to_owned).with_context(|| format!("{name} of {key}"));
    Ok((part("publicKey")?, part("secretPhrase")?))
}
