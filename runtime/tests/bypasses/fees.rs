// SPDX-License-Identifier: Apache-2.0
//! Who pays for a wrapped call: who signed, whatever is wrapped, in whoever's name.

use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
    traits::Currency,
};
use kith_primitives::{glue::Quota, member::MemberId, Balance};
use kith_runtime::{configs::ProxyType, Balances, Membership, Proxy, Runtime, RuntimeCall, System};
use pallet_kith_membership::{QuotaState, Quotas};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Dave};

use crate::{
    account,
    calls::remark,
    development, origin,
    transaction::send,
    wrappers::{name, proxy, WRAPPERS},
    ALICE, BOB, CHARLIE,
};

/// What everybody could pay with.
struct Means {
    /// The quotas of the members, by number.
    quotas: [Balance; 3],
    /// The balances of the keyring's accounts, what is reserved included.
    balances: Vec<Balance>,
}

impl Means {
    fn now() -> Self {
        Self {
            quotas: [ALICE, BOB, CHARLIE].map(Membership::available),
            balances: Sr25519Keyring::iter().map(|who| Balances::total_balance(&account(who))).collect(),
        }
    }
}

/// What the call costs a member with a full quota: nothing but of that quota.
fn cost(call: RuntimeCall) -> Balance {
    Quotas::<Runtime>::remove(BOB);
    let before = Means::now();
    let _outcome = send(Bob, call).expect("it is a valid transaction");
    let after = Means::now();
    assert_eq!(after.balances, before.balances);
    assert_eq!([after.quotas[0], after.quotas[2]], [before.quotas[0], before.quotas[2]]);
    before.quotas[1] - after.quotas[1]
}

/// Leaves the member nothing to pay with but their balance.
fn use_up(member: MemberId) {
    Quotas::<Runtime>::insert(member, QuotaState { available: 0, at: System::block_number() });
}

/// Asserts that the call, which `who` signs, is paid from their balance and nothing else.
fn is_paid_from_the_balance_of(who: Sr25519Keyring, call: RuntimeCall) {
    let before = Means::now();
    let _outcome = send(who, call).expect("it is a valid transaction");
    let after = Means::now();
    assert_eq!(after.quotas, before.quotas);
    for ((key, before), after) in Sr25519Keyring::iter().zip(before.balances).zip(after.balances) {
        assert_eq!(after < before, key == who, "{key:?}");
        assert!(after <= before, "{key:?}");
    }
}

#[test]
fn no_wrapper_makes_a_call_cheaper_or_somebody_elses_to_pay() {
    development(|| {
        let bare = cost(remark());
        assert!(bare > 0);
        for wrap in WRAPPERS {
            assert!(cost(wrap(remark(), account(Alice))) > bare, "{}", name(wrap));
        }
    });
}

#[test]
fn no_wrapper_makes_a_call_free_or_gives_it_a_place_before_others() {
    development(|| {
        for wrap in WRAPPERS {
            let info = wrap(remark(), account(Alice)).get_dispatch_info();
            assert_eq!((info.pays_fee, info.class), (Pays::Yes, DispatchClass::Normal), "{}", name(wrap));
        }
    });
}

#[test]
fn whose_quota_is_used_up_pays_from_the_own_balance_in_every_wrapper() {
    development(|| {
        use_up(BOB);
        for wrap in WRAPPERS {
            is_paid_from_the_balance_of(Bob, wrap(remark(), account(Alice)));
        }
    });
}

/// Dave, a stranger, and Bob, a member, act for Alice, who is one too.
#[test]
fn a_delegate_pays_for_what_they_do_in_anothers_name() {
    development(|| {
        for delegate in [Dave, Bob] {
            assert_ok!(Proxy::add_proxy(origin(Alice), account(delegate).into(), ProxyType::Any, 0));
        }
        assert!(cost(proxy(remark(), account(Alice))) > 0);
        is_paid_from_the_balance_of(Dave, proxy(remark(), account(Alice)));
        use_up(BOB);
        is_paid_from_the_balance_of(Bob, proxy(remark(), account(Alice)));
    });
}
