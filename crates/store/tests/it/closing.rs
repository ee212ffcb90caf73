// SPDX-License-Identifier: Apache-2.0
//! Is a connection gone when it should be, whatever the other end does or does not do?

use crate::support::{noise, soon, until, Node};
use futures::{AsyncReadExt, AsyncWriteExt};
use kith_store::{Identity, Multiaddr, PeerId};
use libp2p::{core::upgrade::InboundConnectionUpgrade, identity::Keypair, multiaddr::Protocol, noise as noise_crypto};
use std::{io, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

/// More than may shake hands at one time.
const STRANGERS: usize = 80;

/// Kinds of frames of Yamux, a flag, and the first stream of the side that was dialled.
const DATA: u8 = 0;
const WINDOW: u8 = 1;
const SYN: u16 = 1;
const STREAM: u32 = 2;

/// A peer that shakes hands, says what a test makes it say, and never reads.
struct Deaf {
    id: PeerId,
    wire: noise_crypto::Output<Compat<TcpStream>>,
    /// The same socket, to see what lies there unread.
    unread: std::net::TcpStream,
}

impl Deaf {
    /// Admitted to a node and dialled by it.
    async fn join(node: &Node) -> Self {
        let identity = Identity::generate();
        let (id, mut secret) = (identity.peer_id(), identity.secret());
        let keys = Keypair::ed25519_from_bytes(&mut secret[..]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let address: Multiaddr = format!("/ip4/127.0.0.1/tcp/{port}/p2p/{id}").parse().unwrap();
        node.admit(id);
        let store = node.store.clone();
        // It waits for a greeting that does not come.
        tokio::spawn(async move { store.connect(address).await });
        let socket = listener.accept().await.unwrap().0.into_std().unwrap();
        let unread = socket.try_clone().unwrap();
        let wire = shake_hands(TcpStream::from_std(socket).unwrap().compat(), &keys).await;
        let mut deaf = Self { id, wire, unread };
        deaf.say(&agree("/yamux/1.0.0")).await.unwrap();
        soon(until(|| node.store.peers().iter().any(|peer| peer.id == id))).await;
        deaf
    }

    async fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.write_all(bytes).await?;
        self.wire.flush().await
    }

    /// Waits until nothing more arrives, with far more on its way: the system takes in no more, and whoever writes is stuck.
    async fn choke(&self) {
        let (mut queue, mut last, mut looks) = (vec![0_u8; 64 << 20], 0, 0);
        let choked = until(|| {
            let waiting = self.unread.peek(&mut queue).unwrap_or(0);
            // A frame of Yamux is more than all that is said to greet.
            looks = if waiting > 16 * 1024 && waiting == last { looks + 1 } else { 0 };
            last = waiting;
            looks == 50
        });
        soon(choked).await;
    }
}

async fn shake_hands(mut socket: Compat<TcpStream>, keys: &Keypair) -> noise_crypto::Output<Compat<TcpStream>> {
    let agreed = agree("/noise");
    socket.read_exact(&mut vec![0_u8; agreed.len()]).await.unwrap();
    socket.write_all(&agreed).await.unwrap();
    noise_crypto::Config::new(keys).unwrap().upgrade_inbound(socket, "/noise").await.unwrap().1
}

/// Either side's words when both speak a protocol: <https://github.com/multiformats/multistream-select>.
fn agree(protocol: &str) -> Vec<u8> {
    ["/multistream/1.0.0", protocol].map(|line| [&[line.len() as u8 + 1][..], line.as_bytes(), b"\n"].concat()).concat()
}

/// The head of a frame: <https://github.com/hashicorp/yamux/blob/master/spec.md>.
fn frame(kind: u8, flags: u16, stream: u32, length: u32) -> Vec<u8> {
    [&[0, kind][..], &flags.to_be_bytes(), &stream.to_be_bytes(), &length.to_be_bytes()].concat()
}

#[tokio::test]
async fn an_expelled_peer_that_stopped_reading_is_dropped_all_the_same() {
    let node = Node::new().await;
    let bytes = noise(200_000, 1);
    let root = node.store.add_file(&bytes[..]).await.unwrap().root.to_bytes();
    let mut deaf = Deaf::join(&node).await;
    // It asks for 100 MB, and lets 1 GiB be sent.
    let wants = [&[root.len() as u8][..], &root].concat().repeat(500);
    let asked = [agree("/kith/blocks/1.0.0"), wants].concat();
    let opened = frame(WINDOW, SYN, STREAM, 1 << 30);
    let head = frame(DATA, 0, STREAM, asked.len() as u32);
    deaf.say(&[opened, head, asked].concat()).await.unwrap();
    deaf.choke().await;

    node.expel(deaf.id);
    // Still it reads nothing. What it says, which means nothing either, is refused once nobody holds the other end.
    let nothing = frame(WINDOW, 0, STREAM + 2, 0);
    let dropped = async {
        while deaf.say(&nothing).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(dropped).await;
    assert!(node.store.peers().is_empty());
}

#[tokio::test]
async fn strangers_that_say_nothing_are_few_at_a_time_and_hung_up_on() {
    let node = Node::new().await;
    let address = node.address();
    let port = address.iter().find_map(|part| if let Protocol::Tcp(port) = part { Some(port) } else { None }).unwrap();
    let mut strangers = Vec::new();
    for _ in 0..STRANGERS {
        strangers.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    // While the first may still speak, the last is turned away.
    let (first, last) = (strangers.first().unwrap(), strangers.last().unwrap());
    let sooner = async {
        tokio::select! {
            () = hung_up(last) => "last",
            () = hung_up(first) => "first",
        }
    };
    assert_eq!(soon(sooner).await, "last");
    soon(hung_up(first)).await;
}

/// Waits until the other end hangs up, without a word.
async fn hung_up(socket: &TcpStream) {
    assert_eq!(socket.peek(&mut [0; 1]).await.unwrap_or(0), 0);
}
