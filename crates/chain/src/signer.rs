// SPDX-License-Identifier: Apache-2.0
//! Who signs: a port, so that keys stay where they are kept.

use subxt::{
    config::substrate::{AccountId32, MultiSignature},
    transactions, SubstrateConfig,
};

/// Signs with one sr25519 account.
pub trait Signer: Send + Sync {
    /// The account.
    fn account(&self) -> [u8; 32];
    /// The signature of exactly these bytes, in Substrate's context.
    fn sign(&self, bytes: &[u8]) -> [u8; 64];
}

/// Our port as subxt's.
pub(crate) struct Adapter<'a>(pub(crate) &'a dyn Signer);

impl transactions::Signer<SubstrateConfig> for Adapter<'_> {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.0.account())
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        MultiSignature::Sr25519(self.0.sign(payload))
    }
}
