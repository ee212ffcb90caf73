// SPDX-License-Identifier: Apache-2.0
//! How the companion stays in touch with the chain, and who the store may talk to because of it.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures::StreamExt;
use kith_chain::{Chain, ConnectError, View, ViewError};
use kith_store::{identity::peer_id_of, Access};
use tokio::sync::watch;

/// A view older than this decides nothing: three minutes, some dozens of blocks.
const STALE: Duration = Duration::from_secs(180);
/// How often the age of the view is looked at: also while the node owes an answer.
const LOOK: Duration = Duration::from_secs(5);
/// Between two attempts to reach the node.
const RETRY: Duration = Duration::from_secs(3);

/// A connection that is made again whenever it breaks. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    chain: watch::Receiver<Option<Chain>>,
    /// When the last finalised block was made.
    head: watch::Receiver<Option<Instant>>,
    url: Arc<str>,
}

/// What [`Link::follow`] writes.
struct Ends {
    chain: watch::Sender<Option<Chain>>,
    head: watch::Sender<Option<Instant>>,
    access: watch::Sender<Access>,
}

/// Why the chain cannot be asked now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("the node at {url} cannot be reached. Start it, or name another with --node")]
    Disconnected { url: Arc<str> },
    #[error("the last finalised block is {seconds} s old. See that the node runs and is in touch with its peers")]
    Stale { seconds: u64 },
    #[error(transparent)]
    View(#[from] ViewError),
}

impl Link {
    /// Connects, and keeps connecting for as long as the future it returns is polled.
    ///
    /// A node of another community is an error at once; one that does not answer is tried again.
    pub(crate) async fn open(
        url: &str,
        genesis: Option<[u8; 32]>,
    ) -> Result<(Self, watch::Receiver<Access>, impl std::future::Future<Output = ()> + Send), ConnectError> {
        let first = match Chain::connect(url, genesis).await {
            Ok(chain) => Some(chain),
            Err(cause @ ConnectError::OtherCommunity { .. }) => return Err(cause),
            Err(cause) => {
                tracing::warn!("{cause}; trying again every {} s", RETRY.as_secs());
                None
            }
        };
        let (chain, chain_seen) = watch::channel(first);
        let (head, head_seen) = watch::channel(None);
        let (access, access_seen) = watch::channel(Access::default());
        let link = Self { chain: chain_seen, head: head_seen, url: url.into() };
        let ends = Ends { chain, head, access };
        let url = url.to_owned();
        Ok((link, access_seen, async move { ends.keep(&url, genesis).await }))
    }

    /// Where the node is, or should be.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The connection.
    pub(crate) fn chain(&self) -> Result<Chain, LinkError> {
        self.chain.borrow().clone().ok_or_else(|| LinkError::Disconnected { url: Arc::clone(&self.url) })
    }

    /// The chain at its finalised block; refused when that block is old.
    pub(crate) async fn view(&self) -> Result<View, LinkError> {
        if let Some(seconds) = self.stale_for() {
            return Err(LinkError::Stale { seconds });
        }
        Ok(self.chain()?.view().await?)
    }

    /// Changes with each finalised block.
    pub(crate) fn heads(&self) -> watch::Receiver<Option<Instant>> {
        self.head.clone()
    }

    /// How old the view is, in seconds, if it is too old.
    pub(crate) fn stale_for(&self) -> Option<u64> {
        let age = (*self.head.borrow())?.elapsed();
        (age > STALE).then_some(age.as_secs())
    }
}

impl Ends {
    async fn keep(self, url: &str, genesis: Option<[u8; 32]>) {
        tokio::join!(self.connect(url, genesis), self.watch());
    }

    /// Keeps a connection, and follows it.
    async fn connect(&self, url: &str, genesis: Option<[u8; 32]>) {
        loop {
            if self.chain.borrow().is_none() {
                match Chain::connect(url, genesis).await {
                    Ok(chain) => drop(self.chain.send_replace(Some(chain))),
                    Err(cause) => tracing::debug!("{cause}"),
                }
            }
            let chain = self.chain.borrow().clone();
            if let Some(chain) = chain {
                if let Err(cause) = self.follow(&chain).await {
                    tracing::warn!("lost the node: {cause}");
                }
                self.chain.send_replace(None);
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Closes the store once the view is too old, whatever the connection waits for.
    async fn watch(&self) {
        loop {
            self.expire();
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Follows finalised blocks until the connection breaks.
    async fn follow(&self, chain: &Chain) -> Result<(), ViewError> {
        let mut blocks = chain.finalised().await?;
        while blocks.next().await.is_some() {
            let view = chain.view().await?;
            let peers = view.devices().await?.iter().filter_map(|device| peer_id_of(&device.0)).collect();
            let made = made(view.time().await?);
            let fresh = made.is_some_and(|made| made.elapsed() <= STALE);
            self.access.send_if_modified(|access| {
                let now = Access { peers, fresh };
                let changed = *access != now;
                *access = now;
                changed
            });
            if made.is_some() {
                self.head.send_replace(made);
            }
        }
        Ok(())
    }

    /// Closes the store to everyone once the view is too old.
    fn expire(&self) {
        let old = self.head.borrow().is_none_or(|seen| seen.elapsed() > STALE);
        self.access.send_if_modified(|access| old && std::mem::replace(&mut access.fresh, false));
    }
}

/// The moment a block was made whose clock says this; none if that was before this machine started, and at the latest now.
fn made(time: Duration) -> Option<Instant> {
    let age = SystemTime::now().duration_since(UNIX_EPOCH + time).unwrap_or_default();
    Instant::now().checked_sub(age)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A link without a connection, whose last block was seen then.
    pub(crate) fn link(head: Option<Instant>) -> Link {
        Link { chain: watch::channel(None).1, head: watch::channel(head).1, url: "ws://nowhere:1".into() }
    }

    #[tokio::test]
    async fn without_a_node_there_is_no_view() {
        let refused = link(Some(Instant::now())).view().await.unwrap_err();
        assert!(matches!(&refused, LinkError::Disconnected { url } if &**url == "ws://nowhere:1"));
        assert!(refused.to_string().contains("--node"), "{refused}");
    }

    #[tokio::test]
    async fn an_old_block_decides_nothing() {
        let old = Instant::now().checked_sub(STALE + Duration::from_secs(5)).unwrap();
        let refused = link(Some(old)).view().await.unwrap_err();
        assert!(matches!(refused, LinkError::Stale { seconds } if seconds >= 185));
        assert_eq!(link(None).stale_for(), None);
    }

    #[test]
    fn a_block_is_as_old_as_its_clock_says_and_never_younger_than_now() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        assert!(made(now + Duration::from_secs(9)).unwrap() <= Instant::now());
        if let Some(made) = made(now - Duration::from_secs(60)) {
            assert!(made.elapsed() >= Duration::from_secs(59));
        }
    }

    #[tokio::test]
    async fn heads_tell_of_blocks_and_of_their_end() {
        let (head, seen) = watch::channel(None);
        let link = Link { head: seen, ..link(None) };
        let mut heads = link.heads();
        head.send_replace(Some(Instant::now()));
        assert!(heads.changed().await.is_ok());
        drop(head);
        assert!(heads.changed().await.is_err());
    }

    #[tokio::test]
    async fn nobody_is_let_in_once_the_view_is_old() {
        let old = Instant::now().checked_sub(STALE + Duration::from_secs(5));
        let ends = Ends {
            chain: watch::channel(None).0,
            head: watch::channel(old).0,
            access: watch::channel(Access { fresh: true, ..Access::default() }).0,
        };
        let access = ends.access.subscribe();
        // It looks at once, and goes on by itself.
        assert!(tokio::time::timeout(Duration::ZERO, ends.watch()).await.is_err());
        assert!(!access.borrow().fresh);
    }
}
