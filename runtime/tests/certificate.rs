// SPDX-License-Identifier: Apache-2.0
//! A newcomer comes in by members' signatures, collected away from the chain: by one transaction, or not at all.

#[path = "support/application.rs"]
mod application;
#[path = "support/genesis.rs"]
mod genesis;
#[path = "support/soundness.rs"]
mod soundness;
#[path = "support/state.rs"]
mod state;
#[path = "support/transaction.rs"]
mod transaction;

use frame_support::{assert_ok, traits::Hooks};
use kith_primitives::{
    distance::{Witness, ENUMERATED},
    glue::Community,
    member::{EncryptionKey, MemberId},
    runtime_api::runtime_decl_for_kith_api::KithApiV1,
};
use kith_runtime::{AccountId, Block, Membership, Runtime, RuntimeCall, RuntimeOrigin, System, Vouching};
use pallet_kith_constitution::Doug;
use pallet_kith_membership::{CertificateFor, NextMember};
use pallet_kith_vouching::Vouches;
use serde_json::json;
use sp_keyring::Sr25519Keyring::{self as Keyring, Alice, Bob, Charlie, Eve, One, Two};
use sp_runtime::{traits::Dispatchable, MultiSignature};
use state::root;
use transaction::send;

type Call = pallet_kith_membership::Call<Runtime>;
type Error = pallet_kith_membership::Error<Runtime>;

/// The founders, any two of whom admit.
const ALICE: MemberId = 0;
const BOB: MemberId = 1;
const CHARLIE: MemberId = 2;
/// The number One gets.
const NEWCOMER: MemberId = 3;

/// Runs a test over a community that asks nobody how near a newcomer is.
fn community(test: impl FnOnce()) {
    let mut chain = genesis::chain(|genesis| genesis["constitution"]["parameters"]["distance_percent"] = json!(0));
    chain.execute_with(|| {
        System::set_block_number(1);
        test();
    });
}

/// Runs a test over the development chain, which asks how near a newcomer is, in an epoch whose seed is recorded.
fn community_that_asks(test: impl FnOnce()) {
    genesis::chain(|_| ()).execute_with(|| {
        System::set_block_number(1);
        Vouching::on_initialize(1);
        test();
    });
}

fn signature(by: Keyring, payload: &[u8]) -> MultiSignature {
    MultiSignature::Sr25519(by.sign(payload))
}

/// What One would be admitted by.
fn certificate() -> CertificateFor {
    let (application, _) = application::signed(&One.pair(), EncryptionKey([40; 32]), 20);
    CertificateFor { application, nonce: [5; 16], expires: 30 }
}

/// All that is submitted.
#[derive(Clone, Debug)]
struct Papers {
    certificate: CertificateFor,
    application_signature: MultiSignature,
    signatures: Vec<(AccountId, MultiSignature)>,
}

impl Papers {
    /// The certificate, signed by One and by these.
    fn signed(certificate: CertificateFor, by: &[Keyring]) -> Self {
        let payload = certificate.signing_payload();
        let signatures = by.iter().map(|key| (key.to_account_id(), signature(*key, &payload))).collect();
        let application_signature = signature(One, &certificate.application.signing_payload());
        Self { certificate, application_signature, signatures }
    }

    fn call(self) -> RuntimeCall {
        let Self { certificate, application_signature, signatures } = self;
        let signatures = signatures.try_into().expect("they are few");
        Call::submit_certificate { certificate, application_signature, signatures }.into()
    }

    /// Who the chain says the newcomer would be, and how to prove that they are near. What a view changes is forgotten.
    fn certified(self) -> Option<(MemberId, Witness)> {
        let Self { certificate, application_signature, signatures } = self;
        sp_io::storage::start_transaction();
        let certified = <Runtime as KithApiV1<Block>>::certified(certificate, application_signature, signatures);
        sp_io::storage::rollback_transaction();
        certified
    }

    /// Are refused with the error, and leave no trace.
    fn are_refused(self, error: Error) {
        let (shown, before) = (format!("{self:?}"), root());
        let outcome = self.call().dispatch(RuntimeOrigin::signed(Eve.to_account_id()));
        assert_eq!(outcome.map_err(|refused| refused.error), Err(error.into()), "{shown}");
        assert_eq!(root(), before, "{shown}");
    }
}

#[test]
fn one_transaction_with_two_members_signatures_makes_a_member() {
    community(|| {
        let papers = Papers::signed(certificate(), &[Alice, Bob]);
        assert_eq!(Membership::person(&One.to_account_id()), None);
        assert_ok!(send(Eve, papers.clone().call()).expect("anybody may submit it"));
        assert_eq!(Membership::member(&One.to_account_id()), Some(NEWCOMER));
        let mut issuers: Vec<MemberId> = Vouches::<Runtime>::iter_key_prefix(NEWCOMER).collect();
        issuers.sort_unstable();
        assert_eq!(issuers, [ALICE, BOB], "each signature is a vouch");
        soundness::check();
        papers.are_refused(Error::AccountInUse);
    });
}

#[test]
fn where_all_referees_are_asked_one_transaction_certifies_and_proves_and_makes_a_member() {
    community_that_asks(|| {
        let papers = Papers::signed(certificate(), &[Alice, Bob]);
        let (person, witness) = papers.clone().certified().expect("all referees are asked at once");
        assert_eq!(person, NEWCOMER);
        let prove = pallet_kith_vouching::Call::<Runtime>::prove_distance { person, witness };
        let both = pallet_utility::Call::<Runtime>::batch_all { calls: vec![papers.call(), prove.into()] };
        assert_ok!(send(Eve, both).expect("anybody may submit it"));
        assert_eq!(Membership::member(&One.to_account_id()), Some(NEWCOMER));
        soundness::check();
    });
}

#[test]
fn no_proof_is_offered_for_too_few_signatures_or_while_referees_are_to_be_drawn() {
    community_that_asks(|| {
        let papers = Papers::signed(certificate(), &[Alice, Bob]);
        assert_eq!(Papers::signed(certificate(), &[Alice]).certified(), None);
        assert!(papers.clone().certified().is_some());

        // Candidates came and were forgotten. With the newcomer they are as many as are looked at one by one.
        NextMember::<Runtime>::put(ENUMERATED - 1);
        assert!(papers.clone().certified().is_some());
        // And then one more.
        NextMember::<Runtime>::put(ENUMERATED);
        assert_eq!(papers.clone().certified(), None);
        assert_ok!(send(Eve, papers.call()).expect("anybody may submit it"));
        assert_eq!(Membership::person(&One.to_account_id()), Some(ENUMERATED));
        assert!(!Membership::is_member(ENUMERATED), "referees are drawn first");
        soundness::check();
    });
}

#[test]
fn one_signature_short_it_is_refused() {
    community(|| {
        Papers::signed(certificate(), &[Alice]).are_refused(Error::TooFewSignatures);
        Papers::signed(certificate(), &[]).are_refused(Error::TooFewSignatures);
    });
}

#[test]
fn one_member_counts_once() {
    community(|| {
        Papers::signed(certificate(), &[Alice, Alice]).are_refused(Error::DuplicateSigner);
        Papers::signed(certificate(), &[Alice, Bob, Alice]).are_refused(Error::DuplicateSigner);
    });
}

#[test]
fn only_members_signatures_count() {
    community(|| {
        let papers = Papers::signed(certificate(), &[Alice, Charlie]);
        Papers::signed(certificate(), &[Alice, Eve]).are_refused(Error::NotMember);
        let doug = Doug::<Runtime>::get().expect("the preset founds one");
        assert_ok!(Membership::force_remove(RuntimeOrigin::signed(doug), CHARLIE));
        papers.are_refused(Error::NotMember);
        Papers::signed(certificate(), &[Alice, Bob, Charlie]).are_refused(Error::NotMember);
    });
}

#[test]
fn another_communitys_is_refused() {
    community(|| {
        let mut another = certificate();
        another.application.genesis = [1; 32];
        Papers::signed(another, &[Alice, Bob]).are_refused(Error::WrongCommunity);
    });
}

#[test]
fn after_its_last_block_it_is_refused() {
    community(|| {
        let papers = Papers::signed(CertificateFor { expires: 2, ..certificate() }, &[Alice, Bob]);
        System::set_block_number(3);
        papers.are_refused(Error::Expired);
    });
}

/// Whoever alters a field has the members' signatures for something else, also if the newcomer signs the change.
#[test]
fn no_field_can_be_altered_after_it_was_signed() {
    let alterations: [fn(&mut CertificateFor); 5] = [
        |it| it.application.account = Two.to_account_id(),
        |it| it.application.encryption_key = EncryptionKey([41; 32]),
        |it| it.application.expires += 1,
        |it| it.nonce[15] ^= 1,
        |it| it.expires += 1,
    ];
    community(|| {
        let papers = Papers::signed(certificate(), &[Alice, Bob]);
        for alter in alterations {
            let mut altered = papers.clone();
            alter(&mut altered.certificate);
            altered.clone().are_refused(Error::BadSignature);
            let application = &altered.certificate.application;
            let newcomer = if application.account == One.to_account_id() { One } else { Two };
            altered.application_signature = signature(newcomer, &application.signing_payload());
            altered.are_refused(Error::BadSignature);
        }
        assert_ok!(send(Eve, papers.call()).expect("what was signed is good"));
        assert!(Membership::is_member(NEWCOMER));
    });
}

#[test]
fn a_signature_under_another_members_name_is_refused() {
    community(|| {
        let mut papers = Papers::signed(certificate(), &[Alice, Bob]);
        papers.signatures[1].0 = Charlie.to_account_id();
        papers.are_refused(Error::BadSignature);
    });
}
