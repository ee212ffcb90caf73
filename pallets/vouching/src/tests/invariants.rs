// SPDX-License-Identifier: Apache-2.0
//! That damage to what is stored is seen by those who look.

use frame_support::storage::with_transaction;
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::{mock::*, *};

/// What is said of the state with this damage, which is undone afterwards.
fn refusal(damage: impl FnOnce()) -> Option<DispatchError> {
    with_transaction(|| {
        damage();
        TransactionOutcome::Rollback(Vouching::do_try_state())
    })
    .err()
}

#[test]
fn more_vouches_than_any_stock_allows_are_seen() {
    execute_from(102, vec![], || {
        let give = |vouches: u32| {
            (1..=vouches).for_each(|subject| {
                Vouching::insert_vouch(0, subject);
            })
        };
        assert_eq!(refusal(|| give(100)), None);
        let said = DispatchError::Other("an issuer gave more vouches than any stock allows");
        assert_eq!(refusal(|| give(101)), Some(said));
    });
}

#[test]
fn a_vouch_younger_than_its_issuers_last_is_seen() {
    execute(3, || {
        let last = |at| Issuers::<Test>::mutate(0, |used| used.last = Some(at));
        let given = |at| Vouches::<Test>::mutate(1, 0, |vouch| vouch.as_mut().unwrap().at = at);
        pass(9);
        let given_after = |at| {
            last(5);
            given(at);
        };
        assert_eq!(refusal(|| given_after(5)), None);
        let said = DispatchError::Other("a vouch is younger than its issuer's last");
        assert_eq!(refusal(|| given_after(6)), Some(said));
    });
}

#[test]
fn a_vouch_that_begins_in_the_future_is_seen() {
    execute(3, || {
        let given = |at| Vouches::<Test>::mutate(1, 0, |vouch| vouch.as_mut().unwrap().at = at);
        assert_eq!(refusal(|| given(1)), None);
        assert_eq!(refusal(|| given(2)), Some(DispatchError::Other("a vouch begins in the future")));
    });
}
