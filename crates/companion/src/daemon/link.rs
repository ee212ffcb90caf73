// SPDX-License-Identifier: Apache-2.0
//! How the companion stays in touch with the chain, and who the store may talk to because of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::StreamExt;
use kith_chain::{Chain, ConnectError, View, ViewError};
use kith_store::{identity::peer_id_of, Access};
use tokio::sync::watch;

/// A view older than this decides nothing: three minutes, some dozens of blocks.
const STALE: Duration = Duration::from_secs(180);
/// Between two attempts to reach the node.
const RETRY: Duration = Duration::from_secs(3);

/// A connection that is made again whenever it breaks. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    chain: watch::Receiver<Option<Chain>>,
    /// When a finalised block was last seen.
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

    /// How old the view is, in seconds, if it is too old.
    pub(crate) fn stale_for(&self) -> Option<u64> {
        let age = (*self.head.borrow())?.elapsed();
        (age > STALE).then_some(age.as_secs())
    }
}

impl Ends {
    async fn keep(self, url: &str, genesis: Option<[u8; 32]>) {
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
            self.expire();
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Follows finalised blocks until the connection breaks.
    async fn follow(&self, chain: &Chain) -> Result<(), ViewError> {
        let mut blocks = chain.finalised().await?;
        loop {
            match tokio::time::timeout(STALE, blocks.next()).await {
                Ok(Some(_)) => {
                    let view = chain.view().await?;
                    let peers = view.devices().await?.iter().filter_map(|device| peer_id_of(&device.0)).collect();
                    self.access.send_if_modified(|access| {
                        let now = Access { peers, fresh: true };
                        let changed = *access != now;
                        *access = now;
                        changed
                    });
                    self.head.send_replace(Some(Instant::now()));
                }
                Ok(None) => return Ok(()),
                Err(_) => self.expire(),
            }
        }
    }

    /// Closes the store to everyone once the view is too old.
    fn expire(&self) {
        let old = self.head.borrow().is_none_or(|seen| seen.elapsed() > STALE);
        self.access.send_if_modified(|access| old && std::mem::replace(&mut access.fresh, false));
    }
}
