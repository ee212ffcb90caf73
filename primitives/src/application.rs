// SPDX-License-Identifier: Apache-2.0
//! What a newcomer signs to be sponsored.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::member::EncryptionKey;

/// Separates an application's signature from every other use of the key.
const DOMAIN: &[u8] = b"kith/application/1";

/// A newcomer's wish to join one community, good until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Application<AccountId, BlockNumber> {
    /// The community: the hash of its genesis block.
    pub genesis: [u8; 32],
    /// The newcomer's account.
    pub account: AccountId,
    /// Where content keys for the newcomer are wrapped to.
    pub encryption_key: EncryptionKey,
    /// The last block in which the application may be used.
    pub expires: BlockNumber,
}

impl<AccountId: Encode, BlockNumber: Encode> Application<AccountId, BlockNumber> {
    /// The bytes the newcomer's account key signs.
    pub fn signing_payload(&self) -> Vec<u8> {
        (DOMAIN, self).encode()
    }
}
