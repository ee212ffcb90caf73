// SPDX-License-Identifier: Apache-2.0
//! Whose authority a wrapped call has: that of the account which signed, or less.

use frame_support::assert_ok;
use kith_runtime::{configs::ProxyType, Proxy, Runtime};
use pallet_kith_constitution::Doug;
use pallet_kith_membership::{Error, Former, FormerAccounts};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Dave, Eve};
use sp_runtime::DispatchError;

use crate::{
    account,
    calls::{of_members, of_the_constitution, vouch},
    development, in_vain, origin, refusal,
    wrappers::{as_former, name, proxy, Wrap, WRAPPERS},
    BOB,
};

/// What the caller of a wrapped call is refused with, who by themselves is refused with `own` and was never another.
fn refused(wrap: Wrap, own: DispatchError, never_another: DispatchError) -> Option<DispatchError> {
    match name(wrap) {
        "batch" | "batch_all" | "force_batch" | "if_else" | "as_derivative" | "as_multi_threshold_1" => Some(own),
        "dispatch_as" | "dispatch_as_fallible" | "with_weight" => Some(DispatchError::BadOrigin),
        "proxy" | "proxy_announced" => Some(pallet_proxy::Error::<Runtime>::NotProxy.into()),
        "as_former" => Some(never_another),
        // The others of the common account have not approved yet: nothing is called.
        "as_multi" => None,
        other => panic!("what does {other} do?"),
    }
}

#[test]
fn a_member_has_not_the_constitutions_authority_in_any_wrapper() {
    development(|| {
        let doug = Doug::<Runtime>::get().expect("the preset founds one");
        let never_another = DispatchError::from(Error::<Runtime>::NotFormer);
        for call in of_the_constitution() {
            let own = DispatchError::BadOrigin;
            assert_eq!(in_vain(|| refusal(Bob, call.clone())), Some(own));
            for wrap in WRAPPERS {
                let outcome = in_vain(|| refusal(Bob, wrap(call.clone(), doug.clone())));
                assert_eq!(outcome, refused(wrap, own, never_another), "{call:?} in {}", name(wrap));
            }
        }
    });
}

#[test]
fn a_stranger_has_no_members_authority_in_any_wrapper() {
    development(|| {
        let never_another = DispatchError::from(Error::<Runtime>::NotFound);
        for (call, own) in of_members() {
            assert_eq!(in_vain(|| refusal(Dave, call.clone())), Some(own), "{call:?}");
            for wrap in WRAPPERS {
                let outcome = in_vain(|| refusal(Dave, wrap(call.clone(), account(Alice))));
                assert_eq!(outcome, refused(wrap, own, never_another), "{call:?} in {}", name(wrap));
            }
        }
    });
}

/// Bob is a member; a derivative or common account of his is not.
#[test]
fn an_account_derived_from_a_members_is_no_member() {
    development(|| {
        let derives = |wrap: &Wrap| matches!(name(*wrap), "as_derivative" | "as_multi_threshold_1");
        for wrap in WRAPPERS.into_iter().filter(derives) {
            for (call, own) in of_members() {
                assert_eq!(in_vain(|| refusal(Bob, wrap(call, account(Alice)))), Some(own), "{}", name(wrap));
            }
        }
    });
}

#[test]
fn a_wrapper_in_a_wrapper_lends_no_authority_either() {
    development(|| {
        let doug = Doug::<Runtime>::get().expect("the preset founds one");
        for (outer, inner) in WRAPPERS.into_iter().flat_map(|outer| WRAPPERS.map(|inner| (outer, inner))) {
            in_vain(|| {
                for call in of_the_constitution() {
                    refusal(Bob, outer(inner(call, doug.clone()), doug.clone()));
                }
                for (call, _) in of_members() {
                    refusal(Dave, outer(inner(call, account(Alice)), account(Alice)));
                }
            });
        }
    });
}

#[test]
fn a_delegate_has_no_more_than_who_named_them() {
    development(|| {
        assert_ok!(Proxy::add_proxy(origin(Eve), account(Dave).into(), ProxyType::Any, 0));
        for (call, own) in of_members() {
            assert_eq!(in_vain(|| refusal(Dave, proxy(call, account(Eve)))), Some(own));
        }
    });
}

/// Alice lets Dave see to her resources.
#[test]
fn a_delegate_for_some_calls_makes_no_others_in_any_wrapper() {
    development(|| {
        assert_ok!(Proxy::add_proxy(origin(Alice), account(Dave).into(), ProxyType::Resources, 0));
        let filtered = Some(DispatchError::from(frame_system::Error::<Runtime>::CallFiltered));
        assert_eq!(in_vain(|| refusal(Dave, proxy(vouch(), account(Alice)))), filtered);
        for wrap in WRAPPERS {
            let wrapped = wrap(vouch(), account(Alice));
            assert_eq!(in_vain(|| refusal(Dave, proxy(wrapped, account(Alice)))), filtered, "{}", name(wrap));
        }
    });
}

/// Eve's account was Bob's. It keeps its places, and nothing can be done by it that is a member's.
#[test]
fn a_former_account_is_no_member_in_any_wrapper() {
    development(|| {
        FormerAccounts::<Runtime>::insert(account(Eve), Former { person: BOB, until: 1 });
        for wrap in WRAPPERS {
            let outcome = in_vain(|| refusal(Bob, as_former(wrap(vouch(), account(Alice)), account(Eve))));
            let expected: Option<DispatchError> = match name(wrap) {
                // The common account of this and another.
                "as_multi_threshold_1" => Some(pallet_kith_vouching::Error::<Runtime>::NotMember.into()),
                "proxy" => Some(pallet_proxy::Error::<Runtime>::NotProxy.into()),
                "as_multi" => None,
                _ => Some(Error::<Runtime>::CallNotAllowed.into()),
            };
            assert_eq!(outcome, expected, "{}", name(wrap));
        }
    });
}
