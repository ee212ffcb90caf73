// SPDX-License-Identifier: Apache-2.0
//! How plain streams are opened to connected peers and accepted from them.
//!
//! Unlike a general-purpose stream behaviour this one never dials, drops no stream that two peers open at the same moment,
//! and forgets a connection when it closes.

use super::OpenError;
use futures::future::{ready, Ready};
use libp2p::{
    core::{transport::PortUse, upgrade::ReadyUpgrade, Endpoint, UpgradeInfo},
    swarm::{
        handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound},
        ConnectionClosed, ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
        NetworkBehaviour, NotifyHandler, StreamUpgradeError, SubstreamProtocol, THandler, THandlerInEvent, ToSwarm,
    },
    InboundUpgrade, Multiaddr, PeerId, Stream, StreamProtocol,
};
use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    task::{Context, Poll},
};
use tokio::sync::oneshot;

/// Where the opened stream goes.
pub(super) type Reply = oneshot::Sender<Result<Stream, OpenError>>;

/// A request to open a stream, on its way to a connection.
#[derive(Debug)]
pub(crate) struct Request {
    protocol: StreamProtocol,
    reply: Reply,
}

/// A peer opened a stream.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(super) peer: PeerId,
    pub(super) protocol: StreamProtocol,
    pub(super) stream: Stream,
}

/// The behaviour.
#[derive(Debug)]
pub(crate) struct Streams {
    accepted: &'static [StreamProtocol],
    connections: HashMap<PeerId, Vec<ConnectionId>>,
    events: VecDeque<ToSwarm<Accepted, Request>>,
}

impl Streams {
    pub(super) fn new(accepted: &'static [StreamProtocol]) -> Self {
        Self { accepted, connections: HashMap::new(), events: VecDeque::new() }
    }

    /// Opens a stream on the newest connection to the peer, since an older one may be closing; answers [`OpenError::Gone`] at
    /// once if there is none.
    pub(super) fn open(&mut self, peer: PeerId, protocol: StreamProtocol, reply: Reply) {
        let Some(connection) = self.connections.get(&peer).and_then(|all| all.last()) else {
            let _ = reply.send(Err(OpenError::Gone));
            return;
        };
        let (handler, event) = (NotifyHandler::One(*connection), Request { protocol, reply });
        self.events.push_back(ToSwarm::NotifyHandler { peer_id: peer, handler, event });
    }

    fn handler(&mut self, peer: PeerId, connection: ConnectionId) -> Handler {
        self.connections.entry(peer).or_default().push(connection);
        Handler { accepted: self.accepted, requests: VecDeque::new(), streams: VecDeque::new() }
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Handler;
    type ToSwarm = Accepted;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(peer, connection))
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(peer, connection))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        let FromSwarm::ConnectionClosed(ConnectionClosed { peer_id: peer, connection_id: connection, .. }) = event
        else {
            return;
        };
        if let Some(connections) = self.connections.get_mut(&peer) {
            connections.retain(|known| *known != connection);
            if connections.is_empty() {
                self.connections.remove(&peer);
            }
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        _: ConnectionId,
        (protocol, stream): (StreamProtocol, Stream),
    ) {
        self.events.push_back(ToSwarm::GenerateEvent(Accepted { peer, protocol, stream }));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Accepted, THandlerInEvent<Self>>> {
        self.events.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// The behaviour's part in one connection.
#[derive(Debug)]
pub(crate) struct Handler {
    accepted: &'static [StreamProtocol],
    requests: VecDeque<Request>,
    streams: VecDeque<(StreamProtocol, Stream)>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Request;
    type ToBehaviour = (StreamProtocol, Stream);
    type InboundProtocol = Accept;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Reply;

    fn listen_protocol(&self) -> SubstreamProtocol<Accept> {
        SubstreamProtocol::new(Accept(self.accepted), ())
    }

    /// Connections to admitted peers stay, busy or not.
    fn connection_keep_alive(&self) -> bool {
        true
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, Reply, (StreamProtocol, Stream)>> {
        if let Some(stream) = self.streams.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(stream));
        }
        if let Some(Request { protocol, reply }) = self.requests.pop_front() {
            let protocol = SubstreamProtocol::new(ReadyUpgrade::new(protocol), reply);
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, request: Request) {
        self.requests.push_back(request);
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Accept, ReadyUpgrade<StreamProtocol>, (), Reply>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound { protocol, .. }) => {
                self.streams.push_back(protocol);
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound { protocol, info }) => {
                // Whoever asked may have stopped waiting.
                let _ = info.send(Ok(protocol));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info, error }) => {
                let error = match error {
                    StreamUpgradeError::NegotiationFailed => OpenError::Unsupported,
                    _ => OpenError::Gone,
                };
                let _ = info.send(Err(error));
            }
            _ => {}
        }
    }
}

/// Accepts any of our protocols and tells which.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accept(&'static [StreamProtocol]);

impl UpgradeInfo for Accept {
    type Info = StreamProtocol;
    type InfoIter = std::iter::Cloned<std::slice::Iter<'static, StreamProtocol>>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.iter().cloned()
    }
}

impl InboundUpgrade<Stream> for Accept {
    type Output = (StreamProtocol, Stream);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((protocol, stream)))
    }
}
