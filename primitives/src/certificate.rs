// SPDX-License-Identifier: Apache-2.0
//! What members sign, away from the chain, to admit a newcomer together.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::application::Application;

/// Separates a certificate's signatures from every other use of the keys.
const DOMAIN: &[u8] = b"kith/certificate/1";

/// The most signatures one certificate carries: the greatest admission threshold.
pub const MAX_SIGNATURES: u32 = 32;

/// A newcomer's application, and the members' word for it, good until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Certificate<AccountId, BlockNumber> {
    /// Whom it admits: community, account and encryption key.
    pub application: Application<AccountId, BlockNumber>,
    /// Drawn when the certificate is made, so that two for the same application differ.
    pub nonce: [u8; 16],
    /// The last block in which the certificate may be used.
    pub expires: BlockNumber,
}

impl<AccountId: Encode, BlockNumber: Encode> Certificate<AccountId, BlockNumber> {
    /// The bytes each member's account key signs.
    pub fn signing_payload(&self) -> Vec<u8> {
        (DOMAIN, self).encode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::EncryptionKey;

    fn certificate() -> Certificate<[u8; 32], u32> {
        let encryption_key = EncryptionKey([3; 32]);
        let application = Application { genesis: [1; 32], account: [2; 32], encryption_key, expires: 4 };
        Certificate { application, nonce: [5; 16], expires: 6 }
    }

    #[test]
    fn what_is_signed_is_the_domain_and_then_every_field() {
        let expected = [
            &[18 << 2][..],
            b"kith/certificate/1",
            &[1; 32],
            &[2; 32],
            &[3; 32],
            &[4, 0, 0, 0],
            &[5; 16],
            &[6, 0, 0, 0],
        ];
        assert_eq!(certificate().signing_payload(), expected.concat());
    }

    #[test]
    fn no_members_signature_is_a_newcomers() {
        assert_ne!(certificate().signing_payload(), certificate().application.signing_payload());
    }
}
