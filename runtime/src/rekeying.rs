// SPDX-License-Identifier: Apache-2.0
//! What moves with a person to a new key: everything the SDK's pallets store by account.
//!
//! Our own pallets store by person and move nothing; what the old keys can read is closed to them. The former account
//! is dead afterwards: it can never sign again, so that it needs no nonce, and the last trace of it is membership's
//! record that it was given up.

use frame_support::{
    dispatch::DispatchResult,
    ensure,
    storage::{with_transaction, TransactionOutcome},
    traits::{fungible::MutateHold, tokens::Precision, Currency, ExistenceRequirement, ReservableCurrency},
};
use kith_primitives::{glue::Rekeying, member::MemberId, AccountId};
use sp_runtime::DispatchError;

use crate::{Balances, Resources, Runtime, System};

/// Moves what is stored by account.
#[derive(Debug)]
pub struct ByAccount;

impl Rekeying<AccountId> for ByAccount {
    fn check(_: MemberId, former: &AccountId, current: &AccountId, was_frozen: bool) -> DispatchResult {
        with_transaction(|| TransactionOutcome::Rollback(move_all(former, current, was_frozen)))
    }

    fn rekeyed(person: MemberId, former: &AccountId, current: &AccountId, was_frozen: bool) {
        let moved = move_all(former, current, was_frozen);
        debug_assert!(moved.is_ok(), "it was checked: {moved:?}");
        Resources::rekeyed(person);
    }
}

fn move_all(former: &AccountId, current: &AccountId, was_frozen: bool) -> DispatchResult {
    ensure!(former != current, DispatchError::Other("the new account is the former one"));
    move_delegations(former, current, was_frozen);
    move_balances(former, current)?;
    if pallet_session::ExternallySetKeys::<Runtime>::take(former).is_some() {
        pallet_session::ExternallySetKeys::<Runtime>::insert(current, ());
    }
    // What is left of the account is membership's hold on it, which goes next.
    frame_system::Account::<Runtime>::mutate(former, |account| (account.providers, account.consumers) = (0, 0));
    Ok(())
}

/// Who may act for the person, and what the person announced as a delegate of others. A frozen key may be a thief's, and
/// so may whom it named: they are forgotten.
fn move_delegations(former: &AccountId, current: &AccountId, was_frozen: bool) {
    let (delegates, deposit) = pallet_proxy::Proxies::<Runtime>::take(former);
    let (announced, announcement_deposit) = pallet_proxy::Announcements::<Runtime>::take(former);
    if was_frozen {
        Balances::unreserve(former, deposit.saturating_add(announcement_deposit));
        return;
    }
    if !delegates.is_empty() {
        pallet_proxy::Proxies::<Runtime>::insert(current, (delegates, deposit));
    }
    if !announced.is_empty() {
        pallet_proxy::Announcements::<Runtime>::insert(current, (announced, announcement_deposit));
    }
}

/// The whole balance: what is held and reserved is freed, moved, and held and reserved again.
fn move_balances(former: &AccountId, current: &AccountId) -> DispatchResult {
    let holds = pallet_balances::Holds::<Runtime>::get(former);
    for hold in &holds {
        Balances::release(&hold.id, former, hold.amount, Precision::Exact)?;
    }
    let reserved = Balances::reserved_balance(former);
    Balances::unreserve(former, reserved);
    let uses = System::consumers(former);
    (0..uses).for_each(|_| System::dec_consumers(former));
    let total = Balances::free_balance(former);
    <Balances as Currency<AccountId>>::transfer(former, current, total, ExistenceRequirement::AllowDeath)?;
    for _ in 0..uses {
        System::inc_consumers(current)?;
    }
    for hold in &holds {
        Balances::hold(&hold.id, current, hold.amount)?;
    }
    Balances::reserve(current, reserved)
}
