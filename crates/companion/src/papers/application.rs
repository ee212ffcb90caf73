// SPDX-License-Identifier: Apache-2.0
//! A newcomer's application as a file.

use std::path::Path;

use kith_chain::Signer;
use kith_primitives::{application::Application, member::EncryptionKey, AccountId, BlockNumber};
use serde::{Deserialize, Serialize};

use super::{for_community, read, signed_by, Fields, Kind, PaperError};
use crate::person::{address, Person};

/// An application, and the newcomer's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedApplication {
    pub(crate) application: Application<AccountId, BlockNumber>,
    pub(crate) signature: [u8; 64],
}

/// The same, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplicationFile {
    /// The community's genesis hash, in hex.
    genesis: String,
    /// The newcomer's address.
    address: String,
    /// Their encryption key, in hex.
    encryption_key: String,
    /// The last block at which it may be used.
    expires: u32,
    /// Their sr25519 signature, in hex.
    signature: String,
}

impl SignedApplication {
    /// Signs one.
    pub(crate) fn sign(person: &Person, genesis: [u8; 32], expires: u32) -> Self {
        let application = Application {
            genesis,
            account: AccountId::new(person.account()),
            encryption_key: EncryptionKey(person.encryption_key()),
            expires,
        };
        let signature = person.sign(&application.signing_payload());
        Self { application, signature }
    }

    /// Reads one; nothing is verified yet.
    pub(crate) fn read(path: &Path) -> Result<Self, PaperError> {
        Self::from_file(&read(path, Kind::Application)?, Fields { path, kind: Kind::Application })
    }

    /// Refuses one for another community, and one whose newcomer did not sign it.
    pub(crate) fn check(&self, genesis: &[u8; 32]) -> Result<(), PaperError> {
        for_community(Kind::Application, &self.application.genesis, genesis)?;
        let payload = self.application.signing_payload();
        signed_by(Kind::Application, &self.application.account, &payload, &self.signature)
    }

    pub(super) fn from_file(file: &ApplicationFile, fields: Fields<'_>) -> Result<Self, PaperError> {
        let application = Application {
            genesis: fields.genesis(&file.genesis)?,
            account: fields.account("address", &file.address)?,
            encryption_key: EncryptionKey(fields.bytes("encryption_key", &file.encryption_key)?),
            expires: file.expires,
        };
        Ok(Self { application, signature: fields.bytes("signature", &file.signature)? })
    }

    /// As it is written.
    pub(crate) fn file(&self) -> ApplicationFile {
        ApplicationFile {
            genesis: hex::encode(self.application.genesis),
            address: address(self.application.account.clone().into()),
            encryption_key: hex::encode(self.application.encryption_key.0),
            expires: self.application.expires,
            signature: hex::encode(self.signature),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use kith_keyring::{Unlocked, Words};

    pub(crate) const GENESIS: [u8; 32] = [7; 32];

    pub(crate) fn someone() -> Person {
        Person::of(Unlocked::generate(Words::Twelve, &mut rand::rngs::OsRng))
    }

    fn written(file: &ApplicationFile) -> Result<SignedApplication, PaperError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("application.json");
        std::fs::write(&path, serde_json::to_string(file).unwrap()).unwrap();
        SignedApplication::read(&path)
    }

    #[test]
    fn what_was_written_is_read_and_verifies() {
        let signed = SignedApplication::sign(&someone(), GENESIS, 9);
        assert_eq!(written(&signed.file()).unwrap(), signed);
        signed.check(&GENESIS).unwrap();
    }

    #[test]
    fn each_altered_field_is_refused_by_name() {
        let good = SignedApplication::sign(&someone(), GENESIS, 9).file();
        let other = SignedApplication::sign(&someone(), GENESIS, 9).file();
        for altered in [
            ApplicationFile { address: other.address.clone(), ..good.clone() },
            ApplicationFile { encryption_key: other.encryption_key.clone(), ..good.clone() },
            ApplicationFile { expires: 10, ..good.clone() },
            ApplicationFile { signature: other.signature, ..good.clone() },
        ] {
            assert!(matches!(written(&altered).unwrap().check(&GENESIS), Err(PaperError::Altered { .. })));
        }
        let elsewhere = SignedApplication::sign(&someone(), [8; 32], 9);
        assert!(matches!(elsewhere.check(&GENESIS), Err(PaperError::OtherCommunity { .. })));
        for (broken, name) in [
            (ApplicationFile { genesis: "x".into(), ..good.clone() }, "genesis"),
            (ApplicationFile { address: "x".into(), ..good.clone() }, "address"),
            (ApplicationFile { encryption_key: "x".into(), ..good.clone() }, "encryption_key"),
            (ApplicationFile { signature: "x".into(), ..good }, "signature"),
        ] {
            let refused = written(&broken).unwrap_err();
            assert!(matches!(&refused, PaperError::Field { field, .. } if *field == name), "{refused}");
        }
    }
}
