// SPDX-License-Identifier: Apache-2.0
//! Leases: who extends them, what their end means, and what is counted while they run.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::glue::Holdings;

use super::*;
use crate::{Error, SweepCursor, SWEEP_STEPS};

fn refresh(person: MemberId, id: ResourceId) -> DispatchResult {
    Resources::refresh(signed(person), id)
}

#[test]
fn refresh_by_the_owner_extends_the_lease() {
    build_and_execute(|| {
        let id = resource();
        System::set_block_number(41);
        events();
        assert_ok!(refresh(ALICE, id));
        assert_eq!(stored(id).lease_until, 141);
        assert_eq!(events(), [Event::Refreshed { resource: id, lease_until: 141 }]);
    });
}

#[test]
fn refresh_by_a_reader_extends_the_lease() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        System::set_block_number(41);
        assert_ok!(refresh(BOB, id));
        assert_eq!(stored(id).lease_until, 141);
    });
}

#[test]
fn refresh_fails_if_not_a_reader() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Public, None);
        assert_ok!(Resources::subscribe(signed(BOB), id));
        assert_noop!(refresh(BOB, id), Error::<Test>::NotReader);
        assert_noop!(refresh(CANDIDATE, id), Error::<Test>::NotMember);
        assert_noop!(refresh(ALICE, 99), Error::<Test>::NotFound);
    });
}

#[test]
fn refresh_by_a_reader_fails_if_the_owner_has_departed() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        depart(ALICE);
        assert_noop!(refresh(BOB, id), Error::<Test>::OwnerDeparted);
        assert_noop!(refresh(ALICE, id), Error::<Test>::NotMember);
    });
}

#[test]
fn refresh_revives_within_the_grace_and_not_after() {
    build_and_execute(|| {
        let (early, late) = (resource(), resource());
        System::set_block_number(150);
        assert_ok!(refresh(ALICE, early));
        assert_ok!(publish(ALICE, early, 1));
        System::set_block_number(151);
        assert_noop!(refresh(ALICE, late), Error::<Test>::Expired);
    });
}

#[test]
fn a_shorter_period_does_not_shorten_a_lease() {
    build_and_execute(|| {
        let id = resource();
        Rules::mutate(|rules| rules.lease_period = 10);
        assert_ok!(refresh(ALICE, id));
        assert_eq!(stored(id).lease_until, 101);
    });
}

#[test]
fn a_lease_does_not_run_past_the_last_block_there_is() {
    build_and_execute(|| {
        let id = resource();
        Rules::mutate(|rules| rules.lease_period = u32::MAX);
        assert_ok!(refresh(ALICE, id));
        assert_eq!(stored(id).lease_until, u32::MAX);
        System::set_block_number(u64::from(u32::MAX) - 1);
        assert_ok!(publish(ALICE, id, 1));
    });
}

#[test]
fn holdings_tell_what_is_to_be_kept_and_until_when() {
    build_and_execute(|| {
        let id = resource();
        assert_eq!((Resources::leased_by(id), Resources::latest(id)), (Some(ALICE), None));
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(Resources::publish(signed(ALICE), id, 2, 0, content(2), commitment(5)));
        assert_eq!(Resources::latest(id), Some((2, commitment(5))));
        System::set_block_number(101);
        assert_eq!(Resources::leased_by(id), None);
        assert_eq!(Resources::leased_by(99), None);
        assert_eq!(Resources::latest(99), None);
    });
}

#[test]
fn nothing_is_leased_by_those_who_departed() {
    build_and_execute(|| {
        let id = resource();
        depart(ALICE);
        assert_eq!(Resources::leased_by(id), None);
    });
}

#[test]
fn leased_resources_counts_what_is_published_and_under_lease() {
    build_and_execute(|| {
        let (a, b) = (resource(), resource());
        assert_eq!(Resources::leased_resources(ALICE), 0, "nothing is published");
        for (id, number) in [(a, 1), (a, 2), (b, 1)] {
            assert_ok!(publish(ALICE, id, number));
        }
        assert_eq!(Resources::leased_resources(ALICE), 2);
        run_to(60);
        assert_ok!(refresh(ALICE, b));
        run_to(101);
        assert_eq!(Resources::leased_resources(ALICE), 1);
        assert_ok!(refresh(ALICE, a));
        assert_eq!(Resources::leased_resources(ALICE), 2);
        assert_ok!(Resources::retire(signed(ALICE), a));
        assert_eq!(Resources::leased_resources(ALICE), 1);
    });
}

#[test]
fn a_count_that_the_sweep_has_not_lowered_is_not_raised_twice() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        System::set_block_number(120);
        assert_ok!(refresh(ALICE, id));
        assert_eq!(Resources::leased_resources(ALICE), 1);
    });
}

#[test]
fn the_sweep_goes_on_where_it_stopped_and_reaches_all() {
    build_and_execute(|| {
        let total = 3 * SWEEP_STEPS + 5;
        for _ in 0..total {
            resource();
        }
        System::set_block_number(151);
        let mut seen = Vec::new();
        for _ in 0..4 {
            let before = Stored::<Test>::iter_keys().count();
            assert!(Resources::sweep(SWEEP_STEPS) <= SWEEP_STEPS);
            seen.push(before - Stored::<Test>::iter_keys().count());
        }
        assert_eq!(seen, [SWEEP_STEPS, SWEEP_STEPS, SWEEP_STEPS, 5]);
        assert_eq!(SweepCursor::<Test>::get(), None);
        assert_eq!(on_hold(ALICE), 0);
    });
}

#[test]
fn an_ended_lease_is_reaped_after_the_grace() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Private, Some(name("garden")));
        assert_ok!(publish(ALICE, id, 1));
        run_to(150);
        assert!(Stored::<Test>::contains_key(id));
        run_to(153);
        assert_eq!(entries_of(id), 0);
        assert_eq!(on_hold(ALICE), 0);
        let events = events();
        assert!(events.ends_with(&[Event::Expired { resource: id }, Event::Reaped { resource: id }]), "{events:?}");
    });
}
