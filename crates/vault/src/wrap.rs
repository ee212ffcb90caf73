// SPDX-License-Identifier: Apache-2.0
//! How does one reader, and nobody else, get a content key?
//!
//! HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. What the key is for
//! stands in HPKE's `info`, so that a wrapped key moved to another community, resource, epoch or reader does not open.

use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::key::ContentKey;

const DOMAIN: &[u8; 17] = b"kith/vault/wrap/1";
const INFO_LEN: usize = DOMAIN.len() + 32 + 8 + 4 + 4;
const ENCAPPED_LEN: usize = 32;
const KEY_LEN: usize = 32;

type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

/// Why a content key cannot be wrapped to a reader.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum WrapError {
    /// A point of small order: whatever is sealed to it, everyone can read.
    #[error("the reader's encryption key is not a usable X25519 key; the reader must register a new one")]
    WeakPublicKey,
}

/// Why a wrapped key does not open.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnwrapError {
    /// It was wrapped to another reader, resource, epoch or community, or its bytes were altered.
    #[error(
        "this grant is not for this reader, resource and key epoch, or was altered; ask the owner to grant it again"
    )]
    NotForThisReader,
}

/// What a wrapped key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapContext {
    /// The community's genesis hash.
    pub community: [u8; 32],
    /// The resource's id on chain.
    pub resource: u64,
    /// The resource's key epoch.
    pub epoch: u32,
    /// The reader's member id.
    pub reader: u32,
}

impl WrapContext {
    /// Domain, community, resource, epoch, reader; integers little-endian.
    fn info(&self) -> [u8; INFO_LEN] {
        let mut info = [0; INFO_LEN];
        let parts: [&[u8]; 5] = [
            DOMAIN,
            &self.community,
            &self.resource.to_le_bytes(),
            &self.epoch.to_le_bytes(),
            &self.reader.to_le_bytes(),
        ];
        let mut at = 0;
        for part in parts {
            info[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        info
    }
}

/// A content key sealed to one reader; public. Encapsulated key (32 bytes), then ciphertext and tag (48 bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WrappedKey(pub [u8; WrappedKey::LEN]);

impl WrappedKey {
    /// Length in bytes.
    pub const LEN: usize = ENCAPPED_LEN + KEY_LEN + crate::TAG_LEN;

    /// The content key, for the reader it was wrapped to.
    ///
    /// # Errors
    /// [`UnwrapError::NotForThisReader`] when secret, context or bytes are not those of the wrapping.
    pub fn unwrap(&self, secret: &ReaderSecret, context: &WrapContext) -> Result<ContentKey, UnwrapError> {
        let plaintext = open(&self.0, secret, context).map_err(|_| UnwrapError::NotForThisReader)?;
        let mut key = Zeroizing::new([0; KEY_LEN]);
        key.copy_from_slice(&plaintext);
        Ok(ContentKey(key))
    }
}

impl ContentKey {
    /// Wraps this key to the reader with the X25519 public key `reader_public`.
    ///
    /// # Errors
    /// [`WrapError::WeakPublicKey`] when that key is a point of small order.
    pub fn wrap(
        &self,
        reader_public: &[u8; 32],
        context: &WrapContext,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<WrappedKey, WrapError> {
        seal(self, reader_public, context, rng).map_err(|_| WrapError::WeakPublicKey)
    }
}

/// Fails only on a point of small order: the lengths are right by type.
fn seal(
    key: &ContentKey,
    reader_public: &[u8; 32],
    context: &WrapContext,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<WrappedKey, HpkeError> {
    let public = PublicKey::from_bytes(reader_public)?;
    let (encapped, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256, _>(
        &OpModeS::Base,
        &public,
        &context.info(),
        key.0.as_ref(),
        &[],
        &mut CurrentRng(rng),
    )?;
    let mut wrapped = [0; WrappedKey::LEN];
    wrapped[..ENCAPPED_LEN].copy_from_slice(&encapped.to_bytes());
    wrapped[ENCAPPED_LEN..].copy_from_slice(&sealed);
    Ok(WrappedKey(wrapped))
}

/// The 32 bytes of the content key.
fn open(
    wrapped: &[u8; WrappedKey::LEN],
    secret: &ReaderSecret,
    context: &WrapContext,
) -> Result<Zeroizing<Vec<u8>>, HpkeError> {
    let (encapped, sealed) = wrapped.split_at(ENCAPPED_LEN);
    let secret = PrivateKey::from_bytes(secret.0.as_ref())?;
    let encapped = EncappedKey::from_bytes(encapped)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret,
        &encapped,
        &context.info(),
        sealed,
        &[],
    )
    .map(Zeroizing::new)
}

/// A reader's X25519 secret key.
pub struct ReaderSecret(Zeroizing<[u8; 32]>);

impl ReaderSecret {
    /// From the 32 bytes of the key, as the keyring hands them out.
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for ReaderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReaderSecret(redacted)")
    }
}

/// Shows a generator of rand 0.8, as the rest of the tree uses, to hpke, which speaks the traits of 0.9.
struct CurrentRng<'a, R>(&'a mut R);

impl<R: RngCore> hpke::rand_core::RngCore for CurrentRng<'_, R> {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}

impl<R: RngCore + CryptoRng> hpke::rand_core::CryptoRng for CurrentRng<'_, R> {}
