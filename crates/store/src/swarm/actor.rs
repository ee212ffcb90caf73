// SPDX-License-Identifier: Apache-2.0
//! The task that runs the swarm: it keeps connections to admitted peers and hands their streams on.

use super::{
    book::Book, build, streams::Accepted, Behaviour, BehaviourEvent, Command, ConnectError, Handle, OpenError, Peer,
    COMMANDS,
};
use crate::{
    access::{Guard, NotAdmitted},
    blocks::Blocks,
    exchange::{serve, wire as blocks_wire, Exchange},
    neighbours::{self, Neighbour},
    Identity,
};
use futures::{AsyncWriteExt, StreamExt};
use libp2p::{
    core::{transport::ListenerId, ConnectedPoint},
    identify,
    multiaddr::Protocol,
    swarm::{
        dial_opts::{DialOpts, PeerCondition},
        ConnectionId, DialError, SwarmEvent,
    },
    Multiaddr, PeerId, Swarm, TransportError,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io,
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{interval, timeout, Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

/// Streams served to one peer at a time: one of blocks and one of peers would do; the rest is for reconnecting.
const MAX_STREAMS_PER_PEER: usize = 4;
/// How often lost peers are considered for dialling.
const REDIAL_EVERY: Duration = Duration::from_secs(1);
/// How often peers are asked for their neighbours.
const GREET_EVERY: Duration = Duration::from_secs(30);
/// How long a peer may take to tell its neighbours, or to hear ours.
const GREETING_PATIENCE: Duration = Duration::from_secs(10);
/// How long the system may take to open a listening socket.
const LISTEN_PATIENCE: Duration = Duration::from_secs(10);

type ConnectReply = oneshot::Sender<Result<PeerId, ConnectError>>;

/// What the swarm needs.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) identity: Identity,
    pub(crate) listen: Vec<Multiaddr>,
    pub(crate) guard: Guard,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) blocks: Arc<Blocks>,
}

/// Why the swarm did not start.
pub(crate) enum StartError {
    Noise(libp2p::noise::Error),
    Listen(Multiaddr, io::Error),
}

/// What a finished task tells.
enum Done {
    Served,
    Greeted { peer: PeerId, heard: Option<Vec<Neighbour>>, reply: Option<ConnectReply> },
}

/// The running swarm.
pub(crate) struct Actor {
    swarm: Swarm<Behaviour>,
    guard: Guard,
    exchange: Arc<Exchange>,
    blocks: Arc<Blocks>,
    handle: Handle,
    commands: mpsc::Receiver<Command>,
    peers: watch::Sender<Vec<Peer>>,
    listening: watch::Sender<Vec<Multiaddr>>,
    listeners: BTreeMap<Multiaddr, ListenerId>,
    connected: HashSet<PeerId>,
    /// Who waits for which dial.
    dialling: HashMap<ConnectionId, (Multiaddr, ConnectReply)>,
    /// Ends what runs for a peer when it is gone: Yamux tells the streams of a connection that we close nothing. The count of
    /// each value is the number of streams being served to the peer, plus one.
    serving: HashMap<PeerId, Arc<CancellationToken>>,
    book: Book,
    tasks: JoinSet<Done>,
}

/// Starts listening. The swarm lives while the actor runs.
pub(crate) async fn start(setup: Setup) -> Result<(Handle, Actor), StartError> {
    let swarm = build(&setup.identity, setup.guard.clone()).map_err(StartError::Noise)?;
    let (send, commands) = mpsc::channel(COMMANDS);
    let (peers, listening) = (watch::Sender::new(Vec::new()), watch::Sender::new(Vec::new()));
    let local = *swarm.local_peer_id();
    let handle = Handle { local, commands: send, peers: peers.subscribe(), listening: listening.subscribe() };
    let mut actor = Actor {
        swarm,
        guard: setup.guard,
        exchange: setup.exchange,
        blocks: setup.blocks,
        handle: handle.clone(),
        commands,
        peers,
        listening,
        listeners: BTreeMap::new(),
        connected: HashSet::new(),
        dialling: HashMap::new(),
        serving: HashMap::new(),
        book: Book::default(),
        tasks: JoinSet::new(),
    };
    for address in setup.listen {
        actor.listen(&address).await.map_err(|error| StartError::Listen(address, error))?;
    }
    Ok((handle, actor))
}

impl Actor {
    async fn listen(&mut self, address: &Multiaddr) -> io::Result<()> {
        let listener = self.swarm.listen_on(address.clone()).map_err(|error| match error {
            TransportError::Other(error) => error,
            TransportError::MultiaddrNotSupported(_) => io::ErrorKind::Unsupported.into(),
        })?;
        let opened = async {
            while !self.listeners.values().any(|id| *id == listener) {
                match self.swarm.select_next_some().await {
                    SwarmEvent::ListenerClosed { listener_id, reason, .. } if listener_id == listener => {
                        return Err(reason.err().unwrap_or(io::ErrorKind::AddrNotAvailable.into()));
                    }
                    event => self.on_event(event),
                }
            }
            Ok(())
        };
        timeout(LISTEN_PATIENCE, opened).await?
    }

    /// Runs until cancelled; all connections end with it.
    pub(crate) async fn run(mut self, cancel: CancellationToken) {
        let (mut redial, mut greet) = (interval(REDIAL_EVERY), interval(GREET_EVERY));
        redial.set_missed_tick_behavior(MissedTickBehavior::Delay);
        greet.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut access = self.guard.clone();
        let mut host_lives = true;
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                event = self.swarm.select_next_some() => self.on_event(event),
                Some(command) = self.commands.recv() => self.on_command(command),
                alive = access.changed(), if host_lives => {
                    host_lives = alive;
                    self.on_access_changed();
                },
                Some(done) = self.tasks.join_next() => self.on_done(done),
                _ = redial.tick() => self.redial(),
                _ = greet.tick() => {
                    for peer in self.connected.clone() {
                        self.greet(peer, None);
                    }
                },
            }
        }
    }

    fn on_event(&mut self, event: SwarmEvent<super::BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(BehaviourEvent::Streams(accepted)) => self.serve(accepted),
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                for address in info.listen_addrs.iter().take(super::book::MAX_ADDRESSES) {
                    self.book.note(peer_id, address, false, Instant::now());
                }
                self.tell_peers();
            }
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                self.on_connected(peer_id, connection_id, &endpoint);
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => self.on_disconnected(&peer_id),
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some((address, reply)) = self.dialling.remove(&connection_id) {
                    let _ = reply.send(Err(dial_error(address, error)));
                }
            }
            SwarmEvent::NewListenAddr { listener_id, address } => {
                self.listeners.insert(address, listener_id);
                self.tell_listening();
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.listeners.remove(&address);
                self.tell_listening();
            }
            SwarmEvent::ListenerClosed { addresses, reason: Err(error), .. } => {
                tracing::error!(target: "kith::store", ?addresses, %error, "no longer listening");
            }
            _ => {}
        }
    }

    fn on_connected(&mut self, peer: PeerId, connection: ConnectionId, endpoint: &ConnectedPoint) {
        if let ConnectedPoint::Dialer { address, .. } = endpoint {
            self.book.note(peer, address, true, Instant::now());
        }
        let reply = self.dialling.remove(&connection).map(|(_, reply)| reply);
        let first = self.connected.insert(peer);
        if first {
            let ended = CancellationToken::clone(self.serving.entry(peer).or_default());
            let work = self.exchange.connected(peer, self.handle.clone());
            self.tasks.spawn(async move {
                ended.run_until_cancelled(work).await;
                Done::Served
            });
            self.tell_peers();
        }
        if first || reply.is_some() {
            self.greet(peer, reply);
        }
    }

    fn on_disconnected(&mut self, peer: &PeerId) {
        self.connected.remove(peer);
        if let Some(serving) = self.serving.remove(peer) {
            serving.cancel();
        }
        self.exchange.disconnected(peer);
        self.tell_peers();
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Open { peer, protocol, reply } => self.swarm.behaviour_mut().streams.open(peer, protocol, reply),
            Command::Connect { address, reply } => self.connect(address, reply),
        }
    }

    fn connect(&mut self, address: Multiaddr, reply: ConnectReply) {
        let peer = address.iter().find_map(|part| if let Protocol::P2p(peer) = part { Some(peer) } else { None });
        let options = match peer {
            Some(peer) if self.connected.contains(&peer) => return self.greet(peer, Some(reply)),
            Some(peer) => {
                self.book.note(peer, &address, false, Instant::now());
                DialOpts::peer_id(peer).addresses(vec![address.clone()]).condition(PeerCondition::Always).build()
            }
            None => DialOpts::unknown_peer_id().address(address.clone()).build(),
        };
        let connection = options.connection_id();
        match self.swarm.dial(options) {
            Ok(()) => {
                self.dialling.insert(connection, (address, reply));
            }
            Err(error) => {
                let _ = reply.send(Err(dial_error(address, error)));
            }
        }
    }

    fn on_access_changed(&mut self) {
        let connected = self.swarm.connected_peers();
        let expelled: Vec<PeerId> = connected.filter(|peer| !self.guard.admits(peer)).copied().collect();
        for peer in expelled {
            tracing::info!(target: "kith::store", %peer, "no longer admitted: hanging up");
            // It fails only if the connection is already going.
            let _ = self.swarm.disconnect_peer_id(peer);
            // Closing takes a moment, in which nothing is asked of it or answered any more.
            self.on_disconnected(&peer);
        }
        self.book.try_all(Instant::now());
    }

    fn redial(&mut self) {
        let (connected, guard, local) = (&self.connected, &self.guard, self.handle.local);
        let wanted = |peer: &PeerId| *peer != local && !connected.contains(peer) && guard.admits(peer);
        for (peer, addresses) in self.book.due(Instant::now(), wanted) {
            let options = DialOpts::peer_id(peer).addresses(addresses);
            // A dial that is already under way is as good.
            let _ = self.swarm.dial(options.condition(PeerCondition::DisconnectedAndNotDialing).build());
        }
    }

    /// Asks a peer for its neighbours. That it answers at all shows that it admits us.
    fn greet(&mut self, peer: PeerId, reply: Option<ConnectReply>) {
        let handle = self.handle.clone();
        let greeting = async move {
            match handle.open(peer, neighbours::PROTOCOL).await {
                Ok(stream) => neighbours::read(stream).await.ok(),
                // Another implementation of IPFS: it talks to us, but knows no such protocol.
                Err(OpenError::Unsupported) => Some(Vec::new()),
                Err(OpenError::Gone) => None,
            }
        };
        self.tasks.spawn(async move {
            let heard = timeout(GREETING_PATIENCE, greeting).await.ok().flatten();
            Done::Greeted { peer, heard, reply }
        });
    }

    fn on_done(&mut self, done: Result<Done, tokio::task::JoinError>) {
        match done {
            Ok(Done::Served) => {}
            Ok(Done::Greeted { peer, heard: None, reply }) => {
                let _ = reply.map(|reply| reply.send(Err(ConnectError::Refused { peer })));
            }
            Ok(Done::Greeted { peer, heard: Some(neighbours), reply }) => {
                self.book.answered(&peer);
                for (neighbour, addresses) in neighbours {
                    if neighbour != self.handle.local && self.guard.admits(&neighbour) {
                        addresses.iter().for_each(|at| self.book.note(neighbour, at, false, Instant::now()));
                    }
                }
                let _ = reply.map(|reply| reply.send(Ok(peer)));
            }
            Err(error) => tracing::error!(target: "kith::store", %error, "a task of the swarm failed"),
        }
    }

    /// Serves a stream that a peer opened, if it is still admitted and has not too many.
    fn serve(&mut self, Accepted { peer, protocol, mut stream }: Accepted) {
        if !self.guard.admits(&peer) {
            return;
        }
        let serving = self.serving.entry(peer).or_default().clone();
        if Arc::strong_count(&serving) > MAX_STREAMS_PER_PEER + 1 {
            return;
        }
        if protocol == blocks_wire::PROTOCOL {
            let work = serve::serve(stream, peer, self.guard.clone(), self.blocks.clone());
            self.tasks.spawn(async move {
                if let Some(Err(error)) = serving.run_until_cancelled(work).await {
                    tracing::debug!(target: "kith::store", %peer, %error, "stopped answering a peer");
                }
                Done::Served
            });
        } else if protocol == neighbours::PROTOCOL {
            let told = self.connected.iter().filter(|other| **other != peer && self.guard.admits(other));
            let message = neighbours::encode(told.map(|other| (*other, self.book.addresses(other))));
            self.tasks.spawn(async move {
                let telling = async {
                    stream.write_all(&message).await?;
                    stream.close().await
                };
                // A peer that does not listen loses nothing but news.
                let _ = serving.run_until_cancelled(timeout(GREETING_PATIENCE, telling)).await;
                Done::Served
            });
        }
    }

    fn tell_peers(&self) {
        let peer = |id: &PeerId| Peer { id: *id, addresses: self.book.addresses(id) };
        self.peers.send_replace(self.connected.iter().map(peer).collect());
    }

    fn tell_listening(&self) {
        let named = |address: &Multiaddr| address.clone().with(Protocol::P2p(self.handle.local));
        self.listening.send_replace(self.listeners.keys().map(named).collect());
    }
}

fn dial_error(address: Multiaddr, error: DialError) -> ConnectError {
    match error {
        DialError::Denied { cause } => match cause.downcast::<NotAdmitted>() {
            Ok(NotAdmitted { peer }) => ConnectError::NotAdmitted { peer },
            Err(cause) => ConnectError::Unreachable { address, reason: cause.to_string() },
        },
        DialError::WrongPeerId { obtained, address } => ConnectError::WrongPeer { address, found: obtained },
        error => ConnectError::Unreachable { address, reason: error.to_string() },
    }
}
