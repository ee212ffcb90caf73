// SPDX-License-Identifier: Apache-2.0
//! What can a person do with their keys once they are unlocked?

use std::fmt;
use std::str::FromStr;

use bip39::{Language, Mnemonic};
use hkdf::Hkdf;
use rand::{CryptoRng, RngCore};
use schnorrkel::{signing_context, Keypair, SecretKey};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::uri::{self, UriError};

/// The signing context every Substrate chain verifies under.
pub(crate) const SIGNING_CONTEXT: &[u8] = b"substrate";
const ENCRYPTION_LABEL: &[u8] = b"kith/keyring/x25519/1";
const MESSAGE_START: &[u8] = b"<Bytes>";
const MESSAGE_END: &[u8] = b"</Bytes>";

pub(crate) const ACCOUNT_SECRET_LEN: usize = 64;

/// How many words a new phrase has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// 128 bits.
    Twelve,
    /// 256 bits.
    TwentyFour,
}

/// A person's keys in memory; wiped when dropped.
pub struct Unlocked {
    account: Keypair,
    encryption: StaticSecret,
    mnemonic: Option<Mnemonic>,
}

impl Unlocked {
    /// New keys from the caller's randomness.
    pub fn generate(words: Words, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut entropy = Zeroizing::new([0; 32]);
        let len = match words {
            Words::Twelve => 16,
            Words::TwentyFour => 32,
        };
        rng.fill_bytes(&mut entropy[..len]);
        Self::from_entropy(&entropy[..len]).expect("16 and 32 bytes are lengths of BIP-39 entropy")
    }

    /// `None` for lengths BIP-39 does not know.
    pub(crate) fn from_entropy(entropy: &[u8]) -> Option<Self> {
        let mnemonic = Mnemonic::from_entropy_in(Language::English, entropy).ok()?;
        Some(Self::new(uri::keypair_of(&mnemonic, ""), Some(mnemonic)))
    }

    pub(crate) fn from_account_key(account: Keypair) -> Self {
        Self::new(account, None)
    }

    fn new(account: Keypair, mnemonic: Option<Mnemonic>) -> Self {
        let encryption = encryption_key(&account.secret);
        Self { account, encryption, mnemonic }
    }

    /// The account's sr25519 public key, which is its id on chain.
    pub fn account_id(&self) -> [u8; 32] {
        self.account.public.to_bytes()
    }

    /// The X25519 public key that content keys are wrapped to.
    pub fn encryption_public(&self) -> [u8; 32] {
        PublicKey::from(&self.encryption).to_bytes()
    }

    /// The X25519 secret key, for the vault to unwrap content keys with.
    pub fn encryption_secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.encryption.to_bytes())
    }

    /// The words to write down, unless the account came from elsewhere than a bare phrase.
    pub fn phrase(&self) -> Option<Zeroizing<String>> {
        self.mnemonic.as_ref().map(|mnemonic| Zeroizing::new(mnemonic.to_string()))
    }

    /// An sr25519 signature over exactly `payload`.
    ///
    /// For payloads whose meaning the caller has decoded and shown: an extrinsic's signer payload (which the caller
    /// hashes with BLAKE2b-256 first if it is longer than 256 bytes, as the chain does), or a statement that begins
    /// with a domain of its own, such as an application. Bytes that a page handed over go through
    /// [`Unlocked::sign_message`].
    pub fn sign(&self, payload: &[u8]) -> [u8; 64] {
        self.account.sign(signing_context(SIGNING_CONTEXT).bytes(payload)).to_bytes()
    }

    /// An sr25519 signature over `<Bytes>message</Bytes>`, which no extrinsic can be; a message that is wrapped
    /// already is not wrapped again, as wallets have it.
    pub fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        let wrapped_already = message.len() >= MESSAGE_START.len() + MESSAGE_END.len()
            && message.starts_with(MESSAGE_START)
            && message.ends_with(MESSAGE_END);
        if wrapped_already {
            return self.sign(message);
        }
        self.sign(&[MESSAGE_START, message, MESSAGE_END].concat())
    }

    pub(crate) fn entropy(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.mnemonic.as_ref().map(|mnemonic| Zeroizing::new(mnemonic.to_entropy()))
    }

    pub(crate) fn account_key(&self) -> &SecretKey {
        &self.account.secret
    }
}

impl FromStr for Unlocked {
    type Err = UriError;

    /// From `phrase[/soft | //hard]…[///password]`, as `subkey` and polkadot-js read it.
    fn from_str(text: &str) -> Result<Self, UriError> {
        let parsed = uri::parse(text)?;
        Ok(Self::new(parsed.keypair, parsed.mnemonic))
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").field("account_id", &self.account_id()).finish_non_exhaustive()
    }
}

/// From the account key's scalar alone: its other half, the nonce seed, differs between wallets after soft derivation.
fn encryption_key(account: &SecretKey) -> StaticSecret {
    let account = Zeroizing::new(account.to_bytes());
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, &account[..32])
        .expand(ENCRYPTION_LABEL, key.as_mut())
        .expect("32 bytes are within HKDF-SHA256's limit");
    StaticSecret::from(*key)
}
