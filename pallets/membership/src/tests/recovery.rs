// SPDX-License-Identifier: Apache-2.0
//! New keys by guardians, as a whole: what every system that recovers accounts must get right. The cases are those of
//! polkadot-ecosystem-tests pull request 602; `attempts` has the rest.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::glue::Community;

use crate::{mock::guarded::*, mock::*, *};

#[test]
fn pet602_friends_initiate_and_approve_and_the_lost_account_is_recovered() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        System::assert_has_event(Event::<Test>::MotionOpened { person: 0, motion, opener: 1 }.into());
        assert_ok!(approve(2, 0, motion));
        System::assert_last_event(Event::<Test>::MotionApproved { person: 0, motion, guardian: 2 }.into());
        assert_eq!(Motions::<Test>::get(0, motion).unwrap().agreed_at, None);
        pass(2);
        assert_ok!(approve(3, 0, motion));
        System::assert_last_event(Event::<Test>::MotionAgreed { person: 0, motion, from: 3 + DELAY }.into());
        assert_eq!(Membership::member(&account(0)), Some(0));
        pass(DELAY);
        assert_ok!(complete(0, motion));
        System::assert_last_event(
            Event::<Test>::KeyChanged { person: 0, former: account(0), current: account(30) }.into(),
        );
        assert!(ended(0, motion, MotionEnd::Done));
        assert_eq!(Membership::member(&account(30)), Some(0));
        assert_eq!(free(30), FUNDS);
    });
}

#[test]
fn pet602_nothing_is_finished_before_the_delay_is_over() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_ok!(approve(2, 0, motion));
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_ok!(approve(3, 0, motion));
        assert_noop!(complete(0, motion), Error::<Test>::TooEarly);
        pass(DELAY - 1);
        assert_noop!(complete(0, motion), Error::<Test>::TooEarly);
        pass(1);
        assert_ok!(complete(0, motion));
    });
}

#[test]
fn pet602_the_owner_cancels_and_has_the_initiators_deposit() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        assert_eq!((free(1), motion_hold(&account(1))), (FUNDS - DEPOSIT, DEPOSIT));
        pass(DELAY);
        assert_ok!(veto(0, motion));
        assert!(ended(0, motion, MotionEnd::Vetoed));
        assert_eq!((free(1), motion_hold(&account(1)), free(0)), (FUNDS - DEPOSIT, 0, FUNDS + DEPOSIT));
        assert_noop!(complete(0, motion), Error::<Test>::NotFound);
        assert_eq!(Membership::member(&account(0)), Some(0));
        // What the motion had kept is free again.
        open(2, 0, new_key(0, 30));
    });
}

#[test]
fn pet602_only_the_owner_cancels() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        for other in [1, 2, 5] {
            assert_noop!(veto(other, motion), Error::<Test>::NotFound);
        }
        assert_noop!(veto(77, motion), Error::<Test>::NotFound);
        assert_noop!(veto(30, motion), Error::<Test>::NotFound);
    });
}

#[test]
fn pet602_several_attempts_and_the_first_agreed_wins() {
    guarded(|| {
        let (first, second) = (open(1, 0, new_key(0, 30)), open(2, 0, new_key(0, 31)));
        for guardian in [3, 4] {
            assert_ok!(approve(guardian, 0, second));
            pass(1);
        }
        for guardian in [2, 3] {
            assert_ok!(approve(guardian, 0, first));
        }
        pass(DELAY);
        assert_noop!(complete(0, first), Error::<Test>::NotFirst);
        assert_ok!(complete(0, second));
        assert!(ended(0, second, MotionEnd::Done) && ended(0, first, MotionEnd::Overtaken));
        assert_eq!(Membership::account(0), Some(account(31)));
        assert_eq!((motion_hold(&account(1)), motion_hold(&account(2))), (0, 0));
        assert_eq!((free(1), free(2)), (FUNDS, FUNDS));
        assert_noop!(complete(0, first), Error::<Test>::NotFound);
    });
}

#[test]
fn pet602_of_two_attempts_agreed_in_one_block_the_first_opened_wins() {
    guarded(|| {
        let (first, second) = (open(1, 0, new_key(0, 30)), open(2, 0, new_key(0, 31)));
        for (guardian, motion) in [(3, second), (4, second), (3, first), (4, first)] {
            assert_ok!(approve(guardian, 0, motion));
        }
        pass(DELAY);
        assert_noop!(complete(0, second), Error::<Test>::NotFirst);
        assert_ok!(complete(0, first));
    });
}

#[test]
fn pet602_an_attempt_that_is_cancelled_leaves_the_next_its_turn() {
    guarded(|| {
        let first = agree(new_key(0, 30));
        pass(1);
        let second = open(2, 0, new_key(0, 31));
        assert_ok!(approve(1, 0, second));
        assert_ok!(approve(3, 0, second));
        pass(DELAY);
        assert_noop!(complete(0, second), Error::<Test>::NotFirst);
        assert_ok!(veto(0, first));
        assert_ok!(complete(0, second));
    });
}

#[test]
fn pet602_an_expired_attempt_is_approved_no_more_and_closed_by_anyone() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_ok!(approve(2, 0, motion));
        pass(PERIOD - 1);
        assert_noop!(close(0, motion), Error::<Test>::StillOpen);
        pass(1);
        assert_noop!(approve(3, 0, motion), Error::<Test>::Expired);
        assert_ok!(close(0, motion));
        assert!(ended(0, motion, MotionEnd::Lapsed));
        assert_eq!((free(1), motion_hold(&account(1))), (FUNDS, 0));
        assert_noop!(close(0, motion), Error::<Test>::NotFound);
        assert_noop!(complete(0, motion), Error::<Test>::NotFound);
    });
}

#[test]
fn pet602_who_is_no_friend_initiates_and_approves_nothing() {
    guarded(|| {
        sponsor(20);
        assert_noop!(try_open(5, 0, new_key(0, 30)), Error::<Test>::NotGuardian);
        assert_noop!(try_open(0, 0, new_key(0, 30)), Error::<Test>::NotGuardian);
        assert_noop!(try_open(20, 0, new_key(0, 30)), Error::<Test>::NotMember);
        assert_noop!(try_open(77, 0, new_key(0, 30)), Error::<Test>::NotMember);
        let motion = open(1, 0, new_key(0, 30));
        assert_noop!(approve(5, 0, motion), Error::<Test>::NotGuardian);
        assert_noop!(approve(0, 0, motion), Error::<Test>::NotGuardian);
        assert_noop!(approve(20, 0, motion), Error::<Test>::NotMember);
    });
}

#[test]
fn pet602_nothing_is_finished_twice() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        pass(DELAY);
        assert_ok!(complete(0, motion));
        assert_noop!(complete(0, motion), Error::<Test>::NotFound);
    });
}

#[test]
fn pet602_nobody_approves_twice() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_noop!(approve(1, 0, motion), Error::<Test>::AlreadyApproved);
        assert_ok!(approve(2, 0, motion));
        assert_noop!(approve(2, 0, motion), Error::<Test>::AlreadyApproved);
        assert_ok!(approve(3, 0, motion));
        assert_noop!(approve(4, 0, motion), Error::<Test>::AlreadyApproved);
    });
}

#[test]
fn pet602_after_recovery_the_former_key_is_dead() {
    guarded(|| {
        rekey(30);
        assert!(Membership::is_barred(&account(0)));
        assert_eq!((Membership::person(&account(0)), Membership::member(&account(0))), (None, None));
        assert_eq!(Membership::current_account(&account(0)), account(30));
        assert_noop!(call(signed(0), Call::leave {}), Error::<Test>::NotFound);
        assert_noop!(choose(0, &[1, 2, 3]), Error::<Test>::NotMember);
        assert_ok!(choose(30, &[1, 2, 3]));
    });
}

#[test]
fn pet602_guardians_changed_while_an_attempt_is_pending_decide() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        assert_ok!(choose(0, &[3, 4, 5]));
        pass(DELAY);
        // Of those who agreed, only 3 guards now.
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_noop!(approve(1, 0, motion), Error::<Test>::NotGuardian);
        assert_ok!(approve(4, 0, motion));
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_ok!(approve(5, 0, motion));
        assert_ok!(complete(0, motion));
    });
}

#[test]
fn pet602_friends_who_left_or_were_frozen_are_not_counted() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        pass(DELAY);
        assert_ok!(Membership::leave(signed(2)));
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        assert_ok!(approve(4, 0, motion));
        assert_ok!(revoke(3));
        assert_noop!(complete(0, motion), Error::<Test>::NotAgreed);
        // Nobody is left to approve: when its time is over, it is closed.
        pass(PERIOD);
        assert_ok!(close(0, motion));
    });
}

#[test]
fn pet602_an_initiator_who_got_new_keys_has_the_deposit_back() {
    guarded(|| {
        let motion = agree(new_key(0, 30));
        FirstVouches::mutate(|vouches| vouches.extend([(2, 1), (3, 1), (4, 1)]));
        let theirs = open(2, 1, new_key(1, 31));
        assert_ok!(approve(3, 1, theirs));
        assert_ok!(approve(4, 1, theirs));
        pass(DELAY);
        assert_ok!(complete(1, theirs));
        assert_eq!(motion_hold(&account(31)), DEPOSIT);
        assert_ok!(complete(0, motion));
        assert_eq!((free(31), motion_hold(&account(31))), (FUNDS, 0));
        assert!(!System::account_exists(&account(1)));
    });
}

#[test]
fn pet602_an_initiator_who_cannot_pay_the_deposit_initiates_nothing() {
    guarded(|| {
        Params::mutate(|parameters| parameters.recovery_deposit = FUNDS + 1);
        assert_eq!(try_open(1, 0, new_key(0, 30)), Err(sp_runtime::TokenError::FundsUnavailable.into()));
        assert_eq!(Motions::<Test>::iter().count(), 0);
        assert_eq!(ProposedAccounts::<Test>::iter().count(), 0);
    });
}

#[test]
fn h08_a_thief_vetoes_until_the_guardians_freeze_the_key() {
    guarded(|| {
        let first = agree(new_key(0, 30));
        assert_ok!(veto(0, first));
        let freeze = open(1, 0, ProposalFor::Freeze);
        assert_noop!(veto(0, freeze), Error::<Test>::NotNewKey);
        assert_ok!(approve(2, 0, freeze));
        assert_ok!(approve(3, 0, freeze));
        let second = agree(new_key(0, 31));
        assert_noop!(veto(0, second), Error::<Test>::KeyFrozen);
        pass(DELAY);
        assert_ok!(complete(0, second));
        assert_eq!((Membership::member(&account(31)), Membership::is_frozen(0)), (Some(0), false));
        assert_eq!(FrozenMembers::<Test>::get(), 0);
    });
}

#[test]
fn h08_an_attacker_among_the_guardians_is_vetoed_by_the_owner_and_pays() {
    guarded(|| {
        for attempt in 0..5u128 {
            let motion = open(1, 0, new_key(0, 30));
            assert_ok!(veto(0, motion));
            assert_eq!(free(0), FUNDS + (attempt + 1) * DEPOSIT);
        }
    });
}
