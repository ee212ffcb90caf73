// SPDX-License-Identifier: Apache-2.0
//! What is always true of the stored state.

mod keys;

use frame_support::ensure;
use kith_primitives::{
    glue::Now,
    member::{MemberId, Standing},
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    ActiveMembers, Config, Devices, DevicesOf, EncryptionKeys, NextMember, Pallet, People, PersonFor, PersonOf, Quotas,
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet; reads all of its state, so it is for tests and for trying out upgrades
    /// only.
    pub fn do_try_state() -> Result<(), DispatchError> {
        let mut members = 0u32;
        for (id, record) in People::<T>::iter() {
            Self::check_person(id, &record)?;
            members = members.saturating_add(u32::from(record.standing == Standing::Member));
        }
        ensure!(ActiveMembers::<T>::get() == members, "ActiveMembers is not the number of members");
        Self::check_indices()?;
        Self::check_devices()?;
        for id in Quotas::<T>::iter_keys() {
            let standing = People::<T>::get(id).map(|record| record.standing);
            ensure!(matches!(standing, Some(Standing::Member | Standing::Lapsed)), "a quota belongs to nobody");
        }
        Self::check_freezes(members)?;
        Self::check_guardians()?;
        Self::check_motions()?;
        Self::check_former_keys()
    }

    fn check_person(id: MemberId, record: &PersonFor) -> DispatchResult {
        ensure!(id < NextMember::<T>::get(), "a person's number was not given out");
        ensure!(PersonOf::<T>::get(&record.account) == Some(id), "a person is not found by account");
        ensure!(EncryptionKeys::<T>::get(record.encryption_key) == Some(id), "a person is not found by encryption key");
        ensure!(record.keyed_at <= T::Clock::now(), "a person's keys are from the future");
        ensure!(record.since <= T::Clock::now(), "a person's standing is from the future");
        let is_candidate = record.standing == Standing::Candidate;
        ensure!(record.candidate_until.is_some() == is_candidate, "only candidates have an end");
        ensure!(!is_candidate || record.devices == 0, "a candidate has devices");
        let devices = u32::try_from(DevicesOf::<T>::iter_key_prefix(id).count()).unwrap_or(u32::MAX);
        ensure!(record.devices == devices, "a person's devices are miscounted");
        ensure!(frame_system::Pallet::<T>::sufficients(&record.account) == 1, "a person's account is not held once");
        Ok(())
    }

    fn check_indices() -> DispatchResult {
        let people = People::<T>::iter_keys().count();
        ensure!(PersonOf::<T>::iter_keys().count() == people, "an account is nobody's");
        ensure!(EncryptionKeys::<T>::iter_keys().count() == people, "an encryption key is nobody's");
        Ok(())
    }

    fn check_devices() -> DispatchResult {
        for (device, owner) in Devices::<T>::iter() {
            ensure!(DevicesOf::<T>::contains_key(owner, device), "a device is not among its owner's");
            ensure!(People::<T>::contains_key(owner), "a device is nobody's");
            ensure!(!PersonOf::<T>::contains_key(device.account()), "a device's account is a person's");
            let held = frame_system::Pallet::<T>::sufficients(&device.account());
            ensure!(held == 1, "a device's account is not held once");
        }
        let (owned, bound) = (DevicesOf::<T>::iter_keys().count(), Devices::<T>::iter_keys().count());
        ensure!(owned == bound, "a device of a person is bound to another");
        Ok(())
    }
}
