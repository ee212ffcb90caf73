// SPDX-License-Identifier: Apache-2.0
//! How accounts without funds are kept alive, so that they can send transactions.

use kith_primitives::AccountId;
use sp_runtime::traits::Zero;

use crate::{Config, Pallet};

impl<T: Config> Pallet<T> {
    /// Lets the account send transactions whether or not it holds funds.
    pub(crate) fn hold_account(account: &AccountId) {
        frame_system::Pallet::<T>::inc_sufficients(account);
    }

    /// Undoes one [`Self::hold_account`], unless the account ever sent a transaction: an account that dies and lives
    /// again counts from nonce 0, so whoever kept its old transactions could send them once more.
    pub(crate) fn release_account(account: &AccountId) {
        if frame_system::Pallet::<T>::account_nonce(account).is_zero() {
            frame_system::Pallet::<T>::dec_sufficients(account);
        }
    }
}
