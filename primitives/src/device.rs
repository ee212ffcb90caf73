// SPDX-License-Identifier: Apache-2.0
//! What binds a device to a member.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::ed25519;
use sp_runtime::AccountId32;

/// Separates a binding's signature from every other use of the device's key.
const DOMAIN: &[u8] = b"kith/device/1";

/// The Ed25519 public key of a libp2p identity. The peer id is derived from it; so is the account the device signs with.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct DeviceId(pub [u8; 32]);

impl DeviceId {
    /// The account whose transactions the device signs.
    pub fn account(&self) -> AccountId32 {
        AccountId32::new(self.0)
    }

    /// Whether the device's key signed [`binding_payload`] of these two.
    pub fn signed_binding<AccountId: Encode>(
        &self,
        genesis: &[u8; 32],
        owner: &AccountId,
        signature: &ed25519::Signature,
    ) -> bool {
        use sp_runtime::traits::Verify;
        signature.verify(binding_payload(genesis, owner).as_slice(), &ed25519::Public::from_raw(self.0))
    }
}

/// The bytes a device's key signs to belong to `owner` in the community of `genesis`.
pub fn binding_payload<AccountId: Encode>(genesis: &[u8; 32], owner: &AccountId) -> Vec<u8> {
    (DOMAIN, genesis, owner).encode()
}
