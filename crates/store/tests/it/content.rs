// SPDX-License-Identifier: Apache-2.0
//! Do files and folders come back as they went in, under the identifiers everybody else computes?

use crate::support::{noise, Node};
use futures::FutureExt;
use kith_store::{
    add::{AddError, FolderFile, PathError},
    content_id,
    custody::CustodyError,
    dag::WalkError,
    pins::PinError,
    read::{Kind, ReadError},
    Cid,
};
use std::io;

fn sequence(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|i| (i % 251) as u8).collect()
}

fn folder_file(path: &str, bytes: Vec<u8>) -> FolderFile {
    let open = move || async move { Ok(Box::new(io::Cursor::new(bytes)) as kith_store::add::Source) }.boxed();
    FolderFile { path: path.to_owned(), open: Box::new(open) }
}

fn site() -> Vec<FolderFile> {
    vec![
        folder_file("site/index.html", b"<h1>hi</h1>\n".to_vec()),
        folder_file("site/img/a b.png", sequence(300_000)),
        folder_file("site/img/é.txt", b"x".to_vec()),
        folder_file("site/Z", Vec::new()),
    ]
}

#[tokio::test]
async fn a_file_comes_back_in_any_range() {
    let node = Node::new().await;
    let bytes = noise(3 * 262_144 + 17, 1);
    let added = node.store.add_file(&bytes[..]).await.unwrap();
    assert_eq!((added.bytes, added.blocks), (bytes.len() as u64, 5));
    let length = bytes.len() as u64;
    for range in [0..length, 0..0, 5..6, 262_143..262_145, 700_000..length, 0..u64::MAX, length..length] {
        let expected = &bytes[range.start as usize..range.end.min(length) as usize];
        assert!(node.read(&added.root, range.clone()).await.unwrap() == expected, "{range:?}");
    }
    let beyond = node.read(&added.root, length + 1..length + 2).await.unwrap_err();
    assert!(matches!(beyond, ReadError::BeyondEnd { start, bytes } if (start, bytes) == (length + 1, length)));
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let node = Node::new().await;
    let added = node.store.add_file(&b""[..]).await.unwrap();
    assert_eq!(added.root.to_string(), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    assert_eq!(node.read(&added.root, 0..10).await.unwrap(), b"");
}

/// The identifiers are those `ipfs-unixfs-importer` 15 gives for the same folder.
#[tokio::test]
async fn a_folder_is_the_one_other_implementations_make() {
    let node = Node::new().await;
    let added = node.store.add_directory(site()).await.unwrap();
    let site_root = node.store.resolve(&added.root, "site").await.unwrap();
    assert_eq!(site_root.cid.to_string(), "bafybeice5leoyieruxvabjxdnny63tbuc7ea4kei7pzfwuvuew35aqvl5a");
    let img = node.store.resolve(&added.root, "/site//img/").await.unwrap();
    assert_eq!(img.cid.to_string(), "bafybeihpheufczdqqz2z7mvj64byxmhzavnqw2dhgo2eenxxicm7v2rqa4");
    assert_eq!((img.kind, added.bytes), (Kind::Folder, 300_013));

    let mut reversed = site();
    reversed.reverse();
    assert_eq!(node.store.add_directory(reversed).await.unwrap().root, added.root);
}

#[tokio::test]
async fn a_folder_is_listed_and_its_paths_resolved() {
    let node = Node::new().await;
    let added = node.store.add_directory(site()).await.unwrap();
    let (store, root) = (&node.store, &added.root);
    let folder = store.resolve(root, "site").await.unwrap().cid;
    let names: Vec<String> = store.list(&folder).await.unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["Z", "img", "index.html"]);
    let picture = store.resolve(root, "site/img/a b.png").await.unwrap();
    assert_eq!((picture.kind, picture.bytes), (Kind::File, 300_000));
    assert!(node.read(&picture.cid, 299_000..300_000).await.unwrap() == sequence(300_000)[299_000..]);

    assert!(matches!(store.resolve(root, "site/img/none").await, Err(ReadError::NotFound { .. })));
    assert!(matches!(store.resolve(root, "site/..").await, Err(ReadError::NotFound { .. })));
    assert!(matches!(store.resolve(root, &"site/".repeat(100)).await, Err(ReadError::NotFound { .. })));
    assert!(matches!(store.resolve(root, "site/Z/x").await, Err(ReadError::NotAFolder { .. })));
    assert!(matches!(store.list(&picture.cid).await, Err(ReadError::NotAFolder { .. })));
    assert!(matches!(node.read(root, 0..1).await, Err(ReadError::NotAFile { cid }) if cid == *root));
}

#[tokio::test]
async fn an_empty_folder_is_the_one_everybody_knows() {
    let node = Node::new().await;
    let added = node.store.add_directory(Vec::new()).await.unwrap();
    assert_eq!(added.root.to_string(), "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354");
    assert_eq!(node.store.list(&added.root).await.unwrap(), vec![]);
}

#[tokio::test]
async fn a_source_that_fails_is_named() {
    let node = Node::new().await;
    let open = || async { Err(io::ErrorKind::PermissionDenied.into()) }.boxed();
    let broken = FolderFile { path: "a/b".to_owned(), open: Box::new(open) };
    let failed = node.store.add_directory(vec![broken]).await.unwrap_err();
    assert!(matches!(failed, AddError::Read { path, .. } if path == "a/b"));
    let refused = node.store.add_directory(vec![folder_file("../x", Vec::new())]).await.unwrap_err();
    assert!(matches!(refused, AddError::Path(PathError::Invalid { .. })));
    assert_eq!(node.store.stats().blocks, 0);
}

#[tokio::test]
async fn the_commitment_is_that_of_the_blocks_in_order() {
    let node = Node::new().await;
    // Two equal chunks: the block they share is counted once.
    let bytes = [noise(262_144, 1), noise(262_144, 1), noise(5000, 2)].concat();
    let added = node.store.add_file(&bytes[..]).await.unwrap();
    let root = std::fs::read(node.file(&added.root)).unwrap();
    let stored = [&root[..], &bytes[..262_144], &bytes[2 * 262_144..]].concat();

    let mut builder = kith_primitives::custody::Builder::new();
    builder.update(&stored).unwrap();
    let expected = builder.finish().unwrap();
    assert_eq!(node.store.commitment(&added.root).await.unwrap(), expected);
    for index in [0, 1, 255, 256, expected.chunks - 1] {
        assert!(node.store.prove(&added.root, index).await.unwrap().proves(&expected), "chunk {index}");
    }
    let none = node.store.prove(&added.root, expected.chunks).await.unwrap_err();
    assert!(matches!(none, CustodyError::NoSuchChunk { chunks, .. } if chunks == expected.chunks));
}

#[tokio::test]
async fn no_proof_without_every_block() {
    let node = Node::new().await;
    let bytes = noise(600_000, 3);
    let added = node.store.add_file(&bytes[..]).await.unwrap();
    let leaf = content_id::of(content_id::RAW, &bytes[262_144..524_288]);
    std::fs::remove_file(node.file(&leaf)).unwrap();
    let missing = |error: &WalkError| matches!(error, WalkError::Missing { cid } if *cid == leaf);
    let refused = node.store.prove(&added.root, 0).await.unwrap_err();
    assert!(matches!(refused, CustodyError::Tree(error) if missing(&error)));
    let refused = node.store.pin("site", &added.root).await.unwrap_err();
    assert!(matches!(refused, PinError::Tree(error) if missing(&error)));
}

#[tokio::test]
async fn refused_identifiers_are_refused_at_once() {
    let node = Node::new().await;
    let sha1 = Cid::new_v1(0x55, cid::multihash::Multihash::wrap(0x11, &[0; 20]).unwrap());
    assert!(matches!(node.read(&sha1, 0..1).await, Err(ReadError::Root(_))));
    assert!(matches!(node.store.list(&sha1).await, Err(ReadError::Root(_))));
    assert!(matches!(node.store.resolve(&sha1, "").await, Err(ReadError::Root(_))));
    assert!(matches!(node.store.fetch(&sha1, 1, |_| ()).await, Err(kith_store::fetch::FetchError::Root(_))));
    assert!(matches!(node.store.pin("x", &sha1).await, Err(PinError::Root(_))));
    assert!(matches!(node.store.commitment(&sha1).await, Err(CustodyError::Root(_))));
}

#[tokio::test]
async fn pins_have_reasonable_names() {
    let node = Node::new().await;
    let root = node.store.add_file(&b"x"[..]).await.unwrap().root;
    assert!(matches!(node.store.pin("", &root).await, Err(PinError::Name { bytes: 0 })));
    assert!(matches!(node.store.pin(&"x".repeat(81), &root).await, Err(PinError::Name { bytes: 81 })));
    node.store.pin("../../x", &root).await.unwrap();
    assert_eq!(node.store.pins(), [("../../x".to_owned(), root)].into());
    assert_eq!(node.store.unpin("../../x").await.unwrap(), Some(root));
    assert_eq!(node.store.unpin("../../x").await.unwrap(), None);
}
