// SPDX-License-Identifier: Apache-2.0
//! The key a device is known by in the swarm, and the file it lies in.

use libp2p::{
    identity::{ed25519, Keypair, PublicKey},
    PeerId,
};
use std::{
    fmt,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// Hexadecimal digits of the secret key in its file.
const SECRET_DIGITS: usize = 64;
/// More than this is no key file.
const MAX_FILE_BYTES: u64 = 256;

/// An Ed25519 key pair. The secret half is wiped from memory when dropped and never shown.
#[derive(Clone)]
pub struct Identity(ed25519::Keypair);

impl Identity {
    /// A new identity from the system's randomness.
    pub fn generate() -> Self {
        Self(ed25519::Keypair::generate())
    }

    /// The identity of an Ed25519 secret key (the 32-byte seed).
    pub fn from_secret(secret: Zeroizing<[u8; 32]>) -> Self {
        let mut secret = secret;
        let key = ed25519::SecretKey::try_from_bytes(&mut secret[..]).expect("any 32 bytes are an Ed25519 secret key");
        Self(key.into())
    }

    /// The public key, as it is bound on chain.
    pub fn public(&self) -> [u8; 32] {
        self.0.public().to_bytes()
    }

    /// The secret key (the 32-byte seed), for a signer of the device's own transactions.
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        let both = Zeroizing::new(self.0.to_bytes());
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(&both[..32]);
        secret
    }

    /// The name of this identity in the swarm.
    pub fn peer_id(&self) -> PeerId {
        self.keypair().public().to_peer_id()
    }

    /// Signs, for instance the binding of this device to a member. 64 bytes, RFC 8032.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message)
    }

    pub(crate) fn keypair(&self) -> Keypair {
        self.0.clone().into()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity").field(&self.peer_id()).finish()
    }
}

/// Why the identity could not be loaded or made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// Others can read the key.
    #[error("{} can be read by others (mode {mode:o}); run `chmod 600` on it, and replace the key if the machine is shared", path.display())]
    Exposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file does not hold a key.
    #[error("{} does not hold a key: {SECRET_DIGITS} hexadecimal digits are expected; restore it or move it away", path.display())]
    Malformed {
        /// The key file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot use the key file {}: {source}", path.display())]
    Io {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Reads the identity in `path`, or makes one there: the file mode is 0600, missing directories are made with 0700.
pub fn load_or_create_identity(path: &Path) -> Result<Identity, IdentityError> {
    let io = |source| IdentityError::Io { path: path.to_owned(), source };
    match File::open(path) {
        Ok(file) => load(path, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let identity = Identity::generate();
            create(path, &identity).map_err(io)?;
            Ok(identity)
        }
        Err(error) => Err(io(error)),
    }
}

/// The peer id of a public key as it is bound on chain; `None` if the bytes are not a point of the curve.
pub fn peer_id_of(public: &[u8; 32]) -> Option<PeerId> {
    let key = ed25519::PublicKey::try_from_bytes(public).ok()?;
    Some(PublicKey::from(key).to_peer_id())
}

/// The public key of a peer id; `None` if it is not of an Ed25519 key.
pub fn public_of(peer: &PeerId) -> Option<[u8; 32]> {
    let hash = peer.as_ref();
    // The identity hash: short keys are not hashed, so the peer id holds the key itself.
    (hash.code() == 0).then_some(())?;
    let key = PublicKey::try_decode_protobuf(hash.digest()).ok()?;
    Some(key.try_into_ed25519().ok()?.to_bytes())
}

fn load(path: &Path, file: File) -> Result<Identity, IdentityError> {
    let io = |source| IdentityError::Io { path: path.to_owned(), source };
    let mode = file.metadata().map_err(io)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(IdentityError::Exposed { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_FILE_BYTES as usize));
    file.take(MAX_FILE_BYTES).read_to_end(&mut text).map_err(io)?;
    let secret = decode(text.trim_ascii()).ok_or_else(|| IdentityError::Malformed { path: path.to_owned() })?;
    Ok(Identity::from_secret(secret))
}

fn create(path: &Path, identity: &Identity) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    let aside = path.with_extension("new");
    let _ = fs::remove_file(&aside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let mut text = Zeroizing::new(Vec::with_capacity(SECRET_DIGITS + 1));
    for byte in identity.secret().iter() {
        write!(text, "{byte:02x}")?;
    }
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_all()?;
    // A link, unlike a rename, never replaces a key that another process made meanwhile.
    let made = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    made?;
    File::open(parent)?.sync_all()
}

fn decode(text: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    (text.len() == SECRET_DIGITS).then_some(())?;
    let mut secret = Zeroizing::new([0; 32]);
    for (byte, pair) in secret.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| pair.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_made_once_and_kept_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keys/store.key");
        let made = load_or_create_identity(&path).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(load_or_create_identity(&path).unwrap().public(), made.public());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn exposed_and_malformed_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.key");
        load_or_create_identity(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(load_or_create_identity(&path), Err(IdentityError::Exposed { mode: 0o644, .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            fs::write(&path, text).unwrap();
            assert!(matches!(load_or_create_identity(&path), Err(IdentityError::Malformed { .. })), "{text}");
        }
        assert!(matches!(
            load_or_create_identity(dir.path()),
            Err(IdentityError::Io { .. } | IdentityError::Exposed { .. })
        ));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let identity = Identity::from_secret(Zeroizing::new([0xab; 32]));
        let shown = format!("{identity:?}");
        assert!(!shown.contains("abab") && !shown.contains("171, 171"));
        assert_eq!(*identity.secret(), [0xab; 32]);
    }

    #[test]
    fn peer_ids_and_public_keys_convert_both_ways() {
        let identity = Identity::generate();
        assert_eq!(peer_id_of(&identity.public()), Some(identity.peer_id()));
        assert_eq!(public_of(&identity.peer_id()), Some(identity.public()));
        assert_eq!(public_of(&PeerId::random()), None);
    }
}
