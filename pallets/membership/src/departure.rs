// SPDX-License-Identifier: Apache-2.0
//! How people go for good.

use frame_support::{ensure, weights::Weight};
use kith_primitives::{
    glue::{Expulsion, Now, OnDeparture},
    member::{MemberId, Standing},
    AccountId,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    Config, Error, Event, Former, FormerAccounts, Freeze, Frozen, Guardians, Pallet, People, PersonFor, Quotas,
    WeightInfo,
};

impl<T: Config> Pallet<T> {
    /// The record of a person who was not removed.
    pub(crate) fn present(person: MemberId) -> Result<PersonFor, DispatchError> {
        let record = People::<T>::get(person).ok_or(Error::<T>::NotFound)?;
        ensure!(record.standing != Standing::Removed, Error::<T>::AlreadyRemoved);
        Ok(record)
    }

    pub(crate) fn check_removal(person: MemberId) -> Result<PersonFor, DispatchError> {
        let record = Self::present(person)?;
        ensure!(!Self::is_last_able(person, &record), Error::<T>::LastMember);
        Ok(record)
    }

    /// Removes a person. Their record stays, so that account and key are not used again; their devices stay bound to
    /// it, and resolve to nobody, until the person unbinds them. A frozen key counts again, for nothing but itself; one
    /// its owner revoked never does.
    pub(crate) fn do_remove(person: MemberId, record: PersonFor, event: Event<T>) {
        Self::change_standing(person, record, Standing::Removed);
        Quotas::<T>::remove(person);
        Self::forget_guard(person);
        Frozen::<T>::mutate_exists(person, |freeze| *freeze = freeze.take().filter(|freeze| freeze.revoked));
        T::OnDeparture::departed(person);
        Self::deposit_event(event);
    }

    /// Forgets what was stored about the keys of a candidate who is forgotten. A revoked account stays barred.
    pub(crate) fn forget_keys(person: MemberId, account: &AccountId) {
        Self::forget_guard(person);
        if let Some(Freeze { revoked: true, .. }) = Frozen::<T>::take(person) {
            FormerAccounts::<T>::insert(account, Former { person, until: T::Clock::now() });
        }
    }

    /// Nobody decides about the key of someone who is gone.
    fn forget_guard(person: MemberId) {
        Self::close_all(person);
        Guardians::<T>::remove(person);
    }
}

impl<T: Config> Expulsion for Pallet<T> {
    fn expel(person: MemberId) -> DispatchResult {
        let record = Self::check_removal(person)?;
        Self::do_remove(person, record, Event::Expelled { person });
        Ok(())
    }

    fn weight() -> Weight {
        T::WeightInfo::force_remove()
    }
}
