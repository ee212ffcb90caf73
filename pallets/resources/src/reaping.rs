// SPDX-License-Identifier: Apache-2.0
//! How what hung on an ended resource is removed, a bounded number of steps at a time.

use frame_support::weights::Weight;
use kith_primitives::resource::ResourceId;

use crate::{
    counts::one_less, weights::WeightInfo, Config, Event, Grants, Pallet, Reaping, SubscriptionCount, Subscriptions,
    Versions, IDLE_LEAVE_STEPS, REAP_STEPS, SWEEP_STEPS,
};

impl<T: Config> Pallet<T> {
    /// Uses idle time: ends the rights of those who departed, removes what ended, then looks for what has ended since. Returns
    /// the weight used.
    pub(crate) fn idle(remaining: Weight) -> Weight {
        let mut left = remaining;
        let base = T::WeightInfo::idle_base();
        if left.checked_reduce(base).is_none() {
            return Weight::zero();
        }
        let chores: [(Weight, usize, fn(usize) -> usize); 3] = [
            (T::WeightInfo::leave_step(), IDLE_LEAVE_STEPS, Self::see_off),
            (T::WeightInfo::reap_step(), REAP_STEPS, Self::reap),
            (T::WeightInfo::sweep_step(), SWEEP_STEPS, Self::sweep),
        ];
        for (step, most, work) in chores {
            let affordable = left.checked_div_per_component(&step).unwrap_or_default();
            let budget = usize::try_from(affordable).unwrap_or(usize::MAX).min(most);
            if budget > 0 {
                let used = u64::try_from(work(budget)).unwrap_or(u64::MAX);
                left = left.saturating_sub(step.saturating_mul(used));
            }
        }
        remaining.saturating_sub(left)
    }

    /// Takes up to `budget` steps; each removes one entry of an ended resource. Returns how many it took.
    pub(crate) fn reap(budget: usize) -> usize {
        let mut used = 0usize;
        while used < budget {
            let Some(id) = Reaping::<T>::iter_keys().next() else { break };
            used = used.saturating_add(Self::reap_entries(id, budget.saturating_sub(used)));
            if used < budget {
                Reaping::<T>::remove(id);
                used = used.saturating_add(1);
                Self::deposit_event(Event::Reaped { resource: id });
            }
        }
        used
    }

    /// Removes up to `budget` entries of the resource. Fewer than `budget` means that none is left.
    fn reap_entries(id: ResourceId, budget: usize) -> usize {
        let mut left = budget;
        for (_, stored) in Versions::<T>::drain_prefix(id).take(left) {
            left = left.saturating_sub(1);
            Self::return_deposit(stored.deposit);
        }
        for (reader, grant) in Grants::<T>::drain_prefix(id).take(left) {
            left = left.saturating_sub(1);
            Self::end_grant(id, reader, grant);
        }
        for (member, ()) in Subscriptions::<T>::drain_prefix(id).take(left) {
            left = left.saturating_sub(1);
            SubscriptionCount::<T>::mutate_exists(member, one_less);
        }
        budget.saturating_sub(left)
    }
}
