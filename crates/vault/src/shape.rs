// SPDX-License-Identifier: Apache-2.0
//! How long is a sealed stream, and where does each chunk lie in it?

use std::ops::Range;

use chacha20poly1305::Nonce;

use crate::key::Binding;
use crate::pad::MAX_PLAINTEXT_LEN;

/// Plaintext bytes per chunk, save the last: the unit of random access.
pub const CHUNK_LEN: usize = 64 * 1024;
/// Bytes of authentication tag after each chunk.
pub const TAG_LEN: usize = 16;
/// Bytes before the first chunk: salt, then key commitment.
pub const PREFIX_LEN: usize = SALT_LEN + COMMITMENT_LEN;

pub(crate) const SALT_LEN: usize = 32;
pub(crate) const COMMITMENT_LEN: usize = 32;
pub(crate) const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;

const AAD_DOMAIN: &[u8; 18] = b"kith/vault/chunk/1";
const AAD_LEN: usize = AAD_DOMAIN.len() + Binding::LEN + 8 + 1;

/// The length in bytes of the sealed stream of a plaintext of `padded_len` bytes.
pub fn sealed_len(padded_len: u64) -> u64 {
    PREFIX_LEN as u64 + padded_len + chunk_count(padded_len) * TAG_LEN as u64
}

/// An empty plaintext is one empty chunk, so that even emptiness is authenticated.
pub(crate) fn chunk_count(plaintext_len: u64) -> u64 {
    plaintext_len.div_ceil(CHUNK_LEN as u64).max(1)
}

/// The lengths of one sealed stream, all in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) plaintext_len: u64,
    pub(crate) chunks: u64,
}

impl Shape {
    pub(crate) fn of_plaintext(plaintext_len: u64) -> Self {
        Self { plaintext_len, chunks: chunk_count(plaintext_len) }
    }

    /// `None` when no plaintext within the limit has a sealed stream of that length.
    pub(crate) fn of_sealed(sealed_len: u64) -> Option<Self> {
        let body = sealed_len.checked_sub(PREFIX_LEN as u64)?;
        let chunks = body.div_ceil(SEALED_CHUNK_LEN as u64).max(1);
        let plaintext_len = body.checked_sub(chunks * TAG_LEN as u64)?;
        (plaintext_len <= MAX_PLAINTEXT_LEN && chunk_count(plaintext_len) == chunks)
            .then_some(Self { plaintext_len, chunks })
    }

    pub(crate) fn is_last(&self, index: u64) -> bool {
        index + 1 == self.chunks
    }

    /// Plaintext bytes in chunk `index`, which must be below `self.chunks`.
    pub(crate) fn chunk_len(&self, index: u64) -> usize {
        if self.is_last(index) {
            (self.plaintext_len - index * CHUNK_LEN as u64) as usize
        } else {
            CHUNK_LEN
        }
    }

    /// Where chunk `index`, tag included, lies in the sealed stream.
    pub(crate) fn sealed_range(&self, index: u64) -> Range<u64> {
        let start = PREFIX_LEN as u64 + index * SEALED_CHUNK_LEN as u64;
        start..start + (self.chunk_len(index) + TAG_LEN) as u64
    }
}

/// Chunk index, then 1 in the ninth byte for the last chunk.
///
/// A counter nonce never repeats under one key because every stream has a salt, and so a data key, of its own.
pub(crate) fn nonce(index: u64, last: bool) -> Nonce {
    let mut nonce = Nonce::default();
    nonce[..8].copy_from_slice(&index.to_le_bytes());
    nonce[8] = u8::from(last);
    nonce
}

/// Domain, resource, version, chunk index, last-chunk flag.
pub(crate) fn associated_data(binding: Binding, index: u64, last: bool) -> [u8; AAD_LEN] {
    let mut data = [0; AAD_LEN];
    let (domain, rest) = data.split_at_mut(AAD_DOMAIN.len());
    domain.copy_from_slice(AAD_DOMAIN);
    rest[..Binding::LEN].copy_from_slice(&binding.to_bytes());
    rest[Binding::LEN..Binding::LEN + 8].copy_from_slice(&index.to_le_bytes());
    rest[Binding::LEN + 8] = u8::from(last);
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_no_plaintext_can_have_are_refused() {
        let just_a_tag_more = sealed_len(CHUNK_LEN as u64) + TAG_LEN as u64;
        for len in [0, 63, 64, 79, just_a_tag_more, just_a_tag_more - 1, sealed_len(MAX_PLAINTEXT_LEN) + 1, u64::MAX] {
            assert_eq!(Shape::of_sealed(len), None, "{len}");
        }
    }

    proptest! {
        #[test]
        fn sealed_length_tells_the_plaintext_length(len in prop_oneof![0..200_000u64, 0..=MAX_PLAINTEXT_LEN]) {
            prop_assert_eq!(Shape::of_sealed(sealed_len(len)), Some(Shape::of_plaintext(len)));
        }

        #[test]
        fn chunks_tile_the_stream(len in 0..400_000u64) {
            let shape = Shape::of_plaintext(len);
            let mut at = PREFIX_LEN as u64;
            for index in 0..shape.chunks {
                prop_assert_eq!(shape.sealed_range(index).start, at);
                at = shape.sealed_range(index).end;
            }
            prop_assert_eq!(at, sealed_len(len));
        }
    }
}
