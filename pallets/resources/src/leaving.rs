// SPDX-License-Identifier: Apache-2.0
//! How what a person could read is closed to who is to read no more: the person who departed, or whoever has the old keys of one
//! who got new ones. A bounded number of steps at a time; and what waits for it.
//!
//! From the block of their departure people are granted nothing, and nothing is published under a key they have. A person who
//! comes back before their last grant has ended loses the rest of them all the same. Who got new keys keeps every grant.

use frame_support::{ensure, weights::Weight};
use kith_primitives::{
    glue::OnDeparture,
    member::MemberId,
    resource::{ResourceId, Visibility},
};

use crate::{
    types::{Leaving, Resource},
    weights::WeightInfo,
    Config, Error, Event, Grants, Leavers, Pallet, ReadableBy, Resources, WrappedKeys, LEAVE_STEPS, MAX_LEAVERS_ASKED,
};

impl<T: Config> OnDeparture for Pallet<T> {
    fn departed(person: MemberId) {
        if Self::reads_anything(person) {
            Leavers::<T>::insert(person, Leaving::Departed);
        }
    }
}

impl<T: Config> Pallet<T> {
    /// To be called when a person got new keys: what their old ones open is written no more.
    pub fn rekeyed(person: MemberId) {
        if Self::reads_anything(person) && Leavers::<T>::get(person) != Some(Leaving::Departed) {
            Leavers::<T>::insert(person, Leaving::Rekeyed { after: None });
        }
    }

    fn reads_anything(person: MemberId) -> bool {
        ReadableBy::<T>::iter_key_prefix(person).next().is_some()
    }

    /// Refuses while somebody who is gone through has the key of the epoch in force, or they are too many to know.
    pub(crate) fn ensure_no_leaver_reads(id: ResourceId, resource: &Resource) -> Result<(), Error<T>> {
        if resource.visibility == Visibility::Public {
            return Ok(());
        }
        let mut leavers = Leavers::<T>::iter_keys();
        let mut asked = leavers.by_ref().take(MAX_LEAVERS_ASKED);
        let known = asked.any(|person| WrappedKeys::<T>::contains_key((id, person, resource.key_epoch)));
        ensure!(!known && leavers.next().is_none(), Error::<T>::ReaderDeparted);
        Ok(())
    }

    /// Does the steps that no block omits. Returns their weight.
    pub(crate) fn see_off_in_every_block() -> Weight {
        let used = u64::try_from(Self::see_off(LEAVE_STEPS)).unwrap_or(u64::MAX);
        T::WeightInfo::leave_base().saturating_add(T::WeightInfo::leave_step().saturating_mul(used))
    }

    /// Takes up to `budget` steps; each goes through one grant of one person, or is done with them when none is left. Returns
    /// how many it took.
    pub(crate) fn see_off(budget: usize) -> usize {
        let mut used = 0usize;
        while used < budget {
            let Some((person, leaving)) = Leavers::<T>::iter().next() else { break };
            match (Self::next_readable(person, leaving), leaving) {
                (None, _) => Leavers::<T>::remove(person),
                (Some(id), Leaving::Departed) => Self::end_right(id, person),
                (Some(id), Leaving::Rekeyed { .. }) => {
                    Self::close_to_old_keys(id, person);
                    Leavers::<T>::insert(person, Leaving::Rekeyed { after: Some(id) });
                }
            }
            used = used.saturating_add(1);
        }
        used
    }

    /// The next resource to go through.
    fn next_readable(person: MemberId, leaving: Leaving) -> Option<ResourceId> {
        match leaving {
            Leaving::Departed | Leaving::Rekeyed { after: None } => ReadableBy::<T>::iter_key_prefix(person).next(),
            Leaving::Rekeyed { after: Some(id) } => {
                let from = ReadableBy::<T>::hashed_key_for(person, id);
                ReadableBy::<T>::iter_key_prefix_from(person, from).next()
            }
        }
    }

    /// Ends the person's right to read the resource, and opens a new key epoch if they have the key of the one in force.
    fn end_right(id: ResourceId, person: MemberId) {
        let Some(grant) = Grants::<T>::get(id, person) else {
            ReadableBy::<T>::remove(person, id);
            return;
        };
        let Some(mut resource) = Resources::<T>::get(id) else {
            Grants::<T>::remove(id, person);
            Self::end_grant(id, person, grant);
            return;
        };
        if grant.epochs.contains(&resource.key_epoch) {
            // The last epoch there is stays: an owner reaches it only by four billion revocations of their own.
            let _stays = Self::next_epoch(&mut resource);
        }
        Self::do_revoke(id, resource, person, grant);
    }

    /// Opens a new key epoch of the resource if the person has the key of the one in force: it was once wrapped for keys that
    /// are no longer theirs, whoever wrapped it anew since.
    fn close_to_old_keys(id: ResourceId, person: MemberId) {
        let Some(mut resource) = Resources::<T>::get(id) else { return };
        let is_open = Grants::<T>::get(id, person).is_some_and(|grant| grant.epochs.contains(&resource.key_epoch));
        if is_open && Self::next_epoch(&mut resource).is_ok() {
            let epoch = resource.key_epoch;
            Resources::<T>::insert(id, resource);
            Self::deposit_event(Event::EpochOpened { resource: id, reader: person, epoch });
        }
    }
}
