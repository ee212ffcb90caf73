// SPDX-License-Identifier: Apache-2.0
//! Whose balance a deposit is held on, when the account that paid it was given up for a new key.
//!
//! Multisig operations and delegations remember the account that paid for them. After a re-keying that account is dead
//! and its deposits are held on the person's present one; what is asked of the former is asked of the present here.

use frame_support::traits::{
    BalanceStatus, Currency, ExistenceRequirement, ReservableCurrency, SignedImbalance, WithdrawReasons,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{AccountId, Balance, Balances, Membership};

type Positive = <Balances as Currency<AccountId>>::PositiveImbalance;
type Negative = <Balances as Currency<AccountId>>::NegativeImbalance;

/// The balances, with every former account standing for its person's present one.
#[derive(Debug)]
pub struct PersonsBalances;

impl Currency<AccountId> for PersonsBalances {
    type Balance = Balance;
    type PositiveImbalance = Positive;
    type NegativeImbalance = Negative;

    fn total_balance(who: &AccountId) -> Balance {
        Balances::total_balance(&Membership::current_account(who))
    }

    fn can_slash(who: &AccountId, value: Balance) -> bool {
        <Balances as Currency<AccountId>>::can_slash(&Membership::current_account(who), value)
    }

    fn total_issuance() -> Balance {
        <Balances as Currency<AccountId>>::total_issuance()
    }

    fn minimum_balance() -> Balance {
        <Balances as Currency<AccountId>>::minimum_balance()
    }

    fn burn(amount: Balance) -> Positive {
        <Balances as Currency<AccountId>>::burn(amount)
    }

    fn issue(amount: Balance) -> Negative {
        <Balances as Currency<AccountId>>::issue(amount)
    }

    fn free_balance(who: &AccountId) -> Balance {
        Balances::free_balance(Membership::current_account(who))
    }

    fn ensure_can_withdraw(
        who: &AccountId,
        amount: Balance,
        reasons: WithdrawReasons,
        new_balance: Balance,
    ) -> DispatchResult {
        Balances::ensure_can_withdraw(&Membership::current_account(who), amount, reasons, new_balance)
    }

    fn transfer(
        source: &AccountId,
        dest: &AccountId,
        value: Balance,
        requirement: ExistenceRequirement,
    ) -> DispatchResult {
        let (source, dest) = (Membership::current_account(source), Membership::current_account(dest));
        <Balances as Currency<AccountId>>::transfer(&source, &dest, value, requirement)
    }

    fn slash(who: &AccountId, value: Balance) -> (Negative, Balance) {
        <Balances as Currency<AccountId>>::slash(&Membership::current_account(who), value)
    }

    fn deposit_into_existing(who: &AccountId, value: Balance) -> Result<Positive, DispatchError> {
        Balances::deposit_into_existing(&Membership::current_account(who), value)
    }

    fn deposit_creating(who: &AccountId, value: Balance) -> Positive {
        Balances::deposit_creating(&Membership::current_account(who), value)
    }

    fn withdraw(
        who: &AccountId,
        value: Balance,
        reasons: WithdrawReasons,
        liveness: ExistenceRequirement,
    ) -> Result<Negative, DispatchError> {
        <Balances as Currency<AccountId>>::withdraw(&Membership::current_account(who), value, reasons, liveness)
    }

    fn make_free_balance_be(who: &AccountId, balance: Balance) -> SignedImbalance<Balance, Positive> {
        Balances::make_free_balance_be(&Membership::current_account(who), balance)
    }
}

impl ReservableCurrency<AccountId> for PersonsBalances {
    fn can_reserve(who: &AccountId, value: Balance) -> bool {
        Balances::can_reserve(&Membership::current_account(who), value)
    }

    fn slash_reserved(who: &AccountId, value: Balance) -> (Negative, Balance) {
        Balances::slash_reserved(&Membership::current_account(who), value)
    }

    fn reserved_balance(who: &AccountId) -> Balance {
        Balances::reserved_balance(Membership::current_account(who))
    }

    fn reserve(who: &AccountId, value: Balance) -> DispatchResult {
        Balances::reserve(&Membership::current_account(who), value)
    }

    fn unreserve(who: &AccountId, value: Balance) -> Balance {
        Balances::unreserve(&Membership::current_account(who), value)
    }

    fn repatriate_reserved(
        slashed: &AccountId,
        beneficiary: &AccountId,
        value: Balance,
        status: BalanceStatus,
    ) -> Result<Balance, DispatchError> {
        let (slashed, beneficiary) = (Membership::current_account(slashed), Membership::current_account(beneficiary));
        Balances::repatriate_reserved(&slashed, &beneficiary, value, status)
    }
}
