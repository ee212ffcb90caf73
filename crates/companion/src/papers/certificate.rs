// SPDX-License-Identifier: Apache-2.0
//! A certificate as a file and as the text of a QR code: begun for an application, signed by members, put together.

use std::path::Path;

use codec::{Decode, DecodeAll, Encode};
use kith_chain::{Call, Signer, View, ViewError};
use kith_primitives::{
    certificate::{Certificate, MAX_SIGNATURES},
    AccountId, BlockNumber,
};
use rand::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};

use super::{
    application::{ApplicationFile, SignedApplication},
    qr, read, signed_by, Fields, Kind, PaperError,
};
use crate::person::{address, Person};

/// A certificate, the newcomer's signature and the members' so far.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SignedCertificate {
    pub(crate) certificate: Certificate<AccountId, BlockNumber>,
    application_signature: [u8; 64],
    signatures: Vec<(AccountId, [u8; 64])>,
}

/// The same, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateFile {
    /// Whom it admits.
    application: ApplicationFile,
    /// What tells it from another for the same application, in hex.
    nonce: String,
    /// The last block at which it may be used.
    expires: u32,
    /// The members' signatures.
    signatures: Vec<SignatureFile>,
}

/// A member's signature, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureFile {
    /// The member's address.
    address: String,
    /// Their sr25519 signature of the certificate, in hex.
    signature: String,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum CertificateError {
    #[error(transparent)]
    Paper(#[from] PaperError),
    #[error("the text is no certificate's. Copy the whole line that `kith certificate show --qr` printed")]
    Text,
    #[error("{0} signed the certificate twice. Leave one of the signatures out")]
    SignedTwice(String),
    #[error("the certificate carries {0} signatures, more than the {MAX_SIGNATURES} there may be")]
    TooMany(usize),
    #[error("these are copies of different certificates. Only copies of one can be put together")]
    Different,
    #[error("with {0} signatures the certificate is too long for a QR code. Hand it on as a file")]
    TooLongForQr(usize),
}

impl SignedCertificate {
    /// Begins one, which nobody has signed.
    pub(crate) fn begin(signed: SignedApplication, expires: BlockNumber, rng: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut nonce = [0; 16];
        rng.fill_bytes(&mut nonce);
        let certificate = Certificate { application: signed.application, nonce, expires };
        Self { certificate, application_signature: signed.signature, signatures: Vec::new() }
    }

    /// Reads one, from a file or as the text of a QR code; nothing is verified yet.
    pub(crate) fn take(given: &str) -> Result<Self, CertificateError> {
        if qr::is_text(given) {
            let bytes = qr::decode(given).ok_or(CertificateError::Text)?;
            return Self::decode_all(&mut bytes.as_slice()).map_err(|_| CertificateError::Text);
        }
        let path = Path::new(given);
        Ok(Self::from_file(read(path, Kind::Certificate)?, Fields { path, kind: Kind::Certificate })?)
    }

    fn from_file(file: CertificateFile, fields: Fields<'_>) -> Result<Self, PaperError> {
        let SignedApplication { application, signature } = SignedApplication::from_file(&file.application, fields)?;
        let nonce = fields.bytes("nonce", &file.nonce)?;
        let signatures = file
            .signatures
            .iter()
            .map(|one| Ok((fields.account("address", &one.address)?, fields.bytes("signature", &one.signature)?)));
        Ok(Self {
            certificate: Certificate { application, nonce, expires: file.expires },
            application_signature: signature,
            signatures: signatures.collect::<Result<_, PaperError>>()?,
        })
    }

    /// Refuses one for another community, one that was altered, and one that a member signed twice.
    pub(crate) fn check(&self, genesis: &[u8; 32]) -> Result<(), CertificateError> {
        let signed = SignedApplication {
            application: self.certificate.application.clone(),
            signature: self.application_signature,
        };
        signed.check(genesis)?;
        if self.signatures.len() > usize::try_from(MAX_SIGNATURES).unwrap_or(usize::MAX) {
            return Err(CertificateError::TooMany(self.signatures.len()));
        }
        let payload = self.certificate.signing_payload();
        for (index, (signer, signature)) in self.signatures.iter().enumerate() {
            if self.signatures.iter().take(index).any(|(earlier, _)| earlier == signer) {
                return Err(CertificateError::SignedTwice(address(signer.clone().into())));
            }
            signed_by(Kind::Certificate, signer, &payload, signature)?;
        }
        Ok(())
    }

    /// Adds a member's signature.
    pub(crate) fn sign(&mut self, person: &Person) -> Result<(), CertificateError> {
        let signer = AccountId::new(person.account());
        if self.signatures.iter().any(|(earlier, _)| *earlier == signer) {
            return Err(CertificateError::SignedTwice(address(person.account())));
        }
        self.signatures.push((signer, person.sign(&self.certificate.signing_payload())));
        Ok(())
    }

    /// Puts the signatures of copies together, each member's once.
    pub(crate) fn merge(copies: Vec<Self>) -> Result<Self, CertificateError> {
        let mut copies = copies.into_iter();
        let mut all = copies.next().ok_or(CertificateError::Different)?;
        for copy in copies {
            if copy.certificate != all.certificate {
                return Err(CertificateError::Different);
            }
            for (signer, signature) in copy.signatures {
                if !all.signatures.iter().any(|(earlier, _)| *earlier == signer) {
                    all.signatures.push((signer, signature));
                }
            }
        }
        Ok(all)
    }

    /// Who signed, in order.
    pub(crate) fn signers(&self) -> impl Iterator<Item = String> + '_ {
        self.signatures.iter().map(|(signer, _)| address(signer.clone().into()))
    }

    /// As it is written.
    pub(crate) fn file(&self) -> CertificateFile {
        let application = SignedApplication {
            application: self.certificate.application.clone(),
            signature: self.application_signature,
        };
        let signatures = self.signers().zip(&self.signatures);
        CertificateFile {
            application: application.file(),
            nonce: hex::encode(self.certificate.nonce),
            expires: self.certificate.expires,
            signatures: signatures
                .map(|(address, (_, signature))| SignatureFile { address, signature: hex::encode(signature) })
                .collect(),
        }
    }

    /// As the text of a QR code.
    pub(crate) fn qr(&self) -> Result<String, CertificateError> {
        qr::encode(&self.encode()).ok_or(CertificateError::TooLongForQr(self.signatures.len()))
    }

    /// As it is submitted.
    pub(crate) fn call(self) -> Call {
        let Self { certificate, application_signature, signatures } = self;
        Call::SubmitCertificate { certificate, application_signature, signatures }
    }

    /// As it is submitted where it can be shown in the same transaction that the newcomer is near the referees.
    pub(crate) async fn call_with_proof(self, view: &View) -> Result<Option<Call>, ViewError> {
        let linked = view.certified(&self.certificate, self.application_signature, &self.signatures).await?;
        let prove = |(person, witness)| Call::ProveDistance { person, witness };
        Ok(linked.map(|linked| Call::All(vec![self.call(), prove(linked)])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::papers::application::tests::{someone, GENESIS};

    fn begun() -> SignedCertificate {
        let application = SignedApplication::sign(&someone(), GENESIS, 900);
        SignedCertificate::begin(application, 500, &mut rand::rngs::OsRng)
    }

    /// A certificate that so many members signed.
    fn signed(members: usize) -> SignedCertificate {
        let mut certificate = begun();
        for _ in 0..members {
            certificate.sign(&someone()).unwrap();
        }
        certificate
    }

    fn written(file: &CertificateFile) -> Result<SignedCertificate, CertificateError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("certificate.json");
        std::fs::write(&path, serde_json::to_string_pretty(file).unwrap()).unwrap();
        SignedCertificate::take(&path.to_string_lossy())
    }

    #[test]
    fn file_and_text_give_back_what_was_signed() {
        let certificate = signed(2);
        certificate.check(&GENESIS).unwrap();
        assert_eq!(written(&certificate.file()).unwrap(), certificate);
        assert_eq!(SignedCertificate::take(&certificate.qr().unwrap()).unwrap(), certificate);
    }

    #[test]
    fn as_many_signatures_as_there_may_be_fit_a_file() {
        let certificate = signed(32);
        assert_eq!(written(&certificate.file()).unwrap(), certificate);
        certificate.check(&GENESIS).unwrap();
        assert!(signed(25).qr().is_ok());
        assert!(matches!(certificate.qr(), Err(CertificateError::TooLongForQr(32))));
        assert!(matches!(signed(33).check(&GENESIS), Err(CertificateError::TooMany(33))));
    }

    #[test]
    fn copies_are_put_together_and_other_certificates_are_not() {
        let blank = begun();
        let copies: Vec<_> = (0..3)
            .map(|_| {
                let mut copy = blank.clone();
                copy.sign(&someone()).unwrap();
                copy
            })
            .collect();
        let merged = SignedCertificate::merge([copies.clone(), copies].concat()).unwrap();
        assert_eq!(merged.signers().count(), 3);
        merged.check(&GENESIS).unwrap();
        assert!(matches!(SignedCertificate::merge(vec![blank, begun()]), Err(CertificateError::Different)));
    }

    #[test]
    fn one_member_signs_once() {
        let mut certificate = begun();
        let member = someone();
        certificate.sign(&member).unwrap();
        assert!(matches!(certificate.sign(&member), Err(CertificateError::SignedTwice(_))));
        let twice = certificate.signatures[0].clone();
        certificate.signatures.push(twice);
        assert!(matches!(certificate.check(&GENESIS), Err(CertificateError::SignedTwice(_))));
    }

    #[test]
    fn each_altered_field_and_another_community_are_refused() {
        let good = signed(1);
        let mut later = good.clone();
        later.certificate.expires += 1;
        let mut other = good.clone();
        other.certificate.nonce[0] ^= 1;
        let mut someone_else = good.clone();
        someone_else.signatures[0].0 = AccountId::new(someone().account());
        let mut newcomer = good.clone();
        newcomer.certificate.application = begun().certificate.application;
        for altered in [later, other, someone_else, newcomer] {
            let refused = altered.check(&GENESIS);
            assert!(matches!(refused, Err(CertificateError::Paper(PaperError::Altered { .. }))), "{refused:?}");
        }
        let refused = good.check(&[8; 32]);
        assert!(matches!(refused, Err(CertificateError::Paper(PaperError::OtherCommunity { .. }))));
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        let text = signed(1).qr().unwrap();
        let (shorter, longer) = (&text[..text.len() - 8], format!("{text}AAAAAAAA"));
        for text in ["KITH:CERTIFICATE:1:", "KITH:NONSENSE", shorter, &longer] {
            assert!(matches!(SignedCertificate::take(text), Err(CertificateError::Text)), "{text}");
        }
        let mut file = signed(1).file();
        file.signatures[0].signature = "0x12".into();
        let refused = written(&file).unwrap_err();
        assert!(matches!(refused, CertificateError::Paper(PaperError::Field { field: "signature", .. })));
    }
}
