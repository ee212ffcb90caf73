// SPDX-License-Identifier: Apache-2.0
//! That damage to what is stored is seen by those who look.

use frame_support::storage::with_transaction;
use sp_runtime::{DispatchError, TransactionOutcome};

use crate::{mock::*, *};

/// What is said of the state with this damage, which is undone afterwards.
fn refusal(damage: impl FnOnce()) -> Option<DispatchError> {
    with_transaction(|| {
        damage();
        TransactionOutcome::Rollback(Membership::do_try_state())
    })
    .err()
}

#[test]
fn a_standing_from_the_future_is_seen() {
    execute(|| {
        let since = |block| People::<Test>::mutate(0, |record| record.as_mut().unwrap().since = block);
        assert_eq!(refusal(|| since(1)), None);
        assert_eq!(refusal(|| since(2)), Some(DispatchError::Other("a person's standing is from the future")));
    });
}
