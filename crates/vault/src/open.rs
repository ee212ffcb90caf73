// SPDX-License-Identifier: Apache-2.0
//! How is any range of a sealed stream read, and what is refused?

use std::fmt;
use std::ops::Range;

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::Tag;

use crate::key::{Binding, ContentKey, StreamKey};
use crate::shape::{associated_data, nonce, Shape, CHUNK_LEN, COMMITMENT_LEN, PREFIX_LEN, SALT_LEN, TAG_LEN};

/// Why a sealed stream, or a chunk of it, is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// No stream has that length: bytes are missing or too many.
    #[error("no sealed resource is {sealed_len} bytes long: it was cut or extended; fetch it again")]
    Length {
        /// The length in bytes the store reports.
        sealed_len: u64,
    },
    /// The stream was sealed under another key, or for another resource or version.
    #[error("these bytes are not version {} of resource {} under this key; ask for the grant of this version", .binding.version, .binding.resource)]
    NotThisVersion {
        /// What was asked for.
        binding: Binding,
    },
    /// A range outside the plaintext.
    #[error("bytes {start}..{end} are not within the {plaintext_len} bytes of the resource")]
    Range {
        /// First byte asked for.
        start: u64,
        /// One past the last byte asked for.
        end: u64,
        /// Length of the padded plaintext in bytes.
        plaintext_len: u64,
    },
    /// A chunk number the stream does not have.
    #[error("chunk {index} asked for, but the resource has {chunks}")]
    NoSuchChunk {
        /// The number asked for, from 0.
        index: u64,
        /// How many there are.
        chunks: u64,
    },
    /// A buffer that is not exactly one sealed chunk.
    #[error("chunk {index} is {expected} bytes long when sealed, {found} were given")]
    ChunkLength {
        /// The chunk's number, from 0.
        index: u64,
        /// Its length in bytes, tag included.
        expected: usize,
        /// What came.
        found: usize,
    },
    /// The bytes are not those the publisher sealed at this place.
    #[error("chunk {index} was altered, moved or cut; fetch it from another provider")]
    Tampered {
        /// The chunk's number, from 0.
        index: u64,
    },
}

/// Opens chunks of one sealed stream, in any order, in place.
pub struct Opener {
    key: StreamKey,
    binding: Binding,
    shape: Shape,
}

impl Opener {
    /// An opener for the stream of `sealed_len` bytes that begins with `prefix`.
    ///
    /// # Errors
    /// [`OpenError::Length`] when no stream has that length, [`OpenError::NotThisVersion`] when the prefix does not
    /// commit to this key, resource and version.
    pub fn new(
        key: &ContentKey,
        binding: Binding,
        sealed_len: u64,
        prefix: &[u8; PREFIX_LEN],
    ) -> Result<Self, OpenError> {
        let shape = Shape::of_sealed(sealed_len).ok_or(OpenError::Length { sealed_len })?;
        let mut salt = [0; SALT_LEN];
        salt.copy_from_slice(&prefix[..SALT_LEN]);
        let key = key.stream_key(binding, &salt);
        if !equal_in_constant_time(&key.commitment, &prefix[SALT_LEN..]) {
            return Err(OpenError::NotThisVersion { binding });
        }
        Ok(Self { key, binding, shape })
    }

    /// Length of the padded plaintext in bytes.
    pub fn plaintext_len(&self) -> u64 {
        self.shape.plaintext_len
    }

    /// Which chunks must be fetched to read `plaintext`, a non-empty or empty range of bytes.
    ///
    /// # Errors
    /// [`OpenError::Range`] when the range is reversed or reaches beyond the plaintext.
    pub fn plan(&self, plaintext: Range<u64>) -> Result<ReadPlan, OpenError> {
        let Range { start, end } = plaintext;
        if start > end || end > self.shape.plaintext_len {
            return Err(OpenError::Range { start, end, plaintext_len: self.shape.plaintext_len });
        }
        let chunk_len = CHUNK_LEN as u64;
        let chunks = if start == end { 0..0 } else { start / chunk_len..end.div_ceil(chunk_len) };
        Ok(ReadPlan { shape: self.shape, plaintext: start..end, chunks })
    }

    /// Decrypts sealed chunk `index` in place and returns its plaintext, a prefix of `sealed`.
    ///
    /// # Errors
    /// [`OpenError::NoSuchChunk`], [`OpenError::ChunkLength`], and [`OpenError::Tampered`], in which case nothing
    /// was decrypted.
    pub fn open<'a>(&self, index: u64, sealed: &'a mut [u8]) -> Result<&'a mut [u8], OpenError> {
        if index >= self.shape.chunks {
            return Err(OpenError::NoSuchChunk { index, chunks: self.shape.chunks });
        }
        let len = self.shape.chunk_len(index);
        if sealed.len() != len + TAG_LEN {
            return Err(OpenError::ChunkLength { index, expected: len + TAG_LEN, found: sealed.len() });
        }
        let (chunk, tag) = sealed.split_at_mut(len);
        let last = self.shape.is_last(index);
        self.key
            .cipher
            .decrypt_in_place_detached(
                &nonce(index, last),
                &associated_data(self.binding, index, last),
                chunk,
                Tag::from_slice(tag),
            )
            .map_err(|_| OpenError::Tampered { index })?;
        Ok(chunk)
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("binding", &self.binding).field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// The chunks that hold one range of plaintext, in order; iterate to read it.
#[derive(Clone, Debug)]
pub struct ReadPlan {
    shape: Shape,
    plaintext: Range<u64>,
    chunks: Range<u64>,
}

impl ReadPlan {
    /// The bytes of the sealed stream that hold all remaining chunks; empty when none remains.
    pub fn ciphertext_range(&self) -> Range<u64> {
        if self.chunks.is_empty() {
            return 0..0;
        }
        self.shape.sealed_range(self.chunks.start).start..self.shape.sealed_range(self.chunks.end - 1).end
    }
}

impl Iterator for ReadPlan {
    type Item = ChunkRead;

    fn next(&mut self) -> Option<ChunkRead> {
        let index = self.chunks.next()?;
        let chunk_start = index * CHUNK_LEN as u64;
        let from = self.plaintext.start.saturating_sub(chunk_start) as usize;
        let to = (self.plaintext.end - chunk_start).min(self.shape.chunk_len(index) as u64) as usize;
        Some(ChunkRead { index, ciphertext: self.shape.sealed_range(index), keep: from..to })
    }
}

/// One chunk of a [`ReadPlan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkRead {
    /// The chunk's number, for [`Opener::open`].
    pub index: u64,
    /// Where it lies in the sealed stream, in bytes, tag included.
    pub ciphertext: Range<u64>,
    /// Which bytes of its plaintext were asked for.
    pub keep: Range<usize>,
}

fn equal_in_constant_time(expected: &[u8; COMMITMENT_LEN], found: &[u8]) -> bool {
    expected.len() == found.len() && expected.iter().zip(found).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}
