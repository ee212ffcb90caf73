// SPDX-License-Identifier: Apache-2.0
//! How tests open stores, connect them and wait for them.

use futures::TryStreamExt;
use kith_store::{read::ReadError, Access, Cid, Identity, Multiaddr, PeerId, Store, StoreConfig};
use std::{future::Future, ops::Range, path::PathBuf, time::Duration};
use tempfile::TempDir;
use tokio::sync::watch;

/// A store in a directory of its own, and its host's end of the access set.
pub(crate) struct Node {
    pub(crate) store: Store,
    pub(crate) access: watch::Sender<Access>,
    pub(crate) dir: TempDir,
}

pub(crate) fn config(dir: &TempDir, identity: Identity) -> StoreConfig {
    StoreConfig {
        listen: vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()],
        patience: Duration::from_secs(2),
        ..StoreConfig::new(dir.path(), identity)
    }
}

impl Node {
    /// A node that admits nobody yet.
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(StoreConfig) -> StoreConfig) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let access = watch::Sender::new(Access { fresh: true, ..Access::default() });
        let config = change(config(&dir, Identity::generate()));
        let store = Store::open(config, access.subscribe()).await.unwrap();
        Self { store, access, dir }
    }

    pub(crate) fn admit(&self, peer: PeerId) {
        self.access.send_modify(|access| _ = access.peers.insert(peer));
    }

    pub(crate) fn expel(&self, peer: PeerId) {
        self.access.send_modify(|access| _ = access.peers.remove(&peer));
    }

    pub(crate) fn address(&self) -> Multiaddr {
        self.store.listen_addrs().first().unwrap().clone()
    }

    pub(crate) fn id(&self) -> PeerId {
        self.store.local_peer()
    }

    /// The file of a block.
    pub(crate) fn file(&self, cid: &Cid) -> PathBuf {
        let name = cid.to_string();
        self.dir.path().join("blocks").join(&name[name.len() - 2..]).join(format!("{name}.data"))
    }

    pub(crate) async fn read(&self, file: &Cid, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        let pieces: Vec<_> = self.store.read(file, range).await?.try_collect().await?;
        Ok(pieces.concat())
    }
}

/// Nodes that all admit each other, connected to the first.
pub(crate) async fn community<const N: usize>() -> [Node; N] {
    let mut nodes = Vec::new();
    for _ in 0..N {
        nodes.push(Node::new().await);
    }
    for node in &nodes {
        nodes.iter().for_each(|other| node.admit(other.id()));
    }
    for node in &nodes[1..] {
        assert_eq!(node.store.connect(nodes[0].address()).await.unwrap(), nodes[0].id());
    }
    nodes.try_into().ok().unwrap()
}

/// Bytes that repeat in no block: a xorshift sequence.
pub(crate) fn noise(bytes: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .flatten()
    .take(bytes)
    .collect()
}

/// Waits until `what` holds; the test runner's own limit ends it otherwise.
pub(crate) async fn until(mut what: impl FnMut() -> bool) {
    while !what() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Fails the test if the future is not done in good time.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("not done within a minute")
}
