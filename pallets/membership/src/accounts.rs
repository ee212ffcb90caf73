// SPDX-License-Identifier: Apache-2.0
//! Who signs with an account, and how accounts without funds are kept alive so that they can send transactions.

use frame_support::ensure;
use kith_primitives::{glue::Community, member::MemberId, AccountId};
use sp_runtime::{traits::Zero, DispatchError};

use crate::{Config, Error, FormerAccounts, Pallet, People, PersonOf};

impl<T: Config> Pallet<T> {
    /// Whether what the account signs counts for nothing: its key is frozen, or was given up for another.
    pub fn is_barred(account: &AccountId) -> bool {
        FormerAccounts::<T>::contains_key(account) || PersonOf::<T>::get(account).is_some_and(Self::is_frozen)
    }

    /// For a person's former account, the one they have now; every other account as it is.
    pub fn current_account(account: &AccountId) -> AccountId {
        let now = FormerAccounts::<T>::get(account).and_then(|former| People::<T>::get(former.person));
        now.map_or_else(|| account.clone(), |record| record.account)
    }

    /// The person, in any standing, who signs with this account.
    pub(crate) fn signing_person(account: &AccountId) -> Result<MemberId, DispatchError> {
        let person = PersonOf::<T>::get(account).ok_or(Error::<T>::NotFound)?;
        ensure!(!Self::is_frozen(person), Error::<T>::KeyFrozen);
        Ok(person)
    }

    /// The active member who signs with this account.
    pub(crate) fn signing_member(account: &AccountId) -> Result<MemberId, DispatchError> {
        let person = PersonOf::<T>::get(account).filter(|person| Self::is_member(*person));
        let member = person.ok_or(Error::<T>::NotMember)?;
        ensure!(!Self::is_frozen(member), Error::<T>::KeyFrozen);
        Ok(member)
    }

    /// Lets the account send transactions whether or not it holds funds. Does nothing to one that may already, such as
    /// a device's of long ago: an account is held once, whoever's it becomes.
    pub(crate) fn hold_account(account: &AccountId) {
        if frame_system::Pallet::<T>::sufficients(account).is_zero() {
            frame_system::Pallet::<T>::inc_sufficients(account);
        }
    }

    /// Undoes [`Self::hold_account`], unless the account ever sent a transaction: an account that dies and lives again
    /// counts from nonce 0, so whoever kept its old transactions could send them once more.
    pub(crate) fn release_account(account: &AccountId) {
        if frame_system::Pallet::<T>::account_nonce(account).is_zero() {
            Self::abandon_account(account);
        }
    }

    /// Undoes [`Self::hold_account`] of an account that never sends a transaction again.
    pub(crate) fn abandon_account(account: &AccountId) {
        frame_system::Pallet::<T>::dec_sufficients(account);
    }
}
