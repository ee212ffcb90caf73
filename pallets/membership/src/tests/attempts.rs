// SPDX-License-Identifier: Apache-2.0
//! More of what polkadot-ecosystem-tests pull request 602 tries: each delay to the block, and what an attempt to recover
//! leaves behind.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::glue::Community;
use sp_runtime::DispatchError;

use crate::{mock::guarded::*, mock::*, *};

/// What the former account is made to do, and the failure of it.
fn refused_as_former() -> sp_runtime::DispatchResult {
    let privileged = Box::new(frame_system::Call::<Test>::set_heap_pages { pages: 1 }.into());
    call(signed(30), Call::as_former { former: account(0), call: privileged })
}

#[test]
fn pet602_an_even_and_an_odd_delay_end_in_exactly_their_block() {
    for delay in [1, 2, 7, 8] {
        guarded(|| {
            Params::mutate(|parameters| parameters.recovery_delay = delay);
            let motion = agree(new_key(0, 30));
            pass(delay - 1);
            assert_noop!(complete(0, motion), Error::<Test>::TooEarly);
            pass(1);
            assert_ok!(complete(0, motion));
        });
    }
}

#[test]
fn pet602_an_initiator_has_the_deposit_back_in_exactly_the_block_in_which_time_runs_out() {
    for period in [5, 6] {
        guarded(|| {
            Params::mutate(|parameters| parameters.recovery_period = period);
            let motion = open(1, 0, new_key(0, 30));
            pass(period - 1);
            let closing = Call::close_motion { person: 0, motion };
            assert_noop!(call(signed(1), closing.clone()), Error::<Test>::StillOpen);
            pass(1);
            assert_ok!(call(signed(1), closing));
            assert_eq!((free(1), motion_hold(&account(1))), (FUNDS, 0));
        });
    }
}

#[test]
fn pet602_the_owner_cancels_in_the_very_block_of_the_attempt() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        assert_ok!(veto(0, motion));
        assert_eq!((free(1), free(0)), (FUNDS - DEPOSIT, FUNDS + DEPOSIT));
    });
}

#[test]
fn pet602_an_approval_leaves_the_owner_more_time_to_have_the_deposit_and_the_initiator_none_to_escape() {
    guarded(|| {
        let motion = open(1, 0, new_key(0, 30));
        pass(PERIOD - 1);
        assert_ok!(approve(2, 0, motion));
        assert_ok!(approve(3, 0, motion));
        // The block in which it would have lapsed, had they not agreed.
        pass(1);
        assert_noop!(close(0, motion), Error::<Test>::StillOpen);
        pass(DELAY + PERIOD - 2);
        assert_noop!(close(0, motion), Error::<Test>::StillOpen);
        assert_ok!(veto(0, motion));
        assert_eq!((free(1), free(0)), (FUNDS - DEPOSIT, FUNDS + DEPOSIT));
    });
}

#[test]
fn pet602_a_later_recovery_displaces_what_an_earlier_one_gave() {
    guarded(|| {
        rekey(30);
        let displaced = open(4, 0, new_key(0, 32));
        rekey(31);
        assert!(ended(0, displaced, MotionEnd::Overtaken));
        assert_eq!((Membership::account(0), Membership::person(&account(30))), (Some(account(31)), None));
        assert_eq!(free(31), FUNDS);
    });
}

#[test]
fn pet602_when_it_is_over_nothing_of_it_is_stored_and_nothing_is_held() {
    guarded(|| {
        open(4, 0, ProposalFor::Freeze);
        open(2, 0, new_key(0, 31));
        rekey(30);
        assert_eq!((Motions::<Test>::iter().count(), ProposedAccounts::<Test>::iter().count()), (0, 0));
        assert_eq!(ProposedEncryptionKeys::<Test>::iter().count(), 0);
        for guardian in [1, 2, 4] {
            assert_eq!((free(guardian), motion_hold(&account(guardian))), (FUNDS, 0));
        }
    });
}

#[test]
fn pet602_a_call_that_fails_as_the_former_account_takes_nothing_from_who_recovered_it() {
    guarded(|| {
        rekey(30);
        for _ in 0..2 {
            assert_noop!(refused_as_former(), DispatchError::BadOrigin);
        }
        let remark = Box::new(frame_system::Call::<Test>::remark_with_event { remark: vec![] }.into());
        assert_ok!(call(signed(30), Call::as_former { former: account(0), call: remark }));
        System::assert_last_event(Event::<Test>::ActedAsFormer { person: 0, former: account(0) }.into());
    });
}
