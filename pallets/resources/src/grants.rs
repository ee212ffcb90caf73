// SPDX-License-Identifier: Apache-2.0
//! Who may read an encrypted resource, and with which wrapped keys.
//!
//! A right's end opens a new key epoch: versions from then on are encrypted under a key that the former reader has not.
//! The other readers are granted anew, for that epoch. Of a reader's older keys those stay that a kept version needs, and the
//! owner may grant those too: to a new reader, or to one who got new keys.

use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{ensure, BoundedVec};
use kith_primitives::{
    glue::{Community, Constitution, Now},
    member::MemberId,
    resource::{KeyEpoch, ResourceId, Visibility, WrappedKey},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
    counts::{one_less, one_more},
    types::{Grant, Leaving, Resource, StoredKey},
    Config, Error, Event, Grants, Leavers, Pallet, ReadableBy, Readers, Resources, Versions, WrappedKeys,
    WRAPPED_KEY_BYTES,
};

impl<T: Config> Pallet<T> {
    /// Checks a grant the caller wants to give. Returns the epochs whose keys are of use.
    pub(crate) fn check_grant(
        caller: MemberId,
        id: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        wrapped_key: &WrappedKey,
    ) -> Result<Vec<KeyEpoch>, DispatchError> {
        let resource = Self::leased(id)?;
        Self::ensure_owner(caller, &resource)?;
        Self::check_wrap(id, &resource, reader, epoch, wrapped_key)
    }

    /// Checks that a key of the epoch may be stored for the reader. Returns the epochs whose keys are of use.
    pub(crate) fn check_wrap(
        id: ResourceId,
        resource: &Resource,
        reader: MemberId,
        epoch: KeyEpoch,
        wrapped_key: &WrappedKey,
    ) -> Result<Vec<KeyEpoch>, DispatchError> {
        ensure!(resource.visibility != Visibility::Public, Error::<T>::NotEncrypted);
        ensure!(T::Community::is_member(reader), Error::<T>::ReaderNotMember);
        ensure!(Leavers::<T>::get(reader) != Some(Leaving::Departed), Error::<T>::StillLeaving);
        let in_use = Self::epochs_in_use(id, resource);
        ensure!(in_use.contains(&epoch), Error::<T>::WrongEpoch);
        ensure!(wrapped_key.len() == WRAPPED_KEY_BYTES, Error::<T>::InvalidKey);
        Ok(in_use)
    }

    /// Records the reader's right, if it is new, at the payer's cost, and their wrapped key. `in_use` are the epochs whose keys
    /// are of use.
    pub(crate) fn do_wrap(
        payer: MemberId,
        id: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        key: WrappedKey,
        in_use: Vec<KeyEpoch>,
    ) -> DispatchResult {
        let mut grant = match Grants::<T>::get(id, reader) {
            Some(grant) => grant,
            None => {
                let deposit = Self::take_deposit(payer, T::Constitution::parameters().grant_deposit)?;
                Readers::<T>::mutate_exists(id, one_more);
                ReadableBy::<T>::insert(reader, id, ());
                let since = in_use.last().copied().unwrap_or(epoch);
                Grant { since, epochs: BoundedVec::new(), deposit }
            }
        };
        if !grant.epochs.contains(&epoch) {
            Self::add_epoch(id, reader, &mut grant, epoch, &in_use);
        }
        let stored = StoredKey { key, wrapped: T::Clock::now(), rejected: false };
        WrappedKeys::<T>::insert((id, reader, epoch), stored);
        Grants::<T>::insert(id, reader, grant);
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
        ReadableBy::<T>::remove(reader, id);
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

    /// The epochs whose keys are of use, in order: those of the kept versions, and last the one in force.
    fn epochs_in_use(id: ResourceId, resource: &Resource) -> Vec<KeyEpoch> {
        let kept = Versions::<T>::iter_prefix_values(id).map(|stored| stored.version.key_epoch);
        let epochs: BTreeSet<KeyEpoch> = kept.chain([resource.key_epoch]).collect();
        epochs.into_iter().collect()
    }

    /// Adds the epoch to the grant, and removes the reader's keys that are of no use.
    fn add_epoch(id: ResourceId, reader: MemberId, grant: &mut Grant, epoch: KeyEpoch, in_use: &[KeyEpoch]) {
        let (mut kept, unused): (Vec<KeyEpoch>, Vec<KeyEpoch>) =
            grant.epochs.iter().partition(|held| in_use.contains(held));
        for held in unused {
            WrappedKeys::<T>::remove((id, reader, held));
        }
        kept.push(epoch);
        kept.sort_unstable();
        // Never truncates: one epoch for each kept version, and the one in force.
        grant.epochs = BoundedVec::truncate_from(kept);
    }
}
