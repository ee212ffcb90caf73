// SPDX-License-Identifier: Apache-2.0
//! Where peers were last reachable, and when each may be dialled again.

use libp2p::{multiaddr::Protocol, Multiaddr, PeerId};
use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};
use tokio::time::Instant;

/// Peers remembered; beyond, new ones are not.
const MAX_PEERS: usize = 1024;
/// Addresses remembered of one peer.
pub(crate) const MAX_ADDRESSES: usize = 8;
/// Bytes of the longest address remembered.
pub(crate) const MAX_ADDRESS_BYTES: usize = 256;
/// The pause after the first failure; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Known {
    /// The best first.
    addresses: VecDeque<Multiaddr>,
    failures: u32,
    not_before: Instant,
}

/// The address book. All of it may be wrong: a dial checks the peer's key.
#[derive(Debug, Default)]
pub(crate) struct Book(HashMap<PeerId, Known>);

impl Book {
    /// Remembers an address. One that was `proven` by a connection goes first and is never pushed out by hearsay.
    pub(crate) fn note(&mut self, peer: PeerId, address: &Multiaddr, proven: bool, now: Instant) {
        let address = without_peer(address);
        if address.is_empty() || address.len() > MAX_ADDRESS_BYTES {
            return;
        }
        if !self.0.contains_key(&peer) && self.0.len() >= MAX_PEERS {
            return;
        }
        let fresh = || Known { addresses: VecDeque::new(), failures: 0, not_before: now };
        let addresses = &mut self.0.entry(peer).or_insert_with(fresh).addresses;
        let known = addresses.iter().position(|known| *known == address);
        if proven {
            known.and_then(|at| addresses.remove(at));
            addresses.push_front(address);
            addresses.truncate(MAX_ADDRESSES);
        } else if known.is_none() && addresses.len() < MAX_ADDRESSES {
            addresses.push_back(address);
        }
    }

    /// The addresses of a peer.
    pub(crate) fn addresses(&self, peer: &PeerId) -> Vec<Multiaddr> {
        self.0.get(peer).map(|known| known.addresses.iter().cloned().collect()).unwrap_or_default()
    }

    /// The wanted peers that may be dialled now. Each is put off as if it had failed; success takes that back.
    pub(crate) fn due(&mut self, now: Instant, wanted: impl Fn(&PeerId) -> bool) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let due = self.0.iter_mut().filter(|(peer, known)| known.not_before <= now && wanted(peer));
        due.map(|(peer, known)| {
            known.not_before = now + pause(peer, known.failures);
            known.failures = known.failures.saturating_add(1);
            (*peer, known.addresses.iter().cloned().collect())
        })
        .collect()
    }

    /// The peer answered: the next loss of it is the first.
    pub(crate) fn answered(&mut self, peer: &PeerId) {
        if let Some(known) = self.0.get_mut(peer) {
            known.failures = 0;
        }
    }

    /// Who is admitted changed: those who refused us may not any more.
    pub(crate) fn try_all(&mut self, now: Instant) {
        for known in self.0.values_mut() {
            (known.failures, known.not_before) = (0, now);
        }
    }
}

/// Doubling, with up to a quarter more by the peer's own name, so that many are not dialled in one instant.
fn pause(peer: &PeerId, failures: u32) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(1 << failures.min(6)).min(MAX_PAUSE);
    let spread = peer.to_bytes().last().copied().unwrap_or_default();
    pause + pause * u32::from(spread) / 1024
}

fn without_peer(address: &Multiaddr) -> Multiaddr {
    address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> Multiaddr {
        format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap()
    }

    #[test]
    fn hearsay_does_not_push_out_what_worked() {
        let (mut book, peer, now) = (Book::default(), PeerId::random(), Instant::now());
        book.note(peer, &address(1), true, now);
        for port in 2..50 {
            book.note(peer, &address(port), false, now);
        }
        assert_eq!(book.addresses(&peer).len(), MAX_ADDRESSES);
        assert_eq!(book.addresses(&peer)[0], address(1));
        book.note(peer, &address(60), true, now);
        assert_eq!(book.addresses(&peer)[..2], [address(60), address(1)]);
        assert_eq!(book.addresses(&peer).len(), MAX_ADDRESSES);
    }

    #[test]
    fn the_book_is_bounded() {
        let (mut book, now) = (Book::default(), Instant::now());
        for _ in 0..MAX_PEERS + 10 {
            book.note(PeerId::random(), &address(1), false, now);
        }
        assert_eq!(book.0.len(), MAX_PEERS);
        let long: Multiaddr = (0..100).map(|_| Protocol::Tcp(1)).collect();
        let peer = *book.0.keys().next().unwrap();
        book.note(peer, &long, true, now);
        assert_eq!(book.addresses(&peer), vec![address(1)]);
    }

    #[test]
    fn pauses_double_until_an_answer() {
        let (mut book, peer, begun) = (Book::default(), PeerId::random(), Instant::now());
        book.note(peer, &address(1), false, begun);
        let mut dials = 0;
        for second in 0..600 {
            dials += book.due(begun + Duration::from_secs(second), |_| true).len();
        }
        assert!((10..=18).contains(&dials), "{dials} dials");
        let later = begun + Duration::from_secs(700);
        assert_eq!(book.due(later, |_| false).len(), 0);
        assert_eq!(book.due(later, |_| true).len(), 1);
        assert_eq!(book.due(later, |_| true).len(), 0);
        book.try_all(later);
        assert_eq!(book.due(later, |_| true), vec![(peer, vec![address(1)])]);
        book.answered(&peer);
        assert_eq!(book.due(later + Duration::from_secs(2), |_| true).len(), 1);
    }
}
