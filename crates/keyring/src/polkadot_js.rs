// SPDX-License-Identifier: Apache-2.0
//! How does an account come from, and go to, the wallets people already have?
//!
//! The account JSON of polkadot-js, version 3: `encoded` is base64 of scrypt's salt (32 bytes), N, p and r (u32 each),
//! a nonce (24 bytes), and XSalsa20-Poly1305 of a PKCS #8 document with the key pair. Source: polkadot-js/common,
//! `packages/util-crypto/src/{json,scrypt}` and `packages/keyring/src/pair`.

use crypto_secretbox::aead::{Aead, KeyInit};
use crypto_secretbox::{Key, Nonce, XSalsa20Poly1305};
use data_encoding::BASE64;
use rand::{CryptoRng, RngCore};
use schnorrkel::SecretKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::address::{Address, AddressError};
use crate::unlocked::{Unlocked, ACCOUNT_SECRET_LEN};

/// Bytes of a file; a wallet's is below two thousand unless its notes are long.
const MAX_JSON_LEN: usize = 64 * 1024;
/// Scrypt's block size in every file polkadot-js writes.
const BLOCK_SIZE: u32 = 8;
/// 2^13: the least polkadot-js accepts.
const MIN_LOG_N: u8 = 13;
/// 2^17: what polkadot-js writes, 128 MiB; above, a hostile file would exhaust memory.
const MAX_LOG_N: u8 = 17;
/// The most polkadot-js accepts.
const MAX_PARALLEL: u32 = 10;

const SALT_LEN: usize = 32;
const NONCE_LEN: usize = 24;
const NONCE_AT: usize = SALT_LEN + 3 * 4;
const SEALED_AT: usize = NONCE_AT + NONCE_LEN;

const PKCS8_START: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
const PKCS8_MIDDLE: [u8; 5] = [161, 35, 3, 33, 0];
const PKCS8_LEN: usize = PKCS8_START.len() + ACCOUNT_SECRET_LEN + PKCS8_MIDDLE.len() + 32;

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// More than any wallet writes.
    #[error("the file is larger than any account file; check that it is one")]
    TooLarge,
    /// Not the JSON of an account.
    #[error("this is not an account file of polkadot-js: {0}; export the account again")]
    Json(#[from] serde_json::Error),
    /// Another version, another kind of key, or an account without a password.
    #[error("only password-protected sr25519 accounts of version 3 can be imported; export such a one")]
    Unsupported,
    /// Scrypt parameters no wallet writes: refused before any of the work is done.
    #[error("the file asks for scrypt with N = {n}, r = {r}, p = {p}, which no wallet writes; export it again")]
    Cost {
        /// Cost.
        n: u32,
        /// Block size.
        r: u32,
        /// Parallelism.
        p: u32,
    },
    /// Another password, or the file was altered.
    #[error("wrong password, or the file was altered; try again")]
    WrongPassword,
    /// What was decrypted, the address and the key do not belong together.
    #[error("the key in the file is not that of its address; export the account again")]
    WrongKey,
}

/// Reads an account from `json`, the text of the file a wallet exported under `password`.
///
/// # Errors
/// [`ImportError`].
pub fn import(json: &str, password: &str) -> Result<Unlocked, ImportError> {
    if json.len() > MAX_JSON_LEN {
        return Err(ImportError::TooLarge);
    }
    let file: AccountFile = serde_json::from_str(json)?;
    if !file.encoding.is_supported() {
        return Err(ImportError::Unsupported);
    }
    let encoded = BASE64.decode(file.encoded.as_bytes()).map_err(|_| ImportError::Unsupported)?;
    let (params, sealed) = encoded.split_at_checked(SEALED_AT).ok_or(ImportError::Unsupported)?;
    let cost = ScryptCost::parse(&params[SALT_LEN..NONCE_AT])?;
    let cipher = XSalsa20Poly1305::new(&cost.derive(password, &params[..SALT_LEN]));
    let pkcs8 = cipher
        .decrypt(Nonce::from_slice(&params[NONCE_AT..]), sealed)
        .map(Zeroizing::new)
        .map_err(|_| ImportError::WrongPassword)?;
    let keys = decode_pkcs8(&pkcs8).ok_or(ImportError::WrongKey)?;
    let address: Address = file.address.parse().map_err(|_| ImportError::WrongKey)?;
    if address.account() != keys.account_id() {
        return Err(ImportError::WrongKey);
    }
    Ok(keys)
}

/// Writes the account of `keys` as the JSON a wallet imports under `password`; `name` is what it is listed as, and
/// `ss58_prefix` the network's.
///
/// # Errors
/// [`AddressError::Prefix`].
pub fn export(
    keys: &Unlocked,
    name: &str,
    ss58_prefix: u16,
    password: &str,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<String, AddressError> {
    let address = Address::new(ss58_prefix, keys.account_id())?.to_string();
    let cost = ScryptCost { log_n: MAX_LOG_N, p: 1 };
    let mut encoded = vec![0; SEALED_AT];
    rng.fill_bytes(&mut encoded[..SALT_LEN]);
    rng.fill_bytes(&mut encoded[NONCE_AT..]);
    encoded[SALT_LEN..NONCE_AT].copy_from_slice(&cost.encode());
    let sealed = XSalsa20Poly1305::new(&cost.derive(password, &encoded[..SALT_LEN]))
        .encrypt(Nonce::from_slice(&encoded[NONCE_AT..]), encode_pkcs8(keys).as_slice())
        .expect("a key pair is far below the cipher's limit");
    encoded.extend_from_slice(&sealed);
    let file = AccountFile {
        encoded: BASE64.encode(&encoded),
        encoding: Encoding::supported(),
        address,
        meta: Meta { name: Some(name.to_owned()) },
    };
    Ok(serde_json::to_string(&file).expect("texts are JSON"))
}

#[derive(Serialize, Deserialize)]
struct AccountFile {
    encoded: String,
    encoding: Encoding,
    address: String,
    #[serde(default)]
    meta: Meta,
}

/// A wallet keeps more here; only the name is ours to write, and nothing is read.
#[derive(Default, Serialize, Deserialize)]
struct Meta {
    name: Option<String>,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Encoding {
    content: Vec<String>,
    #[serde(rename = "type")]
    kind: Vec<String>,
    version: String,
}

impl Encoding {
    fn supported() -> Self {
        Self {
            content: ["pkcs8", "sr25519"].map(str::to_owned).to_vec(),
            kind: ["scrypt", "xsalsa20-poly1305"].map(str::to_owned).to_vec(),
            version: "3".to_owned(),
        }
    }

    fn is_supported(&self) -> bool {
        *self == Self::supported()
    }
}

struct ScryptCost {
    log_n: u8,
    p: u32,
}

impl ScryptCost {
    /// From N, p and r, little-endian.
    fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        let mut numbers = bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let mut number = || numbers.next().unwrap_or_default();
        let (n, p, r) = (number(), number(), number());
        let log_n = n.checked_ilog2().unwrap_or_default() as u8;
        let within = n.is_power_of_two()
            && (MIN_LOG_N..=MAX_LOG_N).contains(&log_n)
            && r == BLOCK_SIZE
            && (1..=MAX_PARALLEL).contains(&p);
        within.then_some(Self { log_n, p }).ok_or(ImportError::Cost { n, r, p })
    }

    fn encode(&self) -> [u8; 12] {
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&(1u32 << self.log_n).to_le_bytes());
        bytes[4..8].copy_from_slice(&self.p.to_le_bytes());
        bytes[8..].copy_from_slice(&BLOCK_SIZE.to_le_bytes());
        bytes
    }

    fn derive(&self, password: &str, salt: &[u8]) -> Zeroizing<Key> {
        let params = scrypt::Params::new(self.log_n, BLOCK_SIZE, self.p, 32)
            .expect("the bounds of a cost are within scrypt's own");
        let mut key = Zeroizing::new(Key::default());
        scrypt::scrypt(password.as_bytes(), salt, &params, &mut key).expect("32 bytes are a length scrypt gives");
        key
    }
}

/// The secret key goes in as an Ed25519 scalar, eight times ours.
fn encode_pkcs8(keys: &Unlocked) -> Zeroizing<Vec<u8>> {
    let mut pkcs8 = Zeroizing::new(Vec::with_capacity(PKCS8_LEN));
    pkcs8.extend_from_slice(&PKCS8_START);
    pkcs8.extend_from_slice(Zeroizing::new(keys.account_key().to_ed25519_bytes()).as_ref());
    pkcs8.extend_from_slice(&PKCS8_MIDDLE);
    pkcs8.extend_from_slice(&keys.account_id());
    pkcs8
}

fn decode_pkcs8(pkcs8: &[u8]) -> Option<Unlocked> {
    let rest = pkcs8.strip_prefix(&PKCS8_START)?;
    let (secret, rest) = rest.split_at_checked(ACCOUNT_SECRET_LEN)?;
    let public = rest.strip_prefix(&PKCS8_MIDDLE)?;
    let keys = Unlocked::from_account_key(SecretKey::from_ed25519_bytes(secret).ok()?.to_keypair());
    (keys.account_id() == public).then_some(keys)
}
