// SPDX-License-Identifier: Apache-2.0
//! How a peer is reached: over TCP with Noise and Yamux, or over QUIC, by number or by name.

mod closing;
mod gather;

use super::HANDSHAKE_PATIENCE;
use futures::io::BufReader;
use gather::Gathered;
use libp2p::{
    core::{
        muxing::StreamMuxerBox,
        transport::{timeout::TransportTimeout, Boxed},
        upgrade::Version,
    },
    dns,
    identity::Keypair,
    noise, quic, tcp, PeerId, Transport,
};

/// Bytes taken from a TCP socket at once. Noise by itself asks for 8 KiB at a time, and a frame of it has up to 64 KiB.
const READ_BYTES: usize = 64 * 1024;

/// Freed memory that stays with each of glibc's heaps. Every frame is a piece of memory of its own: with the 128 KiB that stay by
/// default, the kernel takes back and gives out the same pages all the time.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

type Connections = Boxed<(PeerId, StreamMuxerBox)>;

/// The way to all peers.
pub(super) fn new(keys: &Keypair) -> Result<Connections, noise::Error> {
    keep_freed_memory();
    let named = match dns::tokio::Transport::system(numbered(keys)?) {
        Ok(named) => named.boxed(),
        Err(error) => {
            tracing::warn!(target: "kith::store", %error, "peers cannot be reached by name, only by number");
            numbered(keys)?
        }
    };
    Ok(TransportTimeout::new(named, HANDSHAKE_PATIENCE).boxed())
}

/// The way to peers whose addresses are numbers.
fn numbered(keys: &Keypair) -> Result<Connections, noise::Error> {
    let tcp = tcp::tokio::Transport::new(tcp::Config::default())
        .map(|socket, _| BufReader::with_capacity(READ_BYTES, socket))
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(keys)?)
        .multiplex(Gathered::default())
        .map(|(peer, muxer), _| (peer, closing::bounded(muxer)));
    let quic =
        quic::tokio::Transport::new(quic::Config::new(keys)).map(|(peer, muxer), _| (peer, closing::bounded(muxer)));
    Ok(tcp.or_transport(quic).map(|either, _| either.into_inner()).boxed())
}

/// glibc keeps twice the largest piece that was ever freed, up to a limit: `man 3 mallopt`, M_MMAP_THRESHOLD. The piece is never
/// touched, so it costs nothing; other allocators do not mind.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(KEPT_BYTES / 2)));
}
