// SPDX-License-Identifier: Apache-2.0
//! Which connected peer is asked next for a block.

use super::link::{Answer, Link};
use crate::swarm;
use cid::Cid;
use libp2p::PeerId;
use std::{
    collections::{HashMap, HashSet},
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// A peer that has just said "not here" often is tried after those that have not, up to this many doublings.
const MAX_MISSES: u32 = 6;

/// What is known of a peer's service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Wants it has not answered yet.
    pub(super) queued: usize,
    /// How long a block takes, lately.
    pub(super) pace: Duration,
    /// "Not here" answers since its last block.
    pub(super) misses: u32,
    /// It delivered wrong bytes: it is not asked again while connected.
    pub(super) distrusted: bool,
}

impl Standing {
    /// When the answer to another want is expected.
    pub(super) fn expected(&self) -> Duration {
        self.pace.saturating_mul(u32::try_from(self.queued).unwrap_or(u32::MAX).saturating_add(1))
    }

    fn cost(&self) -> Duration {
        self.expected().saturating_mul(1 << self.misses.min(MAX_MISSES))
    }
}

/// The links to all connected peers.
#[derive(Debug, Default)]
pub(super) struct Peers {
    links: Mutex<HashMap<PeerId, Arc<Link>>>,
    /// Ticks when a peer comes.
    joined: watch::Sender<()>,
}

/// A peer's answer to one want.
pub(super) struct Answered {
    pub(super) link: Arc<Link>,
    pub(super) answer: Answer,
}

impl Peers {
    pub(super) fn add(&self, peer: PeerId, swarm: swarm::Handle) -> impl Future<Output = ()> + Send + 'static {
        let (link, work) = Link::new(peer, swarm);
        self.links().insert(peer, Arc::new(link));
        self.joined.send_replace(());
        work
    }

    pub(super) fn remove(&self, peer: &PeerId) {
        self.links().remove(peer);
    }

    /// Tells when a peer joins.
    pub(super) fn joined(&self) -> watch::Receiver<()> {
        self.joined.subscribe()
    }

    /// Asks the best of the peers not in `asked` and adds it there; returns also when its answer is expected. `None` if
    /// nobody is left.
    pub(super) fn ask(
        &self,
        cid: Cid,
        asked: &mut HashSet<PeerId>,
    ) -> Option<(Duration, impl Future<Output = Answered> + Send + use<>)> {
        let links = self.links();
        let standings =
            links.iter().filter(|(peer, _)| !asked.contains(peer)).map(|(peer, link)| (*peer, link.standing()));
        let (peer, standing) = best(standings)?;
        let link = links.get(&peer)?.clone();
        asked.insert(peer);
        let answer = link.ask(cid);
        Some((standing.expected(), async move { Answered { answer: answer.await, link } }))
    }

    fn links(&self) -> MutexGuard<'_, HashMap<PeerId, Arc<Link>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trusted peer whose answer is likely the soonest.
fn best(standings: impl Iterator<Item = (PeerId, Standing)>) -> Option<(PeerId, Standing)> {
    standings.filter(|(_, standing)| !standing.distrusted).min_by_key(|(_, standing)| standing.cost())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(queued: usize, pace: u64, misses: u32) -> Standing {
        Standing { queued, pace: Duration::from_millis(pace), misses, distrusted: false }
    }

    fn choice(standings: &[Standing]) -> Option<usize> {
        let peers: Vec<PeerId> = standings.iter().map(|_| PeerId::random()).collect();
        let (chosen, _) = best(peers.iter().copied().zip(standings.iter().copied()))?;
        peers.iter().position(|peer| *peer == chosen)
    }

    #[test]
    fn the_peer_whose_answer_is_due_first_is_asked() {
        assert_eq!(choice(&[standing(0, 50, 0), standing(0, 10, 0)]), Some(1));
        assert_eq!(choice(&[standing(0, 50, 0), standing(9, 10, 0)]), Some(0));
    }

    #[test]
    fn a_peer_that_has_not_got_the_tree_comes_after_one_that_has() {
        assert_eq!(choice(&[standing(31, 10, 0), standing(0, 10, 6)]), Some(0));
        assert_eq!(choice(&[standing(99, 10, 0), standing(0, 10, 1000)]), Some(1));
    }

    #[test]
    fn a_distrusted_peer_is_never_asked() {
        let distrusted = Standing { distrusted: true, ..standing(0, 1, 0) };
        assert_eq!(choice(&[distrusted, standing(50, 500, 6)]), Some(1));
        assert_eq!(choice(&[distrusted]), None);
    }
}
