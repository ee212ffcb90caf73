// SPDX-License-Identifier: Apache-2.0
//! How long the network keeps a resource, and what is therefore to be kept for whom.

use alloc::vec::Vec;
use frame_support::ensure;
use kith_primitives::{
    custody::Commitment,
    glue::{Community, Constitution, Holdings, Now},
    member::MemberId,
    resource::{ResourceId, VersionNumber},
};
use sp_runtime::DispatchError;

use crate::{
    counts::{one_less, one_more},
    types::{Phase, Resource},
    Config, Error, Event, Grants, LeasedCount, Pallet, Resources, SweepCursor, Versions,
};

impl<T: Config> Pallet<T> {
    /// Where the resource stands now.
    pub(crate) fn phase(resource: &Resource) -> Phase {
        resource.phase(T::Clock::now(), T::Constitution::parameters().name_grace)
    }

    /// The resource, unless its time is over.
    pub(crate) fn existing(id: ResourceId) -> Result<Resource, Error<T>> {
        let resource = Resources::<T>::get(id).ok_or(Error::<T>::NotFound)?;
        ensure!(Self::phase(&resource) != Phase::Over, Error::<T>::Expired);
        Ok(resource)
    }

    /// The resource, if its lease runs.
    pub(crate) fn leased(id: ResourceId) -> Result<Resource, Error<T>> {
        let resource = Self::existing(id)?;
        ensure!(Self::phase(&resource) == Phase::Leased, Error::<T>::LeaseLapsed);
        Ok(resource)
    }

    /// Checks that the caller may extend the lease.
    pub(crate) fn check_refresh(caller: MemberId, id: ResourceId) -> Result<Resource, DispatchError> {
        let resource = Self::existing(id)?;
        if caller != resource.owner {
            ensure!(Grants::<T>::contains_key(id, caller), Error::<T>::NotReader);
            ensure!(T::Community::is_member(resource.owner), Error::<T>::OwnerDeparted);
        }
        Ok(resource)
    }

    /// Lets the lease run one lease period from now, or longer if it does already.
    pub(crate) fn do_refresh(id: ResourceId, mut resource: Resource) {
        let lease_until = Self::new_lease().max(resource.lease_until);
        resource.lease_until = lease_until;
        if resource.latest.is_some() {
            Self::count(&mut resource);
        }
        Resources::<T>::insert(id, resource);
        Self::deposit_event(Event::Refreshed { resource: id, lease_until });
    }

    /// The end of a lease that starts now.
    pub(crate) fn new_lease() -> kith_primitives::BlockNumber {
        T::Clock::now().saturating_add(T::Constitution::parameters().lease_period)
    }

    /// Counts the resource among those its owner has published and under lease.
    pub(crate) fn count(resource: &mut Resource) {
        if !resource.counted {
            resource.counted = true;
            LeasedCount::<T>::mutate_exists(resource.owner, one_more);
        }
    }

    /// Counts it no longer.
    pub(crate) fn uncount(resource: &mut Resource) {
        if resource.counted {
            resource.counted = false;
            LeasedCount::<T>::mutate_exists(resource.owner, one_less);
        }
    }

    /// Removes a resource whose time is over.
    pub(crate) fn expire(id: ResourceId) {
        if let Some(resource) = Resources::<T>::get(id) {
            Self::end(id, resource);
            Self::deposit_event(Event::Expired { resource: id });
        }
    }

    /// Looks at up to `budget` resources, going on where it stopped last time, and does what their time asks for. Returns how
    /// many it looked at.
    pub(crate) fn sweep(budget: usize) -> usize {
        let resources = match SweepCursor::<T>::get() {
            Some(last) => Resources::<T>::iter_from_key(last),
            None => Resources::<T>::iter(),
        };
        let batch: Vec<(ResourceId, Resource)> = resources.take(budget).collect();
        // A short batch has reached the end: start over.
        SweepCursor::<T>::set(batch.last().map(|(id, _)| *id).filter(|_| batch.len() == budget));
        let seen = batch.len();
        for (id, mut resource) in batch {
            match Self::phase(&resource) {
                Phase::Grace if resource.counted => {
                    Self::uncount(&mut resource);
                    Resources::<T>::insert(id, resource);
                }
                Phase::Leased | Phase::Grace => {}
                Phase::Over => Self::expire(id),
            }
        }
        seen
    }
}

impl<T: Config> Holdings for Pallet<T> {
    /// `None` also when the owner is no longer a member: nobody's share is directed to it then.
    fn leased_by(resource: ResourceId) -> Option<MemberId> {
        Self::leased(resource).ok().map(|r| r.owner).filter(|owner| T::Community::is_member(*owner))
    }

    fn latest(resource: ResourceId) -> Option<(VersionNumber, Commitment)> {
        let number = Resources::<T>::get(resource)?.latest?;
        Versions::<T>::get(resource, number).map(|stored| (number, stored.version.commitment))
    }

    /// Never fewer than there are; for a while more, after a lease has ended and until the sweep has come by.
    fn leased_resources(owner: MemberId) -> u32 {
        LeasedCount::<T>::get(owner)
    }
}
