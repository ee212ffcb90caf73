// SPDX-License-Identifier: Apache-2.0
//! What a provider is paid for a past era, and when it is too late.

use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult},
    traits::fungible::Mutate,
    weights::{Weight, WeightMeter},
};
use kith_primitives::{glue::Now, member::MemberId, Balance, BlockNumber, EraIndex};

use crate::{
    maths, Config, Credits, Directed, EraRecord, Eras, Error, Event, OldestEra, Pallet, WeightInfo, PRUNE_STEPS,
};

// === queries ===

impl<T: Config> Pallet<T> {
    /// What the provider's proof in an era earns. Final once the era has ended.
    pub fn earned(era: EraIndex, provider: MemberId) -> Option<Balance> {
        let (credit, record) = (Credits::<T>::get(era, provider)?, Eras::<T>::get(era)?);
        let share = maths::share(record.pot, record.members);
        Some(maths::payout(share, credit.weight, Directed::<T>::get(era, credit.owner)))
    }
}

// === checks ===

impl<T: Config> Pallet<T> {
    pub(crate) fn check_claim(era: EraIndex, provider: MemberId) -> Result<Balance, DispatchError> {
        ensure!(era >= OldestEra::<T>::get(), Error::<T>::Expired);
        let record = Eras::<T>::get(era).ok_or(Error::<T>::TooEarly)?;
        let until = record.claim_until.ok_or(Error::<T>::TooEarly)?;
        ensure!(T::Clock::now() <= until, Error::<T>::Expired);
        let amount = Self::earned(era, provider).ok_or(Error::<T>::NotFound)?;
        ensure!(amount > 0, Error::<T>::NothingEarned);
        Ok(amount)
    }
}

// === changes ===

impl<T: Config> Pallet<T> {
    pub(crate) fn do_claim(
        era: EraIndex,
        provider: MemberId,
        account: &T::AccountId,
        amount: Balance,
    ) -> DispatchResult {
        T::Currency::mint_into(account, amount)?;
        Credits::<T>::remove(era, provider);
        Self::deposit_event(Event::Claimed { era, provider, amount });
        Ok(())
    }

    /// Removes what can no longer be claimed, as far as weight and bound allow.
    pub(crate) fn prune(remaining: Weight) -> Weight {
        let mut meter = WeightMeter::with_limit(remaining);
        let now = T::Clock::now();
        for _ in 0..PRUNE_STEPS {
            if meter.try_consume(T::WeightInfo::prune_step()).is_err() || !Self::prune_step(now) {
                break;
            }
        }
        meter.consumed()
    }

    /// Removes one entry of the oldest era, if its time is over.
    pub(crate) fn prune_step(now: BlockNumber) -> bool {
        let era = OldestEra::<T>::get();
        if !Eras::<T>::get(era).is_some_and(|record| Self::is_over(&record, now)) {
            return false;
        }
        if let Some(provider) = Credits::<T>::iter_key_prefix(era).next() {
            Credits::<T>::remove(era, provider);
        } else if let Some(owner) = Directed::<T>::iter_key_prefix(era).next() {
            Directed::<T>::remove(era, owner);
        } else {
            Eras::<T>::remove(era);
            OldestEra::<T>::put(era.saturating_add(1));
        }
        true
    }

    fn is_over(record: &EraRecord, now: BlockNumber) -> bool {
        record.claim_until.is_some_and(|until| now > until)
    }
}
