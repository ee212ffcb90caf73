// SPDX-License-Identifier: Apache-2.0
//! How long work tells how far it has come, to whoever waits for it.

use std::{
    io,
    pin::Pin,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
    task::{ready, Context, Poll},
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, ReadBuf},
    sync::mpsc,
};

/// Steps told and not yet heard, at most; more are dropped, since a later one says more.
const UNHEARD: usize = 64;
/// Bytes between two steps.
const STEP: u64 = 1024 * 1024;

/// One thing told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Work of a known size begins.
    Start {
        /// What is done.
        what: String,
        /// Bytes in all.
        total: u64,
    },
    /// So many bytes are done.
    At(u64),
    /// Something without a size is done.
    Doing(String),
}

/// Where steps are told.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    steps: mpsc::Sender<Step>,
    done: Arc<AtomicU64>,
}

impl Progress {
    /// A teller and its listener.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Step>) {
        let (steps, heard) = mpsc::channel(UNHEARD);
        (Self { steps, done: Arc::default() }, heard)
    }

    /// Work of `total` bytes begins.
    pub(crate) fn start(&self, what: &str, total: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.tell(Step::Start { what: what.to_owned(), total });
    }

    /// Something without a size is done.
    pub(crate) fn say(&self, what: &str) {
        self.tell(Step::Doing(what.to_owned()));
    }

    /// So many bytes are done in all.
    pub(crate) fn set(&self, bytes: u64) {
        let before = self.done.swap(bytes, Ordering::Relaxed);
        if before / STEP != bytes / STEP {
            self.tell(Step::At(bytes));
        }
    }

    fn add(&self, bytes: u64) {
        let before = self.done.load(Ordering::Relaxed);
        self.set(before.saturating_add(bytes));
    }

    fn tell(&self, step: Step) {
        // Nobody listening, or listening slowly, must not hold the work up.
        let _ = self.steps.try_send(step);
    }
}

/// A stream whose bytes are counted as they are read.
#[derive(Debug)]
pub(crate) struct Counted<R> {
    inner: R,
    progress: Progress,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, progress: Progress) -> Self {
        Self { inner, progress }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Counted<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        self.progress.add((buf.filled().len() - before) as u64);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[tokio::test]
    async fn a_counted_stream_tells_each_mebibyte() {
        let (progress, mut heard) = Progress::channel();
        let mut stream = Counted::new(tokio::io::repeat(7).take(3 * STEP), progress);
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.unwrap();
        drop(stream);
        let mut told = Vec::new();
        while let Some(step) = heard.recv().await {
            told.push(step);
        }
        assert_eq!(told.last(), Some(&Step::At(3 * STEP)));
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn a_listener_who_is_gone_or_slow_stops_nothing() {
        let (progress, heard) = Progress::channel();
        (0..UNHEARD * 2).for_each(|_| progress.say("still here"));
        drop(heard);
        progress.say("nobody hears");
    }
}
