// SPDX-License-Identifier: Apache-2.0
//! Newcomers who come with the signatures of members.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::{Admission, Community},
    member::{EncryptionKey, Standing},
    parameters::Parameters,
};
use sp_runtime::DispatchError;

use crate::{mock::guarded::*, mock::*, *};

const LIFETIME: BlockNumber = 40;

/// Six founders, three of whom admit.
fn community(test: impl FnOnce()) {
    Params::set(Parameters { admission_threshold: 3, candidate_lifetime: LIFETIME, ..rules() });
    execute_founded(6, test);
}

fn certificate(n: u8) -> CertificateFor {
    CertificateFor { application: application(n), nonce: [7; 16], expires: System::block_number() + 10 }
}

fn signed_by(signers: &[u8], certificate: &CertificateFor) -> SignaturesFor {
    let payload = certificate.signing_payload();
    let signatures: Vec<_> = signers.iter().map(|n| (account(*n), signature(*n, &payload))).collect();
    signatures.try_into().unwrap()
}

/// Newcomer `n` signed the application, the members signed the original; this is what is submitted, by a stranger.
fn submit(n: u8, certificate: CertificateFor, signatures: SignaturesFor) -> sp_runtime::DispatchResult {
    let application_signature = sign(n, &certificate.application);
    call(signed(77), Call::submit_certificate { certificate, application_signature, signatures })
}

fn refused(certificate: CertificateFor, signers: &[u8], error: impl Into<DispatchError>) {
    let signatures = signed_by(signers, &certificate);
    assert_noop!(submit(9, certificate, signatures), error.into());
}

#[test]
fn enough_signatures_bring_a_newcomer_in_with_as_many_vouches() {
    community(|| {
        let certificate = certificate(9);
        assert_ok!(submit(9, certificate.clone(), signed_by(&[4, 0, 2], &certificate)));
        let id = Membership::person(&account(9)).unwrap();
        let record = People::<Test>::get(id).unwrap();
        assert_eq!((record.standing, record.candidate_until), (Standing::Candidate, Some(1 + LIFETIME)));
        assert_eq!(FirstVouches::get(), [(4, id), (0, id), (2, id)]);
        System::assert_last_event(
            Event::<Test>::Certified { candidate: id, account: account(9), until: 1 + LIFETIME }.into(),
        );
        assert!(System::account_exists(&account(9)));
    });
}

#[test]
fn as_many_may_sign_as_a_certificate_carries() {
    Params::set(Parameters { admission_threshold: 32, ..rules() });
    execute_founded(32, || {
        let certificate = certificate(99);
        let signers: Vec<u8> = (0..32).collect();
        let few = signed_by(&signers[1..], &certificate);
        assert_noop!(submit(99, certificate.clone(), few), Error::<Test>::TooFewSignatures);
        assert_ok!(submit(99, certificate.clone(), signed_by(&signers, &certificate)));
        assert_eq!(FirstVouches::get().len(), 32);
    });
}

#[test]
fn one_signature_too_few_is_refused() {
    community(|| {
        refused(certificate(9), &[0, 1], Error::<Test>::TooFewSignatures);
        Params::mutate(|parameters| parameters.admission_threshold = 4);
        refused(certificate(9), &[0, 1, 2], Error::<Test>::TooFewSignatures);
        Params::mutate(|parameters| parameters.admission_threshold = 0);
        refused(certificate(9), &[], Error::<Test>::TooFewSignatures);
    });
}

#[test]
fn one_member_twice_is_refused() {
    community(|| refused(certificate(9), &[0, 1, 0], Error::<Test>::DuplicateSigner));
}

#[test]
fn signers_who_are_no_members_are_refused() {
    community(|| {
        sponsor(20);
        Membership::lapse(3);
        assert_ok!(Membership::force_remove(RuntimeOrigin::root(), 4));
        for nobody in [77, 20, 3, 4, 9] {
            refused(certificate(9), &[0, 1, nobody], Error::<Test>::NotMember);
        }
    });
}

#[test]
fn a_frozen_key_signs_nothing() {
    community(|| {
        assert_ok!(revoke(2));
        refused(certificate(9), &[0, 1, 2], Error::<Test>::KeyFrozen);
    });
}

#[test]
fn a_certificate_for_another_community_is_refused() {
    community(|| {
        let elsewhere = ApplicationFor { genesis: [1; 32], ..application(9) };
        refused(CertificateFor { application: elsewhere, ..certificate(9) }, &[0, 1, 2], Error::<Test>::WrongCommunity);
    });
}

#[test]
fn an_altered_field_is_refused() {
    community(|| {
        let original = certificate(9);
        let signatures = || signed_by(&[0, 1, 2], &original);
        let application = original.application.clone();
        let altered = [
            ApplicationFor { expires: application.expires + 1, ..application.clone() },
            ApplicationFor { encryption_key: encryption_key(66), ..application },
        ];
        for application in altered {
            let forged = CertificateFor { application, ..original.clone() };
            assert_noop!(submit(9, forged, signatures()), Error::<Test>::BadSignature);
        }
        for forged in [
            CertificateFor { nonce: [8; 16], ..original.clone() },
            CertificateFor { expires: original.expires + 1, ..original.clone() },
        ] {
            assert_noop!(submit(9, forged, signatures()), Error::<Test>::BadSignature);
        }
        // The newcomer's own signature is asked for as well.
        assert_noop!(submit(8, original.clone(), signatures()), Error::<Test>::BadSignature);
        let mut swapped = signatures().into_inner();
        let (a, b) = (swapped[0].1.clone(), swapped[1].1.clone());
        (swapped[0].1, swapped[1].1) = (b, a);
        assert_noop!(submit(9, original.clone(), swapped.try_into().unwrap()), Error::<Test>::BadSignature);
        assert_ok!(submit(9, original.clone(), signatures()));
    });
}

#[test]
fn a_signature_over_the_application_alone_is_no_members_word() {
    community(|| {
        let certificate = certificate(9);
        let mut signatures = signed_by(&[0, 1, 2], &certificate).into_inner();
        signatures[2].1 = sign(2, &certificate.application);
        assert_noop!(submit(9, certificate, signatures.try_into().unwrap()), Error::<Test>::BadSignature);
    });
}

#[test]
fn it_is_good_until_its_last_block_and_the_applications() {
    community(|| {
        let original = certificate(9);
        System::set_block_number(original.expires + 1);
        refused(original.clone(), &[0, 1, 2], Error::<Test>::Expired);
        let now = System::block_number();
        let late = CertificateFor { expires: now + 5, ..original.clone() };
        refused(late, &[0, 1, 2], Error::<Test>::Expired);
        System::set_block_number(original.expires);
        let signatures = signed_by(&[0, 1, 2], &original);
        assert_ok!(submit(9, original, signatures));
    });
}

#[test]
fn it_cannot_outlive_the_candidature_and_so_is_good_once() {
    community(|| {
        let fresh = ApplicationFor { expires: 1_000, ..application(9) };
        let too_late = CertificateFor { application: fresh, nonce: [0; 16], expires: 1 + LIFETIME };
        refused(too_late.clone(), &[0, 1, 2], Error::<Test>::ExpiresTooLate);
        let longest = CertificateFor { expires: LIFETIME, ..too_late };
        let signatures = signed_by(&[0, 1, 2], &longest);
        assert_ok!(submit(9, longest.clone(), signatures.clone()));
        let id = Membership::person(&account(9)).unwrap();
        refused(longest.clone(), &[0, 1, 2], Error::<Test>::AccountInUse);
        System::set_block_number(1 + LIFETIME);
        assert_ok!(Membership::prune_candidate(signed(77), id));
        assert_noop!(submit(9, longest, signatures), Error::<Test>::Expired);
    });
}

#[test]
fn the_newcomers_keys_must_be_free_and_usable() {
    community(|| {
        let with = |application| CertificateFor { application, ..certificate(9) };
        let weak = ApplicationFor { encryption_key: EncryptionKey([0; 32]), ..application(9) };
        refused(with(weak), &[0, 1, 2], Error::<Test>::BadEncryptionKey);
        let anothers = ApplicationFor { encryption_key: encryption_key(1), ..application(9) };
        refused(with(anothers), &[0, 1, 2], Error::<Test>::EncryptionKeyInUse);
    });
}

#[test]
fn a_refused_vouch_leaves_nothing_of_the_newcomer() {
    community(|| {
        VouchRefused::set(true);
        refused(certificate(9), &[0, 1, 2], DispatchError::Other("no more vouches"));
        assert_eq!(Membership::person(&account(9)), None);
    });
}

#[test]
fn two_certificates_for_one_application_differ_by_their_nonce() {
    execute(|| {
        let one = certificate(9);
        let other = CertificateFor { nonce: [8; 16], ..one.clone() };
        assert_ne!(one.signing_payload(), other.signing_payload());
    });
}
