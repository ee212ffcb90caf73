// SPDX-License-Identifier: Apache-2.0
//! How a call becomes final: signed, watched, and its outcome told in words.

use std::time::Duration;

use kith_primitives::{resource::ResourceId, AccountId};
use subxt::error::{
    BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError, TransactionFinalizedSuccessError,
};

use crate::{
    api::kith,
    call::Call,
    connect::Chain,
    signer::{Adapter, Signer},
    ViewError,
};

/// A transaction that is not final by then is given up; the chain itself forgets it later.
const FINALITY_TIMEOUT: Duration = Duration::from_secs(180);

/// How often a call is signed whose number another transaction of the same account takes.
const NONCE_TRIES: u32 = 12;
/// Until that other transaction is likely to be final, in a community of one block a second.
const NONCE_PAUSE: Duration = Duration::from_secs(3);
/// How the node says that it will never include a transaction, because another has its number. It says the second on its
/// new interface (`transactionWatch`) and the third on the old one.
const OVERTAKEN: [&str; 4] = [
    "Transaction is outdated",
    "The priority of the transaction is too low",
    "Priority is too low",
    "Extrinsic was rendered invalid by another extrinsic",
];

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The transaction's hash.
    pub transaction: [u8; 32],
    /// The resource made, if the call made one.
    pub resource: Option<ResourceId>,
}

/// Why a call did not take effect.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The chain could not be read.
    #[error(transparent)]
    View(#[from] ViewError),
    /// This kith and the chain do not speak of the same call.
    #[error("the chain knows no such call as this kith makes: {0}. Is one of them out of date?")]
    Incompatible(#[source] Box<ExtrinsicError>),
    /// The node would not take the transaction.
    #[error("the node refused the transaction: {0}. A newcomer without quota or balance cannot pay for one")]
    NotAccepted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The key that signed counts for nothing.
    #[error("your key is frozen, or you have another by now: this one counts for nothing. Your guardians can unfreeze it, or give you a new one: `kith recover`")]
    Barred,
    /// A rule of the community forbids it.
    #[error("the community refused: {explanation} ({pallet}::{error})")]
    Refused {
        /// The pallet whose rule it is.
        pallet: String,
        /// The rule's error.
        error: String,
        /// What it means and what to do.
        explanation: String,
    },
    /// The chain itself refused.
    #[error("the chain refused: {0}")]
    Dispatch(#[source] Box<DispatchError>),
    /// It was in no final block in time.
    #[error("not final after {} seconds; it may still become so. Look with `kith status` before trying again", FINALITY_TIMEOUT.as_secs())]
    TimedOut,
    /// The connection broke while it was sent, or while waiting.
    #[error(
        "lost sight of the transaction: {0}. It may have taken effect; look with `kith status` before trying again"
    )]
    LostSight(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SubmitError {
    /// Whether a rule of the community with this name forbade the call.
    pub fn is_refusal(&self, name: &str) -> bool {
        matches!(self, Self::Refused { error, .. } if error == name)
    }

    /// Whether another transaction of the account took this one's number, so that this one has no effect.
    fn is_overtaken(&self) -> bool {
        let (Self::NotAccepted(cause) | Self::LostSight(cause)) = self else { return false };
        let said = cause.to_string();
        OVERTAKEN.iter().any(|words| said.contains(words))
    }
}

impl Chain {
    /// Signs a call and waits until it is final.
    pub async fn submit(&self, call: &Call, signer: &dyn Signer) -> Result<Receipt, SubmitError> {
        let submitted = tokio::time::timeout(FINALITY_TIMEOUT, self.submit_unbounded(call, signer)).await;
        let outcome = submitted.map_err(|_| SubmitError::TimedOut)?;
        // A transaction by a key that counts for nothing is not even taken into a block, and the node does not say why.
        let unexplained = matches!(&outcome, Err(SubmitError::NotAccepted(_) | SubmitError::LostSight(_)));
        if unexplained && self.is_barred(signer).await {
            return Err(SubmitError::Barred);
        }
        outcome
    }

    /// Whether it is known that the signer's key counts for nothing.
    async fn is_barred(&self, signer: &dyn Signer) -> bool {
        let account = AccountId::new(signer.account());
        match self.view().await {
            Ok(view) => view.is_barred(&account).await.unwrap_or(false),
            Err(_) => false,
        }
    }

    /// A member's other program may take the number that this transaction was signed with: then it is signed anew.
    async fn submit_unbounded(&self, call: &Call, signer: &dyn Signer) -> Result<Receipt, SubmitError> {
        let mut tries = 1;
        loop {
            match self.submit_once(call, signer).await {
                Err(cause) if tries < NONCE_TRIES && cause.is_overtaken() => {
                    tries += 1;
                    tokio::time::sleep(NONCE_PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn submit_once(&self, call: &Call, signer: &dyn Signer) -> Result<Receipt, SubmitError> {
        let at = self.client.at_current_block().await.map_err(ViewError::node)?;
        let mut transactions = at.transactions();
        let bytes = call.encode(&transactions).map_err(incompatible)?;
        let payload = transactions.from_call_data_bytes(&bytes).map_err(incompatible)?;
        let progress =
            transactions.sign_and_submit_then_watch_default(&payload, &Adapter(signer)).await.map_err(not_sent)?;
        let transaction = progress.extrinsic_hash().0;
        let events = progress.wait_for_finalized_success().await.map_err(outcome)?;
        let made = events.find_first::<kith::resources::events::Initialised>();
        let resource = made.and_then(Result::ok).map(|event| event.resource);
        Ok(Receipt { transaction, resource })
    }
}

fn incompatible(cause: ExtrinsicError) -> SubmitError {
    SubmitError::Incompatible(Box::new(cause))
}

/// Tells a node that will not take a transaction from one that is gone: before anything was sent, so that nothing can take
/// effect, or while it was sent.
fn not_sent(cause: ExtrinsicError) -> SubmitError {
    match cause {
        ExtrinsicError::AccountNonceError { reason, .. } => ViewError::node(reason).into(),
        ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
            cause @ subxt::rpcs::Error::Client(_),
        ))) => SubmitError::LostSight(Box::new(cause)),
        other => SubmitError::NotAccepted(Box::new(other)),
    }
}

/// Tells a refusal by a rule from a refusal by the chain, and both from a broken connection.
fn outcome(cause: TransactionFinalizedSuccessError) -> SubmitError {
    match cause {
        TransactionFinalizedSuccessError::SuccessError(TransactionEventsError::ExtrinsicFailed(error)) => {
            refusal(error)
        }
        other => SubmitError::LostSight(Box::new(other)),
    }
}

fn refusal(error: DispatchError) -> SubmitError {
    let DispatchError::Module(module) = &error else { return SubmitError::Dispatch(Box::new(error)) };
    let Ok(details) = module.details() else { return SubmitError::Dispatch(Box::new(error)) };
    SubmitError::Refused {
        pallet: details.pallet.name().into(),
        error: details.variant.name.clone(),
        explanation: details.variant.docs.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::{error::AccountNonceError, rpcs};

    #[test]
    fn a_node_that_is_gone_is_told_from_one_that_takes_no_transaction() {
        let sending = |cause: rpcs::Error| not_sent(ExtrinsicError::ErrorSubmittingTransaction(cause.into()));
        let gone = || rpcs::Error::Client("the background task closed".into());
        let lost = sending(gone());
        assert!(matches!(&lost, SubmitError::LostSight(_)) && lost.to_string().contains("kith status"), "{lost}");
        let no = rpcs::UserError { code: 1010, message: "Invalid Transaction".into(), data: None };
        assert!(matches!(sending(no.into()), SubmitError::NotAccepted(_)));
        // Without a number nothing was signed, let alone sent.
        let reason = AccountNonceError::CouldNotRetrieve(gone().into());
        let (block_hash, account_id) = ([7_u8; 32].into(), [7_u8; 32].into());
        let unsent = not_sent(ExtrinsicError::AccountNonceError { block_hash, account_id, reason });
        assert!(matches!(&unsent, SubmitError::View(_)) && unsent.to_string().contains("background task"), "{unsent}");
    }

    #[test]
    fn only_a_transaction_whose_number_was_taken_is_signed_anew() {
        let said = |words: &str| Box::<dyn std::error::Error + Send + Sync>::from(words);
        let stale = "The transaction is not valid: Invalid transaction: Transaction is outdated";
        assert!(SubmitError::LostSight(said(stale)).is_overtaken());
        assert!(SubmitError::NotAccepted(said("Priority is too low: (37 vs 37)")).is_overtaken());
        let outbid =
            "The transaction is not valid: The priority of the transaction is too low (pool 257 > current 199)";
        assert!(SubmitError::LostSight(said(outbid)).is_overtaken());
        let usurped = "The transaction is not valid: Extrinsic was rendered invalid by another extrinsic.";
        assert!(SubmitError::LostSight(said(usurped)).is_overtaken());
        assert!(!SubmitError::LostSight(said("the connection was closed")).is_overtaken());
        assert!(!SubmitError::TimedOut.is_overtaken());
    }
}
