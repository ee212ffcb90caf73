// SPDX-License-Identifier: Apache-2.0
//! Motions at their bounds: how many there may be, what they keep, when they end, and whose deposit it is.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    glue::Admission,
    member::EncryptionKey,
    parameters::Parameters,
    recovery::{MotionId, NewKey},
};
use sp_runtime::DispatchError;

use crate::{mock::guarded::*, mock::*, *};

fn refused(key: NewKey<AccountId, BlockNumber>, signer: u8, error: Error<Test>) {
    let signature = signature(signer, &key.signing_payload());
    assert_noop!(try_open(1, 0, ProposalFor::NewKey { key, signature }), error);
}

#[test]
fn a_motion_keeps_what_it_says() {
    guarded(|| {
        pass(4);
        let motion = open(1, 0, new_key(0, 30));
        let kind = MotionKind::NewKey { account: account(30), encryption_key: encryption_key(30) };
        let stored = Motions::<Test>::get(0, motion).unwrap();
        assert_eq!((stored.kind, stored.opened_by, stored.agreed_at), (kind, 1, None));
        assert_eq!((stored.closes, stored.deposit, stored.approvals.into_inner()), (5 + PERIOD, DEPOSIT, vec![1]));
        assert_eq!(ProposedAccounts::<Test>::get(account(30)), Some(0));
        assert_eq!(ProposedEncryptionKeys::<Test>::get(encryption_key(30)), Some(0));
    });
}

#[test]
fn there_must_be_a_person_who_was_not_removed() {
    guarded(|| {
        assert_noop!(try_open(1, 99, ProposalFor::Freeze), Error::<Test>::NotFound);
        assert_ok!(Membership::leave(signed(0)));
        assert_noop!(try_open(1, 0, ProposalFor::Freeze), Error::<Test>::AlreadyRemoved);
        assert_noop!(approve(1, 0, 0), Error::<Test>::NotFound);
        assert_noop!(veto(5, 0), Error::<Test>::NotFound);
    });
}

#[test]
fn one_motion_to_freeze_is_enough() {
    guarded(|| {
        open(1, 0, ProposalFor::Freeze);
        assert_noop!(try_open(2, 0, ProposalFor::Freeze), Error::<Test>::AlreadyProposed);
    });
}

#[test]
fn each_guardian_proposes_one_new_key_and_all_together_three() {
    guarded(|| {
        open(1, 0, new_key(0, 30));
        assert_noop!(try_open(1, 0, new_key(0, 31)), Error::<Test>::AlreadyProposed);
        open(2, 0, new_key(0, 31));
        open(3, 0, new_key(0, 32));
        assert_noop!(try_open(4, 0, new_key(0, 33)), Error::<Test>::TooManyMotions);
        // The way to freeze the key stays open.
        open(4, 0, ProposalFor::Freeze);
        assert_eq!(Motions::<Test>::iter_prefix(0).count(), 4);
    });
}

#[test]
fn lapsed_motions_make_room_for_new_ones() {
    guarded(|| {
        let lapsed = [open(1, 0, new_key(0, 30)), open(2, 0, new_key(0, 31)), open(3, 0, ProposalFor::Freeze)];
        pass(PERIOD);
        // Also for the same opener, the same keys and the same kind.
        open(1, 0, new_key(0, 30));
        assert!(lapsed.iter().all(|motion| ended(0, *motion, MotionEnd::Lapsed)));
        open(3, 0, ProposalFor::Freeze);
        assert_eq!(Motions::<Test>::iter_prefix(0).count(), 2);
        assert_eq!(motion_hold(&account(1)), DEPOSIT);
    });
}

#[test]
fn a_refused_opening_closes_nothing() {
    guarded(|| {
        let lapsed = open(1, 0, new_key(0, 30));
        pass(PERIOD);
        assert_noop!(try_open(5, 0, ProposalFor::Freeze), Error::<Test>::NotGuardian);
        assert!(Motions::<Test>::contains_key(0, lapsed));
    });
}

#[test]
fn no_number_of_a_motion_is_given_twice_even_when_all_are_given() {
    guarded(|| {
        NextMotion::<Test>::put(MotionId::MAX);
        assert_noop!(try_open(1, 0, ProposalFor::Freeze), Error::<Test>::TooManyMotions);
    });
}

#[test]
fn a_new_key_is_signed_by_itself_for_this_person_of_this_community_in_time() {
    guarded(|| {
        refused(NewKey { genesis: [1; 32], ..keys(0, 30) }, 30, Error::WrongCommunity);
        refused(keys(2, 30), 30, Error::WrongPerson);
        refused(keys(0, 30), 1, Error::BadSignature);
        let key = keys(0, 30);
        pass(6);
        refused(key.clone(), 30, Error::Expired);
        let signature = signature(30, &key.signing_payload());
        for forged in
            [NewKey { expires: 100, ..key.clone() }, NewKey { encryption_key: encryption_key(66), expires: 100, ..key }]
        {
            let proposal = ProposalFor::NewKey { key: forged, signature: signature.clone() };
            assert_noop!(try_open(1, 0, proposal), Error::<Test>::BadSignature);
        }
    });
}

#[test]
fn a_new_key_is_nobodys_and_about_to_be_nobodys() {
    guarded(|| {
        sponsor(20);
        let (device, consent) = device(3, 1);
        assert_ok!(Membership::bind_device(signed(1), device, consent));
        for taken in [account(0), account(5), account(20), device.account()] {
            refused(NewKey { account: taken, ..keys(0, 30) }, 30, Error::AccountInUse);
        }
        for taken in [encryption_key(0), encryption_key(5), encryption_key(20)] {
            refused(NewKey { encryption_key: taken, ..keys(0, 30) }, 30, Error::EncryptionKeyInUse);
        }
        refused(NewKey { encryption_key: EncryptionKey([0; 32]), ..keys(0, 30) }, 30, Error::BadEncryptionKey);
        open(2, 0, new_key(0, 30));
        refused(keys(0, 30), 30, Error::AccountInUse);
        refused(NewKey { encryption_key: encryption_key(30), ..keys(0, 31) }, 31, Error::EncryptionKeyInUse);
    });
}

#[test]
fn what_a_motion_keeps_nobody_else_takes() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        let apply = |application: ApplicationFor, n| {
            let signature = sign(n, &application);
            call(signed(5), Call::sponsor { application, signature })
        };
        let other_key = ApplicationFor { encryption_key: encryption_key(66), ..application(30) };
        assert_noop!(apply(other_key.clone(), 30), Error::<Test>::AccountInUse);
        let other_account = ApplicationFor { encryption_key: encryption_key(30), ..application(66) };
        assert_noop!(apply(other_account, 66), Error::<Test>::EncryptionKeyInUse);
        assert_ok!(veto(0, motion));
        assert_ok!(apply(other_key, 30));
    });
}

#[test]
fn a_device_key_that_is_about_to_be_an_account_is_not_bound() {
    guarded(|| {
        use sp_core::Pair;
        let pair = sp_core::ed25519::Pair::from_seed(&[44; 32]);
        let key = NewKey { account: AccountId::new(pair.public().0), ..keys(0, 30) };
        let signature = pair.sign(&key.signing_payload()).into();
        open(1, 0, ProposalFor::NewKey { key, signature });
        let payload = kith_primitives::device::binding_payload(&Membership::genesis(), &account(5));
        let (device, signature) = (DeviceId(pair.public().0), pair.sign(&payload));
        assert_noop!(call(signed(5), Call::bind_device { device, signature }), Error::<Test>::DeviceInUse);
    });
}

#[test]
fn only_a_new_key_is_completed_or_vetoed() {
    guarded(|| {
        let freeze = open(1, 0, ProposalFor::Freeze);
        assert_noop!(complete(0, freeze), Error::<Test>::NotAgreed);
        assert_noop!(veto(0, freeze), Error::<Test>::NotNewKey);
    });
}

#[test]
fn an_agreed_motion_stays_open_while_it_may_be_completed_and_then_lapses() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        pass(DELAY + PERIOD - 1);
        assert_noop!(close(0, motion), Error::<Test>::StillOpen);
        pass(1);
        assert_noop!(complete(0, motion), Error::<Test>::Expired);
        assert_ok!(close(0, motion));
        assert_eq!(free(1), FUNDS);
    });
}

#[test]
fn a_new_key_that_cannot_be_given_blocks_the_next_only_for_its_time() {
    guarded(|| {
        let stuck = agree(new_key(0, 30));
        pass(DELAY);
        Immovable::set(true);
        assert_noop!(complete(0, stuck), DispatchError::Other("it cannot be moved"));
        Immovable::set(false);
        let next = open(2, 0, new_key(0, 31));
        assert_ok!(approve(1, 0, next));
        assert_ok!(approve(3, 0, next));
        pass(DELAY);
        assert_noop!(complete(0, next), Error::<Test>::NotFirst);
        pass(PERIOD - DELAY);
        assert_ok!(complete(0, next));
        assert!(ended(0, stuck, MotionEnd::Overtaken));
    });
}

#[test]
fn a_motion_that_lost_its_guardians_does_not_stand_in_the_way_of_the_next() {
    guarded(|| {
        let (first, second) = (open(1, 0, new_key(0, 30)), open(4, 0, new_key(0, 31)));
        for (guardian, motion) in [(2, first), (3, first), (2, second), (3, second)] {
            assert_ok!(approve(guardian, 0, motion));
        }
        assert_ok!(Membership::leave(signed(1)));
        pass(DELAY);
        assert_noop!(complete(0, first), Error::<Test>::NotAgreed);
        assert_ok!(complete(0, second));
    });
}

#[test]
fn the_parameters_of_the_block_decide() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_ok!(approve(2, 0, motion));
        // The threshold falls: who approved before may say so again, and that is enough.
        Params::mutate(|parameters| parameters.recovery_threshold = 2);
        assert_ok!(approve(1, 0, motion));
        assert_eq!(Motions::<Test>::get(0, motion).unwrap().agreed_at, Some(1));
        assert_noop!(approve(3, 0, motion), Error::<Test>::AlreadyApproved);
        // It rises again, and so does the delay.
        Params::mutate(|parameters| parameters.recovery_threshold = 3);
        Params::mutate(|parameters| parameters.recovery_delay = 2 * DELAY);
        pass(DELAY);
        assert_noop!(complete(0, motion), Error::<Test>::TooEarly);
        pass(DELAY);
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_ok!(approve(3, 0, motion));
        assert_ok!(complete(0, motion));
    });
}

#[test]
fn a06_extreme_parameters_wrap_nothing() {
    guarded(|| {
        Params::set(Parameters {
            recovery_threshold: u32::MAX,
            recovery_delay: u32::MAX,
            recovery_period: u32::MAX,
            recovery_deposit: 0,
            ..Default::default()
        });
        let motion = open(1, 0, new_key(0, 30));
        for guardian in 2..5 {
            assert_ok!(approve(guardian, 0, motion));
        }
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        Params::mutate(|parameters| parameters.recovery_threshold = 0);
        assert_ok!(approve(4, 0, motion));
        assert_noop!(complete(0, motion), Error::<Test>::TooEarly);
        System::set_block_number(u32::MAX);
        assert_noop!(complete(0, motion), Error::<Test>::Expired);
        Params::set(Parameters { recovery_delay: 0, recovery_period: 0, recovery_threshold: 1, ..rules() });
        let at_once = open(1, 0, new_key(0, 30));
        assert_noop!(complete(0, at_once), Error::<Test>::Expired);
    });
}

#[test]
fn no_deposit_takes_no_funds() {
    guarded(|| {
        Params::mutate(|parameters| parameters.recovery_deposit = 0);
        let poor = sponsor(20);
        Membership::admit(poor);
        FirstVouches::mutate(|vouches| vouches.push((poor, 0)));
        let motion = open(20, 0, new_key(0, 30));
        assert_ok!(veto(0, motion));
        let motion = open(20, 0, new_key(0, 30));
        pass(PERIOD);
        assert_ok!(close(0, motion));
    });
}

#[test]
fn a_deposit_too_small_for_the_owners_empty_account_goes_back() {
    guarded(|| {
        let poor = sponsor(20);
        Membership::admit(poor);
        FirstVouches::mutate(|vouches| vouches.push((1, poor)));
        Params::mutate(|parameters| parameters.recovery_deposit = EXISTENTIAL_DEPOSIT - 1);
        let motion = open(1, poor, new_key(poor, 30));
        assert_ok!(veto(20, motion));
        assert_eq!((free(1), free(20)), (FUNDS, 0));
        Params::mutate(|parameters| parameters.recovery_deposit = EXISTENTIAL_DEPOSIT);
        let motion = open(1, poor, new_key(poor, 30));
        assert_ok!(veto(20, motion));
        assert_eq!((free(1), free(20)), (FUNDS - EXISTENTIAL_DEPOSIT, EXISTENTIAL_DEPOSIT));
    });
}

#[test]
fn who_is_gone_has_no_motions_and_the_deposits_are_back() {
    guarded(|| {
        let candidate = sponsor(20);
        FirstVouches::mutate(|vouches| vouches.push((2, candidate)));
        let about_candidate = open(2, candidate, new_key(candidate, 33));
        let about_0 = [open(1, 0, new_key(0, 30)), open(2, 0, new_key(0, 31)), open(3, 0, ProposalFor::Freeze)];
        assert_ok!(call(RuntimeOrigin::root(), Call::force_remove { person: 0 }));
        assert!(about_0.iter().all(|motion| ended(0, *motion, MotionEnd::Overtaken)));
        System::set_block_number(People::<Test>::get(candidate).unwrap().candidate_until.unwrap());
        assert_ok!(Membership::prune_candidate(signed(77), candidate));
        assert!(ended(candidate, about_candidate, MotionEnd::Overtaken));
        assert_eq!(Motions::<Test>::iter().count(), 0);
        assert!((1..4).all(|n| free(n) == FUNDS));
    });
}

#[test]
fn a_lapsed_persons_key_is_replaced_as_well() {
    guarded(|| {
        Membership::lapse(0);
        rekey(30);
        let record = People::<Test>::get(0).unwrap();
        assert_eq!((record.account, record.standing), (account(30), kith_primitives::member::Standing::Lapsed));
    });
}

#[test]
fn an_opener_who_left_has_the_deposit_back_when_it_ends() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_ok!(Membership::leave(signed(1)));
        pass(PERIOD);
        assert_ok!(close(0, motion));
        assert_eq!((free(1), motion_hold(&account(1))), (FUNDS, 0));
    });
}
