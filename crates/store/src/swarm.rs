// SPDX-License-Identifier: Apache-2.0
//! The private swarm: who is connected, and what their streams are handed to.

mod actor;
pub(crate) mod book;
mod streams;
mod transport;

pub(crate) use actor::{start, Setup, StartError};

use crate::{
    access::{Gate, Guard},
    exchange::wire as blocks_wire,
    neighbours, Identity, Store,
};
use libp2p::{
    connection_limits::{self, ConnectionLimits},
    identify, noise, ping,
    swarm::{Config, NetworkBehaviour},
    Multiaddr, PeerId, Stream, StreamProtocol, Swarm,
};
use std::time::Duration;
use streams::Streams;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};

/// Handshakes at one time, each way: strangers get no further than that.
const MAX_HANDSHAKES: u32 = 64;
/// Connections at one time. A community's peers are hundreds; each costs some 150 KiB.
const MAX_CONNECTIONS: u32 = 512;
/// Connections to one peer: both sides may dial at once, over TCP and QUIC.
const MAX_CONNECTIONS_PER_PEER: u32 = 4;
/// A handshake that takes longer is given up.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Requests to the swarm that wait for it; callers beyond wait in line.
const COMMANDS: usize = 256;

/// What this store accepts on its connections.
const PROTOCOLS: &[StreamProtocol] = &[blocks_wire::PROTOCOL, neighbours::PROTOCOL];

/// A connected peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name.
    pub id: PeerId,
    /// Where it is reachable, as far as known; the best first.
    pub addresses: Vec<Multiaddr>,
}

/// Why no connection stands.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// We do not admit the peer.
    #[error("peer {peer} is not admitted: it is not bound to an active member, or our view of the chain is stale")]
    NotAdmitted {
        /// The peer.
        peer: PeerId,
    },
    /// The peer does not admit us.
    #[error(
        "peer {peer} hung up: it does not admit this device; is it bound to an active member, and is that finalised?"
    )]
    Refused {
        /// The peer.
        peer: PeerId,
    },
    /// Another peer lives there.
    #[error("at {address} lives {found}, not the peer the address names")]
    WrongPeer {
        /// The address dialled.
        address: Multiaddr,
        /// Who answered.
        found: PeerId,
    },
    /// Nobody answers.
    #[error("nobody answers at {address}: {reason}")]
    Unreachable {
        /// The address dialled.
        address: Multiaddr,
        /// What was tried and how it failed.
        reason: String,
    },
    /// The store was shut down.
    #[error("the store is shut down")]
    Closed,
}

/// Why a stream was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum OpenError {
    #[error("the peer does not speak the protocol")]
    Unsupported,
    #[error("the peer is gone")]
    Gone,
}

impl Store {
    /// Connects to the peer at `address` and waits until it has shown that it admits us. Its admitted neighbours are then
    /// connected to as well, and a lost peer is dialled again.
    pub async fn connect(&self, address: Multiaddr) -> Result<PeerId, ConnectError> {
        let (reply, connected) = oneshot::channel();
        let command = Command::Connect { address, reply };
        self.inner().swarm.commands.send(command).await.map_err(|_| ConnectError::Closed)?;
        connected.await.unwrap_or(Err(ConnectError::Closed))
    }

    /// The connected peers.
    pub fn peers(&self) -> Vec<Peer> {
        self.inner().swarm.peers.borrow().clone()
    }

    /// Where this store listens, with its own name: what another store's [`Self::connect`] takes.
    pub fn listen_addrs(&self) -> Vec<Multiaddr> {
        self.inner().swarm.listening.borrow().clone()
    }

    /// This store's name in the swarm.
    pub fn local_peer(&self) -> PeerId {
        self.inner().swarm.local
    }
}

#[derive(Debug)]
pub(crate) enum Command {
    Open { peer: PeerId, protocol: StreamProtocol, reply: streams::Reply },
    Connect { address: Multiaddr, reply: oneshot::Sender<Result<PeerId, ConnectError>> },
}

/// How the rest of the store speaks to the swarm.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    pub(crate) local: PeerId,
    commands: mpsc::Sender<Command>,
    pub(crate) peers: watch::Receiver<Vec<Peer>>,
    pub(crate) listening: watch::Receiver<Vec<Multiaddr>>,
}

impl Handle {
    /// Opens a stream to a connected peer.
    pub(crate) async fn open(&self, peer: PeerId, protocol: StreamProtocol) -> Result<Stream, OpenError> {
        let (reply, opened) = oneshot::channel();
        self.commands.send(Command::Open { peer, protocol, reply }).await.map_err(|_| OpenError::Gone)?;
        opened.await.unwrap_or(Err(OpenError::Gone))
    }
}

/// The gate comes first: when it denies a connection, no other part has seen it.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    gate: Gate,
    limits: connection_limits::Behaviour,
    streams: Streams,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

fn build(identity: &Identity, guard: Guard) -> Result<Swarm<Behaviour>, noise::Error> {
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(MAX_HANDSHAKES))
        .with_max_pending_outgoing(Some(MAX_HANDSHAKES))
        .with_max_established(Some(MAX_CONNECTIONS))
        .with_max_established_per_peer(Some(MAX_CONNECTIONS_PER_PEER));
    let (keys, local) = (identity.keypair(), identity.peer_id());
    let told = identify::Config::new("kith/1".to_owned(), keys.public()).with_cache_size(0);
    let behaviour = Behaviour {
        gate: Gate::new(guard),
        limits: connection_limits::Behaviour::new(limits),
        streams: Streams::new(PROTOCOLS),
        identify: identify::Behaviour::new(told),
        ping: ping::Behaviour::default(),
    };
    let config = Config::with_tokio_executor().with_idle_connection_timeout(HANDSHAKE_PATIENCE);
    Ok(Swarm::new(transport::new(&keys)?, behaviour, local, config))
}
