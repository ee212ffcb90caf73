// SPDX-License-Identifier: Apache-2.0
//! How a member who got new keys gets back the content keys that were wrapped to the old ones.
//!
//! Those who have a content key wrap it anew. What a reader can open nobody but the owner replaces; whether it opens only the
//! reader knows, so a bad key that was returned stands until they reject it.

use alloc::vec::Vec;
use frame_support::ensure;
use kith_primitives::{
    glue::Community,
    member::MemberId,
    resource::{KeyEpoch, ResourceId, WrappedKey},
};
use sp_runtime::DispatchError;

use crate::{types::StoredKey, Config, Error, Pallet, WrappedKeys};

impl<T: Config> Pallet<T> {
    /// Checks a key the caller wants to return. Returns the epochs whose keys are of use.
    pub(crate) fn check_return(
        caller: MemberId,
        id: ResourceId,
        reader: MemberId,
        epoch: KeyEpoch,
        wrapped_key: &WrappedKey,
    ) -> Result<Vec<KeyEpoch>, DispatchError> {
        let resource = Self::leased(id)?;
        ensure!(WrappedKeys::<T>::contains_key((id, caller, epoch)), Error::<T>::NotHolder);
        let in_use = Self::check_wrap(id, &resource, reader, epoch, wrapped_key)?;
        match WrappedKeys::<T>::get((id, reader, epoch)) {
            Some(stored) => ensure!(Self::is_lost(reader, &stored), Error::<T>::KeyStands),
            None => ensure!(reader == resource.owner, Error::<T>::NotGranted),
        }
        Ok(in_use)
    }

    /// Checks that the reader has a key of the epoch and has not rejected it. Returns it, rejected.
    pub(crate) fn check_reject(reader: MemberId, id: ResourceId, epoch: KeyEpoch) -> Result<StoredKey, DispatchError> {
        Self::leased(id)?;
        let stored = WrappedKeys::<T>::get((id, reader, epoch)).ok_or(Error::<T>::NotGranted)?;
        ensure!(!stored.rejected, Error::<T>::AlreadyExists);
        Ok(StoredKey { rejected: true, ..stored })
    }

    /// Whether the reader cannot open the key: it was wrapped before they got theirs, or they say so. What was wrapped in the
    /// very block in which they got theirs is taken to be good.
    fn is_lost(reader: MemberId, stored: &StoredKey) -> bool {
        stored.rejected || T::Community::keyed_at(reader).is_some_and(|keyed| stored.wrapped < keyed)
    }
}
