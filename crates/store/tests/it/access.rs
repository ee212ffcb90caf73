// SPDX-License-Identifier: Apache-2.0
//! Is nobody but the admitted talked to, at any moment?

use crate::support::{community, soon, until, Node};
use kith_store::{swarm::ConnectError, Identity};

#[tokio::test]
async fn a_stranger_is_refused_and_learns_why() {
    let (member, stranger) = (Node::new().await, Node::new().await);
    stranger.admit(member.id());
    let refused = soon(stranger.store.connect(member.address())).await.unwrap_err();
    assert!(matches!(refused, ConnectError::Refused { peer } if peer == member.id()), "{refused}");
    assert!(member.store.peers().is_empty());

    let added = member.store.add_file(&b"secret"[..]).await.unwrap();
    assert!(stranger.read(&added.root, 0..6).await.unwrap_err().is_unavailable());

    // Bound on chain at last: the next attempt succeeds, by itself.
    member.admit(stranger.id());
    soon(stranger.store.connect(member.address())).await.unwrap();
    assert_eq!(stranger.read(&added.root, 0..6).await.unwrap(), b"secret");
}

#[tokio::test]
async fn a_peer_that_is_not_admitted_is_not_dialled() {
    let (one, other) = (Node::new().await, Node::new().await);
    let refused = one.store.connect(other.address()).await.unwrap_err();
    assert!(matches!(refused, ConnectError::NotAdmitted { peer } if peer == other.id()));
    // Nor kept when only the connection shows who it is.
    let mut unnamed = other.address();
    unnamed.pop();
    let refused = soon(one.store.connect(unnamed)).await.unwrap_err();
    assert!(matches!(refused, ConnectError::NotAdmitted { peer } if peer == other.id()), "{refused}");
}

#[tokio::test]
async fn an_expelled_member_is_hung_up_on_and_reads_nothing_more() {
    let [one, two] = community().await;
    let before = one.store.add_file(&b"before"[..]).await.unwrap();
    assert_eq!(two.read(&before.root, 0..6).await.unwrap(), b"before");
    one.expel(two.id());
    soon(until(|| one.store.peers().is_empty() && two.store.peers().is_empty())).await;
    let after = one.store.add_file(&b"after"[..]).await.unwrap();
    assert!(two.read(&after.root, 0..5).await.unwrap_err().is_unavailable());
    assert!(matches!(soon(two.store.connect(one.address())).await, Err(ConnectError::Refused { .. })));

    // Admitted again, the peer that was lost comes back by itself.
    one.admit(two.id());
    two.access.send_modify(|_| ());
    soon(until(|| !one.store.peers().is_empty())).await;
    assert_eq!(two.read(&after.root, 0..5).await.unwrap(), b"after");
}

#[tokio::test]
async fn a_stale_view_admits_nobody() {
    let [one, two] = community().await;
    one.access.send_modify(|access| access.fresh = false);
    soon(until(|| one.store.peers().is_empty())).await;
    assert!(matches!(soon(two.store.connect(one.address())).await, Err(ConnectError::Refused { .. })));
    assert!(matches!(one.store.connect(two.address()).await, Err(ConnectError::NotAdmitted { .. })));
    one.access.send_modify(|access| access.fresh = true);
    soon(one.store.connect(two.address())).await.unwrap();
}

#[tokio::test]
async fn a_host_that_went_away_closes_everything() {
    let [one, two] = community().await;
    let Node { store, access, dir: _dir } = one;
    drop(access);
    soon(until(|| store.peers().is_empty() && two.store.peers().is_empty())).await;
    assert!(matches!(store.connect(two.address()).await, Err(ConnectError::NotAdmitted { .. })));
}

#[tokio::test]
async fn failed_connections_say_why() {
    let [one, two] = community().await;
    let third = Node::new().await;
    one.admit(third.id());
    let mut wrong = two.address();
    wrong.pop();
    let wrong = wrong.with(kith_store_p2p(third.id()));
    let failed = soon(one.store.connect(wrong)).await.unwrap_err();
    assert!(matches!(failed, ConnectError::WrongPeer { found, .. } if found == two.id()), "{failed}");

    let nobody = Identity::generate().peer_id();
    one.admit(nobody);
    let address = format!("/ip4/127.0.0.1/tcp/1/p2p/{nobody}").parse().unwrap();
    assert!(matches!(soon(one.store.connect(address)).await, Err(ConnectError::Unreachable { .. })));

    one.store.shutdown().await;
    assert!(matches!(one.store.connect(two.address()).await, Err(ConnectError::Closed)));
}

fn kith_store_p2p(peer: kith_store::PeerId) -> libp2p::multiaddr::Protocol<'static> {
    libp2p::multiaddr::Protocol::P2p(peer)
}
