// SPDX-License-Identifier: Apache-2.0
//! Which content identifiers and which block sizes the store accepts.
//!
//! The same rule as on chain: version 0 or 1, raw or dag-pb, a whole 32-byte digest of a hash that resists collisions.
//! Everything else is refused at once, never after a timeout. Format: <https://github.com/multiformats/cid>.

use cid::Cid;
use multihash_codetable::{Code, MultihashDigest};
use thiserror::Error;

/// Bytes of the largest block: what IPFS implementations agree to carry.
pub const MAX_BLOCK_BYTES: usize = 2 * 1024 * 1024;
/// The codec of plain bytes.
pub const RAW: u64 = 0x55;
/// The codec of the nodes of files and directories.
pub const DAG_PB: u64 = 0x70;

const DIGEST_BYTES: u8 = 32;
const IDENTITY: u64 = 0x00;
const SHA2_256: u64 = 0x12;
const BLAKE3: u64 = 0x1e;
const BLAKE2B_256: u64 = 0xb220;
/// The longest text tried: a CID of 32 bytes of digest takes 62 characters in base32, more in bases below it.
const MAX_TEXT: usize = 256;

/// Why a content identifier was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CidError {
    /// The text or the bytes are not a CID.
    #[error("not a content identifier: {source}; expected text such as bafkrei… or Qm…")]
    Malformed {
        /// What the decoder found.
        source: cid::Error,
    },
    /// The CID carries its content instead of a hash.
    #[error(
        "identifier with inline content (identity hash): nothing would be verified; add the content with sha2-256"
    )]
    Inline,
    /// The hash is broken, unknown, or not one the network serves.
    #[error("insecure or unknown hash 0x{code:x}; use sha2-256, blake2b-256 or blake3")]
    InsecureHash {
        /// The multihash code.
        code: u64,
    },
    /// The digest is cut short, or too long.
    #[error("digest of {bytes} bytes; a whole digest of 32 bytes is needed")]
    DigestSize {
        /// Bytes of the digest found.
        bytes: u8,
    },
    /// The content is neither raw bytes nor a UnixFS node.
    #[error("codec 0x{code:x} is not stored here; only raw (0x55) and dag-pb (0x70) are")]
    Codec {
        /// The multicodec code.
        code: u64,
    },
}

/// Why bytes are not a block.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BlockError {
    /// Larger than [`MAX_BLOCK_BYTES`].
    #[error("block of {bytes} bytes; the limit is {MAX_BLOCK_BYTES}")]
    TooLarge {
        /// Bytes of the block.
        bytes: usize,
    },
    /// The bytes do not hash to the identifier.
    #[error("the bytes are not those of {cid}: they were changed or cut on the way")]
    Mismatch {
        /// The identifier asked for.
        cid: Cid,
    },
}

/// Reads a content identifier from text, in the form the store keeps: version 1.
pub fn parse(text: &str) -> Result<Cid, CidError> {
    if text.len() > MAX_TEXT || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+=".contains(&byte)) {
        return Err(CidError::Malformed { source: cid::Error::ParsingError });
    }
    check(&Cid::try_from(text).map_err(|source| CidError::Malformed { source })?)
}

/// Reads a content identifier from its binary form, with nothing left over.
pub fn from_bytes(bytes: &[u8]) -> Result<Cid, CidError> {
    let cid = Cid::try_from(bytes).map_err(|source| CidError::Malformed { source })?;
    if cid.encoded_len() != bytes.len() {
        return Err(CidError::Malformed { source: cid::Error::ParsingError });
    }
    check(&cid)
}

/// Applies the rule, and turns version 0 into version 1: one name for one block.
pub fn check(cid: &Cid) -> Result<Cid, CidError> {
    match cid.hash().code() {
        SHA2_256 | BLAKE3 | BLAKE2B_256 => {}
        IDENTITY => return Err(CidError::Inline),
        code => return Err(CidError::InsecureHash { code }),
    }
    if cid.hash().size() != DIGEST_BYTES {
        return Err(CidError::DigestSize { bytes: cid.hash().size() });
    }
    match cid.codec() {
        RAW | DAG_PB => cid.into_v1().map_err(|source| CidError::Malformed { source }),
        code => Err(CidError::Codec { code }),
    }
}

/// The identifier the store gives to bytes: version 1, sha2-256.
pub fn of(codec: u64, bytes: &[u8]) -> Cid {
    Cid::new_v1(codec, Code::Sha2_256.digest(bytes))
}

/// Whether `bytes` are the content of `cid`.
pub fn verify(cid: &Cid, bytes: &[u8]) -> Result<(), BlockError> {
    if bytes.len() > MAX_BLOCK_BYTES {
        return Err(BlockError::TooLarge { bytes: bytes.len() });
    }
    match Code::try_from(cid.hash().code()) {
        Ok(code) if code.digest(bytes) == *cid.hash() => Ok(()),
        _ => Err(BlockError::Mismatch { cid: *cid }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cid::multihash::Multihash;

    fn with(codec: u64, hash: u64, digest: &[u8]) -> Cid {
        Cid::new_v1(codec, Multihash::wrap(hash, digest).unwrap())
    }

    #[test]
    fn known_identifiers_come_out_of_known_bytes() {
        assert_eq!(of(RAW, b"").to_string(), "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
        assert_eq!(of(RAW, b"hello\n").to_string(), "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am");
    }

    #[test]
    fn version_0_becomes_version_1() {
        let cid = parse("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn").unwrap();
        assert_eq!(cid.to_string(), "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354");
    }

    #[test]
    fn every_accepted_hash_is_verified() {
        for code in [Code::Sha2_256, Code::Blake2b256, Code::Blake3_256] {
            let cid = check(&Cid::new_v1(RAW, code.digest(b"bytes"))).unwrap();
            assert_eq!(verify(&cid, b"bytes"), Ok(()));
            assert_eq!(verify(&cid, b"other"), Err(BlockError::Mismatch { cid }));
        }
    }

    #[test]
    fn insecure_truncated_inline_and_unknown_are_refused() {
        assert!(matches!(check(&with(RAW, 0x11, &[0; 20])), Err(CidError::InsecureHash { code: 0x11 })));
        assert!(matches!(check(&with(RAW, 0xd5, &[0; 16])), Err(CidError::InsecureHash { code: 0xd5 })));
        assert!(matches!(check(&with(RAW, 0x12, &[0; 19])), Err(CidError::DigestSize { bytes: 19 })));
        assert!(matches!(check(&with(RAW, 0x00, b"inline")), Err(CidError::Inline)));
        assert!(matches!(check(&with(0x71, 0x12, &[0; 32])), Err(CidError::Codec { code: 0x71 })));
    }

    #[test]
    fn text_that_is_no_identifier_is_refused() {
        for text in ["", "Qm", "hello", "/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn", &"b".repeat(5000)] {
            assert!(matches!(parse(text), Err(CidError::Malformed { .. })), "{text}");
        }
    }

    #[test]
    fn bytes_left_over_are_refused() {
        let mut bytes = of(RAW, b"x").to_bytes();
        assert!(from_bytes(&bytes).is_ok());
        bytes.push(0);
        assert!(matches!(from_bytes(&bytes), Err(CidError::Malformed { .. })));
    }

    #[test]
    fn the_limit_is_two_mebibytes() {
        let bytes = vec![7; MAX_BLOCK_BYTES + 1];
        assert_eq!(verify(&of(RAW, &bytes[1..]), &bytes[1..]), Ok(()));
        assert_eq!(verify(&of(RAW, &bytes), &bytes), Err(BlockError::TooLarge { bytes: MAX_BLOCK_BYTES + 1 }));
    }
}
