// SPDX-License-Identifier: Apache-2.0
//! How does a stream of plaintext become a sealed stream?

use std::fmt;

use chacha20poly1305::aead::AeadInPlace;
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::key::{Binding, ContentKey, StreamKey};
use crate::pad::{padded_len, MAX_PLAINTEXT_LEN};
use crate::shape::{associated_data, nonce, sealed_len, Shape, CHUNK_LEN, PREFIX_LEN, SALT_LEN};

/// Why sealing stopped. Nothing sealed so far may be published.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealError {
    /// The plaintext is longer than one resource can hold.
    #[error("{len} bytes are more than a resource holds ({MAX_PLAINTEXT_LEN}); publish it as several resources")]
    TooLong {
        /// Announced plaintext length in bytes.
        len: u64,
    },
    /// More bytes came than were announced: a file grew while it was read.
    #[error("the content grew while it was read: {excess} bytes more than the {announced} announced; publish again")]
    Longer {
        /// Announced plaintext length in bytes.
        announced: u64,
        /// Bytes beyond it.
        excess: u64,
    },
    /// Fewer bytes came than were announced: a file shrank while it was read.
    #[error("the content shrank while it was read: {missing} of {announced} bytes are missing; publish again")]
    Shorter {
        /// Announced plaintext length in bytes.
        announced: u64,
        /// Bytes that did not come.
        missing: u64,
    },
}

/// Seals a plaintext of a length known beforehand, chunk by chunk, in constant memory.
pub struct Sealer {
    key: StreamKey,
    /// Salt and commitment, until they are written.
    prefix: Option<[u8; PREFIX_LEN]>,
    binding: Binding,
    shape: Shape,
    announced: u64,
    taken: u64,
    index: u64,
    /// The start of the current chunk, in plaintext; its capacity never changes.
    chunk: Zeroizing<Vec<u8>>,
}

impl Sealer {
    /// A sealer for `len` bytes of plaintext, which it pads to [`padded_len`].
    ///
    /// # Errors
    /// [`SealError::TooLong`] above [`MAX_PLAINTEXT_LEN`].
    pub fn new(
        key: &ContentKey,
        binding: Binding,
        len: u64,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, SealError> {
        if len > MAX_PLAINTEXT_LEN {
            return Err(SealError::TooLong { len });
        }
        let mut salt = [0; SALT_LEN];
        rng.fill_bytes(&mut salt);
        let key = key.stream_key(binding, &salt);
        let mut prefix = [0; PREFIX_LEN];
        prefix[..SALT_LEN].copy_from_slice(&salt);
        prefix[SALT_LEN..].copy_from_slice(&key.commitment);
        Ok(Self {
            key,
            prefix: Some(prefix),
            binding,
            shape: Shape::of_plaintext(padded_len(len)),
            announced: len,
            taken: 0,
            index: 0,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK_LEN)),
        })
    }

    /// The length in bytes of the whole sealed stream.
    pub fn sealed_len(&self) -> u64 {
        sealed_len(self.shape.plaintext_len)
    }

    /// Takes the next bytes of plaintext and appends what is sealed by them to `out`: at most
    /// `plaintext.len()` bytes and one chunk more, a tag for each chunk, and the prefix.
    ///
    /// # Errors
    /// [`SealError::Longer`] when more bytes come than were announced.
    pub fn update(&mut self, plaintext: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        let room = self.announced - self.taken;
        let len = plaintext.len() as u64;
        if len > room {
            return Err(SealError::Longer { announced: self.announced, excess: len - room });
        }
        self.taken += len;
        self.push_prefix(out);
        self.push(plaintext, out);
        Ok(())
    }

    /// Pads, seals the last chunk and appends it to `out`.
    ///
    /// # Errors
    /// [`SealError::Shorter`] when fewer bytes came than were announced.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), SealError> {
        if self.taken < self.announced {
            return Err(SealError::Shorter { announced: self.announced, missing: self.announced - self.taken });
        }
        self.push_prefix(out);
        while self.index < self.shape.chunks {
            let full = self.shape.chunk_len(self.index);
            self.chunk.resize(full, 0);
            self.take_chunk(out);
        }
        Ok(())
    }

    fn push(&mut self, mut plaintext: &[u8], out: &mut Vec<u8>) {
        while !plaintext.is_empty() {
            let full = self.shape.chunk_len(self.index);
            let (now, later) = plaintext.split_at(plaintext.len().min(full - self.chunk.len()));
            if now.len() == full {
                // A whole chunk needs no detour through ours.
                out.extend_from_slice(now);
                self.seal_tail(full, out);
            } else {
                self.chunk.extend_from_slice(now);
                if self.chunk.len() == full {
                    self.take_chunk(out);
                }
            }
            plaintext = later;
        }
    }

    fn push_prefix(&mut self, out: &mut Vec<u8>) {
        if let Some(prefix) = self.prefix.take() {
            out.extend_from_slice(&prefix);
        }
    }

    fn take_chunk(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.chunk);
        let len = self.chunk.len();
        self.chunk.clear();
        self.seal_tail(len, out);
    }

    /// Encrypts the last `len` bytes of `out`, the current chunk, where they lie.
    fn seal_tail(&mut self, len: usize, out: &mut Vec<u8>) {
        let last = self.shape.is_last(self.index);
        let start = out.len() - len;
        let tag = self
            .key
            .cipher
            .encrypt_in_place_detached(
                &nonce(self.index, last),
                &associated_data(self.binding, self.index, last),
                &mut out[start..],
            )
            .expect("a chunk is far below ChaCha20's 256 GiB limit");
        out.extend_from_slice(&tag);
        self.index += 1;
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("binding", &self.binding)
            .field("shape", &self.shape)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}
