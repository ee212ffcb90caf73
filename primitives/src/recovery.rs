// SPDX-License-Identifier: Apache-2.0
//! What is signed when a member loses a key or gets a new one.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::member::{EncryptionKey, MemberId};

/// Separate these signatures from every other use of the keys.
const NEW_KEY_DOMAIN: &[u8] = b"kith/new-key/1";
const REVOCATION_DOMAIN: &[u8] = b"kith/revocation/1";

/// The most guardians one member may choose.
pub const MAX_GUARDIANS: u32 = 16;

/// The number of a motion about a member's key, counted over all members.
pub type MotionId = u32;

/// The keys a member is to have from now on, signed by the new account key: nobody is given a key they do not hold.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct NewKey<AccountId, BlockNumber> {
    /// The community: the hash of its genesis block.
    pub genesis: [u8; 32],
    /// Who is to have the keys.
    pub person: MemberId,
    /// The new account.
    pub account: AccountId,
    /// Where content keys are wrapped to from now on.
    pub encryption_key: EncryptionKey,
    /// The last block in which this may be put to the guardians.
    pub expires: BlockNumber,
}

impl<AccountId: Encode, BlockNumber: Encode> NewKey<AccountId, BlockNumber> {
    /// The bytes the new account's key signs.
    pub fn signing_payload(&self) -> Vec<u8> {
        (NEW_KEY_DOMAIN, self).encode()
    }
}

/// The bytes a member signs in advance with the account's own key, to freeze it the day it is lost. Anybody may submit
/// the signature; it has no end.
pub fn revocation_payload<AccountId: Encode>(genesis: &[u8; 32], account: &AccountId) -> Vec<u8> {
    (REVOCATION_DOMAIN, genesis, account).encode()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_new_key_signs_is_the_domain_and_then_every_field() {
        let encryption_key = EncryptionKey([3; 32]);
        let key = NewKey { genesis: [1; 32], person: 7, account: [2u8; 32], encryption_key, expires: 4u32 };
        let expected = [&[14 << 2][..], b"kith/new-key/1", &[1; 32], &[7, 0, 0, 0], &[2; 32], &[3; 32], &[4, 0, 0, 0]];
        assert_eq!(key.signing_payload(), expected.concat());
    }

    #[test]
    fn a_revocation_names_the_community_and_the_account() {
        let expected = [&[17 << 2][..], b"kith/revocation/1", &[1; 32], &[2; 32]];
        assert_eq!(revocation_payload(&[1; 32], &[2u8; 32]), expected.concat());
    }
}
