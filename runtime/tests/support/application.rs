// SPDX-License-Identifier: Apache-2.0
//! Applications, as newcomers sign them.

use kith_primitives::{member::EncryptionKey, BlockNumber};
use kith_runtime::{AccountId, Membership};
use pallet_kith_membership::ApplicationFor;
use sp_core::{sr25519, Pair};
use sp_runtime::MultiSignature;

/// The application of who has this key, good until the end of that block, and their signature.
pub(crate) fn signed(
    newcomer: &sr25519::Pair,
    encryption_key: EncryptionKey,
    expires: BlockNumber,
) -> (ApplicationFor, MultiSignature) {
    let account = AccountId::new(newcomer.public().0);
    let application = ApplicationFor { genesis: Membership::genesis(), account, encryption_key, expires };
    let signature = MultiSignature::Sr25519(newcomer.sign(&application.signing_payload()));
    (application, signature)
}
