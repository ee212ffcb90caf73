// SPDX-License-Identifier: Apache-2.0
//! Who may be talked to.
//!
//! The host tells which peers are bound on chain to active members and whether that view is recent. Everything closed is the
//! default: a stale view, an unknown peer or a host that went away admits nobody.

use libp2p::{
    core::{transport::PortUse, Endpoint},
    swarm::{dummy, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent, ToSwarm},
    Multiaddr, PeerId,
};
use std::{
    collections::BTreeSet,
    convert::Infallible,
    task::{Context, Poll},
};
use thiserror::Error;
use tokio::sync::watch;

/// The host's view of who belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Peers bound on chain, in finalised state, to active members.
    pub peers: BTreeSet<PeerId>,
    /// Whether that view is recent enough to act upon.
    pub fresh: bool,
}

impl Access {
    /// Whether the peer may be talked to.
    pub fn admits(&self, peer: &PeerId) -> bool {
        self.fresh && self.peers.contains(peer)
    }
}

/// The host's view as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Guard(watch::Receiver<Access>);

impl Guard {
    pub(crate) fn new(access: watch::Receiver<Access>) -> Self {
        Self(access)
    }

    /// Whether the peer may be talked to at this moment; a host that dropped its end admits nobody.
    pub(crate) fn admits(&self, peer: &PeerId) -> bool {
        self.0.has_changed().is_ok() && self.0.borrow().admits(peer)
    }

    /// Waits until the view changes. Returns whether it can change again.
    pub(crate) async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

/// The peer is not in the access set, or the set is stale.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("peer {peer} is not admitted: it is not bound to an active member, or our view of the chain is stale")]
pub(crate) struct NotAdmitted {
    pub(crate) peer: PeerId,
}

/// Refuses connections before any protocol can speak on them.
#[derive(Debug)]
pub(crate) struct Gate(Guard);

impl Gate {
    pub(crate) fn new(guard: Guard) -> Self {
        Self(guard)
    }

    fn check(&self, peer: PeerId) -> Result<(), ConnectionDenied> {
        if self.0.admits(&peer) {
            Ok(())
        } else {
            Err(ConnectionDenied::new(NotAdmitted { peer }))
        }
    }
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.check(peer).map(|()| dummy::ConnectionHandler)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: Option<PeerId>,
        _: &[Multiaddr],
        _: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        peer.map_or(Ok(()), |peer| self.check(peer)).map(|()| Vec::new())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.check(peer).map(|()| dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_members_in_a_fresh_view_are_admitted() {
        let (member, stranger) = (PeerId::random(), PeerId::random());
        let fresh = Access { peers: [member].into(), fresh: true };
        assert!(fresh.admits(&member));
        assert!(!fresh.admits(&stranger));
        assert!(!Access { fresh: false, ..fresh }.admits(&member));
        assert!(!Access::default().admits(&member));
    }

    #[test]
    fn a_host_that_went_away_admits_nobody() {
        let member = PeerId::random();
        let (host, access) = watch::channel(Access { peers: [member].into(), fresh: true });
        let guard = Guard::new(access);
        assert!(guard.admits(&member));
        host.send_modify(|access| access.fresh = false);
        assert!(!guard.admits(&member));
        host.send_modify(|access| access.fresh = true);
        assert!(guard.admits(&member));
        drop(host);
        assert!(!guard.admits(&member));
    }
}
