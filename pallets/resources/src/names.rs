// SPDX-License-Identifier: Apache-2.0
//! Who may have which name.
//!
//! [`Names`] and [`Skeletons`] are one-to-one: of all names that look alike, one at most is in use.

use kith_primitives::{
    name::{NameError, ResourceName},
    resource::ResourceId,
};

use crate::{
    types::{Phase, Resource},
    Config, Error, Event, Names, Pallet, Resources, Skeletons,
};

impl<T: Config> Pallet<T> {
    /// Checks that `asker` (`None`: a resource not made yet) may take the name. Returns the resource that must give it up
    /// because its time is over.
    pub(crate) fn check_name(name: &ResourceName, asker: Option<ResourceId>) -> Result<Option<ResourceId>, Error<T>> {
        name.check().map_err(|error| match error {
            NameError::Reserved => Error::<T>::ReservedName,
            NameError::TooShort | NameError::TooLong | NameError::BadCharacter => Error::<T>::InvalidName,
        })?;
        let Some(taken) = Skeletons::<T>::get(name.skeleton()) else { return Ok(None) };
        let Some(holder) = Names::<T>::get(&taken) else { return Ok(None) };
        if asker == Some(holder) {
            return Ok(None);
        }
        match Resources::<T>::get(holder) {
            Some(resource) if Self::phase(&resource) != Phase::Over => {
                Err(if taken == *name { Error::<T>::NameTaken } else { Error::<T>::ConfusableName })
            }
            _ => Ok(Some(holder)),
        }
    }

    /// Gives the resource another name, or none.
    pub(crate) fn do_set_name(
        id: ResourceId,
        mut resource: Resource,
        name: Option<ResourceName>,
        gives_way: Option<ResourceId>,
    ) {
        Self::free_name(&resource);
        resource.name = name;
        Self::take_name(id, &resource, gives_way);
        Resources::<T>::insert(id, resource);
    }

    /// Enters the resource's name, if it has one, after the one that gives way has been removed.
    pub(crate) fn take_name(id: ResourceId, resource: &Resource, gives_way: Option<ResourceId>) {
        if let Some(holder) = gives_way {
            Self::expire(holder);
        }
        if let Some(name) = &resource.name {
            Skeletons::<T>::insert(name.skeleton(), name);
            Names::<T>::insert(name, id);
        }
        Self::deposit_event(Event::NameSet { resource: id, name: resource.name.clone() });
    }

    /// Makes the resource's name, if it has one, free for others.
    pub(crate) fn free_name(resource: &Resource) {
        if let Some(name) = &resource.name {
            Skeletons::<T>::remove(name.skeleton());
            Names::<T>::remove(name);
        }
    }
}
