// SPDX-License-Identifier: Apache-2.0
//! Which secret opens a version, and what is that secret bound to?

use std::fmt;

use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit};
use hkdf::Hkdf;
use rand::{CryptoRng, RngCore};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::shape::{COMMITMENT_LEN, SALT_LEN};

/// HKDF labels: they keep the two outputs apart from each other and from every other use of a content key.
const DATA_LABEL: &[u8] = b"kith/vault/data/1";
const COMMITMENT_LABEL: &[u8] = b"kith/vault/commitment/1";

/// The secret of one resource in one key epoch: 32 random bytes, drawn anew whenever a reader is removed.
///
/// It leaves this crate only wrapped to a reader ([`ContentKey::wrap`]).
#[derive(Clone)]
pub struct ContentKey(pub(crate) Zeroizing<[u8; 32]>);

impl ContentKey {
    /// A new key from the caller's randomness.
    pub fn generate(rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut());
        Self(bytes)
    }

    /// The cipher of one sealed stream, and the commitment that stands in its prefix.
    pub(crate) fn stream_key(&self, binding: Binding, salt: &[u8; SALT_LEN]) -> StreamKey {
        let hkdf = Hkdf::<Sha256>::new(Some(salt), self.0.as_ref());
        let place = binding.to_bytes();
        let mut key = Key::default();
        let mut commitment = [0; COMMITMENT_LEN];
        hkdf.expand_multi_info(&[DATA_LABEL, &place], &mut key).expect("32 bytes are within HKDF-SHA256's limit");
        hkdf.expand_multi_info(&[COMMITMENT_LABEL, &place], &mut commitment)
            .expect("32 bytes are within HKDF-SHA256's limit");
        let cipher = ChaCha20Poly1305::new(&key);
        key.zeroize();
        StreamKey { cipher, commitment }
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(redacted)")
    }
}

/// What a sealed stream belongs to. The same bytes under another binding do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binding {
    /// The resource's id on chain.
    pub resource: u64,
    /// The version's number on chain; it only ever grows, which is what refuses a rollback.
    pub version: u32,
}

impl Binding {
    pub(crate) const LEN: usize = 12;

    /// Resource then version, little-endian.
    pub(crate) fn to_bytes(self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..8].copy_from_slice(&self.resource.to_le_bytes());
        bytes[8..].copy_from_slice(&self.version.to_le_bytes());
        bytes
    }
}

pub(crate) struct StreamKey {
    pub(crate) cipher: ChaCha20Poly1305,
    pub(crate) commitment: [u8; COMMITMENT_LEN],
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{rngs::StdRng, SeedableRng};

    #[test]
    fn debug_shows_no_byte_of_the_key() {
        let key = ContentKey(Zeroizing::new([0xAB; 32]));
        let shown = format!("{key:?}").to_lowercase();
        assert!(!shown.contains("ab, ") && !shown.contains("171") && !shown.contains("abab"), "{shown}");
    }

    #[test]
    fn two_keys_from_one_generator_differ() {
        let mut rng = StdRng::seed_from_u64(1);
        assert_ne!(*ContentKey::generate(&mut rng).0, *ContentKey::generate(&mut rng).0);
    }

    #[test]
    fn key_binding_and_salt_all_change_the_commitment() {
        let commitment = |key, resource, version, salt| {
            let key = ContentKey(Zeroizing::new([key; 32]));
            key.stream_key(Binding { resource, version }, &[salt; SALT_LEN]).commitment
        };
        let one = commitment(1, 1, 1, 1);
        for other in [commitment(2, 1, 1, 1), commitment(1, 2, 1, 1), commitment(1, 1, 2, 1), commitment(1, 1, 1, 2)] {
            assert_ne!(one, other);
        }
        assert_eq!(one, commitment(1, 1, 1, 1));
    }
}
