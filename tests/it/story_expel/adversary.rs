// SPDX-License-Identifier: Apache-2.0
//! Who was expelled and kept everything, and what it must not help them to.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{bail, ensure, Context, Result};
use futures::{StreamExt, TryStreamExt};
use kith_chain::Chain;
use kith_primitives::member::Standing;
use kith_store::{
    identity::load_or_create_identity,
    swarm::{ConnectError, Peer},
    Access, Cid, Identity, Multiaddr, PeerId, Store, StoreConfig,
};
use kith_testkit::{wait_for, Companion, Person};
use kith_vault::{Binding, OpenError, Opener, PREFIX_LEN};
use tokio::sync::watch;

use super::{
    connected,
    world::{Kept, World},
    Version, BLOCKS,
};

/// How long the adversary's store looks for a block.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between two looks at who is connected.
const LOOK: Duration = Duration::from_millis(20);

/// A store that heeds no chain.
pub(super) struct Adversary {
    store: Store,
    /// Everyone is let in for as long as this lives.
    _access: watch::Sender<Access>,
}

impl Adversary {
    /// A store with this person's device key and cache that lets everyone in, whatever the chain says; connected to everyone.
    pub(super) fn start(world: &World<'_>, person: &Person, others: [&Companion; 2]) -> Result<Self> {
        let store = world.node.store_addresses()?.into_iter().find(|address| address.contains("/tcp/"));
        let store: Multiaddr = store.context("the node's store")?.parse()?;
        let mut peers = BTreeSet::from([peer_in(&store)?]);
        for companion in others {
            peers.insert(companion.greeting["peer"].as_str().context("a peer")?.parse::<PeerId>()?);
        }
        let access = watch::Sender::new(Access { peers: peers.clone(), fresh: true });
        let identity = load_or_create_identity(&person.home.join("device.key"))?;
        let mut config = StoreConfig::new(person.home.join("store"), identity);
        config.listen = vec!["/ip4/127.0.0.1/tcp/0".parse()?];
        config.patience = PATIENCE;
        let store_of_mine = world.runtime.block_on(Store::open(config, access.subscribe()))?;
        let adversary = Self { store: store_of_mine, _access: access };
        wait_for("the adversary to be connected to everyone", || {
            world.runtime.block_on(adversary.store.connect(store.clone()))?;
            Ok((adversary.store.peers().len() == peers.len()).then_some(()))
        })?;
        Ok(adversary)
    }

    pub(super) fn id(&self) -> String {
        self.store.local_peer().to_string()
    }

    /// What tells whom it is connected to.
    pub(super) fn connected(&self) -> impl Fn() -> Result<Vec<String>> + Send + 'static {
        let store = self.store.clone();
        move || Ok(store.peers().iter().map(|peer| peer.id.to_string()).collect())
    }

    /// Where everyone it is connected to can be dialled.
    pub(super) fn reachable(&self) -> Vec<Multiaddr> {
        let first = |peer: Peer| peer.addresses.into_iter().next()?.with_p2p(peer.id).ok();
        self.store.peers().into_iter().filter_map(first).collect()
    }

    pub(super) async fn cannot_fetch(&self, root: &Cid) -> Result<()> {
        let fetched = self.store.fetch(root, 1 << 30, |_| ()).await;
        ensure!(fetched.is_err(), "the adversary fetched {root}");
        Ok(())
    }
}

fn peer_in(address: &Multiaddr) -> Result<PeerId> {
    let address = address.to_string();
    let (_, peer) = address.rsplit_once("/p2p/").with_context(|| format!("no peer in {address}"))?;
    Ok(peer.parse()?)
}

/// Follows final blocks until one shows that the person stands so, and says by which they had no connection, as `connected`
/// tells, which must be quick: the block that counts is the one that is final once it has answered. It is too late after
/// [`BLOCKS`].
pub(super) async fn alone_from(
    chain: Chain,
    person: u32,
    standing: Standing,
    connected: impl Fn() -> Result<Vec<String>> + Send + 'static,
) -> Result<(u32, u32)> {
    let mut blocks = chain.finalised().await?;
    let (mut now, mut shown) = (0, None);
    loop {
        tokio::select! {
            block = blocks.next() => {
                block.context("the node is gone")?;
                let view = chain.view().await?;
                now = view.block().number;
                if shown.is_none() && view.member(person).await?.is_some_and(|one| one.standing == standing) {
                    shown = Some(now);
                }
            }
            () = tokio::time::sleep(LOOK) => {}
        }
        let Some(at) = shown else { continue };
        // They dial again and again; a dial that is refused is no connection for longer than a handshake.
        let peers = connected()?;
        if peers.is_empty() {
            // Blocks may have become final since the last one was heard of.
            let by = chain.view().await?.block().number;
            ensure!(by <= at + BLOCKS, "{standing:?} in block {at}, and alone only by block {by}");
            return Ok((at, by));
        }
        if now > at + BLOCKS {
            bail!("{standing:?} in block {at}, and connected to {peers:?} in block {now}");
        }
    }
}

/// Nobody honest is connected to the adversary, by what they say themselves, and nobody takes its calls.
pub(super) fn alone(
    world: &World<'_>,
    adversary: &Adversary,
    reachable: &[Multiaddr],
    others: [&Companion; 2],
) -> Result<()> {
    for Companion { person, .. } in others {
        ensure!(!connected(person)?.contains(&adversary.id()), "{} is still connected", person.address);
    }
    wait_for("the node to say that it hung up", || {
        let log = world.node.log();
        Ok(log.lines().any(|line| line.contains("hanging up") && line.contains(&adversary.id())).then_some(()))
    })?;
    ensure!(reachable.len() == 3, "{reachable:?}");
    for address in reachable {
        let dialled = world.runtime.block_on(adversary.store.connect(address.clone()));
        ensure!(matches!(dialled, Err(ConnectError::Refused { .. })), "{address} answered {dialled:?}");
    }
    Ok(())
}

/// With the blocks in hand, copied from one folder to another, the kept key opens the versions that it must, and no others.
pub(super) async fn unreadable(
    (loot, from): (PathBuf, PathBuf),
    kept: &Kept,
    versions: [(&Version, bool); 2],
) -> Result<()> {
    copy(&from.join("blocks"), &loot.join("blocks"))?;
    let access = watch::Sender::new(Access::default());
    let store = Store::open(StoreConfig::new(loot, Identity::generate()), access.subscribe()).await?;
    for (version, opens) in versions {
        let length = store.resolve(&version.root, "").await?.bytes;
        let pieces: Vec<_> = store.read(&version.root, 0..PREFIX_LEN as u64).await?.try_collect().await?;
        let prefix: [u8; PREFIX_LEN] = pieces.concat().try_into().ok().context("a prefix")?;
        for number in versions.map(|(one, _)| one.number) {
            let binding = Binding { resource: version.resource, version: number };
            let opened = Opener::new(&kept.key, binding, length, &prefix);
            if opens && number == version.number {
                ensure!(opened.is_ok(), "the kept key does not open what it was for: {opened:?}");
            } else {
                ensure!(matches!(opened, Err(OpenError::NotThisVersion { .. })), "version {number}: {opened:?}");
            }
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(to.join(&folder))?;
        for entry in fs::read_dir(from.join(&folder)).with_context(|| from.display().to_string())? {
            let entry = entry?;
            let inside = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(inside);
            } else {
                fs::copy(entry.path(), to.join(inside))?;
            }
        }
    }
    Ok(())
}
