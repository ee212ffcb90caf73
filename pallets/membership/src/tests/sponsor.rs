// SPDX-License-Identifier: Apache-2.0
//! A newcomer's application: what makes them a candidate, and what is refused.

use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, pallet_prelude::TransactionSource};
use kith_primitives::{
    glue::{Admission, Community},
    member::{EncryptionKey, MemberId, Standing},
    parameters::Parameters,
    AccountId, Signature,
};
use sp_core::{ecdsa, ed25519, Pair};
use sp_runtime::traits::{DispatchTransaction, Dispatchable, IdentifyAccount, Verify};

use crate::{mock::*, *};

#[test]
fn a_signed_application_makes_a_candidate_with_a_first_vouch() {
    execute(|| {
        Params::set(Parameters { candidate_lifetime: 40, ..Default::default() });
        let id = sponsor(9);
        assert_eq!(id, 2);
        let record = People::<Test>::get(id).unwrap();
        assert_eq!(record.standing, Standing::Candidate);
        assert_eq!((record.since, record.candidate_until, record.devices), (1, Some(41), 0));
        assert_eq!(FirstVouches::get(), [(0, id)]);
        assert_eq!((Membership::person(&account(9)), Membership::member(&account(9))), (Some(id), None));
        assert_eq!(Membership::encryption_key(id), Some(encryption_key(9)));
        assert_eq!(Membership::account(id), Some(account(9)));
        assert_eq!(Membership::active_members(), 2);
        System::assert_last_event(
            Event::<Test>::Sponsored { sponsor: 0, candidate: id, account: account(9), until: 41 }.into(),
        );
    });
}

/// Duniter 321: a newcomer's account is empty.
#[test]
fn an_empty_account_can_send_transactions_once_sponsored() {
    fn may_send() -> bool {
        let call = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
        let check = frame_system::CheckNonce::<Test>::from(0);
        check.validate_only(signed(9), &call, &call.get_dispatch_info(), 0, TransactionSource::External, 0).is_ok()
    }
    execute(|| {
        assert!(!may_send());
        sponsor(9);
        assert!(may_send());
    });
}

#[test]
fn keys_of_every_kind_may_apply() {
    execute(|| {
        let ed = ed25519::Pair::from_seed(&[50; 32]);
        let ecdsa = ecdsa::Pair::from_seed(&[51; 32]);
        let ecdsa_account = <Signature as Verify>::Signer::from(ecdsa.public()).into_account();
        for (n, account) in [(50, AccountId::new(ed.public().0)), (51, ecdsa_account)] {
            let application = ApplicationFor { account, ..application(n) };
            let payload = application.signing_payload();
            let signature = if n == 50 { ed.sign(&payload).into() } else { ecdsa.sign(&payload).into() };
            assert_ok!(Membership::sponsor(signed(0), application, signature));
        }
    });
}

fn refused(by: u8, application: ApplicationFor, signer: u8, error: Error<Test>) {
    let signature = sign(signer, &application);
    assert_noop!(Membership::sponsor(signed(by), application, signature), error);
}

#[test]
fn sponsoring_fails_if_not_member() {
    execute(|| {
        sponsor(9);
        refused(9, application(10), 10, Error::NotMember);
        refused(77, application(10), 10, Error::NotMember);
    });
}

#[test]
fn an_application_for_another_community_is_refused() {
    execute(|| refused(0, ApplicationFor { genesis: [1; 32], ..application(9) }, 9, Error::WrongCommunity));
}

#[test]
fn an_application_is_good_until_its_last_block() {
    execute(|| {
        let application = application(9);
        System::set_block_number(application.expires + 1);
        refused(0, application.clone(), 9, Error::Expired);
        System::set_block_number(application.expires);
        assert_ok!(Membership::sponsor(signed(0), application.clone(), sign(9, &application)));
    });
}

#[test]
fn an_application_signed_by_another_key_or_for_other_contents_is_refused() {
    execute(|| {
        refused(0, application(9), 10, Error::BadSignature);
        let original = application(9);
        let signature = sign(9, &original);
        for forged in [
            ApplicationFor { encryption_key: encryption_key(66), ..original.clone() },
            ApplicationFor { account: account(66), ..original.clone() },
            ApplicationFor { expires: original.expires + 1, ..original },
        ] {
            assert_noop!(Membership::sponsor(signed(0), forged, signature.clone()), Error::<Test>::BadSignature);
        }
    });
}

#[test]
fn a_weak_encryption_key_is_refused() {
    execute(|| {
        let application = ApplicationFor { encryption_key: EncryptionKey([0; 32]), ..application(9) };
        refused(0, application, 9, Error::BadEncryptionKey);
    });
}

/// Duniter 361: the account is linked to somebody already.
#[test]
fn a_known_account_cannot_apply_in_any_standing() {
    execute(|| {
        refused(0, ApplicationFor { encryption_key: encryption_key(66), ..application(1) }, 1, Error::AccountInUse);
        let id = sponsor(9);
        let again = || ApplicationFor { encryption_key: encryption_key(66), ..application(9) };
        refused(1, again(), 9, Error::AccountInUse);
        Membership::admit(id);
        refused(1, again(), 9, Error::AccountInUse);
        Membership::lapse(id);
        refused(1, again(), 9, Error::AccountInUse);
        assert_ok!(Membership::leave(signed(9)));
        refused(1, again(), 9, Error::AccountInUse);
    });
}

#[test]
fn a_devices_account_cannot_apply() {
    execute(|| {
        let (device, signature) = device(3, 0);
        assert_ok!(Membership::bind_device(signed(0), device, signature));
        refused(1, ApplicationFor { account: device.account(), ..application(9) }, 9, Error::AccountInUse);
    });
}

#[test]
fn anothers_encryption_key_is_refused() {
    execute(|| {
        let application = ApplicationFor { encryption_key: encryption_key(1), ..application(9) };
        refused(0, application, 9, Error::EncryptionKeyInUse);
    });
}

#[test]
fn no_number_is_given_twice_even_when_all_are_given() {
    execute(|| {
        NextMember::<Test>::put(MemberId::MAX);
        refused(0, application(9), 9, Error::TooManyPeople);
    });
}

#[test]
fn a_refused_vouch_leaves_nothing_of_the_newcomer() {
    execute(|| {
        VouchRefused::set(true);
        let application = application(9);
        let signature = sign(9, &application);
        let call = RuntimeCall::Membership(Call::sponsor { application, signature });
        assert_noop!(call.dispatch(signed(0)), sp_runtime::DispatchError::Other("no more vouches"));
        assert_eq!(Membership::person(&account(9)), None);
    });
}
