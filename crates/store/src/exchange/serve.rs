// SPDX-License-Identifier: Apache-2.0
//! How a peer's wants are answered: in order, as fast as it reads, and only while it is admitted.
//!
//! A want is read only when there is room for its answer, so a flood of wants waits in the sender's own buffers.

use super::wire;
use crate::{
    access::Guard,
    blocks::{Block, Blocks},
};
use futures::{io::BufReader, AsyncReadExt, AsyncWriteExt};
use libp2p::{PeerId, Stream};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    task::{spawn_blocking, JoinHandle},
    time::timeout,
};

/// Answers read from the disk ahead of the network: at most 8 MiB a stream.
const ANSWERS_AHEAD: usize = 4;
/// Bytes of wants read at once.
const WANTS_BYTES: usize = 4 * 1024;
/// A peer that takes no answer for so long is hung up on: its answers would stay in memory.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers one stream to its end.
pub(crate) async fn serve(stream: Stream, peer: PeerId, guard: Guard, blocks: Arc<Blocks>) -> io::Result<()> {
    let (wants, mut answers) = stream.split();
    let (read, mut written) = mpsc::channel::<JoinHandle<Option<Block>>>(ANSWERS_AHEAD);
    let reading = async move {
        let mut wants = BufReader::with_capacity(WANTS_BYTES, wants);
        while let Some(want) = wire::read_want(&mut wants).await? {
            let Ok(room) = read.reserve().await else { break };
            let blocks = blocks.clone();
            // It begins at once: the disk works while earlier answers are on their way.
            room.send(spawn_blocking(move || blocks.get(&want?).ok().flatten()));
        }
        Ok(())
    };
    let writing = async move {
        loop {
            let answer = match written.try_recv() {
                Ok(answer) => answer,
                Err(_) => {
                    timeout(PATIENCE, answers.flush()).await??;
                    let Some(answer) = written.recv().await else { break };
                    answer
                }
            };
            let block = answer.await.map_err(io::Error::other)?;
            if !guard.admits(&peer) {
                break;
            }
            timeout(PATIENCE, wire::write_answer(&mut answers, block.as_ref().map(Block::bytes))).await??;
        }
        timeout(PATIENCE, answers.close()).await?
    };
    futures::future::try_join(reading, writing).await.map(|_| ())
}
