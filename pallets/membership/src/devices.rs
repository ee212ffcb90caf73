// SPDX-License-Identifier: Apache-2.0
//! Which devices act for whom.

use alloc::vec::Vec;
use frame_support::ensure;
use kith_primitives::{device::DeviceId, glue::Constitution, member::MemberId, AccountId};
use sp_core::ed25519;
use sp_runtime::DispatchResult;

use crate::{Config, Devices, DevicesOf, Error, Event, Pallet, People};

impl<T: Config> Pallet<T> {
    /// The devices bound to a person, in whatever standing; the order means nothing.
    pub fn devices_of(person: MemberId) -> Vec<DeviceId> {
        DevicesOf::<T>::iter_key_prefix(person).collect()
    }

    pub(crate) fn check_binding(
        member: MemberId,
        owner: &AccountId,
        device: &DeviceId,
        signature: &ed25519::Signature,
    ) -> DispatchResult {
        let bound = People::<T>::get(member).map_or(0, |record| record.devices);
        ensure!(bound < T::Constitution::parameters().max_devices, Error::<T>::TooManyDevices);
        ensure!(!Self::account_in_use(&device.account()), Error::<T>::DeviceInUse);
        ensure!(device.signed_binding(&Self::genesis(), owner, signature), Error::<T>::BadSignature);
        Ok(())
    }

    pub(crate) fn do_bind(member: MemberId, device: DeviceId) {
        Self::insert_device(member, device);
        Self::deposit_event(Event::DeviceBound { member, device });
    }

    /// Writes a binding. The caller has checked that the device is free.
    pub(crate) fn insert_device(member: MemberId, device: DeviceId) {
        Devices::<T>::insert(device, member);
        DevicesOf::<T>::insert(member, device, ());
        Self::count_devices(member, |count| count.saturating_add(1));
        Self::hold_account(&device.account());
    }

    pub(crate) fn do_unbind(person: MemberId, device: DeviceId) {
        Devices::<T>::remove(device);
        DevicesOf::<T>::remove(person, device);
        Self::count_devices(person, |count| count.saturating_sub(1));
        Self::release_account(&device.account());
        Self::deposit_event(Event::DeviceUnbound { person, device });
    }

    fn count_devices(person: MemberId, change: impl FnOnce(u32) -> u32) {
        People::<T>::mutate(person, |record| {
            if let Some(record) = record {
                record.devices = change(record.devices);
            }
        });
    }
}
