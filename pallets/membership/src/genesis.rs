// SPDX-License-Identifier: Apache-2.0
//! How the founders become members before the first block.

use alloc::vec::Vec;
use kith_primitives::{
    device::DeviceId,
    member::{EncryptionKey, Standing},
    AccountId,
};

use crate::{encryption_key, ActiveMembers, Config, EncryptionKeys, Pallet};

impl<T: Config> Pallet<T> {
    /// Enters the founders, in order. Fails the founding, with the reason, if they are not distinct or a key is
    /// unusable.
    pub(crate) fn found(founders: &[(AccountId, EncryptionKey, Vec<DeviceId>)]) {
        for (position, (account, key, devices)) in founders.iter().enumerate() {
            assert!(
                !Self::account_in_use(account),
                "founder {position}: the account is given to two founders or devices"
            );
            assert!(encryption_key::is_usable(key), "founder {position}: the encryption key is weak or not canonical");
            assert!(
                !EncryptionKeys::<T>::contains_key(key),
                "founder {position}: the encryption key is given to two founders"
            );
            let founder = Self::insert_person(account, *key, Standing::Member, None);
            ActiveMembers::<T>::mutate(|count| *count = count.saturating_add(1));
            for device in devices {
                let is_free = !Self::account_in_use(&device.account());
                assert!(is_free, "founder {position}: a device is given twice, or is an account's key");
                Self::insert_device(founder, *device);
            }
        }
    }
}
