// SPDX-License-Identifier: Apache-2.0
//! How long a connection may take to close.
//!
//! A connection over TCP is closed when all it still had to say has been taken. Whoever stops reading puts that off for as long as
//! they like, even when they were hung up on because they are no longer admitted. Here it is given up after a moment.

use libp2p::core::muxing::{StreamMuxer, StreamMuxerBox, StreamMuxerEvent};
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{sleep, Sleep};

/// How long the other end may take to hear that a connection closes: some round trips of a bad link, and less than a block.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// The connection, for a swarm that closes it whatever the other end does.
pub(super) fn bounded<M>(muxer: M) -> StreamMuxerBox
where
    M: StreamMuxer + Send + Unpin + 'static,
    M::Substream: Send + 'static,
    M::Error: Send + Sync + 'static,
{
    StreamMuxerBox::new(Bounded { inner: muxer, patience: None })
}

struct Bounded<M> {
    inner: M,
    /// Runs from when closing is first asked for.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<M: StreamMuxer + Unpin> StreamMuxer for Bounded<M> {
    type Substream = M::Substream;
    type Error = M::Error;

    fn poll_inbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<M::Substream, M::Error>> {
        Pin::new(&mut self.inner).poll_inbound(cx)
    }

    fn poll_outbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<M::Substream, M::Error>> {
        Pin::new(&mut self.inner).poll_outbound(cx)
    }

    /// Whoever is told that a connection is closed drops it, and its socket with it.
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), M::Error>> {
        if let Poll::Ready(closed) = Pin::new(&mut self.inner).poll_close(cx) {
            return Poll::Ready(closed);
        }
        let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(CLOSE_WITHIN)));
        patience.as_mut().poll(cx).map(Ok)
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<StreamMuxerEvent, M::Error>> {
        Pin::new(&mut self.inner).poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::Cursor;
    use libp2p::core::muxing::StreamMuxerExt;
    use std::io;
    use tokio::time::timeout;

    /// A connection without streams, which closes as it is told to.
    struct Idle(Poll<io::ErrorKind>);

    impl StreamMuxer for Idle {
        type Substream = Cursor<Vec<u8>>;
        type Error = io::Error;

        fn poll_inbound(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Self::Substream>> {
            Poll::Pending
        }

        fn poll_outbound(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Self::Substream>> {
            Poll::Pending
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.0.map(|error| Err(error.into()))
        }

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
            Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_connection_that_does_not_close_is_given_up() {
        let closing = bounded(Idle(Poll::Pending)).close();
        timeout(Duration::from_secs(60), closing).await.expect("still closing").unwrap();
    }

    #[tokio::test]
    async fn how_a_connection_closes_is_told() {
        let failed = bounded(Idle(Poll::Ready(io::ErrorKind::BrokenPipe))).close().await.unwrap_err();
        assert!(failed.to_string().contains("broken pipe"), "{failed}");
    }
}
