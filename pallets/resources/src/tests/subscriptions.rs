// SPDX-License-Identifier: Apache-2.0
//! Subscriptions: who may follow what, and how much.

use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::{Error, SubscriptionCount, Subscriptions, MAX_SUBSCRIPTIONS};

fn subscribe(person: MemberId, id: ResourceId) -> DispatchResult {
    Resources::subscribe(signed(person), id)
}

fn unsubscribe(person: MemberId, id: ResourceId) -> DispatchResult {
    Resources::unsubscribe(signed(person), id)
}

#[test]
fn a_member_follows_and_follows_no_longer() {
    build_and_execute(|| {
        let id = resource();
        events();
        assert_ok!(subscribe(BOB, id));
        assert!(Subscriptions::<Test>::contains_key(id, BOB));
        assert_ok!(unsubscribe(BOB, id));
        assert!(!Subscriptions::<Test>::contains_key(id, BOB));
        assert!(!SubscriptionCount::<Test>::contains_key(BOB));
        let expected =
            [Event::Subscribed { resource: id, member: BOB }, Event::Unsubscribed { resource: id, member: BOB }];
        assert_eq!(events(), expected);
    });
}

#[test]
fn subscribe_fails_twice_and_for_strangers_and_without_a_lease() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(subscribe(BOB, id));
        assert_noop!(subscribe(BOB, id), Error::<Test>::AlreadyExists);
        assert_noop!(subscribe(CANDIDATE, id), Error::<Test>::NotMember);
        assert_noop!(subscribe(BOB, 99), Error::<Test>::NotFound);
        System::set_block_number(101);
        assert_noop!(subscribe(CAROL, id), Error::<Test>::LeaseLapsed);
        System::set_block_number(151);
        assert_noop!(subscribe(CAROL, id), Error::<Test>::Expired);
    });
}

#[test]
fn unsubscribe_fails_if_not_subscribed_and_works_after_the_lease() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(unsubscribe(BOB, id), Error::<Test>::NotSubscribed);
        assert_ok!(subscribe(BOB, id));
        assert_noop!(unsubscribe(CANDIDATE, id), Error::<Test>::NotMember);
        System::set_block_number(151);
        assert_ok!(unsubscribe(BOB, id));
        assert_noop!(unsubscribe(BOB, id), Error::<Test>::NotSubscribed);
    });
}

#[test]
fn a_member_follows_no_more_than_the_bound() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..=MAX_SUBSCRIPTIONS).map(|_| resource()).collect();
        let (last, rest) = ids.split_last().unwrap();
        for id in rest {
            assert_ok!(subscribe(BOB, *id));
        }
        assert_noop!(subscribe(BOB, *last), Error::<Test>::TooManySubscriptions);
        assert_ok!(subscribe(CAROL, *last));
        assert_ok!(unsubscribe(BOB, rest[0]));
        assert_ok!(subscribe(BOB, *last));
    });
}

#[test]
fn an_ended_resource_makes_room_when_it_is_reaped() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(subscribe(BOB, id));
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert_eq!(SubscriptionCount::<Test>::get(BOB), 1);
        reap_all();
        assert_eq!(SubscriptionCount::<Test>::get(BOB), 0);
    });
}
