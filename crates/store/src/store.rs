// SPDX-License-Identifier: Apache-2.0
//! The handle to a store: how it is opened, what it tells of itself, how it is shut down.

use crate::{
    access::{Access, Guard},
    blocking,
    blocks::Blocks,
    exchange::Exchange,
    gc::Cache,
    holds::{Hold, Holds},
    pins::Pins,
    swarm::{self, StartError},
    Identity,
};
use libp2p::Multiaddr;
use std::{
    fs::{self, DirBuilder, File, TryLockError},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};
use thiserror::Error;
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The form of the directory, in its file `version`. Another number is refused, never guessed at.
const VERSION: &str = "1";
/// Bytes of cache unless told otherwise: 10 GiB.
pub const DEFAULT_BUDGET_BYTES: u64 = 10 << 30;
/// How long a block is looked for unless told otherwise.
pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(20);

/// How a store is set up.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Its directory; made if missing, with mode 0700. Nothing else may use it.
    pub path: PathBuf,
    /// Its key in the swarm.
    pub identity: Identity,
    /// Where it listens, such as `/ip4/0.0.0.0/tcp/4101` and `/ip4/0.0.0.0/udp/4101/quic-v1`. Port 0 takes a free one.
    pub listen: Vec<Multiaddr>,
    /// Bytes of blocks kept that no pin names.
    pub budget_bytes: u64,
    /// How long a block is looked for among the peers before it counts as not found.
    pub patience: Duration,
}

impl StoreConfig {
    /// A store that does not listen, with the default budget and patience.
    pub fn new(path: impl Into<PathBuf>, identity: Identity) -> Self {
        let (budget_bytes, patience) = (DEFAULT_BUDGET_BYTES, DEFAULT_PATIENCE);
        Self { path: path.into(), identity, listen: Vec::new(), budget_bytes, patience }
    }
}

/// Why a store could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it.
    #[error("the store in {} is in use by another process; stop that one, or choose another directory", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The directory is of another form.
    #[error("the store in {} has version {found:?}, this program reads {VERSION:?}; use the program that made it", path.display())]
    Version {
        /// The directory.
        path: PathBuf,
        /// What its file `version` says.
        found: String,
    },
    /// A pin cannot be read. Opening without it would let its content be collected.
    #[error("cannot read the pin file {}: {source}; restore it, or remove it and pin again", path.display())]
    Pin {
        /// The pin's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused.
    #[error("cannot use the store in {}: {source}", path.display())]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A listening address cannot be had.
    #[error("cannot listen on {address}: {source}; is the port in use? choose another, or 0 for a free one")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// What the system said.
        source: io::Error,
    },
    /// The identity cannot be used for encryption.
    #[error("cannot prepare encryption with this identity: {source}")]
    Encryption {
        /// What the library said.
        source: libp2p::noise::Error,
    },
}

impl From<StartError> for OpenError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Listen(address, source) => Self::Listen { address, source },
            StartError::Noise(source) => Self::Encryption { source },
        }
    }
}

/// What a store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Blocks on the disk.
    pub blocks: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Pins.
    pub pins: usize,
    /// Connected peers.
    pub peers: usize,
}

/// An open store. Clones are handles to the same one; it shuts down with the last.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

/// What the operations of a store share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) blocks: Arc<Blocks>,
    pub(crate) pins: Arc<Pins>,
    pub(crate) cache: Arc<Cache>,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) swarm: swarm::Handle,
    holds: Arc<Holds>,
    tasks: std::sync::Mutex<JoinSet<()>>,
    cancel: CancellationToken,
    _cancel_on_drop: DropGuard,
    _lock: File,
}

impl Store {
    /// Opens the store, made if missing, and starts its swarm. `access` is the host's view of who belongs; while its sender
    /// is alive, changes take effect at once.
    pub async fn open(config: StoreConfig, access: watch::Receiver<Access>) -> Result<Self, OpenError> {
        let StoreConfig { path, identity, listen, budget_bytes, patience } = config;
        let (lock, blocks, pins) = blocking::run(move || open_directory(&path)).await?;
        let (blocks, pins, holds) = (Arc::new(blocks), Arc::new(pins), Arc::<Holds>::default());
        let cache = Arc::new(Cache::new(blocks.clone(), pins.clone(), holds.clone(), budget_bytes));
        let exchange = Arc::new(Exchange::new(cache.clone(), patience));
        let guard = Guard::new(access);
        let setup = swarm::Setup { identity, listen, guard, exchange: exchange.clone(), blocks: blocks.clone() };
        let (swarm, actor) = swarm::start(setup).await?;
        let (cancel, mut tasks) = (CancellationToken::new(), JoinSet::new());
        tasks.spawn(actor.run(cancel.clone()));
        let (tending, ended) = (cache.clone().tend(), cancel.clone());
        tasks.spawn(async move {
            ended.run_until_cancelled(tending).await;
        });
        let (_cancel_on_drop, tasks) = (cancel.clone().drop_guard(), tasks.into());
        let inner = Inner { blocks, pins, cache, exchange, swarm, holds, tasks, cancel, _cancel_on_drop, _lock: lock };
        Ok(Self(Arc::new(inner)))
    }

    /// What the store holds now.
    pub fn stats(&self) -> Stats {
        let (blocks, bytes) = self.0.blocks.totals();
        Stats { blocks, bytes, pins: self.0.pins.len(), peers: self.0.swarm.peers.borrow().len() }
    }

    /// Closes all connections and waits until the background work has ended. What is on the disk can still be read; the
    /// directory is given free with the last handle.
    pub async fn shutdown(&self) {
        self.0.cancel.cancel();
        let mut tasks = std::mem::take(&mut *self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0
    }

    pub(crate) fn hold(&self) -> Hold {
        Hold::new(self.0.holds.clone())
    }
}

fn open_directory(path: &Path) -> Result<(File, Blocks, Pins), OpenError> {
    let io = |source| OpenError::Io { path: path.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io)?;
    let lock = File::create(path.join("lock")).map_err(io)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::Locked { path: path.to_owned() },
        TryLockError::Error(source) => io(source),
    })?;
    check_version(path)?;
    let blocks = Blocks::open(path.join("blocks")).map_err(io)?;
    let pins = Pins::open(path.join("pins")).map_err(|(path, source)| OpenError::Pin { path, source })?;
    Ok((lock, blocks, pins))
}

fn check_version(path: &Path) -> Result<(), OpenError> {
    let io = |source| OpenError::Io { path: path.to_owned(), source };
    let file = path.join("version");
    match fs::read_to_string(&file) {
        Ok(found) if found.trim() == VERSION => Ok(()),
        Ok(found) => Err(OpenError::Version { path: path.to_owned(), found: found.trim().chars().take(32).collect() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A crash between the two steps leaves the directory as new as before.
            let aside = path.join("version.new");
            fs::write(&aside, VERSION).and_then(|()| fs::rename(&aside, &file)).map_err(io)
        }
        Err(error) => Err(io(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_that_cannot_encrypt_is_named() {
        let source = libp2p::noise::Error::AuthenticationFailed;
        let refused = OpenError::from(StartError::Noise(source));
        assert!(matches!(refused, OpenError::Encryption { .. }));
        assert!(refused.to_string().contains("cannot prepare encryption"), "{refused}");
    }
}
