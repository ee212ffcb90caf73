// SPDX-License-Identifier: Apache-2.0
//! Who may read an encrypted resource, and with which wrapped keys.
//!
//! A right's end opens a new key epoch: versions from then on are encrypted under a key that the former reader has not.
//! The other readers are granted anew, for that epoch. Of a reader's older keys those stay that a kept version needs.

use alloc::vec::Vec;
use frame_support::{ensure, BoundedVec};
use kith_primitives::{
    glue::{Community, Constitution},
    member::MemberId,
    resource::{KeyEpoch, ResourceId, Visibility, WrappedKey},
    Balance,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
    counts::{one_less, one_more},
    types::{Grant, Resource},
    Config, Error, Event, Grants, Pallet, Readers, Resources, Versions, WrappedKeys, WRAPPED_KEY_BYTES,
};

impl<T: Config> Pallet<T> {
    /// Checks a grant the caller wants to give. Returns what a reader's first grant costs.
    pub(crate) fn check_grant(
        caller: MemberId,
        id: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        wrapped_key: &WrappedKey,
    ) -> Result<Balance, DispatchError> {
        let resource = Self::leased(id)?;
        Self::ensure_owner(caller, &resource)?;
        ensure!(resource.visibility != Visibility::Public, Error::<T>::NotEncrypted);
        ensure!(T::Community::is_member(reader), Error::<T>::ReaderNotMember);
        ensure!(epoch == resource.key_epoch, Error::<T>::WrongEpoch);
        ensure!(wrapped_key.len() == WRAPPED_KEY_BYTES, Error::<T>::InvalidKey);
        Ok(T::Constitution::parameters().grant_deposit)
    }

    /// Records the reader's right, if it is new, and their wrapped key for the epoch in force.
    pub(crate) fn do_grant(
        caller: MemberId,
        id: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        wrapped_key: WrappedKey,
        amount: Balance,
    ) -> DispatchResult {
        let mut grant = match Grants::<T>::get(id, reader) {
            Some(grant) => grant,
            None => {
                let deposit = Self::take_deposit(caller, amount)?;
                Readers::<T>::mutate_exists(id, one_more);
                Grant { since: epoch, epochs: BoundedVec::new(), deposit }
            }
        };
        if !grant.epochs.contains(&epoch) {
            Self::open_epoch(id, reader, &mut grant, epoch);
        }
        WrappedKeys::<T>::insert((id, reader, epoch), wrapped_key);
        Grants::<T>::insert(id, reader, grant);
        Self::deposit_event(Event::Granted { resource: id, reader, epoch });
        Ok(())
    }

    /// Checks that the caller may end the reader's right. Returns the resource in its next epoch, and the grant.
    pub(crate) fn check_revoke(
        caller: MemberId,
        id: ResourceId,
        reader: MemberId,
    ) -> Result<(Resource, Grant), DispatchError> {
        let mut resource = Self::existing(id)?;
        Self::ensure_owner(caller, &resource)?;
        let grant = Grants::<T>::get(id, reader).ok_or(Error::<T>::NotGranted)?;
        Self::next_epoch(&mut resource)?;
        Ok((resource, grant))
    }

    /// Ends the reader's right.
    pub(crate) fn do_revoke(id: ResourceId, resource: Resource, reader: MemberId, grant: Grant) {
        let epoch = resource.key_epoch;
        Resources::<T>::insert(id, resource);
        Grants::<T>::remove(id, reader);
        Readers::<T>::mutate_exists(id, one_less);
        Self::end_grant(id, reader, grant);
        Self::deposit_event(Event::GrantRevoked { resource: id, reader, epoch });
    }

    /// Removes what hangs on a grant that has been removed.
    pub(crate) fn end_grant(id: ResourceId, reader: MemberId, grant: Grant) {
        for epoch in grant.epochs {
            WrappedKeys::<T>::remove((id, reader, epoch));
        }
        Self::return_deposit(grant.deposit);
    }

    /// Opens a new key epoch, unless the resource is stored in clear.
    pub(crate) fn next_epoch(resource: &mut Resource) -> Result<(), ArithmeticError> {
        if resource.visibility != Visibility::Public {
            resource.key_epoch = resource.key_epoch.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        }
        Ok(())
    }

    /// Adds the epoch to the grant, and removes the reader's keys for epochs of which no version is kept.
    fn open_epoch(id: ResourceId, reader: MemberId, grant: &mut Grant, epoch: KeyEpoch) {
        let needed: Vec<KeyEpoch> =
            Versions::<T>::iter_prefix_values(id).map(|stored| stored.version.key_epoch).collect();
        let (mut kept, unused): (Vec<KeyEpoch>, Vec<KeyEpoch>) =
            grant.epochs.iter().partition(|old| needed.contains(old));
        for old in unused {
            WrappedKeys::<T>::remove((id, reader, old));
        }
        kept.push(epoch);
        // Never truncates: one epoch for each kept version, and this one.
        grant.epochs = BoundedVec::truncate_from(kept);
    }
}
