// SPDX-License-Identifier: Apache-2.0
//! A community of founders, some of whom validate from the first block on, and the nodes and people that come to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{node::Node, person::Person, plan::Plan, session::SessionKeys};

/// What makes a node a validator, in a folder of its own.
const VALIDATES: [&str; 2] = ["--validator", "--unsafe-force-node-key-generation"];
/// What has it write blocks before it has met another. Only the first may: every other would begin a chain of its own.
const ALONE: &str = "--force-authoring";

/// A founded community, before any of its nodes runs.
#[derive(Debug)]
pub struct Community {
    folder: TempDir,
    /// The founders; the first validates, and as many after them as were planned.
    pub founders: Vec<Person>,
    /// The community file.
    pub file: PathBuf,
    /// What `kith community new` said.
    pub founded: Founding,
    sessions: Vec<SessionKeys>,
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
        let sessions = (0..plan.validators).map(|_| SessionKeys::generate()).collect::<Result<Vec<_>>>()?;
        let file = folder.path().join("community.toml");
        std::fs::write(&file, plan.file(name, &founders, &sessions))?;
        let founded = new(&founders[0], &file, &folder.path().join("spec.json"))?;
        Ok(Self { folder, founders, file, founded, sessions })
    }

    /// Where things of this community are kept until it is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The chain specification, as an argument.
    pub fn chain(&self) -> String {
        self.founded.specification.to_string_lossy().into_owned()
    }

    /// Starts the first validator, whose store provides and belongs to the first founder; everyone's machine learns of
    /// it.
    pub fn start(&self, flags: &[&str]) -> Result<Node> {
        let (base, chain) = (self.folder().join("validator"), self.chain());
        self.sessions.first().context("nobody validates")?.insert(&base, &chain)?;
        let node = Node::start(&base, &chain, &[&VALIDATES[..], &[ALONE], flags].concat())?;
        for founder in &self.founders {
            founder.settle(&self.founded.specification, &node.url())?;
        }
        Ok(node)
    }

    /// Starts a further node, without a store, that meets the others through `first` and validates while its owner has
    /// a seat; it is the one that the owner's machine asks from now on.
    pub fn start_validator(&self, owner: &Person, first: &Node) -> Result<Node> {
        let node = self.start_validator_at(&owner.home.with_extension("node"), owner, first)?;
        owner.settle(&self.founded.specification, &node.url())?;
        Ok(node)
    }

    /// Starts one whose data are at `base`, without a word to the owner's machine. It has the keys that the owner was
    /// founded with, if they validate from the first block on; another of their nodes may have them too.
    pub fn start_validator_at(&self, base: &Path, owner: &Person, first: &Node) -> Result<Node> {
        let (chain, meeting) = (self.chain(), first.address()?);
        let number = self.founders.iter().position(|founder| founder.address == owner.address);
        if let Some(keys) = number.and_then(|number| self.sessions.get(number)) {
            keys.insert(base, &chain)?;
        }
        let flags = [&VALIDATES[..], &["--no-store", "--bootnodes", meeting.as_str()]].concat();
        Node::start(base, &chain, &flags)
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
