// SPDX-License-Identifier: Apache-2.0
//! Who pays a transaction's fee: the quota of the member who answers for it while it lasts, then a balance.
//!
//! The signer decides who answers: an account its owner, a device the member it is bound to. Nothing a transaction wraps
//! changes that. A tip is never paid from a quota, since it would buy a place in the queue with nobody's money.
//!
//! Every signed transaction passes here before it runs, so this is also where those of barred keys are refused.

use kith_primitives::{
    glue::{Community, Quota},
    member::MemberId,
};
use pallet_transaction_payment::{FungibleAdapter, OnChargeTransaction, TxCreditHold};
use sp_runtime::{
    traits::{DispatchInfoOf, PostDispatchInfoOf},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

use crate::{barred::acts_for_barred, AccountId, Balance, Balances, Membership, Runtime, RuntimeCall};

/// Fees that are paid from a balance are burnt: nobody gains by others' transactions.
type FromBalance = FungibleAdapter<Balances, ()>;
type Credit = <FromBalance as OnChargeTransaction<Runtime>>::LiquidityInfo;

/// Charges the quota, or else the balance.
#[derive(Debug)]
pub struct QuotaThenBalance;

/// What was taken before the call ran.
#[derive(Debug, Default)]
pub enum Taken {
    /// Nothing.
    #[default]
    Nothing,
    /// This much of a member's quota.
    Quota(MemberId, Balance),
    /// A credit from this account.
    Balance(AccountId, Credit),
}

impl TxCreditHold<Runtime> for QuotaThenBalance {
    type Credit = <FromBalance as TxCreditHold<Runtime>>::Credit;
}

/// The account whose balance pays what `who` signs.
fn payer(who: &AccountId) -> AccountId {
    Membership::member_of_device(who).and_then(Membership::account).unwrap_or_else(|| who.clone())
}

/// Nobody pays for what a frozen or given-up key would do: the transaction is invalid.
fn refuse_barred(who: &AccountId, call: &RuntimeCall) -> Result<(), TransactionValidityError> {
    if acts_for_barred(who, call) {
        return Err(InvalidTransaction::BadSigner.into());
    }
    Ok(())
}

impl OnChargeTransaction<Runtime> for QuotaThenBalance {
    type Balance = Balance;
    type LiquidityInfo = Taken;

    fn withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<Taken, TransactionValidityError> {
        refuse_barred(who, call)?;
        if fee_with_tip == 0 {
            return Ok(Taken::Nothing);
        }
        if let Some(member) = Membership::responsible(who).filter(|_| tip == 0) {
            if Membership::spend(member, fee_with_tip) {
                return Ok(Taken::Quota(member, fee_with_tip));
            }
        }
        let payer = payer(who);
        let credit =
            <FromBalance as OnChargeTransaction<Runtime>>::withdraw_fee(&payer, call, info, fee_with_tip, tip)?;
        Ok(Taken::Balance(payer, credit))
    }

    fn can_withdraw_fee(
        who: &AccountId,
        call: &RuntimeCall,
        info: &DispatchInfoOf<RuntimeCall>,
        fee_with_tip: Balance,
        tip: Balance,
    ) -> Result<(), TransactionValidityError> {
        refuse_barred(who, call)?;
        let quota = Membership::responsible(who).filter(|_| tip == 0).map(Membership::available);
        if quota.is_some_and(|available| available >= fee_with_tip) {
            return Ok(());
        }
        <FromBalance as OnChargeTransaction<Runtime>>::can_withdraw_fee(&payer(who), call, info, fee_with_tip, tip)
            .map_err(|_| InvalidTransaction::Payment.into())
    }

    fn correct_and_deposit_fee(
        _who: &AccountId,
        info: &DispatchInfoOf<RuntimeCall>,
        post: &PostDispatchInfoOf<RuntimeCall>,
        corrected_fee_with_tip: Balance,
        tip: Balance,
        taken: Taken,
    ) -> Result<(), TransactionValidityError> {
        match taken {
            Taken::Nothing => Ok(()),
            Taken::Quota(member, amount) => {
                Membership::give_back(member, amount.saturating_sub(corrected_fee_with_tip));
                Ok(())
            }
            // The call may have given the payer a new key: what it did not use is still theirs.
            Taken::Balance(payer, credit) => <FromBalance as OnChargeTransaction<Runtime>>::correct_and_deposit_fee(
                &Membership::current_account(&payer),
                info,
                post,
                corrected_fee_with_tip,
                tip,
                credit,
            ),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn endow_account(who: &AccountId, amount: Balance) {
        <FromBalance as OnChargeTransaction<Runtime>>::endow_account(who, amount)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn minimum_balance() -> Balance {
        <FromBalance as OnChargeTransaction<Runtime>>::minimum_balance()
    }
}
