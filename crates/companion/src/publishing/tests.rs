// SPDX-License-Identifier: Apache-2.0
//! Whether what cannot be published is refused, by whom, and with which words.

use super::{readers::tests::resource, *};
use crate::{companion::tests::alone, daemon::link::LinkError};

fn found(dir: &tempfile::TempDir, path: &str, bytes: usize, claimed: u64) -> Found {
    let file = dir.path().join(path);
    std::fs::write(&file, vec![7; bytes]).unwrap();
    Found { file, path: path.to_owned(), size: claimed, media_type: "text/plain".into() }
}

#[test]
fn a_name_takes_only_its_owners_versions_of_one_visibility_while_its_lease_runs() {
    // Of member 1, for some, leased until block 9.
    let mine = resource(Visibility::Private, None, 0);
    let refused = |me, asked, now| check(&mine, "notes", me, asked, now).unwrap_err();
    assert!(check(&mine, "notes", 1, Visibility::Private, 8).is_ok());
    assert!(matches!(refused(2, Visibility::Private, 8), PublishError::Taken { owner: 1, .. }));
    let other = refused(1, Visibility::Public, 8);
    assert!(matches!(other, PublishError::OtherVisibility { asked: Visibility::Public, .. }), "{other}");
    let ended = refused(1, Visibility::Private, 9);
    assert!(matches!(ended, PublishError::LeaseEnded { .. }));
    assert!(ended.to_string().contains("kith refresh notes"), "{ended}");
}

#[test]
fn a_root_the_chain_does_not_take_is_named() {
    let root = |codec: u8| Cid::try_from(&[&[1, codec, 0x12, 32][..], &[7; 32]].concat()[..]).unwrap();
    assert!(content(root(0x55)).is_ok() && content(root(0x70)).is_ok());
    let refused = content(root(0x71)).unwrap_err();
    assert!(matches!(refused, PublishError::Content(named) if named == root(0x71)), "{refused}");
}

#[tokio::test]
async fn without_a_node_or_files_nothing_is_published() {
    let (dir, companion) = alone().await;
    let progress = Progress::channel().0;
    let publish = |path, name| publish(&companion, path, name, Visibility::Private, &progress);
    let (gone, file) = (dir.path().join("gone"), found(&dir, "a", 3, 3).file);
    assert!(matches!(publish(file.as_path(), "a").await, Err(PublishError::Name { .. })));
    assert!(matches!(publish(gone.as_path(), "notes").await, Err(PublishError::Walk(_))));
    let away = publish(file.as_path(), "notes").await;
    assert!(matches!(away, Err(PublishError::Link(LinkError::Disconnected { .. }))));
    assert!(companion.store.pins().is_empty());
}

#[tokio::test]
async fn files_and_blocks_that_are_not_there_are_told_by_whoever_misses_them() {
    let (dir, companion) = alone().await;
    let progress = Progress::channel().0;
    let (key, binding) = (ContentKey::generate(&mut rand::rngs::OsRng), Binding { resource: 1, version: 1 });
    let changed = sealed_stream(&companion, vec![found(&dir, "a", 3, 5)], key, binding, &progress).await;
    assert!(matches!(changed, Err(PublishError::Sealing(sealed::SealingError::Changed { .. }))));
    let gone = found(&dir, "b", 3, 3);
    std::fs::remove_file(&gone.file).unwrap();
    let missing = open_tree(&companion, vec![gone], &progress).await;
    assert!(matches!(missing, Err(PublishError::Add(add::AddError::Read { .. }))));
    let root = Cid::try_from(&[&[1, 0x55, 0x12, 32][..], &[7; 32]].concat()[..]).unwrap();
    let no_commitment = companion.store.commitment(&root).await.map_err(PublishError::from);
    assert!(matches!(no_commitment, Err(PublishError::Custody(_))));
    let no_pin = pending::pin(&companion, 1, &root).await.map(drop).map_err(PublishError::from);
    assert!(matches!(no_pin, Err(PublishError::Pin(_))));
}
