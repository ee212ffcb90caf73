// SPDX-License-Identifier: Apache-2.0
//! The attacks on this pallet that we know of, by their number in the threat model.

use frame_support::{
    assert_noop, assert_ok,
    traits::{
        fungible::{Inspect, MutateHold},
        tokens::{Fortitude, Precision},
        Hooks,
    },
};

use super::*;
use crate::{weights::WeightInfo, Error, Held, Versions, LEAVE_STEPS, MAX_SUBSCRIPTIONS, MAX_VERSIONS};

/// Only a signed call of a member does anything; a former member may give up what they own, and nothing else.
#[test]
fn a01_every_call_refuses_every_other_origin() {
    use crate::Call;
    use frame_support::traits::UnfilteredDispatchable;
    build_and_execute(|| {
        let resource = resource();
        assert_ok!(grant(ALICE, resource, BOB, 0));
        let calls = || -> Vec<Call<Test>> {
            vec![
                Call::init { kind: Kind::File, visibility: Visibility::Private, name: None },
                Call::publish { resource, number: 1, epoch: 0, content: content(1), commitment: commitment(1) },
                Call::refresh { resource },
                Call::subscribe { resource },
                Call::unsubscribe { resource },
                Call::grant { resource, reader: BOB, epoch: 0, wrapped_key: key(1) },
                Call::revoke_grant { resource, reader: BOB },
                Call::transfer { resource, new_owner: Some(BOB) },
                Call::set_name { resource, name: None },
                Call::accept_transfer { resource },
                Call::return_key { resource, reader: BOB, epoch: 0, wrapped_key: key(1) },
                Call::reject_key { resource, epoch: 0 },
                Call::retire { resource },
            ]
        };
        assert_eq!(calls().len(), <Call<Test> as frame_support::traits::GetCallName>::get_call_names().len());
        for call in calls() {
            for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
                assert_noop!(call.clone().dispatch_bypass_filter(origin), sp_runtime::DispatchError::BadOrigin);
            }
            let stranger = RuntimeOrigin::signed(1);
            assert_noop!(call.dispatch_bypass_filter(stranger), Error::<Test>::NotMember);
        }
        depart(ALICE);
        for call in calls() {
            let expected = matches!(call, Call::retire { .. });
            assert_eq!(call.dispatch_bypass_filter(signed(ALICE)).is_ok(), expected);
        }
    });
}

/// Every vector at its bound is taken; one byte more is not even decoded.
#[test]
fn a04_vectors_at_their_bound_and_one_beyond() {
    build_and_execute(|| {
        let decodes = |length: usize| ResourceName::decode(&mut &vec![b'x'; length].encode()[..]).is_ok();
        assert!(decodes(63) && !decodes(64));
        made(ALICE, Visibility::Private, Some(name(&"x".repeat(63))));

        let longest: Vec<u8> = [&[1, 0x55, 0xa0, 0xe4, 0x02, 32][..], &[1; 32]].concat();
        let id = resource();
        let content = ContentId::decode(&mut &longest.encode()[..]).unwrap();
        assert_ok!(Resources::publish(signed(ALICE), id, 1, 0, content, commitment(1)));
        assert!(ContentId::decode(&mut &[&longest[..], &[0]].concat().encode()[..]).is_err());

        assert_ok!(Resources::grant(signed(ALICE), id, BOB, 0, key(1)));
        assert!(WrappedKey::decode(&mut &vec![0u8; 81].encode()[..]).is_err());
    });
}

/// A call with a name that is too long is refused when the transaction is decoded.
#[test]
fn a04_a_call_with_too_long_a_name_is_not_a_call() {
    let encode = |name: String| {
        let mut call = RuntimeCall::from(crate::Call::<Test>::init {
            kind: Kind::Site,
            visibility: Visibility::Private,
            name: None,
        })
        .encode();
        call.pop();
        call.extend(Some(name.into_bytes()).encode());
        RuntimeCall::decode(&mut &call[..])
    };
    assert!(encode("x".repeat(63)).is_ok());
    assert!(encode("x".repeat(64)).is_err());
}

/// Versions and subscriptions beyond their bound leave the storage as bounded as before.
#[test]
fn a04_counts_at_their_bound_and_one_beyond() {
    build_and_execute(|| {
        let ids: Vec<_> = (0..=MAX_SUBSCRIPTIONS).map(|_| resource()).collect();
        for (count, id) in (0u32..).zip(&ids) {
            if count < MAX_SUBSCRIPTIONS {
                assert_ok!(Resources::subscribe(signed(BOB), *id));
            } else {
                assert_noop!(Resources::subscribe(signed(BOB), *id), Error::<Test>::TooManySubscriptions);
            }
        }
        for number in 1..=MAX_VERSIONS + 3 {
            assert_ok!(publish(ALICE, ids[0], number));
        }
        assert_eq!(Versions::<Test>::iter_prefix(ids[0]).count(), MAX_VERSIONS as usize);
    });
}

/// No grants: nobody reads. The same grant twice: one right. A grant and its end in one block: no right.
#[test]
fn a10_empty_doubled_and_contradicting_permissions_have_one_outcome() {
    build_and_execute(|| {
        let id = resource();
        assert!(Resources::readers(id).is_empty());
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_eq!(Resources::readers(id), [BOB]);
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert!(Resources::readers(id).is_empty());
        assert_noop!(Resources::revoke_grant(signed(ALICE), id, BOB), Error::<Test>::NotGranted);
        assert_noop!(Resources::refresh(signed(BOB), id), Error::<Test>::NotReader);
    });
}

/// The owner departs: others cannot keep it up, the owner can still retire it, and at the latest its lease ends it.
#[test]
fn a10_an_owners_departure_leaves_no_orphan() {
    build_and_execute(|| {
        let retired = made(ALICE, Visibility::Private, Some(name("garden")));
        let left = made(ALICE, Visibility::Private, Some(name("orchard")));
        for id in [retired, left] {
            assert_ok!(grant(ALICE, id, BOB, 0));
            assert_ok!(publish(ALICE, id, 1));
        }
        depart(ALICE);
        assert_noop!(Resources::refresh(signed(BOB), left), Error::<Test>::OwnerDeparted);
        assert_noop!(Resources::retire(signed(BOB), left), Error::<Test>::NotOwner);
        assert_ok!(Resources::retire(signed(ALICE), retired));
        run_to(160);
        assert_eq!((entries_of(retired), entries_of(left)), (0, 0));
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE);
        made(BOB, Visibility::Private, Some(name("orchard")));
    });
}

/// Nobody becomes an owner, and so has their share of the rewards directed, unasked.
#[test]
fn a10_a_resource_cannot_be_forced_upon_a_member() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(Resources::transfer(signed(ALICE), id, Some(BOB)));
        assert_eq!(<Resources as kith_primitives::glue::Holdings>::leased_resources(BOB), 0);
        assert_eq!(stored(id).owner, ALICE);
    });
}

/// Ten thousand resources made and given up cost nothing in the end and leave nothing.
#[test]
fn a11_no_free_bloat() {
    build_and_execute(|| {
        for _ in 0..100 {
            let ids: Vec<_> = (0..100).map(|_| resource()).collect();
            assert_eq!(on_hold(ALICE), 100 * 100);
            for id in ids {
                assert_ok!(Resources::retire(signed(ALICE), id));
            }
            reap_all();
            System::reset_events();
        }
        assert_eq!(crate::NextResource::<Test>::get(), 10_000);
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE);
        assert!(!Held::<Test>::contains_key(ALICE));
        assert_eq!(Stored::<Test>::iter_keys().count(), 0);
    });
}

/// An account with a deposit cannot be emptied out of existence, so that none returns to a stranger who reuses it.
#[test]
fn a11_a_payers_account_outlives_its_deposits() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(Balances::transfer_all(signed(ALICE), account(BOB), false));
        assert!(System::account_exists(&account(ALICE)));
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert!(Balances::balance(&account(ALICE)) >= 100);
    });
}

/// Part of a hold is slashed: the payer gets back what is left, not more, and nobody else is touched.
#[test]
fn a11_slashed_deposits_are_not_made_good_by_others() {
    build_and_execute(|| {
        let (id, other) = (resource(), made(BOB, Visibility::Private, None));
        let reason = HoldReason::Deposit.into();
        assert_ok!(Balances::burn_held(&reason, &account(ALICE), 30, Precision::Exact, Fortitude::Force));
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE - 30);
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (0, 100));
        assert_eq!(stored(other).owner, BOB);
    });
}

/// A reader is removed from the community: nothing is published under a key they have, their right ends without anybody's
/// doing, and no key of a later epoch can be given to them.
#[test]
fn i01_a_removed_member_gets_no_key_of_later_content() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_ok!(publish(ALICE, id, 1));
        depart(BOB);
        assert_noop!(Resources::refresh(signed(BOB), id), Error::<Test>::NotMember);
        assert_noop!(publish(ALICE, id, 2), Error::<Test>::ReaderDeparted);
        Resources::on_initialize(2);
        assert!(Resources::readers(id).is_empty());
        assert_ok!(publish(ALICE, id, 2));
        assert_eq!(Versions::<Test>::get(id, 2).unwrap().version.key_epoch, 1);
        assert_noop!(grant(ALICE, id, BOB, 1), Error::<Test>::ReaderNotMember);
        assert_noop!(grant(ALICE, id, BOB, 0), Error::<Test>::ReaderNotMember);
        assert_eq!(Resources::wrapped_key(id, BOB, 0), None);
    });
}

/// Thousands of rights end at once: no block does more than its bound, and the backlog drains.
#[test]
fn a12_a_flood_of_departures_drains_in_bounded_steps() {
    build_and_execute(|| {
        for _ in 0..200 {
            let id = resource();
            for reader in BOB..MEMBERS {
                assert_ok!(grant(ALICE, id, reader, 0));
            }
        }
        (BOB..MEMBERS).for_each(depart);
        let left = || crate::ReadableBy::<Test>::iter_keys().count();
        let most = <() as WeightInfo>::leave_base() + <() as WeightInfo>::leave_step() * LEAVE_STEPS as u64;
        assert_eq!(left(), 1400);
        for block in 2.. {
            let before = left();
            assert!(Resources::on_initialize(block).all_lte(most));
            assert!(before - left() <= LEAVE_STEPS);
            if crate::Leavers::<Test>::iter_keys().next().is_none() {
                assert_eq!(block, 2 + (1400 + 7) / LEAVE_STEPS as u64);
                break;
            }
        }
        assert_eq!((left(), on_hold(ALICE)), (0, 200 * 100));
    });
}

/// A former owner has the key of the epoch they left: what is published after is of another.
#[test]
fn i01_a_former_owner_gets_no_key_of_later_content() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(Resources::transfer(signed(ALICE), id, Some(BOB)));
        assert_ok!(Resources::accept_transfer(signed(BOB), id));
        assert_ok!(publish(BOB, id, 2));
        assert_eq!(Versions::<Test>::get(id, 1).unwrap().version.key_epoch, 0);
        assert_eq!(Versions::<Test>::get(id, 2).unwrap().version.key_epoch, 1);
        assert_noop!(grant(ALICE, id, ALICE, 1), Error::<Test>::NotOwner);
    });
}

/// Version numbers only go up, one at a time, also after old versions were dropped; epochs never go down.
#[test]
fn i03_versions_cannot_be_rolled_back() {
    build_and_execute(|| {
        let id = resource();
        for number in 1..=MAX_VERSIONS + 2 {
            assert_ok!(publish(ALICE, id, number));
            for wrong in [1, number.saturating_sub(1), number, number + 2] {
                assert_noop!(publish(ALICE, id, wrong), Error::<Test>::WrongVersion);
            }
        }
        let first = Versions::<Test>::get(id, MAX_VERSIONS + 2).unwrap();
        assert_eq!(first.version.number, stored(id).latest.unwrap());
    });
}

/// A published version is never written again, and one resource's versions are not another's.
#[test]
fn i03_content_is_bound_to_its_resource_and_number() {
    build_and_execute(|| {
        let (a, b) = (resource(), resource());
        assert_ok!(Resources::publish(signed(ALICE), a, 1, 0, content(1), commitment(1)));
        assert_ok!(Resources::publish(signed(ALICE), b, 1, 0, content(2), commitment(2)));
        assert_ok!(Resources::publish(signed(ALICE), a, 2, 0, content(3), commitment(3)));
        let of = |id, number| Versions::<Test>::get(id, number).unwrap().version.content;
        assert_eq!((of(a, 1), of(a, 2), of(b, 1)), (content(1), content(3), content(2)));
    });
}
