// SPDX-License-Identifier: Apache-2.0
//! Which content identifiers the chain accepts.
//!
//! Format: <https://github.com/multiformats/cid>. Only 32-byte digests of hashes that resist collisions are accepted, and
//! only the codecs the store understands.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// The longest binary CID accepted: version, codec (1 byte each), hash code (up to 3 bytes), length and 32 bytes of digest.
pub const MAX_CID_BYTES: u32 = 38;

const DIGEST_BYTES: u8 = 32;
const SHA2_256: u8 = 0x12;
const BLAKE3: u8 = 0x1e;
/// `blake2b-256` (0xb220) as an unsigned varint.
const BLAKE2B_256: [u8; 3] = [0xa0, 0xe4, 0x02];
const RAW: u8 = 0x55;
const DAG_PB: u8 = 0x70;

/// A binary CID that passed [`ContentId::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ContentId(BoundedVec<u8, ConstU32<MAX_CID_BYTES>>);

impl ContentId {
    /// Takes the bytes of a CID of version 0 or 1; `None` if they are not one the network serves.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let multihash = match bytes {
            [SHA2_256, DIGEST_BYTES, ..] => bytes,
            [1, RAW | DAG_PB, rest @ ..] => rest,
            _ => return None,
        };
        let digest = match multihash {
            [SHA2_256 | BLAKE3, DIGEST_BYTES, digest @ ..] => digest,
            [a, b, c, DIGEST_BYTES, digest @ ..] if [*a, *b, *c] == BLAKE2B_256 => digest,
            _ => return None,
        };
        (digest.len() == usize::from(DIGEST_BYTES)).then_some(())?;
        BoundedVec::try_from(bytes.to_vec()).ok().map(Self)
    }

    /// Whether the bytes, which may have been decoded from a transaction, are a CID the network serves.
    pub fn is_valid(&self) -> bool {
        Self::parse(&self.0).is_some()
    }

    /// The binary CID.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn v1(codec: u8, digest: usize) -> alloc::vec::Vec<u8> {
        [&[1, codec, SHA2_256, DIGEST_BYTES][..], &alloc::vec![7; digest]].concat()
    }

    #[test]
    fn the_forms_the_store_makes_are_accepted() {
        let v0 = [&[SHA2_256, DIGEST_BYTES][..], &[7; 32]].concat();
        let blake2 = [&[1, RAW][..], &BLAKE2B_256, &[DIGEST_BYTES], &[7; 32]].concat();
        for bytes in [v0, v1(RAW, 32), v1(DAG_PB, 32), blake2] {
            assert!(ContentId::parse(&bytes).is_some_and(|cid| cid.is_valid() && cid.as_bytes() == bytes));
        }
    }

    #[test]
    fn truncated_insecure_and_unknown_forms_are_refused() {
        let identity = [&[1, RAW, 0, 4][..], b"data"].concat();
        let sha1 = [&[1, RAW, 0x11, 20][..], &[7; 20]].concat();
        for bytes in [v1(RAW, 31), v1(RAW, 33), v1(0x71, 32), identity, sha1, alloc::vec![], b"hello".to_vec()] {
            assert!(ContentId::parse(&bytes).is_none(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_keeps_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Some(cid) = ContentId::parse(&bytes) {
                prop_assert_eq!(cid.as_bytes(), &bytes[..]);
            }
        }
    }
}
