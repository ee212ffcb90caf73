// SPDX-License-Identifier: Apache-2.0
//! Devices: bound with their own signature, to one member, up to a bound.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    device::{binding_payload, DeviceId},
    glue::{Admission, Community},
    parameters::Parameters,
    AccountId,
};
use sp_core::Pair;

use crate::{mock::*, *};

fn bind(n: u8, owner: u8) -> DeviceId {
    let (device, signature) = device(n, owner);
    assert_ok!(Membership::bind_device(signed(owner), device, signature));
    device
}

#[test]
fn a_bound_device_acts_for_its_member() {
    execute(|| {
        let device = bind(3, 0);
        System::assert_last_event(Event::<Test>::DeviceBound { member: 0, device }.into());
        assert_eq!(Membership::member_of_device(&device.account()), Some(0));
        assert_eq!(Membership::responsible(&device.account()), Some(0));
        assert_eq!(Membership::member(&device.account()), None);
        assert_eq!(Membership::devices_of(0), [device]);
        assert!(System::account_exists(&device.account()));
    });
}

#[test]
fn binding_fails_if_not_member() {
    execute(|| {
        let candidate = sponsor(9);
        let (device, signature) = device(3, 9);
        assert_noop!(Membership::bind_device(signed(9), device, signature), Error::<Test>::NotMember);
        Membership::admit(candidate);
        assert_ok!(Membership::bind_device(signed(9), device, signature));
    });
}

#[test]
fn a_device_must_consent_to_this_member_of_this_community() {
    execute(|| {
        let (device, for_another) = device(3, 1);
        assert_noop!(Membership::bind_device(signed(0), device, for_another), Error::<Test>::BadSignature);
        let elsewhere = binding_payload(&[1; 32], &account(0));
        let pair = ed25519::Pair::from_seed(&[44; 32]);
        let device = DeviceId(pair.public().0);
        assert_noop!(Membership::bind_device(signed(0), device, pair.sign(&elsewhere)), Error::<Test>::BadSignature);
    });
}

#[test]
fn a_device_is_bound_to_one_member_only() {
    execute(|| {
        let device = bind(3, 0);
        let (_, signature) = crate::mock::device(3, 1);
        assert_noop!(Membership::bind_device(signed(1), device, signature), Error::<Test>::DeviceInUse);
        let (_, signature) = crate::mock::device(3, 0);
        assert_noop!(Membership::bind_device(signed(0), device, signature), Error::<Test>::DeviceInUse);
    });
}

#[test]
fn a_persons_own_key_is_no_device() {
    execute(|| {
        let pair = ed25519::Pair::from_seed(&[50; 32]);
        let application = ApplicationFor { account: AccountId::new(pair.public().0), ..application(9) };
        let signature = pair.sign(&application.signing_payload()).into();
        assert_ok!(Membership::sponsor(signed(0), application, signature));
        let signature = pair.sign(&binding_payload(&Membership::genesis(), &account(1)));
        let device = DeviceId(pair.public().0);
        assert_noop!(Membership::bind_device(signed(1), device, signature), Error::<Test>::DeviceInUse);
    });
}

#[test]
fn an_unbound_device_acts_for_nobody_and_may_be_bound_again() {
    execute(|| {
        let device = bind(3, 0);
        assert_noop!(Membership::unbind_device(signed(1), device), Error::<Test>::NotFound);
        assert_noop!(Membership::unbind_device(signed(77), device), Error::<Test>::NotFound);
        assert_ok!(Membership::unbind_device(signed(0), device));
        System::assert_last_event(Event::<Test>::DeviceUnbound { person: 0, device }.into());
        assert_eq!(Membership::member_of_device(&device.account()), None);
        assert!(!System::account_exists(&device.account()));
        assert_noop!(Membership::unbind_device(signed(0), device), Error::<Test>::NotFound);
        assert_eq!(bind(3, 1), device);
        assert_eq!(Membership::member_of_device(&device.account()), Some(1));
    });
}

#[test]
fn the_nonce_of_a_device_survives_unbinding() {
    execute(|| {
        let device = bind(3, 0);
        System::inc_account_nonce(device.account());
        assert_ok!(Membership::unbind_device(signed(0), device));
        bind(3, 0);
        assert_eq!(System::account_nonce(device.account()), 1);
    });
}

#[test]
fn devices_of_lapsed_and_removed_members_resolve_to_nobody() {
    execute(|| {
        let (mine, theirs) = (bind(3, 0), bind(4, 1));
        Membership::lapse(1);
        assert_eq!(Membership::responsible(&theirs.account()), None);
        Membership::admit(1);
        assert_eq!(Membership::responsible(&theirs.account()), Some(1));
        assert_ok!(Membership::leave(signed(1)));
        assert_eq!(Membership::responsible(&theirs.account()), None);
        assert_eq!(Membership::responsible(&mine.account()), Some(0));

        assert_ok!(Membership::unbind_device(signed(1), theirs));
        assert_eq!(Membership::devices_of(1), []);
        bind(4, 0);
    });
}

#[test]
fn a_lowered_bound_keeps_devices_and_allows_no_new_one() {
    execute(|| {
        bind(3, 0);
        bind(4, 0);
        Params::set(Parameters { max_devices: 1, ..Default::default() });
        let (device, signature) = device(5, 0);
        assert_noop!(Membership::bind_device(signed(0), device, signature), Error::<Test>::TooManyDevices);
        assert_eq!(Membership::devices_of(0).len(), 2);
    });
}
