// SPDX-License-Identifier: Apache-2.0
//! New keys: how what the old ones open is written no more, while their owner keeps every right.

use super::*;
use crate::{types::Leaving, Error, Leavers, Readers, Versions, LEAVE_STEPS, MAX_VERSIONS};

/// A resource of Alice's with one version, which Alice and Bob can read.
fn shared() -> ResourceId {
    let id = resource();
    for reader in [ALICE, BOB] {
        assert_ok!(grant(ALICE, id, reader, 0));
    }
    assert_ok!(publish(ALICE, id, 1));
    id
}

#[test]
fn what_a_readers_old_keys_open_is_written_no_more() {
    build_and_execute(|| {
        let id = shared();
        rekey(BOB);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::ReaderDeparted);
        events();
        next_block();
        assert_eq!(events(), [Event::EpochOpened { resource: id, reader: BOB, epoch: 1 }]);
        assert_noop!(Resources::publish(signed(ALICE), id, 2, 0, content(1), commitment(1)), Error::<Test>::WrongEpoch);
        assert_ok!(publish(ALICE, id, 2));
        assert_eq!(Versions::<Test>::get(id, 2).unwrap().version.key_epoch, 1);
        assert_eq!((Readers::<Test>::get(id), epochs(id, BOB)), (2, vec![0]), "the grant stands");
        assert_ok!(grant(ALICE, id, BOB, 1));
        assert!(!Leavers::<Test>::contains_key(BOB));
    });
}

#[test]
fn an_owners_old_keys_open_nothing_new_either() {
    build_and_execute(|| {
        let id = shared();
        rekey(ALICE);
        next_block();
        assert_eq!(stored(id).key_epoch, 1);
        assert_ok!(publish(ALICE, id, 2));
    });
}

/// Who has the key of an earlier epoch only could not read what is written now, with whatever keys.
#[test]
fn an_epoch_that_the_old_keys_do_not_open_stays() {
    build_and_execute(|| {
        let (id, public) = (shared(), made(ALICE, Visibility::Public, None));
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_ok!(grant(ALICE, id, BOB, 0));
        rekey(BOB);
        events();
        next_block();
        assert_eq!((stored(id).key_epoch, stored(public).key_epoch, events()), (1, 0, vec![]));
    });
}

/// Whoever wrapped the key anew did so for the new keys; the old ones open it all the same.
#[test]
fn a_key_returned_meanwhile_saves_no_epoch() {
    build_and_execute(|| {
        let id = shared();
        rekey(BOB);
        assert_ok!(Resources::return_key(signed(ALICE), id, BOB, 0, key(9)));
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::ReaderDeparted);
        next_block();
        assert_eq!((stored(id).key_epoch, wrapped(id, BOB, 0)), (1, Some(key(9))));
    });
}

#[test]
fn many_resources_take_several_blocks_and_each_its_turn_once() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..2 * LEAVE_STEPS + 1).map(|_| shared()).collect();
        let opened = || ids.iter().filter(|id| stored(**id).key_epoch == 1).count();
        rekey(BOB);
        for done in [LEAVE_STEPS, 2 * LEAVE_STEPS, ids.len()] {
            next_block();
            assert_eq!(opened(), done);
            check_invariants();
        }
        next_block();
        assert_eq!((opened(), Leavers::<Test>::iter_keys().count()), (ids.len(), 0));
    });
}

/// Keys that change twice are both closed, those that were gone through already too.
#[test]
fn keys_that_change_again_are_gone_through_again() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..LEAVE_STEPS + 1).map(|_| shared()).collect();
        rekey(BOB);
        next_block();
        let first = *ids.iter().find(|id| stored(**id).key_epoch == 1).unwrap();
        assert_ok!(grant(ALICE, first, BOB, 1));
        rekey(BOB);
        next_block();
        next_block();
        assert!(ids.iter().all(|id| stored(*id).key_epoch == if *id == first { 2 } else { 1 }));
        assert_eq!(Leavers::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn what_ends_while_it_is_gone_through_is_passed_over() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..3 * LEAVE_STEPS).map(|_| shared()).collect();
        rekey(BOB);
        next_block();
        for id in &ids {
            assert_ok!(Resources::retire(signed(ALICE), *id));
        }
        next_block();
        reap_all();
        next_block();
        next_block();
        assert_eq!(Leavers::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn who_departs_loses_every_right_whatever_their_keys() {
    build_and_execute(|| {
        let id = shared();
        rekey(BOB);
        depart(BOB);
        assert_eq!(Leavers::<Test>::get(BOB), Some(Leaving::Departed));
        rekey(BOB);
        assert_eq!(Leavers::<Test>::get(BOB), Some(Leaving::Departed));
        next_block();
        assert_eq!((Readers::<Test>::get(id), stored(id).key_epoch), (1, 1));
    });
}

#[test]
fn who_could_read_nothing_is_not_gone_through() {
    build_and_execute(|| {
        rekey(BOB);
        assert_eq!(Leavers::<Test>::iter_keys().count(), 0);
    });
}

#[test]
fn in_the_last_epoch_there_is_the_key_stays() {
    build_and_execute(|| {
        let id = resource();
        Stored::<Test>::mutate(id, |resource| resource.as_mut().unwrap().key_epoch = u32::MAX);
        assert_ok!(grant(ALICE, id, BOB, u32::MAX));
        rekey(BOB);
        next_block();
        assert_eq!((stored(id).key_epoch, Leavers::<Test>::iter_keys().count()), (u32::MAX, 0));
    });
}

/// Each change of keys opens one epoch, and each kept version needs the key of its own.
#[test]
fn a_reader_whose_keys_change_with_every_version_can_have_the_keys_of_all() {
    build_and_execute(|| {
        let id = shared();
        for number in 2..=MAX_VERSIONS + 2 {
            rekey(BOB);
            next_block();
            assert_ok!(grant(ALICE, id, BOB, number - 1));
            assert_ok!(publish(ALICE, id, number));
        }
        let kept: Vec<_> = (2..MAX_VERSIONS + 2).collect();
        assert_eq!(epochs(id, BOB).into_iter().rev().take(kept.len()).rev().collect::<Vec<_>>(), kept);
        assert!(stored(id).key_epoch == MAX_VERSIONS + 1);
    });
}
