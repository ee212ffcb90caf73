// SPDX-License-Identifier: Apache-2.0
//! How those who depart lose what they could read, a bounded number of steps at a time, and what waits for it.
//!
//! From the block of their departure they are granted nothing, and nothing is published under a key they have. A person who
//! comes back before their last grant has ended loses the rest of them all the same.

use frame_support::{ensure, weights::Weight};
use kith_primitives::{
    glue::OnDeparture,
    member::MemberId,
    resource::{ResourceId, Visibility},
};

use crate::{
    types::Resource, weights::WeightInfo, Config, Error, Grants, Leavers, Pallet, ReadableBy, Resources, WrappedKeys,
    LEAVE_STEPS, MAX_LEAVERS_ASKED,
};

impl<T: Config> OnDeparture for Pallet<T> {
    fn departed(person: MemberId) {
        if ReadableBy::<T>::iter_key_prefix(person).next().is_some() {
            Leavers::<T>::insert(person, ());
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Refuses while someone who departed has the key of the epoch in force, or too many leave to know.
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

    /// Takes up to `budget` steps; each ends one grant of somebody who departed, or their departure when none is left.
    /// Returns how many it took.
    pub(crate) fn see_off(budget: usize) -> usize {
        let mut used = 0usize;
        while used < budget {
            let Some(person) = Leavers::<T>::iter_keys().next() else { break };
            match ReadableBy::<T>::iter_key_prefix(person).next() {
                Some(id) => Self::end_right(id, person),
                None => Leavers::<T>::remove(person),
            }
            used = used.saturating_add(1);
        }
        used
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
}
