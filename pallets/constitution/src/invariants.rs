// SPDX-License-Identifier: Apache-2.0
//! What must be true of this pallet's storage after every block.

use alloc::collections::BTreeMap;

use frame_support::ensure;
use kith_primitives::glue::Community;
use sp_runtime::TryRuntimeError;

use crate::{
    clock, ApprovedBy, Config, EpochSlots, InForce, NextOverride, OverrideId, Overrides, Pallet, ProposalOf, Scheduled,
    SlotMillis,
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet; reads all of its state, so it is for tests and for trying out upgrades
    /// only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(InForce::<T>::get().out_of_bounds().is_none(), "a parameter in force is out of bounds");
        let scheduled = Scheduled::<T>::get().and_then(|next| next.out_of_bounds());
        ensure!(scheduled.is_none(), "a scheduled parameter is out of bounds");
        ensure!(clock::SLOT_MILLIS.contains(&SlotMillis::<T>::get()), "the slot's length is out of bounds");
        ensure!(clock::EPOCH_SLOTS.contains(&EpochSlots::<T>::get()), "the epoch's length is out of bounds");
        Self::try_overrides()
    }

    fn try_overrides() -> Result<(), TryRuntimeError> {
        let mut counted: BTreeMap<OverrideId, u32> = BTreeMap::new();
        for (member, approvals) in ApprovedBy::<T>::iter() {
            ensure!(T::Community::is_member(member), "someone who is not an active member approves of an override");
            for id in approvals {
                let count = counted.entry(id).or_default();
                *count = count.saturating_add(1);
            }
        }
        for (id, it) in Overrides::<T>::iter() {
            ensure!(id < NextOverride::<T>::get(), "an override has a number not yet given");
            ensure!(it.approvals > 0, "an override without approvals is open");
            ensure!(counted.get(&id) == Some(&it.approvals), "an override's approvals are miscounted");
            ensure!(ProposalOf::<T>::get(it.proposer) == Some(id), "an override's proposer does not know it");
        }
        ensure!(
            ProposalOf::<T>::iter().count() == Overrides::<T>::iter().count(),
            "a proposer has an override that is gone"
        );
        Ok(())
    }
}
