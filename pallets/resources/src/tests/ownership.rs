// SPDX-License-Identifier: Apache-2.0
//! Ownership: making, handing over and giving up.

use frame_support::{assert_noop, assert_ok};
use sp_runtime::TokenError;

use super::*;
use crate::{Error, LeasedCount, OwnedBy};

fn transfer(from: MemberId, id: ResourceId, to: MemberId) -> DispatchResult {
    Resources::transfer(signed(from), id, Some(to))
}

fn accept(person: MemberId, id: ResourceId) -> DispatchResult {
    Resources::accept_transfer(signed(person), id)
}

#[test]
fn init_works() {
    build_and_execute(|| {
        for expected in 0..3 {
            assert_eq!(made(BOB, Visibility::Members, None), expected);
        }
        let first = stored(0);
        assert_eq!((first.owner, first.kind, first.visibility), (BOB, Kind::Site, Visibility::Members));
        assert_eq!((first.name, first.latest, first.key_epoch, first.lease_until), (None, None, 0, 101));
        assert_eq!(on_hold(BOB), 300);
        assert_eq!(OwnedBy::<Test>::iter_key_prefix(BOB).count(), 3);
        let expected =
            Event::Initialised { resource: 0, owner: BOB, kind: Kind::Site, visibility: Visibility::Members };
        assert_eq!(events().first(), Some(&expected));
    });
}

#[test]
fn init_fails_if_not_member_or_poor() {
    build_and_execute(|| {
        let init = |origin| Resources::init(origin, Kind::File, Visibility::Private, None);
        assert_noop!(init(signed(CANDIDATE)), Error::<Test>::NotMember);
        assert_noop!(init(RuntimeOrigin::signed(1)), Error::<Test>::NotMember);
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(init(origin.clone()), sp_runtime::DispatchError::BadOrigin);
        }
        Rules::mutate(|rules| rules.resource_deposit = BALANCE);
        assert_noop!(init(signed(ALICE)), TokenError::FundsUnavailable);
    });
}

#[test]
fn a_numbers_end_is_an_error_and_not_a_reuse() {
    build_and_execute(|| {
        crate::NextResource::<Test>::put(u64::MAX);
        assert_noop!(
            Resources::init(signed(ALICE), Kind::File, Visibility::Private, None),
            sp_runtime::ArithmeticError::Overflow
        );
    });
}

#[test]
fn a_resource_changes_hands_when_the_new_owner_accepts() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        events();
        assert_ok!(transfer(ALICE, id, BOB));
        assert_eq!((stored(id).owner, LeasedCount::<Test>::get(BOB)), (ALICE, 0));
        assert_ok!(accept(BOB, id));
        assert_eq!((stored(id).owner, stored(id).offered_to), (BOB, None));
        assert_eq!((LeasedCount::<Test>::get(ALICE), LeasedCount::<Test>::get(BOB)), (0, 1));
        let offered = Event::TransferOffered { resource: id, to: Some(BOB) };
        assert_eq!(events(), [offered, Event::Transferred { resource: id, from: ALICE, to: BOB, epoch: 1 }]);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::NotOwner);
        assert_ok!(publish(BOB, id, 2));
    });
}

#[test]
fn a_new_owner_starts_a_new_key_epoch_unless_nothing_is_encrypted() {
    build_and_execute(|| {
        for (visibility, epoch) in [(Visibility::Private, 1), (Visibility::Members, 1), (Visibility::Public, 0)] {
            let id = made(ALICE, visibility, None);
            assert_ok!(transfer(ALICE, id, BOB));
            assert_ok!(accept(BOB, id));
            assert_eq!(stored(id).key_epoch, epoch, "{visibility:?}");
        }
    });
}

#[test]
fn grants_stay_and_the_new_owner_may_revoke_the_formers() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, ALICE, 0));
        assert_ok!(transfer(ALICE, id, BOB));
        assert_ok!(accept(BOB, id));
        assert_ok!(Resources::revoke_grant(signed(BOB), id, ALICE));
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (100, 0), "each deposit goes back to who paid it");
    });
}

#[test]
fn accept_fails_if_not_offered_to_the_caller() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
        assert_ok!(transfer(ALICE, id, BOB));
        assert_noop!(accept(CAROL, id), Error::<Test>::NotOffered);
        assert_noop!(accept(ALICE, id), Error::<Test>::NotOffered);
        assert_noop!(accept(CANDIDATE, id), Error::<Test>::NotMember);
        assert_ok!(transfer(ALICE, id, CAROL));
        assert_noop!(accept(BOB, id), Error::<Test>::NotOffered);
        assert_ok!(Resources::transfer(signed(ALICE), id, None));
        assert_noop!(accept(CAROL, id), Error::<Test>::NotOffered);
        assert_noop!(Resources::transfer(signed(ALICE), id, None), Error::<Test>::NotOffered);
        assert_noop!(accept(BOB, 99), Error::<Test>::NotFound);
    });
}

#[test]
fn accept_fails_if_the_lease_has_ended() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(transfer(ALICE, id, BOB));
        System::set_block_number(101);
        assert_noop!(accept(BOB, id), Error::<Test>::LeaseLapsed);
        assert_noop!(transfer(ALICE, id, CAROL), Error::<Test>::LeaseLapsed);
        System::set_block_number(151);
        assert_noop!(accept(BOB, id), Error::<Test>::Expired);
        assert_noop!(transfer(ALICE, id, CAROL), Error::<Test>::Expired);
    });
}

#[test]
fn transfer_fails_if_not_by_the_owner_to_another_member() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(transfer(BOB, id, BOB), Error::<Test>::NotOwner);
        assert_noop!(transfer(ALICE, id, ALICE), Error::<Test>::AlreadyOwner);
        assert_noop!(transfer(ALICE, id, CANDIDATE), Error::<Test>::NewOwnerNotMember);
        assert_noop!(transfer(ALICE, 99, BOB), Error::<Test>::NotFound);
        assert_noop!(transfer(CANDIDATE, id, BOB), Error::<Test>::NotMember);
        depart(BOB);
        assert_noop!(transfer(ALICE, id, BOB), Error::<Test>::NewOwnerNotMember);
    });
}

#[test]
fn a_retired_resource_is_gone_for_all_at_once() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        events();
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert_eq!(events(), [Event::Retired { resource: id }]);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::NotFound);
        assert_noop!(Resources::refresh(signed(ALICE), id), Error::<Test>::NotFound);
        assert_noop!(Resources::retire(signed(ALICE), id), Error::<Test>::NotFound);
        assert_eq!(OwnedBy::<Test>::iter_key_prefix(ALICE).count(), 0);
    });
}

#[test]
fn retire_works_in_any_phase() {
    build_and_execute(|| {
        for block in [1, 101, 151] {
            System::set_block_number(1);
            let id = resource();
            System::set_block_number(block);
            assert_ok!(Resources::retire(signed(ALICE), id));
        }
        assert_eq!(on_hold(ALICE), 0);
    });
}

#[test]
fn retire_fails_if_not_owner_or_unknown() {
    build_and_execute(|| {
        let id = resource();
        assert_noop!(Resources::retire(signed(BOB), id), Error::<Test>::NotOwner);
        assert_noop!(Resources::retire(signed(CANDIDATE), id), Error::<Test>::NotOwner);
        assert_noop!(Resources::retire(RuntimeOrigin::signed(1), id), Error::<Test>::NotMember);
        assert_noop!(Resources::retire(signed(ALICE), 99), Error::<Test>::NotFound);
    });
}
