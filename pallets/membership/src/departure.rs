// SPDX-License-Identifier: Apache-2.0
//! How people go for good.

use frame_support::ensure;
use kith_primitives::{
    glue::{Expulsion, OnDeparture},
    member::{MemberId, Standing},
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{ActiveMembers, Config, Error, Event, Pallet, People, PersonFor, Quotas};

impl<T: Config> Pallet<T> {
    pub(crate) fn check_removal(person: MemberId) -> Result<PersonFor, DispatchError> {
        let record = People::<T>::get(person).ok_or(Error::<T>::NotFound)?;
        ensure!(record.standing != Standing::Removed, Error::<T>::AlreadyRemoved);
        let is_last = record.standing == Standing::Member && ActiveMembers::<T>::get() <= 1;
        ensure!(!is_last, Error::<T>::LastMember);
        Ok(record)
    }

    /// Removes a person. Their record stays, so that account and key are not used again; their devices stay bound to
    /// it, and resolve to nobody, until the person unbinds them.
    pub(crate) fn do_remove(person: MemberId, record: PersonFor, event: Event<T>) {
        Self::change_standing(person, record, Standing::Removed);
        Quotas::<T>::remove(person);
        T::OnDeparture::departed(person);
        Self::deposit_event(event);
    }
}

impl<T: Config> Expulsion for Pallet<T> {
    fn expel(person: MemberId) -> DispatchResult {
        let record = Self::check_removal(person)?;
        Self::do_remove(person, record, Event::Expelled { person });
        Ok(())
    }
}
