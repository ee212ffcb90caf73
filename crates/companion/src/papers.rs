// SPDX-License-Identifier: Apache-2.0
//! What people sign and hand to one another, outside of the chain.
//!
//! Each is a JSON file with a field for everything that was signed, so that a person can read what they are given. Nothing
//! in one is believed before the signatures in it were verified.

pub(crate) mod application;
pub(crate) mod certificate;
pub(crate) mod qr;
pub(crate) mod recovery;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use kith_keyring::Address;
use kith_primitives::AccountId;
use serde::de::DeserializeOwned;

use crate::settings::parse_genesis;

/// A paper is a page, not a book: a certificate with all the signatures there may be takes less than 12 KiB.
const MAX_BYTES: u64 = 24 * 1024;

/// What a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Application,
    Certificate,
    Request,
    Revocation,
}

impl Kind {
    /// What it is called, and who writes one.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Application => ("application", "Ask the newcomer for the file `kith apply` wrote"),
            Self::Certificate => ("certificate", "Make one with `kith certificate new`"),
            Self::Request => ("request for a new key", "Ask the person for the file `kith recover request` wrote"),
            Self::Revocation => ("revocation document", "It is the file `kith revocation write` wrote"),
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words().0)
    }
}

/// Why a paper cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum PaperError {
    #[error("cannot read or write {path}: {cause}")]
    Io { path: PathBuf, cause: std::io::Error },
    #[error("{path} is no {kind}: it is longer than {MAX_BYTES} bytes. {}", kind.words().1)]
    TooLong { path: PathBuf, kind: Kind },
    #[error("{path} is no {kind}: {cause}. {}", kind.words().1)]
    Malformed { path: PathBuf, kind: Kind, cause: serde_json::Error },
    #[error("{path} is no {kind}: its {field} cannot be read. {}", kind.words().1)]
    Field { path: PathBuf, kind: Kind, field: &'static str },
    #[error("the {kind} is for another community ({theirs}) than yours ({ours})")]
    OtherCommunity { kind: Kind, theirs: String, ours: String },
    #[error("the {kind} was altered: {signer} did not sign what it says. {}", kind.words().1)]
    Altered { kind: Kind, signer: String },
}

/// Reads a paper's file.
fn read<T: DeserializeOwned>(path: &Path, kind: Kind) -> Result<T, PaperError> {
    let mut text = String::new();
    let taken = std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    let length = taken.map_err(|cause| PaperError::Io { path: path.into(), cause })?;
    if length as u64 > MAX_BYTES {
        return Err(PaperError::TooLong { path: path.into(), kind });
    }
    serde_json::from_str(&text).map_err(|cause| PaperError::Malformed { path: path.into(), kind, cause })
}

/// Writes a paper's text.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), PaperError> {
    std::fs::write(path, format!("{}\n", text.trim_end())).map_err(|cause| PaperError::Io { path: path.into(), cause })
}

/// Reads the fields of one paper's file.
#[derive(Clone, Copy)]
struct Fields<'a> {
    path: &'a Path,
    kind: Kind,
}

impl Fields<'_> {
    fn fault(&self, field: &'static str) -> PaperError {
        PaperError::Field { path: self.path.into(), kind: self.kind, field }
    }

    fn bytes<const N: usize>(&self, field: &'static str, text: &str) -> Result<[u8; N], PaperError> {
        bytes(text).ok_or_else(|| self.fault(field))
    }

    fn genesis(&self, text: &str) -> Result<[u8; 32], PaperError> {
        parse_genesis(text).map_err(|_| self.fault("genesis"))
    }

    fn account(&self, field: &'static str, text: &str) -> Result<AccountId, PaperError> {
        let address: Address = text.parse().map_err(|_| self.fault(field))?;
        Ok(AccountId::new(address.account()))
    }
}

/// Takes `N` bytes in hexadecimal digits, with or without `0x`.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text.trim_start_matches("0x")).ok()?.try_into().ok()
}

/// Refuses what is for another community.
fn for_community(kind: Kind, theirs: &[u8; 32], ours: &[u8; 32]) -> Result<(), PaperError> {
    if theirs == ours {
        return Ok(());
    }
    Err(PaperError::OtherCommunity { kind, theirs: hex::encode(theirs), ours: hex::encode(ours) })
}

/// Refuses what the account did not sign.
fn signed_by(kind: Kind, account: &AccountId, payload: &[u8], signature: &[u8; 64]) -> Result<(), PaperError> {
    let account: [u8; 32] = account.clone().into();
    if kith_keyring::verify(&account, payload, signature) {
        return Ok(());
    }
    Err(PaperError::Altered { kind, signer: crate::person::address(account) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<serde_json::Value, PaperError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("paper.json");
        std::fs::write(&path, text).unwrap();
        read(&path, Kind::Request)
    }

    #[test]
    fn a_paper_that_is_none_is_refused_by_name() {
        let missing = read::<serde_json::Value>(Path::new("/nowhere/paper.json"), Kind::Request).unwrap_err();
        assert!(matches!(missing, PaperError::Io { .. }));
        let long = read_text(&" ".repeat(usize::try_from(MAX_BYTES).unwrap() + 1)).unwrap_err();
        assert!(matches!(long, PaperError::TooLong { .. }), "{long}");
        let nonsense = read_text("{").unwrap_err();
        assert!(matches!(nonsense, PaperError::Malformed { .. }));
        assert!(nonsense.to_string().contains("kith recover request"), "{nonsense}");
        assert!(matches!(write(Path::new("/nowhere/paper.json"), ""), Err(PaperError::Io { .. })));
    }

    #[test]
    fn fields_that_are_none_are_named() {
        let fields = Fields { path: Path::new("paper.json"), kind: Kind::Application };
        let named = |refused: PaperError| refused.to_string();
        assert!(named(fields.bytes::<4>("signature", "0x12").unwrap_err()).contains("signature"));
        assert!(named(fields.genesis("12").unwrap_err()).contains("genesis"));
        assert!(named(fields.account("address", "5Grw").unwrap_err()).contains("address"));
        assert_eq!(fields.bytes("nonce", "0x01ff").unwrap(), [1, 255]);
    }
}
