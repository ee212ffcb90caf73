// SPDX-License-Identifier: Apache-2.0
//! Returning keys: who may wrap a content key anew for whom, and who may not.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use super::*;
use crate::{Error, Grants, Readers, WrappedKeys};

const DAVE: MemberId = 3;

fn return_key(by: MemberId, id: ResourceId, reader: MemberId, epoch: KeyEpoch) -> DispatchResult {
    Resources::return_key(signed(by), id, reader, epoch, key(9))
}

fn reject(reader: MemberId, id: ResourceId, epoch: KeyEpoch) -> DispatchResult {
    Resources::reject_key(signed(reader), id, epoch)
}

/// A resource of Alice's with one version, which Alice, Bob and Carol can read.
fn shared() -> ResourceId {
    let id = resource();
    for reader in [ALICE, BOB, CAROL] {
        assert_ok!(grant(ALICE, id, reader, 0));
    }
    assert_ok!(publish(ALICE, id, 1));
    id
}

#[test]
fn an_owner_with_new_keys_gets_the_content_key_back_from_a_reader() {
    build_and_execute(|| {
        let id = shared();
        rekey(ALICE);
        events();
        assert_ok!(return_key(BOB, id, ALICE, 0));
        assert_eq!(wrapped(id, ALICE, 0), Some(key(9)));
        assert_eq!(on_hold(BOB), 0, "the grant stands");
        assert_eq!(events(), [Event::KeyReturned { resource: id, reader: ALICE, epoch: 0, by: BOB }]);
    });
}

#[test]
fn a_reader_with_new_keys_gets_the_content_key_back_from_another() {
    build_and_execute(|| {
        let id = shared();
        rekey(CAROL);
        assert_ok!(return_key(BOB, id, CAROL, 0));
        assert_eq!(wrapped(id, CAROL, 0), Some(key(9)));
    });
}

/// After a departure the latest version may be of an earlier epoch.
#[test]
fn keys_of_earlier_epochs_come_back_while_a_version_needs_them() {
    build_and_execute(|| {
        let id = shared();
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, CAROL));
        for reader in [ALICE, BOB] {
            assert_ok!(grant(ALICE, id, reader, 1));
        }
        assert_ok!(publish(ALICE, id, 2));
        rekey(ALICE);
        for epoch in 0..2 {
            assert_ok!(return_key(BOB, id, ALICE, epoch));
        }
        next_block();
        for number in 3..=9 {
            assert_ok!(publish(ALICE, id, number));
        }
        rekey(ALICE);
        assert_noop!(return_key(BOB, id, ALICE, 0), Error::<Test>::WrongEpoch);
        assert_ok!(return_key(BOB, id, ALICE, 1));
    });
}

#[test]
fn a_reader_cannot_replace_a_key_that_stands() {
    build_and_execute(|| {
        let id = shared();
        for reader in [ALICE, BOB, CAROL] {
            assert_noop!(return_key(BOB, id, reader, 0), Error::<Test>::KeyStands);
        }
        rekey(ALICE);
        assert_ok!(return_key(BOB, id, ALICE, 0));
        assert_noop!(return_key(CAROL, id, ALICE, 0), Error::<Test>::KeyStands);
        System::set_block_number(50);
        assert_noop!(return_key(CAROL, id, ALICE, 0), Error::<Test>::KeyStands);
    });
}

/// In the block of the re-keying nobody can tell which key it was wrapped to: it stands, until its reader says otherwise.
#[test]
fn a_key_wrapped_in_the_block_of_the_rekeying_stands_until_it_is_rejected() {
    build_and_execute(|| {
        let id = shared();
        rekey(CAROL);
        assert_ok!(grant(ALICE, id, CAROL, 0));
        assert_noop!(return_key(BOB, id, CAROL, 0), Error::<Test>::KeyStands);
        assert_ok!(reject(CAROL, id, 0));
        assert_ok!(return_key(BOB, id, CAROL, 0));
    });
}

/// The first to return a key returns rubbish: the owner rejects it, and an honest reader is not shut out.
#[test]
fn rubbish_returned_by_a_reader_is_rejected_and_made_good_by_another() {
    build_and_execute(|| {
        let id = shared();
        rekey(ALICE);
        assert_ok!(Resources::return_key(signed(BOB), id, ALICE, 0, key(0)));
        assert_noop!(return_key(CAROL, id, ALICE, 0), Error::<Test>::KeyStands);
        events();
        assert_ok!(reject(ALICE, id, 0));
        assert_eq!(events(), [Event::KeyRejected { resource: id, reader: ALICE, epoch: 0 }]);
        assert_ok!(return_key(CAROL, id, ALICE, 0));
        assert_noop!(Resources::return_key(signed(BOB), id, ALICE, 0, key(0)), Error::<Test>::KeyStands);
        assert_eq!(wrapped(id, ALICE, 0), Some(key(9)));
    });
}

#[test]
fn the_owners_grant_takes_the_place_of_whatever_was_returned() {
    build_and_execute(|| {
        let id = shared();
        rekey(CAROL);
        assert_ok!(Resources::return_key(signed(BOB), id, CAROL, 0, key(0)));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        assert_eq!(wrapped(id, CAROL, 0), Some(key(7)));
        assert_noop!(return_key(BOB, id, CAROL, 0), Error::<Test>::KeyStands);
    });
}

/// A right to read is the owner's to give.
#[test]
fn return_key_gives_nobody_but_the_owner_a_key_they_were_not_granted() {
    build_and_execute(|| {
        let id = shared();
        rekey(DAVE);
        assert_noop!(return_key(BOB, id, DAVE, 0), Error::<Test>::NotGranted);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_ok!(grant(ALICE, id, CAROL, 1));
        assert_ok!(grant(ALICE, id, DAVE, 1));
        assert_noop!(return_key(CAROL, id, DAVE, 0), Error::<Test>::NotGranted);
    });
}

/// An owner who never granted to themself, or whose own grant ended with a lapse, gets one; the helper pays for it.
#[test]
fn an_owner_without_a_grant_is_given_one_at_the_helpers_cost() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(return_key(BOB, id, ALICE, 0));
        assert_eq!((epochs(id, ALICE), Readers::<Test>::get(id)), (vec![0], 2));
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (110, 10));
        assert_eq!(Grants::<Test>::get(id, ALICE).unwrap().deposit.payer, BOB);
        assert_noop!(return_key(BOB, id, ALICE, 0), Error::<Test>::KeyStands);
        assert_ok!(Resources::retire(signed(ALICE), id));
        reap_all();
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (0, 0));
    });
}

#[test]
fn return_key_fails_if_the_helper_cannot_pay() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        Rules::mutate(|rules| rules.grant_deposit = BALANCE);
        assert_noop!(return_key(BOB, id, ALICE, 0), TokenError::FundsUnavailable);
    });
}

#[test]
fn return_key_fails_if_the_caller_has_no_key_of_the_epoch() {
    build_and_execute(|| {
        let id = shared();
        rekey(ALICE);
        assert_noop!(return_key(DAVE, id, ALICE, 0), Error::<Test>::NotHolder);
        assert_noop!(return_key(BOB, id, ALICE, 1), Error::<Test>::NotHolder);
        assert_noop!(return_key(BOB, 99, ALICE, 0), Error::<Test>::NotFound);
        assert_noop!(return_key(CANDIDATE, id, ALICE, 0), Error::<Test>::NotMember);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_noop!(return_key(BOB, id, ALICE, 0), Error::<Test>::NotHolder);
    });
}

#[test]
fn return_key_fails_if_the_reader_departed_or_is_still_leaving() {
    build_and_execute(|| {
        let id = shared();
        rekey(CAROL);
        depart(CAROL);
        assert_noop!(return_key(BOB, id, CAROL, 0), Error::<Test>::ReaderNotMember);
        come_back(CAROL);
        assert_noop!(return_key(BOB, id, CAROL, 0), Error::<Test>::StillLeaving);
        run_to(5);
        assert_noop!(return_key(BOB, id, CAROL, 0), Error::<Test>::NotGranted);
    });
}

#[test]
fn return_key_fails_if_the_key_has_another_length_or_the_lease_has_ended() {
    build_and_execute(|| {
        let id = shared();
        rekey(ALICE);
        let short = WrappedKey::try_from(vec![9; 79]).unwrap();
        assert_noop!(Resources::return_key(signed(BOB), id, ALICE, 0, short), Error::<Test>::InvalidKey);
        System::set_block_number(101);
        assert_noop!(return_key(BOB, id, ALICE, 0), Error::<Test>::LeaseLapsed);
        assert_noop!(reject(ALICE, id, 0), Error::<Test>::LeaseLapsed);
        System::set_block_number(151);
        assert_noop!(return_key(BOB, id, ALICE, 0), Error::<Test>::Expired);
        assert_noop!(reject(ALICE, id, 0), Error::<Test>::Expired);
    });
}

#[test]
fn reject_key_fails_without_a_key_or_if_rejected_already() {
    build_and_execute(|| {
        let id = shared();
        assert_noop!(reject(DAVE, id, 0), Error::<Test>::NotGranted);
        assert_noop!(reject(BOB, id, 1), Error::<Test>::NotGranted);
        assert_noop!(reject(BOB, 99, 0), Error::<Test>::NotFound);
        assert_noop!(reject(CANDIDATE, id, 0), Error::<Test>::NotMember);
        assert_ok!(reject(BOB, id, 0));
        assert_noop!(reject(BOB, id, 0), Error::<Test>::AlreadyExists);
    });
}

/// Only the reader's own key is rejected, and only of that epoch.
#[test]
fn reject_key_touches_no_other_key() {
    build_and_execute(|| {
        let id = shared();
        assert_ok!(reject(BOB, id, 0));
        let rejected = |reader| WrappedKeys::<Test>::get((id, reader, 0)).unwrap().rejected;
        assert_eq!([ALICE, BOB, CAROL].map(rejected), [false, true, false]);
        assert_eq!(wrapped(id, BOB, 0), Some(key(7)), "it is the owner's to replace, and anybody's to return");
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_eq!([ALICE, BOB, CAROL].map(rejected), [false; 3]);
        assert_noop!(return_key(CAROL, id, BOB, 0), Error::<Test>::KeyStands);
    });
}
