// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! How the device's own transactions are signed and handed to the node's pool.

use std::sync::Arc;

use codec::Encode;
use frame_metadata_hash_extension::CheckMetadataHash;
use kith_primitives::{AccountId, BlockNumber, Nonce};
use kith_runtime::{Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic};
use kith_store::Identity;
use pallet_transaction_payment::ChargeTransactionPayment;
use sc_client_api::HeaderBackend;
use sc_transaction_pool_api::{InPoolTransaction, TransactionPool, TransactionSource};
use sp_api::{ApiError, Core, ProvideRuntimeApi};
use sp_core::{ed25519, H256};
use sp_runtime::{generic::Era, MultiSignature, OpaqueExtrinsic};
use substrate_frame_rpc_system::AccountNonceApi;

use crate::service::{Client, Pool};

/// Blocks within which a transaction must be taken, or never: longer than the wait for its effect.
const LIFETIME: u64 = 64;

/// Why a transaction was not handed over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum SubmitError {
    /// The runtime does not answer.
    #[error("the runtime does not tell its version or the device's nonce: {0}")]
    Runtime(#[from] ApiError),
    /// The pool refused.
    #[error("the transaction pool refused: {0}")]
    Pool(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Signs as the device.
pub(super) struct Sender {
    client: Arc<Client>,
    pool: Arc<Pool>,
    identity: Identity,
}

impl Sender {
    /// Sends through this node's pool.
    pub(super) fn new(client: Arc<Client>, pool: Arc<Pool>, identity: Identity) -> Self {
        Self { client, pool, identity }
    }

    /// The account the device signs with.
    pub(super) fn account(&self) -> AccountId {
        AccountId::new(self.identity.public())
    }

    /// Signs the call and hands it to the pool. One at a time: the next nonce is read from the pool.
    pub(super) async fn submit(&mut self, call: RuntimeCall) -> Result<H256, SubmitError> {
        let info = self.client.info();
        let nonce = self.next_nonce(info.best_hash)?;
        let version = self.client.runtime_api().version(info.best_hash)?;
        let era = Era::mortal(LIFETIME, info.best_number.into());
        let implicit = (
            (),
            version.spec_version,
            version.transaction_version,
            info.genesis_hash,
            self.birth(era, info.best_number, info.best_hash),
            (),
            (),
            (),
            None,
            (),
        );
        let extension = extension(era, nonce);
        let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
        let signature = payload.using_encoded(|bytes| self.sign(bytes));
        let extrinsic = UncheckedExtrinsic::new_signed(call, self.account().into(), signature, extension);
        let submitted =
            self.pool.submit_one(info.best_hash, TransactionSource::Local, OpaqueExtrinsic::from(extrinsic)).await;
        submitted.map_err(|error| SubmitError::Pool(Box::new(error)))
    }

    fn sign(&self, bytes: &[u8]) -> MultiSignature {
        let mut raw = [0; 64];
        // An Ed25519 signature has 64 bytes (RFC 8032).
        raw.copy_from_slice(&self.identity.sign(bytes));
        MultiSignature::Ed25519(ed25519::Signature::from_raw(raw))
    }

    /// The nonce after the chain's and after those that wait in the pool.
    fn next_nonce(&self, best: H256) -> Result<Nonce, ApiError> {
        let account = self.account();
        let mut nonce = self.client.runtime_api().account_nonce(best, account.clone())?;
        for waiting in self.pool.ready() {
            if waiting.provides().contains(&(&account, nonce).encode()) {
                nonce = nonce.saturating_add(1);
            }
        }
        Ok(nonce)
    }

    /// The hash of the block in which the era began.
    fn birth(&self, era: Era, best_number: BlockNumber, best_hash: H256) -> H256 {
        let birth = BlockNumber::try_from(era.birth(best_number.into())).unwrap_or(best_number);
        self.client.hash(birth).ok().flatten().unwrap_or(best_hash)
    }
}

/// What the runtime wants to see beside the call.
fn extension(era: Era, nonce: Nonce) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::<Runtime>::new(),
        frame_system::CheckSpecVersion::<Runtime>::new(),
        frame_system::CheckTxVersion::<Runtime>::new(),
        frame_system::CheckGenesis::<Runtime>::new(),
        frame_system::CheckEra::<Runtime>::from(era),
        frame_system::CheckNonce::<Runtime>::from(nonce),
        frame_system::CheckWeight::<Runtime>::new(),
        ChargeTransactionPayment::<Runtime>::from(0),
        CheckMetadataHash::<Runtime>::new(false),
        frame_system::WeightReclaim::<Runtime>::new(),
    )
}
