// SPDX-License-Identifier: Apache-2.0
//! What must be true of this pallet's storage after every block.

use alloc::collections::BTreeMap;

use frame_support::ensure;
use kith_primitives::{member::MemberId, EraIndex};
use sp_runtime::TryRuntimeError;

use crate::{Config, Credits, CurrentEra, Directed, Eras, Holders, OldestEra, Pallet, Pledges, Providers, MAX_PLEDGES};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet; reads all of its state, so it is for tests and for trying out upgrades
    /// only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_pledges()?;
        Self::try_eras()?;
        Self::try_shares()
    }

    fn try_pledges() -> Result<(), TryRuntimeError> {
        let draws = CurrentEra::<T>::get().map_or(0, |era| era.draws);
        let mut total: u32 = 0;
        for (provider, state) in Providers::<T>::iter() {
            ensure!((1..=MAX_PLEDGES).contains(&state.pledges), "a provider has no pledges, or too many");
            ensure!(state.draws <= draws, "a provider accounts for a draw that was not");
            for slot in 0..state.pledges {
                let pledge = Pledges::<T>::get(provider, slot).ok_or("a slot is empty")?;
                ensure!(
                    Holders::<T>::get(pledge.resource, provider) == Some(slot),
                    "a pledge is in another slot than its holder's"
                );
            }
            total = total.saturating_add(state.pledges);
        }
        let count = |entries: usize| u32::try_from(entries).unwrap_or(u32::MAX);
        ensure!(count(Pledges::<T>::iter_keys().count()) == total, "there is a pledge without a provider");
        ensure!(count(Holders::<T>::iter_keys().count()) == total, "there is a holder without a pledge");
        Ok(())
    }

    fn try_eras() -> Result<(), TryRuntimeError> {
        let Some(era) = CurrentEra::<T>::get() else { return Ok(()) };
        for index in OldestEra::<T>::get()..=era.index {
            let record = Eras::<T>::get(index).ok_or("an era is missing")?;
            ensure!(record.directing <= record.members, "more shares are directed than there are members");
            ensure!(record.claim_until.is_none() == (index == era.index), "only the current era has no end");
        }
        let kept = era.index.saturating_sub(OldestEra::<T>::get()).saturating_add(1);
        ensure!(u32::try_from(Eras::<T>::iter_keys().count()) == Ok(kept), "an era is outside those kept");
        Ok(())
    }

    /// No share can be claimed beyond itself.
    fn try_shares() -> Result<(), TryRuntimeError> {
        let mut claimable: BTreeMap<(EraIndex, MemberId), u128> = BTreeMap::new();
        for (era, _, credit) in Credits::<T>::iter() {
            ensure!(Eras::<T>::contains_key(era), "a credit is left of an era that is gone");
            let sum = claimable.entry((era, credit.owner)).or_default();
            *sum = sum.saturating_add(credit.weight);
        }
        for ((era, owner), sum) in claimable {
            ensure!(sum <= Directed::<T>::get(era, owner), "more of a share is credited than was directed");
        }
        let mut directing: BTreeMap<EraIndex, u32> = BTreeMap::new();
        for (era, _) in Directed::<T>::iter_keys() {
            let count = directing.entry(era).or_default();
            *count = count.saturating_add(1);
        }
        for (era, count) in directing {
            let record = Eras::<T>::get(era).ok_or("a share is left of an era that is gone")?;
            ensure!(count <= record.directing, "an owner directs a share without being counted");
        }
        Ok(())
    }
}
