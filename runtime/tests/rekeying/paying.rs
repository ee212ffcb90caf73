// SPDX-License-Identifier: Apache-2.0
//! Duniter 356 where a balance pays: who has back what a transaction did not use that gave its payer a new key.

use frame_support::{assert_ok, traits::Currency};
use kith_primitives::{
    glue::{self, Community},
    recovery::MotionId,
    Balance,
};
use kith_runtime::{Balances, Constitution, Membership, Runtime, RuntimeCall, RuntimeEvent, System};
use pallet_kith_membership::{QuotaState, Quotas};
use pallet_transaction_payment::Event::TransactionFeePaid;
use sp_keyring::Sr25519Keyring::{Alice, One};

use crate::{account, agreed, development, is_named_in_state, transaction::send, wait, ALICE};

/// Gives Alice the key, then fails, and never comes to the vouch that is to be paid for as well.
fn interrupted(motion: MotionId) -> RuntimeCall {
    let complete = || pallet_kith_membership::Call::<Runtime>::complete_motion { person: ALICE, motion }.into();
    let vouch = pallet_kith_vouching::Call::<Runtime>::vouch { subject: ALICE }.into();
    pallet_utility::Call::<Runtime>::batch { calls: vec![complete(), complete(), vouch] }.into()
}

/// The fee of the only transaction there was.
fn fee() -> Balance {
    let mut fees = System::events().into_iter().filter_map(|record| match record.event {
        RuntimeEvent::TransactionPayment(TransactionFeePaid { actual_fee, .. }) => Some(actual_fee),
        _ => None,
    });
    fees.next().expect("a fee was paid")
}

#[test]
fn what_a_balance_paid_too_much_is_the_new_keys() {
    development().execute_with(|| {
        let motion = agreed(One);
        wait(<Constitution as glue::Constitution>::parameters().recovery_delay);
        Quotas::<Runtime>::insert(ALICE, QuotaState { available: 0, at: System::block_number() });
        System::reset_events();
        let (issued, had) = (Balances::total_issuance(), Balances::total_balance(&account(Alice)));
        assert_ok!(send(Alice, interrupted(motion)).expect("she may still sign"));
        assert_eq!(Membership::account(ALICE), Some(account(One)));
        assert_eq!(issued - Balances::total_issuance(), fee());
        assert_eq!(Balances::total_balance(&account(One)), had - fee());
        assert!(!is_named_in_state(&account(Alice)));
    });
}
