// SPDX-License-Identifier: Apache-2.0
//! What storage costs its payer, and how the payer gets it back exactly once.
//!
//! Each stored thing records its deposit; [`Held`] has the sum for each payer. What is on hold is brought down *to* that
//! sum, never *by* an amount, so that nothing can be returned twice, also not after a payer's account has changed.

use frame_support::traits::{
    fungible::{InspectHold, MutateHold},
    tokens::Precision,
};
use kith_primitives::{glue::Community, member::MemberId, Balance};
use sp_runtime::{ArithmeticError, DispatchError};

use crate::{types::Deposit, Config, Error, Held, HoldReason, Pallet};

impl<T: Config> Pallet<T> {
    /// Holds `amount` of the member's free balance.
    pub(crate) fn take_deposit(payer: MemberId, amount: Balance) -> Result<Deposit, DispatchError> {
        if amount > 0 {
            let account = T::Community::account(payer).ok_or(Error::<T>::NotMember)?;
            let held = Held::<T>::get(payer).checked_add(amount).ok_or(ArithmeticError::Overflow)?;
            T::Currency::hold(&HoldReason::Deposit.into(), &account, amount)?;
            Held::<T>::insert(payer, held);
        }
        Ok(Deposit { payer, amount })
    }

    /// Gives back a deposit whose record the caller has removed.
    pub(crate) fn return_deposit(Deposit { payer, amount }: Deposit) {
        if amount == 0 {
            return;
        }
        let held = Held::<T>::get(payer).saturating_sub(amount);
        Held::<T>::set(payer, held);
        if held == 0 {
            Held::<T>::remove(payer);
        }
        let Some(account) = T::Community::account(payer) else { return };
        let reason = HoldReason::Deposit.into();
        let surplus = T::Currency::balance_on_hold(&reason, &account).saturating_sub(held);
        // The currency refuses only what would leave the account with less than it must hold to exist: that stays on hold,
        // and the payer's next return takes it along.
        let _released = T::Currency::release(&reason, &account, surplus, Precision::BestEffort);
    }
}
