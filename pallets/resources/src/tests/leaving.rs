// SPDX-License-Identifier: Apache-2.0
//! Departures: how what a person could read ends, and what waits for it.

use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};

use super::*;
use crate::{
    types::Leaving, weights::WeightInfo, Error, Grants, Leavers, ReadableBy, Readers, IDLE_LEAVE_STEPS, LEAVE_STEPS,
    MAX_LEAVERS_ASKED,
};

#[test]
fn a_departed_readers_right_ends_in_the_next_block() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        events();
        depart(BOB);
        next_block();
        assert_eq!(stored(id).key_epoch, 1);
        assert_eq!((epochs(id, BOB), epochs(id, CAROL)), (vec![], vec![0]));
        assert!(!Grants::<Test>::contains_key(id, BOB) && !ReadableBy::<Test>::contains_key(BOB, id));
        assert_eq!((Readers::<Test>::get(id), on_hold(ALICE)), (1, 110));
        assert_eq!(events(), [Event::GrantRevoked { resource: id, reader: BOB, epoch: 1 }]);
        assert!(!Leavers::<Test>::contains_key(BOB));
    });
}

#[test]
fn who_could_read_nothing_does_not_queue() {
    build_and_execute(|| {
        depart(BOB);
        Resources::departed(CANDIDATE);
        assert_eq!(Leavers::<Test>::iter_keys().count(), 0);
    });
}

/// Two readers of one key depart: one new key is enough, and the others are granted once.
#[test]
fn an_epoch_whose_key_the_departed_has_not_stays() {
    build_and_execute(|| {
        let id = resource();
        for reader in [BOB, CAROL] {
            assert_ok!(grant(ALICE, id, reader, 0));
            depart(reader);
        }
        events();
        next_block();
        assert_eq!((stored(id).key_epoch, Readers::<Test>::get(id)), (1, 0));
        assert!(events().iter().all(|event| matches!(event, Event::GrantRevoked { epoch: 1, .. })));
    });
}

#[test]
fn nothing_is_published_under_a_key_that_someone_who_departed_has() {
    build_and_execute(|| {
        let (read, unread) = (resource(), resource());
        let public = made(ALICE, Visibility::Public, None);
        assert_ok!(grant(ALICE, read, BOB, 0));
        depart(BOB);
        assert_noop!(publish(ALICE, read, 1), Error::<Test>::ReaderDeparted);
        assert_ok!(publish(ALICE, unread, 1));
        assert_ok!(publish(ALICE, public, 1));
        next_block();
        let stale = Resources::publish(signed(ALICE), read, 1, 0, content(1), commitment(1));
        assert_eq!(stale, Err(Error::<Test>::WrongEpoch.into()));
        assert_ok!(publish(ALICE, read, 1));
    });
}

/// The owner need not wait until the chain gets to it.
#[test]
fn the_owner_may_end_the_right_of_the_departed_at_once() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        depart(BOB);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_ok!(publish(ALICE, id, 1));
        next_block();
        assert_eq!((stored(id).key_epoch, Leavers::<Test>::iter_keys().count()), (1, 0));
    });
}

/// Whoever is not asked about might have the key.
#[test]
fn while_more_leave_than_are_asked_nothing_encrypted_is_published() {
    build_and_execute(|| {
        let (id, public) = (resource(), made(ALICE, Visibility::Public, None));
        let people = 1000..1000 + MAX_LEAVERS_ASKED as MemberId;
        people.for_each(|person| Leavers::<Test>::insert(person, Leaving::Departed));
        assert_ok!(publish(ALICE, id, 1));
        Leavers::<Test>::insert(2000, Leaving::Departed);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::ReaderDeparted);
        assert_ok!(publish(ALICE, public, 1));
        next_block();
        assert_ok!(publish(ALICE, id, 2));
    });
}

/// Lapsed and back within a block: all rights are lost, whatever the queue had done when they came back.
#[test]
fn who_comes_back_must_be_granted_anew() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..2 * LEAVE_STEPS).map(|_| resource()).collect();
        for id in &ids {
            assert_ok!(grant(ALICE, *id, BOB, 0));
        }
        depart(BOB);
        next_block();
        come_back(BOB);
        for id in &ids {
            assert_noop!(grant(ALICE, *id, BOB, stored(*id).key_epoch), Error::<Test>::StillLeaving);
        }
        next_block();
        next_block();
        assert!(ids.iter().all(|id| !Grants::<Test>::contains_key(id, BOB) && stored(*id).key_epoch == 1));
        assert_ok!(grant(ALICE, ids[0], BOB, 1));
        next_block();
        assert_eq!(Resources::readers(ids[0]), [BOB]);
    });
}

#[test]
fn a_departed_owners_own_right_ends_and_the_resource_goes_with_its_lease() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, ALICE, 0));
        assert_ok!(publish(ALICE, id, 1));
        depart(ALICE);
        next_block();
        assert_eq!((epochs(id, ALICE), on_hold(ALICE)), (vec![], 103));
        run_to(160);
        assert_eq!((entries_of(id), on_hold(ALICE)), (0, 0));
    });
}

#[test]
fn rights_to_what_has_ended_end_too() {
    build_and_execute(|| {
        let (lapsed, over, retired) = (resource(), resource(), resource());
        for id in [lapsed, over, retired] {
            assert_ok!(grant(ALICE, id, BOB, 0));
        }
        assert_ok!(Resources::retire(signed(ALICE), retired));
        Stored::<Test>::mutate(over, |resource| resource.as_mut().unwrap().lease_until = 1);
        System::set_block_number(101);
        depart(BOB);
        next_block();
        assert_eq!(ReadableBy::<Test>::iter_keys().count(), 0);
        assert_eq!((stored(lapsed).key_epoch, stored(over).key_epoch), (1, 1));
        assert_eq!(on_hold(ALICE), 200);
        reap_all();
    });
}

/// What is reaped while its reader leaves is no longer theirs to lose.
#[test]
fn reaping_and_leaving_meet_without_harm() {
    for reaped in [1, 4, 9] {
        build_and_execute(|| {
            let ids: Vec<_> = (0..6).map(|_| resource()).collect();
            for id in &ids {
                assert_ok!(grant(ALICE, *id, BOB, 0));
                assert_ok!(Resources::retire(signed(ALICE), *id));
            }
            depart(BOB);
            assert!(Resources::see_off(2) == 2 && Resources::reap(reaped) == reaped);
            check_invariants();
            Resources::see_off(100);
            assert_eq!((ReadableBy::<Test>::iter_keys().count(), Leavers::<Test>::iter_keys().count()), (0, 0));
            reap_all();
            assert_eq!(on_hold(ALICE), 0);
        });
    }
}

#[test]
fn full_blocks_do_some_and_idle_time_does_more() {
    build_and_execute(|| {
        for _ in 0..2 * (LEAVE_STEPS + IDLE_LEAVE_STEPS) {
            assert_ok!(grant(ALICE, resource(), BOB, 0));
        }
        depart(BOB);
        let left = || ReadableBy::<Test>::iter_key_prefix(BOB).count();
        let (base, step) = (<() as WeightInfo>::leave_base(), <() as WeightInfo>::leave_step());
        let all = left();
        assert_eq!(Resources::on_initialize(2), base + step * LEAVE_STEPS as u64);
        assert_eq!(left(), all - LEAVE_STEPS);
        let five = <() as WeightInfo>::idle_base() + step * 5;
        assert_eq!(Resources::on_idle(2, five), five);
        assert_eq!(left(), all - LEAVE_STEPS - 5);
        Resources::on_idle(3, Weight::MAX);
        assert_eq!(left(), all - LEAVE_STEPS - 5 - IDLE_LEAVE_STEPS);
    });
}

#[test]
fn a_block_in_which_nobody_leaves_costs_the_base() {
    build_and_execute(|| {
        assert_eq!(Resources::on_initialize(2), <() as WeightInfo>::leave_base());
    });
}

#[test]
fn in_the_last_epoch_there_is_rights_still_end() {
    build_and_execute(|| {
        let id = resource();
        Stored::<Test>::mutate(id, |resource| resource.as_mut().unwrap().key_epoch = u32::MAX);
        assert_ok!(grant(ALICE, id, BOB, u32::MAX));
        depart(BOB);
        next_block();
        assert_eq!((Readers::<Test>::get(id), stored(id).key_epoch), (0, u32::MAX));
    });
}
