// SPDX-License-Identifier: Apache-2.0
//! What does a key file look like, and who can open it?
//!
//! JSON: the version, the account and encryption public keys, the password's cost and salt, and the secret under
//! XChaCha20-Poly1305 with everything before it as associated data. The key is Argon2id of the password.

use std::fmt;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use rand::{CryptoRng, RngCore};
use schnorrkel::SecretKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::disk;
use crate::kdf::{Cost, CostError, PasswordKey, CHECK_LEN, SALT_LEN};
use crate::unlocked::{Unlocked, ACCOUNT_SECRET_LEN};

pub use crate::disk::DiskError;

const VERSION: u32 = 1;
const DOMAIN: &[u8] = b"kith/keyring/file/1";
const NONCE_LEN: usize = 24;
/// Bytes; a key file has fewer than one thousand.
const MAX_FILE_LEN: u64 = 4096;
/// First byte of the secret: BIP-39 entropy follows.
const KIND_ENTROPY: u8 = 1;
/// First byte of the secret: an sr25519 secret key follows.
const KIND_ACCOUNT_KEY: u8 = 2;

/// Why a key file was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// No password.
    #[error("a key file needs a password; give one")]
    EmptyPassword,
    /// The file could not be written.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Why a file is not a key file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file could not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Not JSON, a field missing, unknown or of a wrong length.
    #[error("{path} is not a key file, or was cut: {source}; restore it from a backup or from the phrase")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where reading stopped.
        source: serde_json::Error,
    },
    /// Another version of the format.
    #[error("{path} has format {version}, this program reads format {VERSION}; update it")]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A cost outside the bounds: refused before any of it is paid.
    #[error("{path} asks for a cost no key file has; restore it from a backup or from the phrase")]
    Cost {
        /// The file.
        path: PathBuf,
        /// What it asks for.
        source: CostError,
    },
}

/// Why a key file was not unlocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// Another password (or the file's cost or salt was changed).
    #[error("wrong password; try again")]
    WrongPassword,
    /// The right password, but bytes of the file were altered.
    #[error("the key file was altered or damaged; restore it from a backup or from the phrase")]
    Altered,
}

/// Why a password was not changed. The old one still holds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangePasswordError {
    /// The old password does not unlock the file.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// The new password cannot protect it, or the file could not be written.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// A person's keys at rest. What is public of them can be read without the password.
pub struct Keyring {
    path: PathBuf,
    header: Header,
    sealed: Vec<u8>,
}

impl Keyring {
    /// Writes `keys` to a new file, in a folder that is made if it is not there.
    ///
    /// # Errors
    /// [`CreateError`]; an existing file is never overwritten, and a folder others can change is refused.
    pub fn create(
        path: &Path,
        keys: &Unlocked,
        password: &str,
        cost: Cost,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, CreateError> {
        let keyring = Self::seal(path, keys, password, cost, rng)?;
        disk::write_new(path, &keyring.encode(), &keyring.unique())?;
        Ok(keyring)
    }

    /// Reads a key file without unlocking it.
    ///
    /// # Errors
    /// [`OpenError`]; a file others can open is refused.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let bytes = disk::read(path, MAX_FILE_LEN)?;
        let file: File =
            serde_json::from_slice(&bytes).map_err(|source| OpenError::Malformed { path: path.to_owned(), source })?;
        if file.version != VERSION {
            return Err(OpenError::Version { path: path.to_owned(), version: file.version });
        }
        let cost = Cost::new(file.memory_kib, file.passes, file.lanes)
            .map_err(|source| OpenError::Cost { path: path.to_owned(), source })?;
        let header = Header {
            account: file.account.0,
            encryption: file.encryption.0,
            cost,
            salt: file.salt.0,
            check: file.check.0,
            nonce: file.nonce.0,
        };
        Ok(Self { path: path.to_owned(), header, sealed: file.sealed.0 })
    }

    /// Decrypts the keys.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn unlock(&self, password: &str) -> Result<Unlocked, UnlockError> {
        let key = self.header.cost.derive(password, &self.header.salt);
        if !equal_in_constant_time(&key.check, &self.header.check) {
            return Err(UnlockError::WrongPassword);
        }
        let aad = self.header.associated_data();
        let secret = cipher(&key)
            .decrypt(XNonce::from_slice(&self.header.nonce), Payload { msg: &self.sealed, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| UnlockError::Altered)?;
        decode_secret(&secret).ok_or(UnlockError::Altered)
    }

    /// Puts the file under another password; after a crash it is under the old or the new one.
    ///
    /// # Errors
    /// [`ChangePasswordError`].
    pub fn change_password(
        &mut self,
        old: &str,
        new: &str,
        cost: Cost,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<(), ChangePasswordError> {
        let keys = self.unlock(old)?;
        let keyring = Self::seal(&self.path, &keys, new, cost, rng)?;
        disk::replace(&self.path, &keyring.encode(), &keyring.unique()).map_err(CreateError::Disk)?;
        *self = keyring;
        Ok(())
    }

    /// The account's sr25519 public key, as the file says; unlocking proves it.
    pub fn account_id(&self) -> [u8; 32] {
        self.header.account
    }

    /// The X25519 public key, as the file says; unlocking proves it.
    pub fn encryption_public(&self) -> [u8; 32] {
        self.header.encryption
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn seal(
        path: &Path,
        keys: &Unlocked,
        password: &str,
        cost: Cost,
        rng: &mut (impl RngCore + CryptoRng),
    ) -> Result<Self, CreateError> {
        if password.is_empty() {
            return Err(CreateError::EmptyPassword);
        }
        let mut salt = [0; SALT_LEN];
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut nonce);
        let key = cost.derive(password, &salt);
        let (account, encryption) = (keys.account_id(), keys.encryption_public());
        let header = Header { account, encryption, cost, salt, check: key.check, nonce };
        let aad = header.associated_data();
        let sealed = cipher(&key)
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: &encode_secret(keys), aad: &aad })
            .expect("a secret is far below the cipher's limit");
        Ok(Self { path: path.to_owned(), header, sealed })
    }

    /// The salt is new with every writing, so it names the temporary file.
    fn unique(&self) -> String {
        HEX.encode(&self.header.salt)
    }

    fn encode(&self) -> Vec<u8> {
        let Header { account, encryption, cost, salt, check, nonce } = self.header;
        let file = File {
            version: VERSION,
            account: Hex(account),
            encryption: Hex(encryption),
            memory_kib: cost.memory_kib(),
            passes: cost.passes(),
            lanes: cost.lanes(),
            salt: Hex(salt),
            check: Hex(check),
            nonce: Hex(nonce),
            sealed: HexVec(self.sealed.clone()),
        };
        let mut bytes = serde_json::to_vec_pretty(&file).expect("numbers and texts are JSON");
        bytes.push(b'\n');
        bytes
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("path", &self.path).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy)]
struct Header {
    account: [u8; 32],
    encryption: [u8; 32],
    cost: Cost,
    salt: [u8; SALT_LEN],
    check: [u8; CHECK_LEN],
    nonce: [u8; NONCE_LEN],
}

impl Header {
    /// Every field of the file but the sealed secret, each of fixed length.
    fn associated_data(&self) -> Vec<u8> {
        [
            DOMAIN,
            &self.account,
            &self.encryption,
            &self.cost.memory_kib().to_le_bytes(),
            &self.cost.passes().to_le_bytes(),
            &self.cost.lanes().to_le_bytes(),
            &self.salt,
            &self.check,
            &self.nonce,
        ]
        .concat()
    }
}

/// The file's JSON; bytes are in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    account: Hex<32>,
    encryption: Hex<32>,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Hex<SALT_LEN>,
    check: Hex<CHECK_LEN>,
    nonce: Hex<NONCE_LEN>,
    sealed: HexVec,
}

#[derive(Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct HexVec(Vec<u8>);

impl TryFrom<String> for HexVec {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        HEX.decode(text.as_bytes()).map(Self).map_err(|_| "not hexadecimal")
    }
}

impl From<HexVec> for String {
    fn from(bytes: HexVec) -> Self {
        HEX.encode(&bytes.0)
    }
}

impl Clone for HexVec {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "HexVec", into = "HexVec")]
struct Hex<const LEN: usize>([u8; LEN]);

impl<const LEN: usize> TryFrom<HexVec> for Hex<LEN> {
    type Error = &'static str;

    fn try_from(bytes: HexVec) -> Result<Self, Self::Error> {
        bytes.0.try_into().map(Self).map_err(|_| "of a wrong length")
    }
}

impl<const LEN: usize> From<Hex<LEN>> for HexVec {
    fn from(bytes: Hex<LEN>) -> Self {
        Self(bytes.0.to_vec())
    }
}

fn cipher(key: &PasswordKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(key.key.as_ref()))
}

fn encode_secret(keys: &Unlocked) -> Zeroizing<Vec<u8>> {
    let mut secret = Zeroizing::new(Vec::with_capacity(1 + ACCOUNT_SECRET_LEN));
    match keys.entropy() {
        Some(entropy) => {
            secret.push(KIND_ENTROPY);
            secret.extend_from_slice(&entropy);
        }
        None => {
            secret.push(KIND_ACCOUNT_KEY);
            secret.extend_from_slice(Zeroizing::new(keys.account_key().to_bytes()).as_ref());
        }
    }
    secret
}

fn decode_secret(secret: &[u8]) -> Option<Unlocked> {
    match secret.split_first()? {
        (&KIND_ENTROPY, entropy) => Unlocked::from_entropy(entropy),
        (&KIND_ACCOUNT_KEY, key) => {
            SecretKey::from_bytes(key).ok().map(|key| Unlocked::from_account_key(key.to_keypair()))
        }
        _ => None,
    }
}

fn equal_in_constant_time(a: &[u8; CHECK_LEN], b: &[u8; CHECK_LEN]) -> bool {
    a.iter().zip(b).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}
