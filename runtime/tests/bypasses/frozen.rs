// SPDX-License-Identifier: Apache-2.0
//! What a frozen key can still bring about: nothing, in no wrapper, neither by itself nor by a delegate.

use frame_support::assert_ok;
use kith_primitives::recovery::revocation_payload;
use kith_runtime::{configs::ProxyType, Membership, Proxy, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    MultiSignature,
};

use crate::{
    account,
    calls::{remark, vouch},
    development, in_vain, origin,
    transaction::send,
    wrappers::{name, proxy, WRAPPERS},
};

pub(crate) const REFUSED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::BadSigner);
/// Calls looked at in one transaction, the transaction's own among them.
const MOST_CALLS: usize = 1_000;

/// Charlie lets Dave act for him, and his key is revoked.
pub(crate) fn freeze() {
    assert_ok!(Proxy::add_proxy(origin(Charlie), account(Dave).into(), ProxyType::Any, 0));
    let document = revocation_payload(&Membership::genesis(), &account(Charlie));
    let signature = MultiSignature::Sr25519(Charlie.sign(&document));
    assert_ok!(Membership::revoke_key(origin(Dave), account(Charlie), signature));
}

#[test]
fn a_frozen_key_signs_no_wrapper() {
    development(|| {
        freeze();
        for wrap in WRAPPERS {
            let call = wrap(vouch(), account(Alice));
            assert_eq!(in_vain(|| send(Charlie, call)), Err(REFUSED), "{}", name(wrap));
        }
    });
}

#[test]
fn a_delegate_acts_for_a_frozen_key_in_no_wrapper() {
    development(|| {
        freeze();
        for call in [remark(), vouch()] {
            let by_delegate = proxy(call, account(Charlie));
            assert_eq!(in_vain(|| send(Dave, by_delegate.clone())), Err(REFUSED));
            for wrap in WRAPPERS {
                let call = wrap(by_delegate.clone(), account(Alice));
                assert_eq!(in_vain(|| send(Dave, call)), Err(REFUSED), "{}", name(wrap));
            }
        }
    });
}

#[test]
fn a_delegate_acts_for_a_frozen_key_in_no_two_wrappers() {
    development(|| {
        freeze();
        let by_delegate = proxy(vouch(), account(Charlie));
        for (outer, inner) in WRAPPERS.into_iter().flat_map(|outer| WRAPPERS.map(|inner| (outer, inner))) {
            let call = outer(inner(by_delegate.clone(), account(Alice)), account(Alice));
            assert_eq!(send(Dave, call), Err(REFUSED), "{} in {}", name(inner), name(outer));
        }
    });
}

/// Bob's key is good, and so are his remarks. What hides behind more of them than are looked at is not believed.
#[test]
fn a_transaction_of_more_calls_than_are_looked_at_is_refused() {
    let batch = |calls| -> RuntimeCall {
        let calls = std::iter::repeat_with(remark).take(calls).collect();
        pallet_utility::Call::<Runtime>::batch { calls }.into()
    };
    development(|| {
        assert_ok!(send(Bob, batch(MOST_CALLS - 1)).expect("they are all looked at"));
        assert_eq!(send(Bob, batch(MOST_CALLS)), Err(REFUSED));
    });
}
