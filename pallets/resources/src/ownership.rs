// SPDX-License-Identifier: Apache-2.0
//! Whose a resource is: how it begins, passes from hand to hand, and ends.

use frame_support::ensure;
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use kith_primitives::{
    glue::{Community, Constitution},
    member::MemberId,
    name::ResourceName,
    resource::{Kind, ResourceId, Visibility},
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

use crate::{types::Resource, Config, Error, Event, NextResource, OwnedBy, Pallet, Readers, Reaping, Resources};

impl<T: Config> Pallet<T> {
    /// The active member who signed.
    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<MemberId, DispatchError> {
        let account = ensure_signed(origin)?;
        T::Community::member(&account).ok_or_else(|| Error::<T>::NotMember.into())
    }

    /// Refuses all but the owner.
    pub(crate) fn ensure_owner(caller: MemberId, resource: &Resource) -> Result<(), Error<T>> {
        ensure!(caller == resource.owner, Error::<T>::NotOwner);
        Ok(())
    }

    /// Makes a resource.
    pub(crate) fn do_init(
        owner: MemberId,
        kind: Kind,
        visibility: Visibility,
        name: Option<ResourceName>,
        gives_way: Option<ResourceId>,
    ) -> DispatchResult {
        let id = NextResource::<T>::get();
        let next = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let deposit = Self::take_deposit(owner, T::Constitution::parameters().resource_deposit)?;
        NextResource::<T>::put(next);
        let resource = Resource {
            owner,
            kind,
            visibility,
            name,
            key_epoch: 0,
            latest: None,
            lease_until: Self::new_lease(),
            counted: false,
            offered_to: None,
            deposit,
        };
        OwnedBy::<T>::insert(owner, id, ());
        Self::deposit_event(Event::Initialised { resource: id, owner, kind, visibility });
        if resource.name.is_some() {
            Self::take_name(id, &resource, gives_way);
        }
        Resources::<T>::insert(id, resource);
        Ok(())
    }

    /// Checks an offer of the resource, or, for `None`, the withdrawal of one. Returns the resource with it.
    pub(crate) fn check_transfer(
        caller: MemberId,
        id: ResourceId,
        new_owner: Option<MemberId>,
    ) -> Result<Resource, DispatchError> {
        let mut resource = Self::leased(id)?;
        Self::ensure_owner(caller, &resource)?;
        match new_owner {
            Some(member) => {
                ensure!(member != caller, Error::<T>::AlreadyOwner);
                ensure!(T::Community::is_member(member), Error::<T>::NewOwnerNotMember);
            }
            None => ensure!(resource.offered_to.is_some(), Error::<T>::NotOffered),
        }
        resource.offered_to = new_owner;
        Ok(resource)
    }

    /// Checks that the resource is offered to the caller. Returns it in its next epoch: the former owner has the key of this.
    pub(crate) fn check_accept(caller: MemberId, id: ResourceId) -> Result<Resource, DispatchError> {
        let mut resource = Self::leased(id)?;
        ensure!(resource.offered_to == Some(caller), Error::<T>::NotOffered);
        Self::next_epoch(&mut resource)?;
        Ok(resource)
    }

    /// Makes the member the owner.
    pub(crate) fn do_accept(id: ResourceId, mut resource: Resource, to: MemberId) {
        let (from, counted) = (resource.owner, resource.counted);
        OwnedBy::<T>::remove(from, id);
        Self::uncount(&mut resource);
        resource.owner = to;
        resource.offered_to = None;
        OwnedBy::<T>::insert(to, id, ());
        if counted {
            Self::count(&mut resource);
        }
        let epoch = resource.key_epoch;
        Resources::<T>::insert(id, resource);
        Self::deposit_event(Event::Transferred { resource: id, from, to, epoch });
    }

    /// Checks that the person may retire the resource. Returns it.
    pub(crate) fn check_retire(person: MemberId, id: ResourceId) -> Result<Resource, DispatchError> {
        let resource = Resources::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        Self::ensure_owner(person, &resource)?;
        Ok(resource)
    }

    /// Removes the resource for all to see, and leaves what hangs on it to [`Pallet::reap`].
    pub(crate) fn end(id: ResourceId, mut resource: Resource) {
        Self::uncount(&mut resource);
        Self::free_name(&resource);
        OwnedBy::<T>::remove(resource.owner, id);
        Readers::<T>::remove(id);
        Resources::<T>::remove(id);
        Reaping::<T>::insert(id, ());
        Self::return_deposit(resource.deposit);
    }
}
