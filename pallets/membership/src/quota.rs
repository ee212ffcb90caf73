// SPDX-License-Identifier: Apache-2.0
//! What members have to pay fees with: an allowance that regenerates block by block, up to a cap.

use kith_primitives::{
    glue::{Community, Constitution, Now, Quota},
    member::MemberId,
    Balance, BlockNumber,
};

use crate::{Config, Pallet, QuotaState, QuotaStateFor, Quotas};

/// `min(cap, available + per_block * (now - at))`; the cap for who never spent. Saturates: the cap bounds the result
/// anyway.
fn regained(state: Option<QuotaStateFor>, now: BlockNumber, cap: Balance, per_block: Balance) -> Balance {
    let Some(QuotaState { available, at }) = state else { return cap };
    let blocks = Balance::from(now.saturating_sub(at));
    available.saturating_add(per_block.saturating_mul(blocks)).min(cap)
}

impl<T: Config> Quota for Pallet<T> {
    fn spend(member: MemberId, amount: Balance) -> bool {
        let left = Self::available(member).checked_sub(amount);
        match left {
            Some(available) if Self::is_member(member) => {
                Quotas::<T>::insert(member, QuotaState { available, at: T::Clock::now() });
                true
            }
            _ => false,
        }
    }

    fn give_back(member: MemberId, amount: Balance) {
        if Self::is_member(member) {
            let cap = T::Constitution::parameters().quota_cap;
            let available = Self::available(member).saturating_add(amount).min(cap);
            Quotas::<T>::insert(member, QuotaState { available, at: T::Clock::now() });
        }
    }

    fn available(member: MemberId) -> Balance {
        if !Self::is_member(member) {
            return 0;
        }
        let parameters = T::Constitution::parameters();
        regained(Quotas::<T>::get(member), T::Clock::now(), parameters.quota_cap, parameters.quota_per_block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The bound that keeps one member from using up the network: a full quota, and what time gives.
        #[test]
        fn nobody_spends_more_than_the_cap_and_what_time_gives(
            cap in 0u128..1_000_000, per_block in 0u128..1_000,
            steps in proptest::collection::vec((0u32..500, 0u128..200_000), 1..50),
        ) {
            let (mut state, mut now, mut spent) = (None, 0u32, 0u128);
            for (wait, wish) in steps {
                now += wait;
                let available = regained(state, now, cap, per_block);
                prop_assert!(available <= cap);
                let taken = wish.min(available);
                spent += taken;
                state = Some(QuotaState { available: available - taken, at: now });
            }
            prop_assert!(spent <= cap + per_block * u128::from(now));
        }

        #[test]
        fn no_value_overflows(available: u128, at: u32, now: u32, cap: u128, per_block: u128) {
            let state = Some(QuotaState { available, at });
            prop_assert!(regained(state, now, cap, per_block) <= cap);
        }
    }
}
