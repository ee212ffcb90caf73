// SPDX-License-Identifier: Apache-2.0
//! How the small frames of Yamux leave together.
//!
//! Yamux flushes after every frame of 16 KiB, so each would be encrypted and handed to the kernel by itself. Here a flush that
//! follows new bytes is put off until the task runs again, which it is asked to at once: by then more frames may have come.

use futures::{ready, AsyncRead, AsyncWrite};
use libp2p::{
    core::{
        upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade},
        UpgradeInfo,
    },
    yamux,
};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

/// Bytes that wait for others at most: about one frame of Noise.
const MAX_WAITING_BYTES: usize = 64 * 1024;

/// Yamux over a connection whose flushes may wait a moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered(yamux::Config);

impl UpgradeInfo for Gathered {
    type Info = <yamux::Config as UpgradeInfo>::Info;
    type InfoIter = <yamux::Config as UpgradeInfo>::InfoIter;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.protocol_info()
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> InboundConnectionUpgrade<C> for Gathered {
    type Output = yamux::Muxer<Gather<C>>;
    type Error = io::Error;
    type Future = <yamux::Config as InboundConnectionUpgrade<Gather<C>>>::Future;

    fn upgrade_inbound(self, connection: C, info: Self::Info) -> Self::Future {
        self.0.upgrade_inbound(Gather::new(connection), info)
    }
}

impl<C: AsyncRead + AsyncWrite + Send + Unpin + 'static> OutboundConnectionUpgrade<C> for Gathered {
    type Output = yamux::Muxer<Gather<C>>;
    type Error = io::Error;
    type Future = <yamux::Config as OutboundConnectionUpgrade<Gather<C>>>::Future;

    fn upgrade_outbound(self, connection: C, info: Self::Info) -> Self::Future {
        self.0.upgrade_outbound(Gather::new(connection), info)
    }
}

/// The connection.
#[derive(Debug)]
pub(super) struct Gather<C> {
    inner: C,
    /// Bytes written since the last flush.
    waiting: usize,
    /// Whether bytes were written since a flush was last asked for.
    growing: bool,
}

impl<C> Gather<C> {
    fn new(inner: C) -> Self {
        Self { inner, waiting: 0, growing: false }
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Gather<C> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_read(cx, bytes)
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Gather<C> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.inner).poll_write(cx, bytes))?;
        (self.waiting, self.growing) = (self.waiting + written, true);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if std::mem::take(&mut self.growing) && self.waiting < MAX_WAITING_BYTES {
            cx.waker().wake_by_ref();
            return Poll::Ready(Ok(()));
        }
        if self.waiting > 0 {
            ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
            self.waiting = 0;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::BufWriter;
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            Arc,
        },
        task::{Wake, Waker},
    };

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes and asks for a flush, as Yamux does with a frame.
    fn frame(gather: &mut Gather<BufWriter<Vec<u8>>>, bytes: usize, cx: &mut Context<'_>) {
        let written = Pin::new(&mut *gather).poll_write(cx, &vec![7; bytes]);
        assert!(matches!(written, Poll::Ready(Ok(all)) if all == bytes));
        flush(gather, cx);
    }

    fn flush(gather: &mut Gather<BufWriter<Vec<u8>>>, cx: &mut Context<'_>) {
        assert!(matches!(Pin::new(gather).poll_flush(cx), Poll::Ready(Ok(()))));
    }

    #[test]
    fn a_flush_waits_for_other_frames_but_never_for_long() {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let cx = &mut Context::from_waker(&waker);
        let mut gather = Gather::new(BufWriter::with_capacity(4 * MAX_WAITING_BYTES, Vec::new()));
        let gone = |gather: &Gather<BufWriter<Vec<u8>>>| gather.inner.get_ref().len();

        frame(&mut gather, 10, cx);
        frame(&mut gather, 10, cx);
        // Each time the task was asked to run again, where nothing new holds the flush back.
        assert_eq!((gone(&gather), woken.0.load(Ordering::Relaxed)), (0, 2));
        flush(&mut gather, cx);
        assert_eq!((gone(&gather), woken.0.load(Ordering::Relaxed)), (20, 2));
        flush(&mut gather, cx);
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);

        frame(&mut gather, MAX_WAITING_BYTES - 1, cx);
        assert_eq!(gone(&gather), 20);
        frame(&mut gather, 1, cx);
        assert_eq!(gone(&gather), 20 + MAX_WAITING_BYTES);
    }

    #[test]
    fn closing_lets_everything_out() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut gather = Gather::new(BufWriter::new(Vec::new()));
        frame(&mut gather, 10, cx);
        assert!(matches!(Pin::new(&mut gather).poll_close(cx), Poll::Ready(Ok(()))));
        assert_eq!(gather.inner.get_ref().len(), 10);
    }
}
