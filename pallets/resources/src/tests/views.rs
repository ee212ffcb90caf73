// SPDX-License-Identifier: Apache-2.0
//! Views: what a node answers, and what it no longer tells.

use frame_support::assert_ok;

use super::*;
use crate::MAX_PAGE;

#[test]
fn view_shows_the_resource_and_its_latest_version() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Members, Some(name("garden")));
        assert_eq!(Resources::view(id).unwrap().latest, None);
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(Resources::publish(signed(ALICE), id, 2, 0, content(3), commitment(4)));
        let view = Resources::view(id).unwrap();
        assert_eq!((view.id, view.owner, view.kind, view.visibility), (id, ALICE, Kind::Site, Visibility::Members));
        assert_eq!((view.name.as_deref(), view.key_epoch, view.lease_until), (Some(&b"garden"[..]), 0, 101));
        let latest = view.latest.unwrap();
        assert_eq!((latest.number, latest.key_epoch, latest.chunks, latest.published), (2, 0, 4, 1));
        assert_eq!((latest.content, latest.commitment), (content(3).as_bytes().to_vec(), [9; 32]));
    });
}

#[test]
fn view_by_name_finds_exactly_the_name() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        assert_eq!(Resources::view_by_name(b"garden").map(|view| view.id), Some(id));
        for other in [&b"gar-den"[..], b"Garden", b"", b"ga", b"orchard", &[0xff; 100]] {
            assert_eq!(Resources::view_by_name(other), None);
        }
    });
}

#[test]
fn what_is_over_or_retired_is_not_shown() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        let retired = resource();
        for each in [id, retired] {
            assert_ok!(grant(ALICE, each, BOB, 0));
        }
        assert_ok!(Resources::retire(signed(ALICE), retired));
        System::set_block_number(150);
        assert!(Resources::view(id).is_some(), "in grace it is shown, with the end of its lease");
        System::set_block_number(151);
        for each in [id, retired, 99] {
            assert_eq!(Resources::view(each), None);
            assert!(Resources::readers(each).is_empty());
            assert_eq!(Resources::wrapped_key(each, BOB, 0), None);
        }
        assert_eq!(Resources::view_by_name(b"garden"), None);
        assert!(Resources::page(0, 10).is_empty());
    });
}

#[test]
fn pages_are_in_order_without_gaps_or_repeats() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..20).map(|_| resource()).collect();
        for id in ids.iter().filter(|id| **id % 3 == 0) {
            assert_ok!(Resources::retire(signed(ALICE), *id));
        }
        let (mut seen, mut from) = (Vec::new(), 0);
        loop {
            let page: Vec<_> = Resources::page(from, 4).into_iter().map(|view| view.id).collect();
            let Some(last) = page.last() else { break };
            assert!(page.len() <= 4);
            from = last + 1;
            seen.extend(page);
        }
        assert_eq!(seen, ids.into_iter().filter(|id| id % 3 != 0).collect::<Vec<_>>());
        assert!(Resources::page(0, 0).is_empty());
        assert!(Resources::page(u64::MAX, 4).is_empty());
    });
}

#[test]
fn a_page_is_bounded_whatever_is_asked_for() {
    build_and_execute(|| {
        for _ in 0..=MAX_PAGE {
            resource();
        }
        assert_eq!(Resources::page(0, u32::MAX).len(), MAX_PAGE);
    });
}

#[test]
fn readers_and_wrapped_keys_are_those_granted() {
    build_and_execute(|| {
        let id = resource();
        assert!(Resources::readers(id).is_empty());
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        let mut readers = Resources::readers(id);
        readers.sort_unstable();
        assert_eq!(readers, [BOB, CAROL]);
        assert_eq!(Resources::wrapped_key(id, BOB, 0), Some(vec![7; 80]));
        assert_eq!(Resources::wrapped_key(id, BOB, 1), None);
        assert_eq!(Resources::wrapped_key(id, ALICE, 0), None);
    });
}
