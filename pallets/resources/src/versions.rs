// SPDX-License-Identifier: Apache-2.0
//! How a resource gets its next version, and which of the old ones are kept.

use frame_support::ensure;
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    glue::{Constitution, Now},
    member::MemberId,
    resource::{KeyEpoch, ResourceId, Version, VersionNumber},
    Balance,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{
    types::{Resource, StoredVersion},
    Config, Error, Event, Pallet, Resources, Versions, MAX_VERSIONS,
};

impl<T: Config> Pallet<T> {
    /// Checks a version the caller wants to publish. Returns its resource and its deposit.
    pub(crate) fn check_publish(
        caller: MemberId,
        id: ResourceId,
        number: VersionNumber,
        epoch: KeyEpoch,
        content: &ContentId,
        commitment: &Commitment,
    ) -> Result<(Resource, Balance), DispatchError> {
        let resource = Self::leased(id)?;
        Self::ensure_owner(caller, &resource)?;
        let next = resource.latest.unwrap_or_default().checked_add(1).ok_or(ArithmeticError::Overflow)?;
        ensure!(number == next, Error::<T>::WrongVersion);
        // The key may have changed since the bytes were encrypted.
        ensure!(epoch == resource.key_epoch, Error::<T>::WrongEpoch);
        ensure!(content.is_valid(), Error::<T>::InvalidContent);
        ensure!(commitment.chunks > 0, Error::<T>::InvalidCommitment);
        Self::ensure_no_leaver_reads(id, &resource)?;
        let price = T::Constitution::parameters().storage_deposit;
        let amount = price.checked_mul(commitment.chunks.into()).ok_or(ArithmeticError::Overflow)?;
        Ok((resource, amount))
    }

    /// Records the version, and removes the one that falls out of the [`MAX_VERSIONS`] kept.
    pub(crate) fn do_publish(
        id: ResourceId,
        mut resource: Resource,
        number: VersionNumber,
        content: ContentId,
        commitment: Commitment,
        amount: Balance,
    ) -> DispatchResult {
        let deposit = Self::take_deposit(resource.owner, amount)?;
        let version =
            Version { number, key_epoch: resource.key_epoch, content, commitment, published: T::Clock::now() };
        Versions::<T>::insert(id, number, StoredVersion { version, deposit });
        if let Some(oldest) = number.checked_sub(MAX_VERSIONS).and_then(|n| Versions::<T>::take(id, n)) {
            Self::return_deposit(oldest.deposit);
        }
        resource.latest = Some(number);
        Self::count(&mut resource);
        let owner = resource.owner;
        Resources::<T>::insert(id, resource);
        Self::deposit_event(Event::Published { resource: id, number, owner });
        Ok(())
    }
}
