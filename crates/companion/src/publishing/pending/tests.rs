// SPDX-License-Identifier: Apache-2.0
//! Whether what is in force, and what may come into force, is pinned at every moment.

use super::*;
use crate::companion::tests::alone;

/// A companion that has published one version of resource 7 and made another; the roots of both.
async fn republishing() -> (tempfile::TempDir, Companion, Cid, Cid) {
    let (dir, companion) = alone().await;
    let (old, new) = (added(&companion, b"old").await, added(&companion, b"new").await);
    companion.store.pin(&own_pin(7), &old).await.unwrap();
    (dir, companion, old, new)
}

async fn added(companion: &Companion, bytes: &'static [u8]) -> Cid {
    companion.store.add_file(bytes).await.unwrap().root
}

fn pins<const N: usize>(pins: [(&str, Cid); N]) -> BTreeMap<String, Cid> {
    pins.into_iter().map(|(pin, root)| (pin.to_owned(), root)).collect()
}

fn refused() -> SubmitError {
    SubmitError::Refused { pallet: "Resources".into(), error: "WrongEpoch".into(), explanation: String::new() }
}

fn root(byte: u8) -> Cid {
    content_id::from_bytes(&[&[1, 0x55, 0x12, 32][..], &[byte; 32]].concat()).unwrap()
}

#[test]
fn a_version_waits_as_long_as_the_chain_may_take_it_and_moves_as_soon_as_it_does() {
    let (mut waiting, one, other) = (BTreeMap::new(), root(1), root(2));
    let mut fates = |now, in_force: Option<&Cid>| -> Vec<Fate> {
        let pins = vec![("pending/7/a".to_owned(), one), ("pending/7/b".to_owned(), other)];
        judge(&mut waiting, pins, in_force, now).into_iter().map(|(_, _, fate)| fate).collect()
    };
    assert_eq!(fates(10, None), [Fate::Open, Fate::Open]);
    assert_eq!(fates(10 + LIFE - 1, Some(&root(3))), [Fate::Open, Fate::Open]);
    assert_eq!(fates(10 + LIFE - 1, Some(&one)), [Fate::InForce, Fate::Open]);
    assert_eq!(fates(10 + LIFE, Some(&one)), [Fate::InForce, Fate::Over]);
    // A node that is behind another shows an older block.
    assert_eq!(fates(9, None), [Fate::Open, Fate::Open]);
}

#[tokio::test]
async fn the_old_version_keeps_its_pin_until_the_new_one_is_in_force() {
    let (_dir, companion, old, new) = republishing().await;
    let store = &companion.store;
    let announced = pin(&companion, 7, &new).await.unwrap();
    let name = announced.pin.clone();
    let both = pins([("own/7", old), (&name, new)]);
    assert_eq!(store.pins(), both);
    assert_eq!(resources(store), BTreeSet::from([7]));
    carry_out(store, 7, &name, &new, Fate::Open).await.unwrap();
    assert_eq!(store.pins(), both);
    carry_out(store, 7, &name, &new, Fate::InForce).await.unwrap();
    assert_eq!(store.pins(), pins([("own/7", new)]));
}

#[tokio::test]
async fn what_the_chain_shows_moves_the_pins_of_one_resource_and_none_that_is_being_announced() {
    let (_dir, companion, _, new) = republishing().await;
    let (store, given_up) = (&companion.store, added(&companion, b"given up").await);
    let (won, lost, elsewhere) = (name(7, 1), name(7, 2), name(8, 3));
    for (pin, root) in [(&won, &new), (&lost, &given_up), (&elsewhere, &given_up)] {
        store.pin(pin, root).await.unwrap();
    }
    let announced = pin(&companion, 7, &given_up).await.unwrap();
    let under_way = announced.pin.clone();
    let mut waiting = companion.pending.waiting.lock().await;
    settle_by(&companion, 7, &mut waiting, Some(&new), 10).await.unwrap();
    let others = [(elsewhere.as_str(), given_up), (under_way.as_str(), given_up)];
    let moved = pins([("own/7", new), (&lost, given_up), others[0], others[1]]);
    assert_eq!(store.pins(), moved);
    settle_by(&companion, 7, &mut waiting, Some(&new), 10 + LIFE).await.unwrap();
    assert_eq!(store.pins(), pins([("own/7", new), others[0], others[1]]));
    // It waits from where its announcement ended, and whatever is gone is forgotten.
    drop(announced);
    settle_by(&companion, 7, &mut waiting, Some(&new), 11 + LIFE).await.unwrap();
    assert_eq!(*waiting, BTreeMap::from([(under_way.clone(), 11 + LIFE)]));
    settle_by(&companion, 7, &mut waiting, Some(&new), 11 + 2 * LIFE).await.unwrap();
    assert_eq!(store.pins(), pins([("own/7", new), others[0]]));
}

#[tokio::test]
async fn a_refused_version_is_let_go_and_one_that_may_take_effect_is_not() {
    let (_dir, companion, old, new) = republishing().await;
    let announced = pin(&companion, 7, &new).await.unwrap();
    conclude(&companion, 7, announced, &Err(refused())).await;
    assert_eq!(companion.store.pins(), pins([("own/7", old)]));

    let accepted = Receipt { transaction: [0; 32], resource: None };
    // The node is away: that the version is in force is seen later.
    for outcome in [Err(SubmitError::TimedOut), Ok(accepted)] {
        let announced = pin(&companion, 7, &new).await.unwrap();
        let name = announced.pin.clone();
        assert!(companion.pending.announced().contains(&name));
        conclude(&companion, 7, announced, &outcome).await;
        assert!(companion.pending.announced().is_empty());
        assert_eq!(companion.store.pins(), pins([("own/7", old), (&name, new)]));
        carry_out(&companion.store, 7, &name, &new, Fate::Over).await.unwrap();
        assert_eq!(companion.store.pins(), pins([("own/7", old)]));
    }
}

#[tokio::test]
async fn pins_that_cannot_be_moved_stay() {
    let (dir, companion, old, new) = republishing().await;
    let store = &companion.store;
    let no_node = settle(&companion, 7).await;
    assert!(matches!(no_node, Err(SettleError::Link(LinkError::Disconnected { .. }))));
    let announced = pin(&companion, 7, &new).await.unwrap();
    let not_here = carry_out(store, 7, &announced.pin, &root(1), Fate::InForce).await;
    assert!(matches!(not_here, Err(SettleError::Pin(_))));
    let file = dir.path().join("store/pins").join(announced.pin.replace('/', "%2f"));
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let in_the_way = carry_out(store, 7, &announced.pin, &new, Fate::Over).await;
    assert!(matches!(in_the_way, Err(SettleError::Unpin(_))));
    assert_eq!(store.pins(), pins([("own/7", old), (&announced.pin, new)]));
}

#[tokio::test]
async fn a_version_that_is_not_here_is_not_announced() {
    let (_dir, companion, old, _) = republishing().await;
    assert!(matches!(pin(&companion, 7, &root(1)).await, Err(PinError::Tree(_))));
    assert!(companion.pending.announced().is_empty());
    assert_eq!(companion.store.pins(), pins([("own/7", old)]));
}

#[test]
fn only_a_clear_no_is_the_end_of_a_version() {
    let missing = ViewError::Missing { what: "the resource", block: 7 };
    assert!(!may_take_effect(&refused()) && !may_take_effect(&SubmitError::View(missing)));
    for open in [SubmitError::TimedOut, SubmitError::Barred, SubmitError::LostSight("closed".into())] {
        assert!(may_take_effect(&open), "{open}");
    }
}

#[test]
fn a_pending_pin_names_its_resource_and_attempts_differ() {
    assert_eq!(resource_of(&name(7, 1)), Some(7));
    assert_ne!(name(7, 1), name(7, 2));
    assert!(name(ResourceId::MAX, u64::MAX).len() <= kith_store::pins::MAX_NAME_BYTES);
    for other in ["own/7", "pending/7", "pending/seven/1", "follow/7"] {
        assert_eq!(resource_of(other), None, "{other}");
    }
}
