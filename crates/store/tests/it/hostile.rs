// SPDX-License-Identifier: Apache-2.0
//! What can an admitted peer that breaks the rules do? Nothing but waste its own time.

use crate::support::{noise, soon, until, Node};
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use kith_store::{content_id, Cid, Identity, PeerId};
use libp2p::{noise as noise_crypto, swarm::SwarmEvent, tcp, yamux, Multiaddr, Stream, StreamProtocol, SwarmBuilder};
use tokio::sync::mpsc;

const BLOCKS: StreamProtocol = StreamProtocol::new("/kith/blocks/1.0.0");
const PEERS: StreamProtocol = StreamProtocol::new("/kith/peers/1.0.0");

/// A peer made of the bare library: it says what a test makes it say.
struct Hostile {
    id: PeerId,
    address: Multiaddr,
    control: libp2p_stream::Control,
    dial: mpsc::Sender<Multiaddr>,
}

impl Hostile {
    async fn new() -> Self {
        let identity = Identity::generate();
        let mut secret = identity.secret();
        let keypair = libp2p::identity::Keypair::ed25519_from_bytes(&mut secret[..]).unwrap();
        let mut swarm = SwarmBuilder::with_existing_identity(keypair)
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise_crypto::Config::new, yamux::Config::default)
            .unwrap()
            .with_behaviour(|_| libp2p_stream::Behaviour::new())
            .unwrap()
            .with_swarm_config(|config| config.with_idle_connection_timeout(std::time::Duration::from_secs(600)))
            .build();
        let control = swarm.behaviour().new_control();
        swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse().unwrap()).unwrap();
        let address = loop {
            if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
                break address;
            }
        };
        let (dial, mut dials) = mpsc::channel::<Multiaddr>(1);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = swarm.select_next_some() => {},
                    Some(address) = dials.recv() => swarm.dial(address).unwrap(),
                }
            }
        });
        let address = address.with(libp2p::multiaddr::Protocol::P2p(identity.peer_id()));
        Self { id: identity.peer_id(), address, control, dial }
    }

    /// Answers every stream of wants with the same bytes, once a want has come.
    fn answer_with(&mut self, answer: Vec<u8>) {
        let mut streams = self.control.accept(BLOCKS).unwrap();
        tokio::spawn(async move {
            while let Some((_, mut stream)) = streams.next().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut want = [0; 37];
                    while stream.read_exact(&mut want).await.is_ok() {
                        let _ = stream.write_all(&answer).await;
                        let _ = stream.flush().await;
                    }
                });
            }
        });
    }

    /// Connected to a node that admits it; answers greetings.
    async fn join(&mut self, node: &Node) {
        node.admit(self.id);
        let mut greetings = self.control.accept(PEERS).unwrap();
        tokio::spawn(async move {
            while let Some((_, mut stream)) = greetings.next().await {
                let _ = stream.close().await;
            }
        });
        soon(node.store.connect(self.address.clone())).await.unwrap();
    }

    async fn open(&mut self, node: &Node, protocol: StreamProtocol) -> Stream {
        self.control.open_stream(node.id(), protocol).await.unwrap()
    }
}

fn answer(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat()
}

fn want(cid: &Cid) -> Vec<u8> {
    let cid = cid.to_bytes();
    [&[cid.len() as u8][..], &cid].concat()
}

#[tokio::test]
async fn wrong_bytes_are_discarded_and_the_right_ones_had_from_another() {
    let (node, honest) = (Node::new().await, Node::new().await);
    let mut hostile = Hostile::new().await;
    hostile.answer_with(answer(b"not what was asked"));
    hostile.join(&node).await;
    let bytes = noise(1_000_000, 1);
    let added = honest.store.add_file(&bytes[..]).await.unwrap();
    assert!(node.read(&added.root, 0..1_000_000).await.unwrap_err().is_unavailable());
    assert_eq!(node.store.stats().blocks, 0);

    node.admit(honest.id());
    honest.admit(node.id());
    soon(node.store.connect(honest.address())).await.unwrap();
    assert!(soon(node.read(&added.root, 0..1_000_000)).await.unwrap() == bytes);
}

#[tokio::test]
async fn a_huge_length_and_a_hang_up_are_failures_like_others() {
    let huge = vec![0xff, 0xff, 0xff, 0xfe];
    let cut = answer(&[7; 1000])[..500].to_vec();
    for lie in [huge, cut] {
        let node = Node::new().await;
        let mut hostile = Hostile::new().await;
        hostile.answer_with(lie);
        hostile.join(&node).await;
        let cid = content_id::of(content_id::RAW, b"anything");
        // A cut answer is one that never ends: the search is given up by whoever asked.
        let read = tokio::time::timeout(std::time::Duration::from_secs(4), node.read(&cid, 0..1)).await;
        assert!(!matches!(read, Ok(Ok(_))));
        assert_eq!(node.store.stats().blocks, 0);
    }
}

#[tokio::test]
async fn a_silent_peer_does_not_keep_a_block_from_being_found_elsewhere() {
    let (node, honest) = (Node::new().await, Node::new().await);
    let mut hostile = Hostile::new().await;
    // It takes wants and never answers.
    hostile.answer_with(Vec::new());
    hostile.join(&node).await;
    node.admit(honest.id());
    honest.admit(node.id());
    soon(node.store.connect(honest.address())).await.unwrap();
    let bytes = noise(3_000_000, 1);
    let added = honest.store.add_file(&bytes[..]).await.unwrap();
    assert!(soon(node.read(&added.root, 0..3_000_000)).await.unwrap() == bytes);
}

#[tokio::test]
async fn a_want_ends_with_the_admission_of_the_peer_that_sits_on_it() {
    let node = Node::new().await;
    let mut hostile = Hostile::new().await;
    let mut streams = hostile.control.accept(BLOCKS).unwrap();
    hostile.join(&node).await;
    let cid = content_id::of(content_id::RAW, b"anything");
    let expelling = async {
        let (_, mut stream) = streams.next().await.unwrap();
        stream.read_exact(&mut [0; 37]).await.unwrap();
        node.expel(hostile.id);
        stream
    };
    // An admitted peer may take longer than that.
    let both = async { tokio::join!(node.read(&cid, 0..1), expelling) };
    let (read, _kept) = tokio::time::timeout(std::time::Duration::from_secs(30), both).await.expect("still waiting");
    assert!(read.unwrap_err().is_unavailable());
}

#[tokio::test]
async fn a_flood_of_wants_leaves_the_node_alive_and_is_answered_in_order() {
    let (node, other) = (Node::new().await, Node::new().await);
    let mut hostile = Hostile::new().await;
    hostile.join(&node).await;
    let small = node.store.add_file(&b"small"[..]).await.unwrap();
    let absent = content_id::of(content_id::RAW, b"absent");

    // A million wants that nobody reads the answers of.
    let mut flood = hostile.open(&node, BLOCKS).await;
    let wants = want(&absent).repeat(10_000);
    let flooding = tokio::spawn(async move {
        for _ in 0..100 {
            flood.write_all(&wants).await.unwrap();
        }
        flood
    });

    // The same peer is still answered on another stream, and other peers are served.
    let mut stream = hostile.open(&node, BLOCKS).await;
    for _ in 0..100 {
        stream.write_all(&want(&small.root)).await.unwrap();
        stream.write_all(&want(&absent)).await.unwrap();
        stream.flush().await.unwrap();
        let mut heard = [0; 13];
        soon(stream.read_exact(&mut heard)).await.unwrap();
        assert_eq!(heard, *[&answer(b"small")[..], &[0xff; 4]].concat());
    }
    node.admit(other.id());
    other.admit(node.id());
    soon(other.store.connect(node.address())).await.unwrap();
    assert_eq!(soon(other.read(&small.root, 0..5)).await.unwrap(), b"small");
    flooding.abort();
}

#[tokio::test]
async fn wants_that_make_no_sense_end_the_stream_only() {
    let node = Node::new().await;
    let mut hostile = Hostile::new().await;
    hostile.join(&node).await;
    let small = node.store.add_file(&b"small"[..]).await.unwrap();

    // Identifiers that are not accepted are answered as absent.
    let mut stream = hostile.open(&node, BLOCKS).await;
    let sha1 = [&[25, 1, 0x55, 0x11, 20][..], &[0; 20], &[0]].concat();
    stream.write_all(&sha1).await.unwrap();
    stream.write_all(&[0]).await.unwrap();
    stream.write_all(&want(&small.root)).await.unwrap();
    stream.flush().await.unwrap();
    let mut heard = [0; 17];
    soon(stream.read_exact(&mut heard)).await.unwrap();
    assert_eq!(heard, *[&[0xff; 8][..], &answer(b"small")].concat());

    // A want cut short ends its stream; the next one works.
    let mut stream = hostile.open(&node, BLOCKS).await;
    stream.write_all(&[37, 1]).await.unwrap();
    stream.close().await.unwrap();
    assert_eq!(soon(stream.read(&mut [0; 1])).await.unwrap_or(0), 0);
    let mut stream = hostile.open(&node, BLOCKS).await;
    stream.write_all(&want(&small.root)).await.unwrap();
    stream.flush().await.unwrap();
    let mut heard = [0; 9];
    soon(stream.read_exact(&mut heard)).await.unwrap();
    assert_eq!(heard, *answer(b"small"));
}

#[tokio::test]
async fn a_stranger_that_keeps_its_connection_open_is_answered_nothing() {
    let node = Node::new().await;
    let added = node.store.add_file(&b"secret"[..]).await.unwrap();
    let mut hostile = Hostile::new().await;
    hostile.dial.send(node.address()).await.unwrap();
    // Whatever of the two wins, no byte is answered.
    let heard = soon(async {
        let mut stream = hostile.control.open_stream(node.id(), BLOCKS).await.ok()?;
        stream.write_all(&want(&added.root)).await.ok()?;
        stream.flush().await.ok()?;
        let mut heard = [0; 1];
        stream.read_exact(&mut heard).await.ok()
    })
    .await;
    assert!(heard.is_none());
    assert!(node.store.peers().is_empty());
}

#[tokio::test]
async fn neighbours_that_are_not_admitted_are_not_dialled() {
    let (node, stranger) = (Node::new().await, Node::new().await);
    stranger.admit(node.id());
    let mut hostile = Hostile::new().await;
    // A greeting that tells the stranger's true address, then nonsense.
    let (id, mut address) = (stranger.id().to_bytes(), stranger.address());
    address.pop();
    let address = address.to_vec();
    let entry = [&[0x0a, id.len() as u8][..], &id, &[0x12, address.len() as u8], &address].concat();
    let told = [&[0x0a, entry.len() as u8][..], &entry].concat();
    node.admit(hostile.id);
    let mut greetings = hostile.control.accept(PEERS).unwrap();
    let (heard, mut hears) = mpsc::channel(8);
    tokio::spawn(async move {
        while let Some((_, mut stream)) = greetings.next().await {
            let _ = stream.write_all(&told).await;
            let _ = stream.close().await;
            let _ = heard.send(()).await;
        }
    });
    soon(node.store.connect(hostile.address.clone())).await.unwrap();
    hears.recv().await.unwrap();
    // More than a redial interval later, nobody else is connected.
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    assert_eq!(node.store.stats().peers, 1);
    assert!(stranger.store.peers().is_empty());

    // Once admitted, what was told is of use.
    node.admit(stranger.id());
    soon(node.store.connect(hostile.address.clone())).await.unwrap();
    soon(until(|| node.store.stats().peers == 2)).await;
}
