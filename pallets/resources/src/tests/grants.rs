// SPDX-License-Identifier: Apache-2.0
//! Grants: who may be given a key, for which epoch, and what a right's end does.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use super::*;
use crate::{Error, Grants, ReadableBy, Readers, MAX_KEYS};

#[test]
fn grant_works() {
    build_and_execute(|| {
        let id = resource();
        events();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_eq!(wrapped(id, BOB, 0), Some(key(7)));
        assert!(ReadableBy::<Test>::contains_key(BOB, id));
        assert_eq!(Readers::<Test>::get(id), 1);
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (110, 0));
        assert_eq!(events(), [Event::Granted { resource: id, reader: BOB, epoch: 0 }]);
    });
}

#[test]
fn an_owner_grants_to_themself_the_same_way() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Members, None);
        assert_ok!(grant(ALICE, id, ALICE, 0));
        assert_eq!(epochs(id, ALICE), [0]);
    });
}

#[test]
fn granted_again_the_key_is_replaced_and_nothing_is_paid() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(Resources::grant(signed(ALICE), id, BOB, 0, key(8)));
        assert_eq!(wrapped(id, BOB, 0), Some(key(8)));
        assert_eq!((Readers::<Test>::get(id), on_hold(ALICE)), (1, 110));
    });
}

#[test]
fn grant_to_a_non_member_fails() {
    build_and_execute(|| {
        let id = resource();
        depart(BOB);
        for person in [CANDIDATE, BOB, 1000] {
            assert_noop!(grant(ALICE, id, person, 0), Error::<Test>::ReaderNotMember);
        }
    });
}

#[test]
fn grant_fails_if_not_the_owner_who_is_a_member() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_noop!(grant(BOB, id, CAROL, 0), Error::<Test>::NotOwner);
        assert_noop!(grant(CANDIDATE, id, CAROL, 0), Error::<Test>::NotMember);
        assert_noop!(grant(ALICE, 99, CAROL, 0), Error::<Test>::NotFound);
    });
}

#[test]
fn grant_fails_if_the_lease_has_ended() {
    build_and_execute(|| {
        let id = resource();
        System::set_block_number(101);
        assert_noop!(grant(ALICE, id, BOB, 0), Error::<Test>::LeaseLapsed);
        System::set_block_number(151);
        assert_noop!(grant(ALICE, id, BOB, 0), Error::<Test>::Expired);
    });
}

#[test]
fn grant_fails_for_what_is_stored_in_clear() {
    build_and_execute(|| {
        let id = made(ALICE, Visibility::Public, None);
        assert_noop!(grant(ALICE, id, BOB, 0), Error::<Test>::NotEncrypted);
    });
}

#[test]
fn grant_fails_for_an_epoch_of_which_there_is_nothing_to_read() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(grant(ALICE, id, BOB, 1), Error::<Test>::WrongEpoch);
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        for wrong in [0, 2] {
            assert_noop!(grant(ALICE, id, CAROL, wrong), Error::<Test>::WrongEpoch);
        }
        assert_ok!(grant(ALICE, id, CAROL, 1));
    });
}

/// A right ends; until the next version is published, only the key of the epoch before opens the latest.
#[test]
fn a_new_reader_is_given_the_keys_of_the_kept_versions_too() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        assert_eq!((epochs(id, CAROL), Grants::<Test>::get(id, CAROL).unwrap().since), (vec![0], 1));
        assert_ok!(grant(ALICE, id, CAROL, 1));
        assert_eq!((epochs(id, CAROL), on_hold(ALICE)), (vec![0, 1], 100 + 3 + 10));
        assert_noop!(grant(ALICE, id, CAROL, 2), Error::<Test>::WrongEpoch);
    });
}

/// The key of the epoch in force is not given up for one of an earlier epoch.
#[test]
fn keys_are_granted_in_any_order_and_stay_in_order() {
    build_and_execute(|| {
        let id = resource();
        for epoch in 0..3 {
            assert_ok!(publish(ALICE, id, epoch + 1));
            assert_ok!(grant(ALICE, id, CAROL, epoch));
            assert_ok!(Resources::revoke_grant(signed(ALICE), id, CAROL));
        }
        for epoch in [2, 3, 0, 1, 2] {
            assert_ok!(grant(ALICE, id, BOB, epoch));
            check_invariants();
        }
        assert_eq!(Grants::<Test>::get(id, BOB).unwrap().epochs.to_vec(), [0, 1, 2, 3]);
    });
}

/// The reader got new keys: the owner wraps what they could read anew, older versions' keys included.
#[test]
fn the_owner_wraps_every_kept_epoch_anew() {
    build_and_execute(|| {
        let id = resource();
        for epoch in 0..2 {
            assert_ok!(grant(ALICE, id, BOB, epoch));
            assert_ok!(publish(ALICE, id, epoch + 1));
            assert_ok!(grant(ALICE, id, CAROL, epoch));
            assert_ok!(Resources::revoke_grant(signed(ALICE), id, CAROL));
        }
        rekey(BOB);
        for epoch in 0..2 {
            assert_ok!(Resources::grant(signed(ALICE), id, BOB, epoch, key(9)));
            assert_eq!(wrapped(id, BOB, epoch), Some(key(9)));
        }
        assert_eq!(on_hold(ALICE), 100 + 6 + 10);
    });
}

#[test]
fn grant_fails_if_the_key_has_another_length() {
    build_and_execute(|| {
        let id = resource();
        for length in [0, 48, 79] {
            let short = WrappedKey::try_from(vec![7; length]).unwrap();
            assert_noop!(Resources::grant(signed(ALICE), id, BOB, 0, short), Error::<Test>::InvalidKey);
        }
    });
}

#[test]
fn grant_fails_if_the_deposit_cannot_be_paid() {
    build_and_execute(|| {
        let id = resource();
        Rules::mutate(|rules| rules.grant_deposit = BALANCE);
        assert_noop!(grant(ALICE, id, BOB, 0), TokenError::FundsUnavailable);
    });
}

#[test]
fn revoke_bumps_the_epoch_and_returns_the_deposit() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        events();
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_eq!(stored(id).key_epoch, 1);
        assert_eq!((epochs(id, BOB), epochs(id, CAROL)), (vec![], vec![0]));
        assert_eq!((Readers::<Test>::get(id), on_hold(ALICE)), (1, 110));
        assert_eq!(events(), [Event::GrantRevoked { resource: id, reader: BOB, epoch: 1 }]);
    });
}

#[test]
fn revoke_fails_if_there_is_nothing_to_revoke_or_not_by_the_owner() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(Resources::revoke_grant(signed(ALICE), id, BOB), Error::<Test>::NotGranted);
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_noop!(Resources::revoke_grant(signed(BOB), id, BOB), Error::<Test>::NotOwner);
        assert_noop!(Resources::revoke_grant(signed(CANDIDATE), id, BOB), Error::<Test>::NotMember);
        assert_noop!(Resources::revoke_grant(signed(ALICE), 99, BOB), Error::<Test>::NotFound);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_noop!(Resources::revoke_grant(signed(ALICE), id, BOB), Error::<Test>::NotGranted);
    });
}

#[test]
fn rights_may_be_withdrawn_after_the_lease_has_ended() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        System::set_block_number(101);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        System::set_block_number(151);
        assert_noop!(Resources::revoke_grant(signed(ALICE), id, CAROL), Error::<Test>::Expired);
    });
}

#[test]
fn a_reader_keeps_the_keys_that_kept_versions_need_and_no_others() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(publish(ALICE, id, 1));
        for epoch in 1..=3 {
            assert_ok!(grant(ALICE, id, CAROL, epoch - 1));
            assert_ok!(Resources::revoke_grant(signed(ALICE), id, CAROL));
            assert_ok!(grant(ALICE, id, BOB, epoch));
        }
        assert_eq!(epochs(id, BOB), [0, 3], "versions of epochs 1 and 2 there are none");
        assert_eq!(Grants::<Test>::get(id, BOB).unwrap().since, 0);
    });
}

#[test]
fn a_readers_keys_stay_within_their_bound() {
    build_and_execute(|| {
        let id = resource();
        for epoch in 0..30 {
            assert_ok!(grant(ALICE, id, BOB, epoch));
            assert_ok!(publish(ALICE, id, epoch + 1));
            assert_ok!(grant(ALICE, id, CAROL, epoch));
            assert_ok!(Resources::revoke_grant(signed(ALICE), id, CAROL));
        }
        assert_ok!(grant(ALICE, id, BOB, 30));
        assert_eq!(epochs(id, BOB), (22..=30).collect::<Vec<_>>());
        assert_eq!(epochs(id, BOB).len(), MAX_KEYS as usize);
    });
}

#[test]
fn the_last_epoch_there_is_cannot_be_followed() {
    build_and_execute(|| {
        let id = resource();
        Stored::<Test>::mutate(id, |resource| resource.as_mut().unwrap().key_epoch = u32::MAX);
        assert_ok!(grant(ALICE, id, BOB, u32::MAX));
        assert_noop!(Resources::revoke_grant(signed(ALICE), id, BOB), sp_runtime::ArithmeticError::Overflow);
    });
}
