// SPDX-License-Identifier: Apache-2.0
//! Publishing: what is checked, what is recorded, and which versions are kept.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use super::*;
use crate::{Error, LeasedCount, Versions, MAX_VERSIONS};

fn numbers(id: ResourceId) -> Vec<VersionNumber> {
    let mut numbers: Vec<_> = Versions::<Test>::iter_key_prefix(id).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn publish_works() {
    build_and_execute(|| {
        let id = resource();
        events();
        System::set_block_number(7);
        assert_ok!(Resources::publish(signed(ALICE), id, 1, 0, content(5), commitment(20)));
        let stored_version = Versions::<Test>::get(id, 1).unwrap();
        assert_eq!(stored_version.version.content, content(5));
        assert_eq!(stored_version.version.commitment, commitment(20));
        assert_eq!((stored_version.version.published, stored_version.version.key_epoch), (7, 0));
        assert_eq!(stored(id).latest, Some(1));
        assert_eq!(stored(id).lease_until, 101, "a version does not extend the lease");
        assert_eq!(LeasedCount::<Test>::get(ALICE), 1);
        assert_eq!(on_hold(ALICE), 100 + 20 * 3);
        assert_eq!(events(), [Event::Published { resource: id, number: 1, owner: ALICE }]);
    });
}

#[test]
fn publish_fails_if_not_member_or_not_owner_or_not_found() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(publish(CANDIDATE, id, 1), Error::<Test>::NotMember);
        assert_noop!(publish(BOB, id, 1), Error::<Test>::NotOwner);
        assert_noop!(publish(ALICE, 99, 1), Error::<Test>::NotFound);
        depart(ALICE);
        assert_noop!(publish(ALICE, id, 1), Error::<Test>::NotMember);
    });
}

#[test]
fn publish_over_a_lapsed_lease_fails_until_it_is_refreshed() {
    build_and_execute(|| {
        let id = resource();
        System::set_block_number(100);
        assert_ok!(publish(ALICE, id, 1));
        System::set_block_number(101);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::LeaseLapsed);
        assert_ok!(Resources::refresh(signed(ALICE), id));
        assert_ok!(publish(ALICE, id, 2));
        System::set_block_number(101 + 100 + 50);
        assert_noop!(publish(ALICE, id, 3), Error::<Test>::Expired);
    });
}

#[test]
fn publish_fails_with_another_than_the_next_number() {
    build_and_execute(|| {
        let id = resource();
        for wrong in [0, 2, u32::MAX] {
            assert_noop!(publish(ALICE, id, wrong), Error::<Test>::WrongVersion);
        }
        assert_ok!(publish(ALICE, id, 1));
        for wrong in [0, 1, 3] {
            assert_noop!(publish(ALICE, id, wrong), Error::<Test>::WrongVersion);
        }
    });
}

/// The owner encrypts for epoch 0; before the transaction is in, a right ends and epoch 1 begins.
#[test]
fn publish_fails_if_the_key_changed_since_the_bytes_were_encrypted() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        let publish = |epoch| Resources::publish(signed(ALICE), id, 1, epoch, content(1), commitment(1));
        for wrong in [0, 2] {
            assert_noop!(publish(wrong), Error::<Test>::WrongEpoch);
        }
        assert_ok!(publish(1));
        assert_eq!(Versions::<Test>::get(id, 1).unwrap().version.key_epoch, 1);
    });
}

#[test]
fn what_is_public_is_published_in_epoch_0() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Public, None);
        let publish = |epoch| Resources::publish(signed(ALICE), id, 1, epoch, content(1), commitment(1));
        assert_noop!(publish(1), Error::<Test>::WrongEpoch);
        assert_ok!(publish(0));
    });
}

#[test]
fn publish_fails_with_a_cid_that_is_not_one() {
    build_and_execute(|| {
        let id = resource();
        let truncated = content(1).as_bytes()[..35].to_vec();
        let identity = [&[1, 0x55, 0, 4][..], b"data"].concat();
        for bytes in [vec![], b"hello".to_vec(), truncated, identity, vec![0xff; 38]] {
            let content = ContentId::decode(&mut &bytes.encode()[..]).unwrap();
            assert_noop!(
                Resources::publish(signed(ALICE), id, 1, 0, content.clone(), commitment(1)),
                Error::<Test>::InvalidContent
            );
        }
    });
}

#[test]
fn publish_fails_if_nothing_is_committed_to() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(
            Resources::publish(signed(ALICE), id, 1, 0, content(1), commitment(0)),
            Error::<Test>::InvalidCommitment
        );
    });
}

#[test]
fn publish_fails_if_the_deposit_cannot_be_paid() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(
            Resources::publish(signed(ALICE), id, 1, 0, content(1), commitment(u32::MAX)),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn the_oldest_version_beyond_the_bound_goes_and_its_deposit_returns() {
    build_and_execute(|| {
        let id = resource();
        for number in 1..=MAX_VERSIONS {
            assert_ok!(Resources::publish(signed(ALICE), id, number, 0, content(1), commitment(number)));
        }
        assert_eq!(numbers(id), (1..=MAX_VERSIONS).collect::<Vec<_>>());
        let before = on_hold(ALICE);
        assert_ok!(Resources::publish(signed(ALICE), id, MAX_VERSIONS + 1, 0, content(1), commitment(100)));
        assert_eq!(numbers(id), (2..=MAX_VERSIONS + 1).collect::<Vec<_>>());
        assert_eq!(on_hold(ALICE), before + 300 - 3);
    });
}

#[test]
fn the_last_number_there_is_cannot_be_followed() {
    build_and_execute(|| {
        let id = resource();
        let before = stored(id);
        Stored::<Test>::mutate(id, |resource| resource.as_mut().unwrap().latest = Some(u32::MAX));
        assert_noop!(publish(ALICE, id, 0), sp_runtime::ArithmeticError::Overflow);
        Stored::<Test>::insert(id, before);
    });
}
