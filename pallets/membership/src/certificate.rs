// SPDX-License-Identifier: Apache-2.0
//! How a newcomer comes in by the signatures of members, collected away from the chain.

use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::ensure;
use kith_primitives::{
    glue::{Constitution, Now, Sponsorship},
    member::MemberId,
    AccountId, Signature,
};
use sp_runtime::{traits::Verify, DispatchError, DispatchResult};

use crate::{ApplicationFor, CertificateFor, Config, Error, Event, Pallet};

impl<T: Config> Pallet<T> {
    /// The members who signed, in order; enough of them, each once.
    pub(crate) fn check_certificate(
        certificate: &CertificateFor,
        application_signature: &Signature,
        signatures: &[(AccountId, Signature)],
    ) -> Result<Vec<MemberId>, DispatchError> {
        let (now, parameters) = (T::Clock::now(), T::Constitution::parameters());
        ensure!(now <= certificate.expires, Error::<T>::Expired);
        // Once the candidate could be pruned, and the account be free again, the certificate has expired: it is good
        // once, and no nonce need be remembered.
        let pruned = now.saturating_add(parameters.candidate_lifetime);
        ensure!(certificate.expires < pruned, Error::<T>::ExpiresTooLate);
        let enough = usize::try_from(parameters.admission_threshold.max(1)).unwrap_or(usize::MAX);
        ensure!(signatures.len() >= enough, Error::<T>::TooFewSignatures);
        let signers = Self::check_signers(signatures)?;
        Self::check_application(&certificate.application, application_signature)?;
        let payload = certificate.signing_payload();
        for (account, signature) in signatures {
            ensure!(signature.verify(payload.as_slice(), account), Error::<T>::BadSignature);
        }
        Ok(signers)
    }

    fn check_signers(signatures: &[(AccountId, Signature)]) -> Result<Vec<MemberId>, DispatchError> {
        let mut once = BTreeSet::new();
        let mut signers = Vec::with_capacity(signatures.len());
        for (account, _) in signatures {
            let signer = Self::signing_member(account)?;
            ensure!(once.insert(signer), Error::<T>::DuplicateSigner);
            signers.push(signer);
        }
        Ok(signers)
    }

    /// Enrols the applicant and records the signers' vouches; a refusal of one undoes all, since a call is one storage
    /// layer.
    pub(crate) fn do_certify(application: ApplicationFor, signers: &[MemberId]) -> DispatchResult {
        let account = application.account.clone();
        let (candidate, until) = Self::do_enrol(application);
        Self::deposit_event(Event::Certified { candidate, account, until });
        signers.iter().try_for_each(|signer| T::Sponsorship::first_vouch(*signer, candidate))
    }
}
