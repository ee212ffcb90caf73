// SPDX-License-Identifier: Apache-2.0
//! What is the person's after a new key, and what is left of the former one. Duniter's bugs with changed keys are here
//! by their numbers.

use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use kith_primitives::glue::{Community, Quota};

use crate::{mock::guarded::*, mock::*, *};

/// Every key of the state in which the bytes are.
fn keys_naming(bytes: &[u8]) -> Vec<Vec<u8>> {
    let next = |key: &Vec<u8>| sp_io::storage::next_key(key);
    std::iter::successors(next(&vec![]), next)
        .filter(|key| key.windows(bytes.len()).any(|part| part == bytes))
        .collect()
}

#[test]
fn the_person_is_the_same_with_other_keys() {
    guarded(|| {
        let (device, consent) = device(3, 0);
        assert_ok!(Membership::bind_device(signed(0), device, consent));
        assert!(Membership::spend(0, 5));
        let (before, quota) = (People::<Test>::get(0).unwrap(), Membership::available(0));
        rekey(30);
        let after = People::<Test>::get(0).unwrap();
        let now = 1 + DELAY;
        let expected = Person { account: account(30), encryption_key: encryption_key(30), keyed_at: now, ..before };
        assert_eq!(after, expected);
        assert_eq!(Membership::keyed_at(0), Some(now));
        assert_eq!(Membership::encryption_key(0), Some(encryption_key(30)));
        assert_eq!(Membership::member_of_device(&device.account()), Some(0));
        assert!(Membership::available(0) >= quota);
        assert_eq!((Membership::active_members(), Membership::people()), (6, 6));
        assert_eq!(Rekeyed::get(), [(0, account(0), account(30))]);
        assert_eq!(FormerAccounts::<Test>::get(account(0)), Some(Former { person: 0, until: now }));
        assert!(Departed::get().is_empty());
    });
}

#[test]
fn keyed_at_is_the_block_of_the_first_keys_until_there_are_others() {
    guarded(|| {
        pass(6);
        let candidate = sponsor(20);
        assert_eq!((Membership::keyed_at(0), Membership::keyed_at(candidate)), (Some(0), Some(7)));
        assert_eq!(Membership::keyed_at(99), None);
    });
}

#[test]
fn no_key_of_the_state_names_the_former_account_but_the_record_that_it_is_former() {
    guarded(|| {
        let account = account(0);
        System::inc_account_nonce(&account);
        assert_ok!(choose(0, &[1, 2, 3]));
        pass(DELAY);
        agree(ProposalFor::Freeze);
        rekey(30);
        let record = FormerAccounts::<Test>::hashed_key_for(&account);
        assert_eq!(keys_naming(&account.encode()), [record]);
        let record = FormerEncryptionKeys::<Test>::hashed_key_for(encryption_key(0));
        assert_eq!(keys_naming(&encryption_key(0).encode()), [record]);
        assert!(!System::account_exists(&account));
    });
}

#[test]
fn the_new_account_is_held_and_lives_without_funds() {
    guarded(|| {
        let poor = sponsor(20);
        FirstVouches::mutate(|vouches| vouches.extend([(1, poor), (2, poor), (3, poor)]));
        let motion = open(1, poor, new_key(poor, 30));
        assert_ok!(approve(2, poor, motion));
        assert_ok!(approve(3, poor, motion));
        pass(DELAY);
        assert_ok!(complete(poor, motion));
        assert_eq!((System::sufficients(&account(30)), System::sufficients(&account(20))), (1, 0));
        assert!(System::account_exists(&account(30)) && !System::account_exists(&account(20)));
    });
}

#[test]
fn an_account_that_a_device_left_alive_is_held_once_and_goes_with_its_person() {
    guarded(|| {
        use sp_core::Pair;
        let pair = sp_core::ed25519::Pair::from_seed(&[44; 32]);
        let (device, account) = (DeviceId(pair.public().0), AccountId::new(pair.public().0));
        for owner in [5u8, 4] {
            let payload =
                kith_primitives::device::binding_payload(&Membership::genesis(), &crate::mock::account(owner));
            assert_ok!(Membership::bind_device(signed(owner), device, pair.sign(&payload)));
            System::inc_account_nonce(&account);
            assert_ok!(Membership::unbind_device(signed(owner), device));
        }
        let key = kith_primitives::recovery::NewKey { account: account.clone(), ..keys(0, 30) };
        let signature = pair.sign(&key.signing_payload()).into();
        let motion = agree(ProposalFor::NewKey { key, signature });
        pass(DELAY);
        assert_ok!(complete(0, motion));
        assert_eq!(System::sufficients(&account), 1);
        rekey(31);
        assert!(!System::account_exists(&account));
    });
}

#[test]
fn former_keys_are_never_anybodys_again() {
    guarded(|| {
        rekey(30);
        let apply = |application: ApplicationFor, n| {
            let signature = sign(n, &application);
            call(signed(1), Call::sponsor { application, signature })
        };
        let fresh = ApplicationFor { encryption_key: encryption_key(66), ..application(0) };
        assert_noop!(apply(fresh, 0), Error::<Test>::AccountInUse);
        let fresh = ApplicationFor { encryption_key: encryption_key(0), ..application(66) };
        assert_noop!(apply(fresh, 66), Error::<Test>::EncryptionKeyInUse);
        let (device, signature) = (DeviceId(account(0).into()), device(3, 1).1);
        assert_noop!(call(signed(1), Call::bind_device { device, signature }), Error::<Test>::DeviceInUse);
    });
}

#[test]
fn duniter_360_no_former_key_is_given_back_and_keys_change_twice_in_a_row() {
    guarded(|| {
        rekey(30);
        let back = kith_primitives::recovery::NewKey { encryption_key: encryption_key(66), ..keys(0, 0) };
        let signature = signature(0, &back.signing_payload());
        assert_noop!(try_open(1, 0, ProposalFor::NewKey { key: back, signature }), Error::<Test>::AccountInUse);
        rekey(31);
        assert_eq!(Membership::member(&account(31)), Some(0));
        for former in [0, 30] {
            assert!(Membership::is_barred(&account(former)));
            assert_eq!(Membership::current_account(&account(former)), account(31));
            assert_eq!(Membership::person(&account(former)), None);
        }
        assert_eq!(free(31), FUNDS);
        assert_eq!(keys_naming(&account(30).encode()), [FormerAccounts::<Test>::hashed_key_for(account(30))]);
    });
}

#[test]
fn duniter_361_an_account_that_is_somebodys_already_is_nobodys_new_key() {
    guarded(|| {
        sponsor(20);
        for taken in [1, 20] {
            let key = kith_primitives::recovery::NewKey { encryption_key: encryption_key(66), ..keys(0, taken) };
            let signature = signature(taken, &key.signing_payload());
            assert_noop!(try_open(1, 0, ProposalFor::NewKey { key, signature }), Error::<Test>::AccountInUse);
        }
    });
}

#[test]
fn duniter_321_an_empty_account_is_a_good_new_key() {
    guarded(|| {
        assert!(!System::account_exists(&account(30)));
        rekey(30);
        assert!(System::account_exists(&account(30)));
        assert_ok!(call(signed(30), Call::leave {}));
    });
}

#[test]
fn every_account_without_a_successor_is_its_own() {
    guarded(|| {
        for n in [0, 77] {
            assert_eq!(Membership::current_account(&account(n)), account(n));
            assert!(!Membership::is_barred(&account(n)));
        }
    });
}
