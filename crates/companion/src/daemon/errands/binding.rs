// SPDX-License-Identifier: Apache-2.0
//! Binds this device to its person, once they are a member.

use kith_chain::{Call, SubmitError};
use kith_primitives::{
    device::{binding_payload, DeviceId},
    runtime_api::MemberView,
    AccountId,
};

use crate::daemon::Parts;

/// Whether this device is its person's.
pub(super) fn is_bound(parts: &Parts, me: &MemberView) -> bool {
    me.devices.contains(&DeviceId(parts.identity.public()))
}

/// The device signs that it is theirs, they sign the transaction.
pub(super) async fn bind(parts: &Parts) -> Result<(), SubmitError> {
    let owner = AccountId::new(parts.companion.person.account());
    let payload = binding_payload(&parts.companion.genesis, &owner);
    let signature: [u8; 64] = parts.identity.sign(&payload).try_into().expect("an Ed25519 signature has 64 bytes");
    let device = DeviceId(parts.identity.public());
    parts.companion.submit(&Call::BindDevice { device, signature }).await?;
    Ok(())
}
