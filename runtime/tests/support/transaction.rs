// SPDX-License-Identifier: Apache-2.0
//! Transactions as they come from outside: signed, and through all that is checked before a call runs.

use codec::Encode;
use frame_support::dispatch::GetDispatchInfo;
use kith_runtime::{AccountId, Runtime, RuntimeCall, SignedPayload, System, TxExtension, UncheckedExtrinsic};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::Era,
    traits::{Applyable, Checkable},
    transaction_validity::TransactionValidityError,
    DispatchResult, MultiSignature,
};

/// The call signed by the keyring's account, applied. Refused before it runs, or else the call's own outcome.
pub(crate) fn send(
    who: Sr25519Keyring,
    call: impl Into<RuntimeCall>,
) -> Result<DispatchResult, TransactionValidityError> {
    let call = call.into();
    let info = call.get_dispatch_info();
    let transaction = signed(who, call);
    let length = transaction.encoded_size();
    let checked = transaction.check(&frame_system::ChainContext::<Runtime>::default())?;
    checked.apply::<Runtime>(&info, length).map(|outcome| outcome.map(drop).map_err(|failed| failed.error))
}

fn signed(who: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let account: AccountId = who.to_account_id();
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(System::account_nonce(&account)),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call, extension).expect("the extensions know what they sign");
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, account.into(), MultiSignature::Sr25519(signature), extension)
}
