// SPDX-License-Identifier: Apache-2.0
//! What people may still do as an account they gave up.

use frame_support::{
    dispatch::{extract_actual_weight, DispatchResultWithPostInfo, GetDispatchInfo},
    ensure,
    traits::OriginTrait,
};
use frame_system::pallet_prelude::OriginFor;
use kith_primitives::{member::MemberId, AccountId};
use sp_runtime::{traits::Dispatchable, DispatchError};

use crate::{Config, Error, Event, FormerAccounts, Pallet, WeightInfo};

impl<T: Config> Pallet<T> {
    /// The person who signs and whose account it was.
    pub(crate) fn check_former(who: &AccountId, former: &AccountId) -> Result<MemberId, DispatchError> {
        let person = Self::signing_person(who)?;
        Self::present(person)?;
        let was_theirs = FormerAccounts::<T>::get(former).is_some_and(|record| record.person == person);
        ensure!(was_theirs, Error::<T>::NotFormer);
        Ok(person)
    }

    /// Makes the call. The origin keeps its filters: what the sender may not call, they may not call as another either.
    pub(crate) fn do_as_former(
        mut origin: OriginFor<T>,
        person: MemberId,
        former: AccountId,
        call: <T as Config>::RuntimeCall,
    ) -> DispatchResultWithPostInfo {
        origin.set_caller_from(frame_system::RawOrigin::Signed(former.clone()));
        let info = call.get_dispatch_info();
        let result = call.dispatch(origin);
        let weight = <T as Config>::WeightInfo::as_former().saturating_add(extract_actual_weight(&result, &info));
        match result {
            Ok(_) => {
                Self::deposit_event(Event::ActedAsFormer { person, former });
                Ok(Some(weight).into())
            }
            Err(mut refused) => {
                refused.post_info = Some(weight).into();
                Err(refused)
            }
        }
    }
}
