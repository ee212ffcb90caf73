// SPDX-License-Identifier: Apache-2.0
//! How one peer is asked: wants are pipelined on one stream, and how fast it answers is remembered.

use super::{
    peers::Standing,
    wire::{self, WireError},
};
use crate::swarm::{self, OpenError};
use bytes::Bytes;
use cid::Cid;
use futures::{
    io::{BufReader, BufWriter},
    AsyncReadExt, AsyncWriteExt,
};
use libp2p::{PeerId, Stream};
use std::{
    future::Future,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{timeout, Instant},
};

/// Wants on their way to one peer: with leaves of 256 KiB, 8 MiB.
const PIPELINE: usize = 32;
/// Wants waiting for room in the pipeline; more callers wait in line.
const WAITING: usize = 64;
/// A peer that needs longer for the block at the head of the pipeline is given up: 2 MiB at 280 kbit/s.
const PATIENCE: Duration = Duration::from_secs(60);
/// What an unknown peer is expected to need.
const FIRST_PACE: Duration = Duration::from_millis(50);
/// Bytes read at once; larger reads go past the buffer.
const READ_BYTES: usize = 16 * 1024;

/// What came of a want.
#[derive(Debug)]
pub(super) enum Answer {
    /// Bytes, not verified yet.
    Block(Bytes),
    /// The peer has not got the block.
    Absent,
    /// The peer broke the stream, was too slow, or speaks no protocol of ours.
    Failed,
}

struct Job {
    cid: Cid,
    reply: oneshot::Sender<Answer>,
}

/// A connected peer.
#[derive(Debug)]
pub(super) struct Link {
    peer: PeerId,
    jobs: mpsc::Sender<Job>,
    standing: Arc<Mutex<Standing>>,
}

impl Link {
    /// The link, and the work that answers what is asked through it until it is dropped.
    pub(super) fn new(peer: PeerId, swarm: swarm::Handle) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let standing = Standing { queued: 0, pace: FIRST_PACE, misses: 0, distrusted: false };
        let standing = Arc::new(Mutex::new(standing));
        let (jobs, waiting) = mpsc::channel(WAITING);
        let work = Work { peer, swarm, waiting, standing: standing.clone() };
        (Self { peer, jobs, standing }, work.run())
    }

    pub(super) fn peer(&self) -> PeerId {
        self.peer
    }

    pub(super) fn standing(&self) -> Standing {
        *lock(&self.standing)
    }

    /// It delivered wrong bytes.
    pub(super) fn distrust(&self) {
        lock(&self.standing).distrusted = true;
    }

    /// Asks for a block. It counts as queued from now on, until it is answered or no longer awaited.
    pub(super) fn ask(&self, cid: Cid) -> impl Future<Output = Answer> + Send + use<> {
        let (jobs, queued) = (self.jobs.clone(), Queued::new(&self.standing));
        async move {
            let _queued = queued;
            let (reply, answer) = oneshot::channel();
            if jobs.send(Job { cid, reply }).await.is_err() {
                return Answer::Failed;
            }
            answer.await.unwrap_or(Answer::Failed)
        }
    }
}

fn lock(standing: &Mutex<Standing>) -> MutexGuard<'_, Standing> {
    standing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a want while it is awaited.
struct Queued(Arc<Mutex<Standing>>);

impl Queued {
    fn new(standing: &Arc<Mutex<Standing>>) -> Self {
        lock(standing).queued += 1;
        Self(standing.clone())
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        lock(&self.0).queued -= 1;
    }
}

struct Work {
    peer: PeerId,
    swarm: swarm::Handle,
    waiting: mpsc::Receiver<Job>,
    standing: Arc<Mutex<Standing>>,
}

impl Work {
    async fn run(mut self) {
        while let Some(first) = self.waiting.recv().await {
            match self.swarm.open(self.peer, wire::PROTOCOL).await {
                Ok(stream) => {
                    if let Err(error) = self.session(stream, first).await {
                        tracing::debug!(target: "kith::store", peer = %self.peer, %error, "block stream ended");
                    }
                }
                Err(OpenError::Unsupported | OpenError::Gone) => {
                    let _ = first.reply.send(Answer::Failed);
                }
            }
        }
    }

    /// Asks and hears until the stream breaks or nobody can ask any more. Wants without an answer fail when it ends.
    async fn session(&mut self, stream: Stream, first: Job) -> Result<(), WireError> {
        let (answers, wants) = stream.split();
        let (sent, unanswered) = mpsc::channel(PIPELINE);
        tokio::select! {
            asked = ask(&mut self.waiting, first, wants, sent) => Ok(asked?),
            heard = hear(answers, unanswered, &self.standing) => heard,
        }
    }
}

/// Writes wants as they come. Whatever is buffered goes out before anything is waited for.
async fn ask(
    waiting: &mut mpsc::Receiver<Job>,
    first: Job,
    wants: impl futures::AsyncWrite + Unpin,
    sent: mpsc::Sender<(Job, Instant)>,
) -> io::Result<()> {
    let (mut wants, mut next) = (BufWriter::new(wants), Some(first));
    loop {
        let job = match next.take().or_else(|| waiting.try_recv().ok()) {
            Some(job) => job,
            None => {
                wants.flush().await?;
                match waiting.recv().await {
                    Some(job) => job,
                    // The link was dropped: the peer is gone.
                    None => return Ok(()),
                }
            }
        };
        let room = match sent.try_reserve() {
            Ok(room) => room,
            Err(_) => {
                wants.flush().await?;
                sent.reserve().await.map_err(|_| io::ErrorKind::BrokenPipe)?
            }
        };
        // Another peer was faster while this want waited for room.
        if job.reply.is_closed() {
            continue;
        }
        wire::write_want(&mut wants, &job.cid).await?;
        room.send((job, Instant::now()));
    }
}

/// Hands answers to those who wait for them, in order, and measures.
async fn hear(
    answers: impl futures::AsyncRead + Unpin,
    mut unanswered: mpsc::Receiver<(Job, Instant)>,
    standing: &Mutex<Standing>,
) -> Result<(), WireError> {
    let (mut answers, mut free_since) = (BufReader::with_capacity(READ_BYTES, answers), Instant::now());
    while let Some((job, asked)) = unanswered.recv().await {
        let answer = match timeout(PATIENCE, wire::read_answer(&mut answers)).await {
            Ok(answer) => answer?,
            Err(elapsed) => {
                lock(standing).pace = PATIENCE;
                return Err(io::Error::from(elapsed).into());
            }
        };
        let took = asked.max(free_since).elapsed();
        free_since = Instant::now();
        note(&mut lock(standing), answer.is_some(), took);
        // Nobody waits any more if another peer was faster.
        let _ = job.reply.send(answer.map_or(Answer::Absent, Answer::Block));
    }
    Ok(())
}

/// Pace is a running mean over about four blocks; answers without a block say nothing about it.
fn note(standing: &mut Standing, block: bool, took: Duration) {
    if block {
        standing.pace = (standing.pace * 3 + took) / 4;
        standing.misses = 0;
    } else {
        standing.misses = standing.misses.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pace_follows_what_a_peer_delivers() {
        let mut standing = Standing { queued: 0, pace: FIRST_PACE, misses: 0, distrusted: false };
        note(&mut standing, false, Duration::ZERO);
        assert_eq!((standing.pace, standing.misses), (FIRST_PACE, 1));
        for _ in 0..40 {
            note(&mut standing, true, Duration::from_secs(1));
        }
        assert_eq!(standing.misses, 0);
        assert!(standing.pace > Duration::from_millis(900) && standing.pace <= Duration::from_secs(1));
    }
}
