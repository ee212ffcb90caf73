// SPDX-License-Identifier: Apache-2.0
//! A request for a new key, and the document that revokes one, as files.

use std::path::Path;

use kith_chain::{Call, Proposal, Signer};
use kith_primitives::{
    member::{EncryptionKey, MemberId},
    recovery::{revocation_payload, NewKey},
    AccountId, BlockNumber,
};
use serde::{Deserialize, Serialize};

use super::{for_community, read, signed_by, Fields, Kind, PaperError};
use crate::person::{address, Person};

/// What someone who lost a key signs with the new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) key: NewKey<AccountId, BlockNumber>,
    signature: [u8; 64],
}

/// The same, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestFile {
    /// The community's genesis hash, in hex.
    genesis: String,
    /// The number of the person who is to have the keys.
    person: MemberId,
    /// The new address.
    address: String,
    /// The new encryption key, in hex.
    encryption_key: String,
    /// The last block at which guardians may open a motion with it.
    expires: u32,
    /// The new key's sr25519 signature, in hex.
    signature: String,
}

impl Request {
    /// Signs one with the new keys.
    pub(crate) fn sign(new: &Person, genesis: [u8; 32], person: MemberId, expires: BlockNumber) -> Self {
        let account = AccountId::new(new.account());
        let encryption_key = EncryptionKey(new.encryption_key());
        let key = NewKey { genesis, person, account, encryption_key, expires };
        let signature = new.sign(&key.signing_payload());
        Self { key, signature }
    }

    /// Reads one, and refuses it if it is for another community or altered.
    pub(crate) fn read(path: &Path, genesis: &[u8; 32]) -> Result<Self, PaperError> {
        let (file, fields): (RequestFile, _) = (read(path, Kind::Request)?, Fields { path, kind: Kind::Request });
        let key = NewKey {
            genesis: fields.genesis(&file.genesis)?,
            person: file.person,
            account: fields.account("address", &file.address)?,
            encryption_key: EncryptionKey(fields.bytes("encryption_key", &file.encryption_key)?),
            expires: file.expires,
        };
        let signature = fields.bytes("signature", &file.signature)?;
        for_community(Kind::Request, &key.genesis, genesis)?;
        signed_by(Kind::Request, &key.account, &key.signing_payload(), &signature)?;
        Ok(Self { key, signature })
    }

    /// As it is written.
    pub(crate) fn file(&self) -> RequestFile {
        RequestFile {
            genesis: hex::encode(self.key.genesis),
            person: self.key.person,
            address: address(self.key.account.clone().into()),
            encryption_key: hex::encode(self.key.encryption_key.0),
            expires: self.key.expires,
            signature: hex::encode(self.signature),
        }
    }

    /// The motion for it.
    pub(crate) fn call(self) -> Call {
        let (person, Self { key, signature }) = (self.key.person, self);
        Call::OpenMotion { person, proposal: Proposal::NewKey { key, signature } }
    }
}

/// What an account signed, to be frozen with whenever it is submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Revocation {
    genesis: [u8; 32],
    pub(crate) account: AccountId,
    signature: [u8; 64],
}

/// The same, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevocationFile {
    /// The community's genesis hash, in hex.
    genesis: String,
    /// The address whose key is revoked.
    address: String,
    /// Its sr25519 signature, in hex.
    signature: String,
}

impl Revocation {
    /// Signs one.
    pub(crate) fn sign(person: &Person, genesis: [u8; 32]) -> Self {
        let account = AccountId::new(person.account());
        let signature = person.sign(&revocation_payload(&genesis, &account));
        Self { genesis, account, signature }
    }

    /// Reads one, and refuses it if it is for another community or altered.
    pub(crate) fn read(path: &Path, genesis: &[u8; 32]) -> Result<Self, PaperError> {
        let fields = Fields { path, kind: Kind::Revocation };
        let file: RevocationFile = read(path, Kind::Revocation)?;
        let theirs = fields.genesis(&file.genesis)?;
        let account = fields.account("address", &file.address)?;
        let signature = fields.bytes("signature", &file.signature)?;
        for_community(Kind::Revocation, &theirs, genesis)?;
        signed_by(Kind::Revocation, &account, &revocation_payload(genesis, &account), &signature)?;
        Ok(Self { genesis: theirs, account, signature })
    }

    /// As it is written.
    pub(crate) fn file(&self) -> RevocationFile {
        RevocationFile {
            genesis: hex::encode(self.genesis),
            address: address(self.account.clone().into()),
            signature: hex::encode(self.signature),
        }
    }

    /// As it is submitted.
    pub(crate) fn call(self) -> Call {
        Call::RevokeKey { account: self.account, signature: self.signature }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::application::tests::{someone, GENESIS};

    /// Writes a paper and has it read.
    fn reread<T>(file: &impl Serialize, read: impl Fn(&Path) -> Result<T, PaperError>) -> Result<T, PaperError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("paper.json");
        std::fs::write(&path, serde_json::to_string(file).unwrap()).unwrap();
        read(&path)
    }

    #[test]
    fn a_request_gives_back_what_was_signed_and_nothing_else() {
        let request = Request::sign(&someone(), GENESIS, 3, 900);
        let read = |path: &Path| Request::read(path, &GENESIS);
        assert_eq!(reread(&request.file(), read).unwrap(), request);
        for altered in [
            RequestFile { person: 4, ..request.file() },
            RequestFile { expires: 901, ..request.file() },
            RequestFile { address: address(someone().account()), ..request.file() },
            RequestFile { encryption_key: "11".repeat(32), ..request.file() },
        ] {
            assert!(matches!(reread(&altered, read), Err(PaperError::Altered { .. })));
        }
        let elsewhere = reread(&request.file(), |path| Request::read(path, &[8; 32]));
        assert!(matches!(elsewhere, Err(PaperError::OtherCommunity { .. })));
        let broken = RequestFile { signature: "12".into(), ..request.file() };
        assert!(matches!(reread(&broken, read), Err(PaperError::Field { field: "signature", .. })));
    }

    #[test]
    fn a_revocation_gives_back_what_was_signed_and_nothing_else() {
        let revocation = Revocation::sign(&someone(), GENESIS);
        let read = |path: &Path| Revocation::read(path, &GENESIS);
        assert_eq!(reread(&revocation.file(), read).unwrap(), revocation);
        let altered = RevocationFile { address: address(someone().account()), ..revocation.file() };
        assert!(matches!(reread(&altered, read), Err(PaperError::Altered { .. })));
        let elsewhere = reread(&revocation.file(), |path| Revocation::read(path, &[8; 32]));
        assert!(matches!(elsewhere, Err(PaperError::OtherCommunity { .. })));
    }
}
