// SPDX-License-Identifier: Apache-2.0
//! How we reach a node, and what it calls final.

use std::time::Duration;

use futures::{Stream, StreamExt};
use subxt::{rpcs::RpcClient, OnlineClient, SubstrateConfig};

use crate::view::View;

/// A node on one's own machine or network answers sooner than this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to a node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Chain {
    pub(crate) client: OnlineClient<SubstrateConfig>,
    pub(crate) rpc: RpcClient,
}

/// A block the community agreed on for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finalised {
    /// Its height.
    pub number: u32,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Nothing answered.
    #[error("no node answers at {url}: {cause}. Start one with `kith-node`, or name another with --node")]
    Unreachable {
        /// Where.
        url: String,
        /// What happened.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something answered, too slowly.
    #[error("the node at {url} did not answer within {} seconds", CONNECT_TIMEOUT.as_secs())]
    TimedOut {
        /// Where.
        url: String,
    },
    /// The node runs another community.
    #[error("the node at {url} runs the community {found}, yours is {expected}. Name a node of yours with --node")]
    OtherCommunity {
        /// Where.
        url: String,
        /// Genesis hash the node has.
        found: String,
        /// Genesis hash expected.
        expected: String,
    },
}

impl Chain {
    /// Connects to the node at `url` (`ws://…`); `genesis` is the community expected, if known.
    pub async fn connect(url: &str, genesis: Option<[u8; 32]>) -> Result<Self, ConnectError> {
        let connecting = async {
            let rpc = RpcClient::from_insecure_url(url).await.map_err(|cause| unreachable(url, cause))?;
            let client = OnlineClient::<SubstrateConfig>::from_rpc_client(rpc.clone())
                .await
                .map_err(|cause| unreachable(url, cause))?;
            Ok(Self { client, rpc })
        };
        let timed_out = |_| ConnectError::TimedOut { url: url.into() };
        let chain: Self = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await.map_err(timed_out)??;
        match genesis {
            Some(expected) if expected != chain.genesis() => Err(ConnectError::OtherCommunity {
                url: url.into(),
                found: hex::encode(chain.genesis()),
                expected: hex::encode(expected),
            }),
            _ => Ok(chain),
        }
    }

    /// The community: the hash of its genesis block.
    pub fn genesis(&self) -> [u8; 32] {
        self.client.genesis_hash().0
    }

    /// What the community calls itself in its chain specification.
    pub async fn name(&self) -> Result<String, crate::ViewError> {
        self.rpc.request("system_chain", subxt::rpcs::rpc_params![]).await.map_err(crate::ViewError::node)
    }

    /// The chain at its finalised block, as it is now.
    pub async fn view(&self) -> Result<View, crate::ViewError> {
        View::at_finalised(self).await
    }

    /// Each block as it becomes final; ends when the connection does.
    pub async fn finalised(&self) -> Result<impl Stream<Item = Finalised> + Send + Unpin, crate::ViewError> {
        let blocks = self.client.stream_blocks().await.map_err(crate::ViewError::node)?;
        let known = blocks.take_while(|block| futures::future::ready(block.is_ok())).filter_map(|block| async move {
            let block = block.ok()?;
            Some(Finalised { number: u32::try_from(block.number()).ok()?, hash: block.hash().0 })
        });
        Ok(Box::pin(known))
    }
}

fn unreachable(url: &str, cause: impl std::error::Error + Send + Sync + 'static) -> ConnectError {
    ConnectError::Unreachable { url: url.into(), cause: Box::new(cause) }
}
