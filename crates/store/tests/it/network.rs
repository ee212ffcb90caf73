// SPDX-License-Identifier: Apache-2.0
//! Do stores get content from each other: whole trees, ranges, from several peers, at the same time?

use crate::support::{community, noise, soon, until, Node};
use futures::future::join_all;
use kith_store::{exchange::ObtainError, fetch::FetchError, swarm::ConnectError};
use libp2p::multiaddr::Protocol;
use std::fs;

#[tokio::test]
async fn a_tree_is_fetched_whole_with_progress() {
    let [one, two] = community().await;
    // More than 174 leaves: two levels of nodes.
    let bytes = noise(180 * 262_144 + 5, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let mut seen = Vec::new();
    let fetched = soon(two.store.fetch(&added.root, u64::MAX, |progress| seen.push(progress))).await.unwrap();
    let last = fetched.progress;
    assert_eq!((last.blocks, last.known, last.from_peers), (added.blocks as u64, added.blocks as u64, last.bytes));
    assert_eq!((seen.len(), seen.last()), (added.blocks, Some(&last)));
    assert!(seen.windows(2).all(|two| two[0].bytes < two[1].bytes));
    assert_eq!(two.store.commitment(&added.root).await.unwrap(), one.store.commitment(&added.root).await.unwrap());

    let again = two.store.fetch(&added.root, u64::MAX, |_| ()).await.unwrap();
    assert_eq!((again.progress.bytes, again.progress.from_peers), (last.bytes, 0));
}

#[tokio::test]
async fn content_travels_over_quic_too() {
    let quic = "/ip4/127.0.0.1/udp/0/quic-v1".parse().unwrap();
    let one = Node::with(|config| kith_store::StoreConfig { listen: vec![quic], ..config }).await;
    let two = Node::new().await;
    one.admit(two.id());
    two.admit(one.id());
    assert!(one.address().to_string().contains("/quic-v1/"));
    soon(two.store.connect(one.address())).await.unwrap();
    let bytes = noise(2_000_000, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    assert!(soon(two.read(&added.root, 0..2_000_000)).await.unwrap() == bytes);
}

#[tokio::test]
async fn a_peer_is_reached_by_name() {
    let (one, two) = (Node::new().await, Node::new().await);
    one.admit(two.id());
    two.admit(one.id());
    let named = |name: &'static str| one.address().replace(0, |_| Some(Protocol::Dns4(name.into()))).unwrap();
    let nowhere = soon(two.store.connect(named("nobody.invalid"))).await.unwrap_err();
    assert!(matches!(nowhere, ConnectError::Unreachable { .. }), "{nowhere}");
    assert!(named("localhost").to_string().starts_with("/dns4/localhost/tcp/"));
    assert_eq!(soon(two.store.connect(named("localhost"))).await.unwrap(), one.id());
    let added = one.store.add_file(&b"by name"[..]).await.unwrap();
    assert_eq!(soon(two.read(&added.root, 0..7)).await.unwrap(), b"by name");
}

#[tokio::test]
async fn a_range_touches_only_its_blocks() {
    let [one, two] = community().await;
    let bytes = noise(180 * 262_144, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let at = 100 * 262_144 + 7;
    assert!(soon(two.read(&added.root, at..at + 100)).await.unwrap() == bytes[at as usize..at as usize + 100]);
    // The root, the node above the leaf, the leaf.
    assert_eq!(two.store.stats().blocks, 3);
    assert!(soon(two.read(&added.root, at + 262_000..at + 262_200)).await.unwrap().len() == 200);
    assert_eq!(two.store.stats().blocks, 4);
}

#[tokio::test]
async fn many_readers_of_one_file_share_its_fetch() {
    let [one, two] = community().await;
    let bytes = noise(3_000_000, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let reads = (0..16).map(|_| two.read(&added.root, 0..3_000_000));
    for read in soon(join_all(reads)).await {
        assert!(read.unwrap() == bytes);
    }
    assert_eq!(two.store.stats().blocks, added.blocks as u64);
}

#[tokio::test]
async fn knowing_one_node_is_enough_to_find_the_others() {
    let [_hub, one, two] = community().await;
    soon(until(|| one.store.stats().peers == 2 && two.store.stats().peers == 2)).await;
    let added = one.store.add_file(&b"far"[..]).await.unwrap();
    assert_eq!(soon(two.read(&added.root, 0..3)).await.unwrap(), b"far");
}

#[tokio::test]
async fn a_tree_in_pieces_on_several_peers_is_put_together() {
    let [one, two, three] = community().await;
    soon(until(|| three.store.stats().peers == 2)).await;
    let bytes = noise(5_000_000, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let copied = soon(two.store.fetch(&added.root, u64::MAX, |_| ())).await.unwrap();
    // Each of the two loses every other leaf.
    for (place, leaf) in bytes.chunks(262_144).enumerate() {
        let cid = kith_store::content_id::of(kith_store::content_id::RAW, leaf);
        fs::remove_file(if place % 2 == 0 { &one } else { &two }.file(&cid)).unwrap();
    }
    assert!(soon(three.read(&added.root, 0..5_000_000)).await.unwrap() == bytes);
    drop(copied);
}

#[tokio::test]
async fn a_block_that_arrives_later_is_still_found() {
    let [one, two] = community().await;
    let bytes = noise(1000, 1);
    let cid = kith_store::content_id::of(kith_store::content_id::RAW, &bytes);
    let (read, added) = tokio::join!(soon(two.read(&cid, 0..1000)), async {
        // After the first "not here".
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        one.store.add_file(&bytes[..]).await.unwrap()
    });
    assert_eq!(added.root, cid);
    assert!(read.unwrap() == bytes);
}

#[tokio::test]
async fn what_nobody_has_is_not_found_in_time() {
    let [_one, two] = community().await;
    let cid = kith_store::content_id::of(kith_store::content_id::RAW, b"nowhere");
    let failed = soon(two.store.fetch(&cid, u64::MAX, |_| ())).await.unwrap_err();
    assert!(matches!(failed, FetchError::Block(ObtainError::NotFound { peers: 1, seconds: 2.., .. })), "{failed}");
}

#[tokio::test]
async fn a_provider_that_goes_away_is_replaced() {
    let [one, two, three] = community().await;
    soon(until(|| three.store.stats().peers == 2)).await;
    let bytes = noise(20_000_000, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let copied = soon(two.store.fetch(&added.root, u64::MAX, |_| ())).await.unwrap();
    let fetching = three.store.fetch(&added.root, u64::MAX, |progress| {
        if progress.blocks == 10 {
            three.expel(one.id());
        }
    });
    let fetched = soon(fetching).await.unwrap();
    assert_eq!(fetched.progress.blocks, added.blocks as u64);
    drop(copied);
}
