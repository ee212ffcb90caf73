// SPDX-License-Identifier: Apache-2.0
//! Which account key does a mnemonic, with or without a derivation path, stand for?
//!
//! The same as in `subkey` and polkadot-js: `phrase[/soft | //hard]…[///password]`. Source: sp-core, `crypto::Pair`
//! and `DeriveJunction`; substrate-bip39 for the seed.

use bip39::{Language, Mnemonic};
use codec::Encode;
use hkdf::hmac::Hmac;
use pbkdf2::pbkdf2;
use schnorrkel::derive::{ChainCode, Derivation};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey, SecretKey};
use sha2::Sha512;
use sp_crypto_hashing::blake2_256;
use zeroize::Zeroizing;

/// The phrase of development networks, known to everyone; it stands for an omitted phrase
/// before a path, as in `//Alice`.
pub const DEV_PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

/// Fixed by substrate-bip39.
const SEED_ROUNDS: u32 = 2048;
/// Bytes of a phrase with its path and password: far above 24 words, far below a burden.
const MAX_URI_LEN: usize = 1024;

/// Why a text is not a phrase with a path. None of the variants repeats any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// More text than any phrase has.
    #[error("the phrase is too long; give 12 to 24 words, and at most a derivation path and a password")]
    TooLong,
    /// Not 12, 15, 18, 21 or 24 words.
    #[error("a phrase has 12, 15, 18, 21 or 24 words, this one has {words}")]
    WordCount {
        /// Words given.
        words: usize,
    },
    /// A word of no phrase.
    #[error("word {position} is not on the English BIP-39 list; check its spelling")]
    UnknownWord {
        /// Counted from 1.
        position: usize,
    },
    /// A wrong word or order.
    #[error("the words do not fit together; check that none is missing, exchanged or misspelt")]
    Checksum,
    /// An empty step of the path.
    #[error("the derivation path has an empty step; write it like `//hard/soft`")]
    EmptyJunction,
}

/// What a text stands for.
pub(crate) struct Parsed {
    pub(crate) keypair: Keypair,
    /// The mnemonic, where the text was nothing but one, so that it alone brings the account back.
    pub(crate) mnemonic: Option<Mnemonic>,
}

pub(crate) fn parse(uri: &str) -> Result<Parsed, UriError> {
    if uri.len() > MAX_URI_LEN {
        return Err(UriError::TooLong);
    }
    let (uri, password) = uri.split_once("///").unwrap_or((uri, ""));
    let (phrase, path) = uri.split_at(uri.find('/').unwrap_or(uri.len()));
    // Only with a path: an empty answer to a prompt must not be the key everyone knows.
    let development = phrase.trim().is_empty() && !path.is_empty();
    let mnemonic = parse_mnemonic(if development { DEV_PHRASE } else { phrase })?;
    let root = keypair_of(&mnemonic, password);
    let whole = path.is_empty() && password.is_empty();
    Ok(Parsed { keypair: derive(root, path)?, mnemonic: whole.then_some(mnemonic) })
}

fn parse_mnemonic(phrase: &str) -> Result<Mnemonic, UriError> {
    let words = Zeroizing::new(phrase.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" "));
    Mnemonic::parse_in(Language::English, words.as_str()).map_err(|error| match error {
        bip39::Error::BadWordCount(words) => UriError::WordCount { words },
        bip39::Error::UnknownWord(at) => UriError::UnknownWord { position: at + 1 },
        _ => UriError::Checksum,
    })
}

/// PBKDF2 over the entropy, not over the words as in BIP-39 itself: what sets Substrate's seeds apart.
pub(crate) fn keypair_of(mnemonic: &Mnemonic, password: &str) -> Keypair {
    let (entropy, len) = mnemonic.to_entropy_array();
    let entropy = Zeroizing::new(entropy);
    let salt = Zeroizing::new(format!("mnemonic{password}"));
    let mut seed = Zeroizing::new([0; 64]);
    pbkdf2::<Hmac<Sha512>>(&entropy[..len], salt.as_bytes(), SEED_ROUNDS, seed.as_mut())
        .expect("HMAC takes a key of any length");
    MiniSecretKey::from_bytes(&seed[..32]).expect("32 bytes are a seed").expand_to_keypair(ExpansionMode::Ed25519)
}

fn derive(root: Keypair, path: &str) -> Result<Keypair, UriError> {
    let mut key: SecretKey = root.secret.clone();
    let mut rest = path;
    while let Some(step) = rest.strip_prefix('/') {
        let (hard, step) = step.strip_prefix('/').map_or((false, step), |step| (true, step));
        let (name, later) = step.split_at(step.find('/').unwrap_or(step.len()));
        if name.is_empty() {
            return Err(UriError::EmptyJunction);
        }
        let chain_code = ChainCode(junction(name));
        key = if hard {
            key.hard_derive_mini_secret_key(Some(chain_code), b"").0.expand(ExpansionMode::Ed25519)
        } else {
            key.derived_key_simple(chain_code, []).0
        };
        rest = later;
    }
    Ok(key.to_keypair())
}

/// A number or a text in SCALE, padded with zeros, or its hash if longer than 32 bytes.
fn junction(name: &str) -> [u8; 32] {
    let code = name.parse::<u64>().map_or_else(|_| name.encode(), |number| number.encode());
    let mut junction = [0; 32];
    match junction.get_mut(..code.len()) {
        Some(start) => start.copy_from_slice(&code),
        None => junction = blake2_256(&code),
    }
    junction
}
