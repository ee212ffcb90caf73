// SPDX-License-Identifier: Apache-2.0
//! What survives damage, crashes, full disks and collection?

use crate::support::{community, config, noise, soon, Node};
use kith_store::{
    access::Access,
    add::AddError,
    blocks::GetError,
    content_id,
    exchange::ObtainError,
    fetch::FetchError,
    gc::{Collected, GcError},
    read::ReadError,
    Identity, OpenError, Store,
};
use std::{fs, process::Command, time::Duration};
use tokio::sync::watch;

#[tokio::test]
async fn a_flipped_block_is_refused_and_replaced_by_a_peer() {
    let [one, two] = community().await;
    let bytes = noise(600_000, 1);
    let added = one.store.add_file(&bytes[..]).await.unwrap();
    let _fetched = two.store.fetch(&added.root, u64::MAX, |_| ()).await.unwrap();
    let leaf = content_id::of(content_id::RAW, &bytes[..262_144]);

    let mut flipped = fs::read(two.file(&leaf)).unwrap();
    flipped[1000] ^= 1;
    fs::write(two.file(&leaf), &flipped).unwrap();
    assert!(two.read(&added.root, 0..600_000).await.unwrap() == bytes);
    assert!(fs::read(two.file(&leaf)).unwrap() == bytes[..262_144]);

    // The only copy in reach is damaged: it is refused, and not served to the other either.
    one.expel(two.id());
    fs::write(two.file(&leaf), &flipped).unwrap();
    crate::support::until(|| two.store.peers().is_empty()).await;
    let refused = two.read(&added.root, 0..10).await.unwrap_err();
    assert!(matches!(refused, ReadError::Block(ObtainError::Read(GetError::Damaged { cid, .. })) if cid == leaf));
    // What lies outside the damaged block is still read.
    assert!(two.read(&added.root, 300_000..300_010).await.unwrap() == bytes[300_000..300_010]);
}

#[tokio::test]
async fn a_damaged_block_is_not_served() {
    let [one, two] = community().await;
    let added = one.store.add_file(&b"hello"[..]).await.unwrap();
    fs::write(one.file(&added.root), b"hellO").unwrap();
    let absent = two.read(&added.root, 0..5).await.unwrap_err();
    assert!(matches!(absent, ReadError::Block(ObtainError::NotFound { peers: 1, .. })) && absent.is_unavailable());
    assert!(!two.file(&added.root).exists());
}

#[tokio::test]
async fn one_directory_serves_one_store() {
    let node = Node::new().await;
    let again = config(&node.dir, Identity::generate());
    let refused = Store::open(again.clone(), node.access.subscribe()).await.unwrap_err();
    assert!(matches!(&refused, OpenError::Locked { path } if path == node.dir.path()));
    assert!(refused.to_string().contains("in use by another process"));
    let Node { store, access, dir: _dir } = node;
    store.shutdown().await;
    drop(store);
    Store::open(again, access.subscribe()).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let (access, dir) = (watch::Sender::new(Access::default()), tempfile::tempdir().unwrap());
    let config = config(&dir, Identity::generate());
    let open = || Store::open(config.clone(), access.subscribe());

    fs::write(dir.path().join("version"), "99").unwrap();
    assert!(matches!(open().await, Err(OpenError::Version { found, .. }) if found == "99"));
    fs::remove_file(dir.path().join("version")).unwrap();
    fs::create_dir(dir.path().join("pins")).unwrap();
    fs::write(dir.path().join("pins/site"), "torn").unwrap();
    assert!(matches!(open().await, Err(OpenError::Pin { .. })));
    fs::remove_file(dir.path().join("pins/site")).unwrap();
    fs::remove_dir_all(dir.path().join("blocks")).unwrap();
    fs::write(dir.path().join("blocks"), "").unwrap();
    assert!(matches!(open().await, Err(OpenError::Io { .. })));
    fs::remove_file(dir.path().join("blocks")).unwrap();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut busy = config.clone();
    busy.listen = vec![format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port()).parse().unwrap()];
    assert!(matches!(Store::open(busy.clone(), access.subscribe()).await, Err(OpenError::Listen { .. })));
    busy.listen = vec!["/memory/1".parse().unwrap()];
    assert!(matches!(Store::open(busy, access.subscribe()).await, Err(OpenError::Listen { .. })));
    open().await.unwrap();
}

#[tokio::test]
async fn pinned_content_survives_reopening_and_collection() {
    let node = Node::with(|config| kith_store::StoreConfig { budget_bytes: 0, ..config }).await;
    let (kept, lost) = (noise(600_000, 1), noise(600_000, 2));
    let kept_root = {
        let added = node.store.add_file(&kept[..]).await.unwrap();
        // Held, so not collected although nothing names it yet.
        assert_eq!(node.store.gc().await.unwrap(), Collected::default());
        node.store.pin("site", &added.root).await.unwrap();
        added.root
    };
    let lost_root = node.store.add_file(&lost[..]).await.unwrap().root;
    let collected = node.store.gc().await.unwrap();
    assert_eq!((collected.blocks, collected.bytes > 600_000), (4, true));
    assert!(node.read(&kept_root, 0..600_000).await.unwrap() == kept);
    assert!(node.read(&lost_root, 0..1).await.unwrap_err().is_unavailable());

    let Node { store, access, dir } = node;
    store.shutdown().await;
    drop(store);
    let mut again = config(&dir, Identity::generate());
    again.budget_bytes = 0;
    let store = Store::open(again, access.subscribe()).await.unwrap();
    assert_eq!(store.pins(), [("site".to_owned(), kept_root)].into());
    let stats = store.stats();
    assert_eq!((stats.blocks, stats.pins, stats.peers), (4, 1, 0));
    assert_eq!(store.gc().await.unwrap(), Collected::default());
    store.unpin("site").await.unwrap();
    assert_eq!(store.gc().await.unwrap().blocks, 4);
    assert_eq!((store.stats().blocks, store.stats().bytes), (0, 0));
}

#[tokio::test]
async fn blocks_two_trees_share_stay_while_one_is_pinned() {
    let node = Node::with(|config| kith_store::StoreConfig { budget_bytes: 0, ..config }).await;
    let (first, second) = (noise(262_144, 1), noise(262_144, 2));
    let both = [&first[..], &second[..]].concat();
    let small = node.store.add_file(&first[..]).await.unwrap();
    let large = node.store.add_file(&both[..]).await.unwrap();
    node.store.pin("small", &small.root).await.unwrap();
    node.store.pin("large", &large.root).await.unwrap();
    drop((small.hold, large.hold));
    node.store.unpin("large").await.unwrap();
    assert_eq!(node.store.gc().await.unwrap().blocks, 2);
    assert!(node.read(&small.root, 0..262_144).await.unwrap() == first);
}

#[tokio::test]
async fn the_cache_shrinks_by_itself_and_leaves_pins_alone() {
    let node = Node::with(|config| kith_store::StoreConfig { budget_bytes: 1 << 20, ..config }).await;
    let pinned = noise(2 << 20, 99);
    let added = node.store.add_file(&pinned[..]).await.unwrap();
    node.store.pin("keep", &added.root).await.unwrap();
    for seed in 0..8 {
        drop(node.store.add_file(&noise(512 * 1024, seed)[..]).await.unwrap());
    }
    soon(crate::support::until(|| node.store.stats().bytes < (2 << 20) + (2 << 20))).await;
    assert!(node.read(&added.root, 0..2 << 20).await.unwrap() == pinned);
}

#[tokio::test]
async fn nothing_is_collected_when_a_pinned_tree_is_damaged() {
    let node = Node::with(|config| kith_store::StoreConfig { budget_bytes: 0, ..config }).await;
    let added = node.store.add_file(&noise(600_000, 1)[..]).await.unwrap();
    node.store.pin("site", &added.root).await.unwrap();
    drop(added.hold);
    fs::write(node.file(&added.root), "torn").unwrap();
    let refused = node.store.gc().await.unwrap_err();
    assert!(matches!(&refused, GcError::Pinned { pin, .. } if pin == "site"));
    assert_eq!(node.store.stats().blocks, 4);
}

#[tokio::test]
async fn collection_beside_imports_loses_nothing() {
    let node = Node::with(|config| kith_store::StoreConfig { budget_bytes: 0, ..config }).await;
    let collecting = tokio::spawn({
        let store = node.store.clone();
        async move {
            loop {
                store.gc().await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    });
    // The same bytes again and again: blocks that a collection is about to remove are found by the next import.
    for round in 0..20 {
        let bytes = noise(700_000, round % 2);
        let added = node.store.add_file(&bytes[..]).await.unwrap();
        node.store.pin("latest", &added.root).await.unwrap();
        drop(added.hold);
        assert!(node.read(&added.root, 0..700_000).await.unwrap() == bytes, "round {round}");
    }
    collecting.abort();
}

/// Set in the child of the test below: the directory of its store.
const LIMITED: &str = "KITH_STORE_TEST_LIMITED";

#[tokio::test]
async fn a_full_disk_is_an_error_and_the_store_goes_on() {
    if let Ok(path) = std::env::var(LIMITED) {
        return fill(path).await;
    }
    let dir = tempfile::tempdir().unwrap();
    // Files may not grow beyond 64 KiB, which fails a write just as a full disk does.
    let script = r#"trap '' XFSZ; ulimit -f 128; exec "$0" --exact disk::a_full_disk_is_an_error_and_the_store_goes_on --nocapture"#;
    let child = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(LIMITED, dir.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    assert!(dir.path().join("done").exists());
}

async fn fill(path: String) {
    let access = watch::Sender::new(Access::default());
    let config = kith_store::StoreConfig {
        patience: Duration::from_millis(100),
        ..kith_store::StoreConfig::new(&path, Identity::generate())
    };
    let store = Store::open(config, access.subscribe()).await.unwrap();
    let full = store.add_file(&noise(300_000, 1)[..]).await.unwrap_err();
    assert!(matches!(&full, AddError::Write(error) if error.is_disk_full()), "{full}");
    assert!(full.to_string().contains("no room left"));
    assert_eq!(store.stats().blocks, 0);
    assert_eq!(fs::read_dir(format!("{path}/blocks/.aside")).unwrap().count(), 0);
    let small = store.add_file(&noise(30_000, 1)[..]).await.unwrap();
    store.pin("small", &small.root).await.unwrap();
    assert_eq!(store.fetch(&small.root, u64::MAX, |_| ()).await.unwrap().progress.bytes, 30_000);
    fs::write(format!("{path}/done"), "").unwrap();
}

/// Set in the child of the test below: the directory of its store.
const KILLED: &str = "KITH_STORE_TEST_KILLED";

#[tokio::test]
async fn what_was_acknowledged_before_a_kill_is_there_after() {
    if let Ok(path) = std::env::var(KILLED) {
        return pin_for_ever(path).await;
    }
    let dir = tempfile::tempdir().unwrap();
    for round in 0..5u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "disk::what_was_acknowledged_before_a_kill_is_there_after", "--nocapture"])
            .env(KILLED, dir.path())
            .spawn()
            .unwrap();
        let acknowledged = || fs::read_to_string(dir.path().join("acknowledged")).unwrap_or_default();
        let before = acknowledged().lines().count();
        soon(crate::support::until(|| acknowledged().lines().count() > before + 1 + round as usize)).await;
        child.kill().unwrap();
        child.wait().unwrap();

        let access = watch::Sender::new(Access::default());
        let store = Store::open(
            kith_store::StoreConfig::new(dir.path().join("store"), Identity::generate()),
            access.subscribe(),
        );
        let store = store.await.unwrap();
        let pins = store.pins();
        for line in acknowledged().lines() {
            let root = pins.get(line).unwrap_or_else(|| panic!("{line} was lost"));
            store.commitment(root).await.unwrap();
        }
        store.gc().await.unwrap();
    }
}

async fn pin_for_ever(path: String) {
    use std::io::Write;
    let access = watch::Sender::new(Access::default());
    let config = kith_store::StoreConfig::new(format!("{path}/store"), Identity::generate());
    let store = Store::open(config, access.subscribe()).await.unwrap();
    let mut acknowledged =
        fs::OpenOptions::new().append(true).create(true).open(format!("{path}/acknowledged")).unwrap();
    for round in (store.pins().len() as u64).. {
        let added = store.add_file(&noise(300_000, round + 1)[..]).await.unwrap();
        let name = format!("round-{round}");
        store.pin(&name, &added.root).await.unwrap();
        writeln!(acknowledged, "{name}").unwrap();
    }
}

#[tokio::test]
async fn a_fetch_stops_at_its_limit() {
    let [one, two] = community().await;
    let added = one.store.add_file(&noise(3_000_000, 1)[..]).await.unwrap();
    let refused = two.store.fetch(&added.root, 1_000_000, |_| ()).await.unwrap_err();
    assert!(matches!(refused, FetchError::TooLarge { limit: 1_000_000 }));
}
