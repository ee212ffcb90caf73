// SPDX-License-Identifier: Apache-2.0
//! Founding: who is a member before the first block, and what cannot be founded.

use kith_primitives::{
    device::DeviceId,
    glue::Community,
    member::{EncryptionKey, Standing},
    AccountId,
};

use crate::{mock::*, *};

type Founders = Vec<(AccountId, EncryptionKey, Vec<DeviceId>)>;

fn found(founders: Founders) {
    execute_from(GenesisConfig { founders, ..Default::default() }, || ());
}

#[test]
fn founders_are_members_in_order_with_their_devices() {
    let devices = vec![DeviceId([7; 32]), DeviceId([8; 32])];
    let founders = vec![(account(4), encryption_key(4), devices), (account(5), encryption_key(5), vec![])];
    execute_from(GenesisConfig { founders, ..Default::default() }, || {
        assert_eq!((Membership::member(&account(4)), Membership::member(&account(5))), (Some(0), Some(1)));
        assert_eq!((Membership::active_members(), NextMember::<Test>::get()), (2, 2));
        let record = People::<Test>::get(0).unwrap();
        assert_eq!((record.standing, record.since, record.devices), (Standing::Member, 0, 2));
        assert_eq!(Membership::member_of_device(&DeviceId([8; 32]).account()), Some(0));
    });
}

#[test]
fn a_community_without_founders_is_empty() {
    execute_from(Default::default(), || assert_eq!(Membership::active_members(), 0));
}

#[test]
#[should_panic = "founder 1: the account is given to two founders"]
fn two_founders_with_one_account_are_refused() {
    found(vec![(account(4), encryption_key(4), vec![]), (account(4), encryption_key(5), vec![])]);
}

#[test]
#[should_panic = "founder 1: the encryption key is given to two founders"]
fn two_founders_with_one_encryption_key_are_refused() {
    found(vec![(account(4), encryption_key(4), vec![]), (account(5), encryption_key(4), vec![])]);
}

#[test]
#[should_panic = "founder 0: the encryption key is weak"]
fn a_founder_with_a_weak_encryption_key_is_refused() {
    found(vec![(account(4), EncryptionKey([0; 32]), vec![])]);
}

#[test]
#[should_panic = "founder 1: a device is given twice"]
fn two_founders_with_one_device_are_refused() {
    let device = DeviceId([7; 32]);
    found(vec![(account(4), encryption_key(4), vec![device]), (account(5), encryption_key(5), vec![device])]);
}

#[test]
#[should_panic = "founder 0: a device is given twice, or is an account's key"]
fn a_founders_account_key_is_no_device() {
    found(vec![(account(4), encryption_key(4), vec![DeviceId(account(4).into())])]);
}
