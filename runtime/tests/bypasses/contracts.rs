// SPDX-License-Identifier: Apache-2.0
//! What a contract can have the chain do: three calls, and only if it is the one that governs.

use codec::Encode;
use frame_support::{weights::Weight, MAX_EXTRINSIC_DEPTH};
use kith_primitives::glue::Community;
use kith_runtime::{AccountId, Contracts, Membership, Runtime, RuntimeCall};
use pallet_contracts::{CollectEvents, DebugInfo, Determinism};
use pallet_kith_constitution::{Doug, Scheduled};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::DispatchError;

use crate::{
    account,
    calls::{of_members, of_the_constitution, remark},
    depth::{nested, on_a_large_stack},
    development,
    frozen::{freeze, REFUSED},
    in_vain,
    relay::{instantiate, most_weight, relay, Refusal},
    transaction::send,
    wrappers::{batch, name, proxy, WRAPPERS},
    CHARLIE,
};

/// More than the relay takes, and a part only of what a transaction may.
const WEIGHT: Weight = Weight::from_parts(50_000_000_000, 100_000_000);

fn refused(why: &str) -> Result<(), Refusal> {
    Err(Refusal::Refused(format!("call failed with: {why}")))
}

/// A contract that relays calls, and governs.
fn governing() -> AccountId {
    let contract = instantiate();
    Doug::<Runtime>::put(&contract);
    contract
}

/// That those below are refused is not the relay's doing.
#[test]
fn the_contract_that_governs_makes_its_three_calls() {
    development(|| {
        let contract = governing();
        for call in of_the_constitution() {
            assert_eq!(relay(Dave, &contract, &call), Ok(()), "{call:?}");
        }
        assert!(!Membership::is_member(CHARLIE));
        assert_eq!(Scheduled::<Runtime>::get().map(|parameters| parameters.era_pot), Some(7));
        assert_eq!(Doug::<Runtime>::get(), Some(account(Eve)));
    });
}

#[test]
fn another_contract_has_no_authority_whoever_calls_it() {
    development(|| {
        let contract = instantiate();
        for by in [Alice, Dave] {
            for call in of_the_constitution() {
                assert_eq!(in_vain(|| relay(by, &contract, &call)), refused("Bad origin"), "{call:?}");
            }
        }
    });
}

#[test]
fn not_even_the_contract_that_governs_makes_any_other_call() {
    development(|| {
        let contract = governing();
        let payment = pallet_balances::Call::<Runtime>::transfer_allow_death { dest: account(Eve).into(), value: 1 };
        let of_members = of_members().into_iter().map(|(call, _)| call);
        for call in of_members.chain([remark(), payment.into()]) {
            assert_eq!(in_vain(|| relay(Alice, &contract, &call)), refused("CallFiltered"), "{call:?}");
        }
    });
}

#[test]
fn the_contract_that_governs_wraps_none_of_its_three_calls() {
    development(|| {
        let contract = governing();
        for call in of_the_constitution() {
            for wrap in WRAPPERS {
                let wrapped = wrap(call.clone(), contract.clone());
                assert_eq!(in_vain(|| relay(Alice, &contract, &wrapped)), refused("CallFiltered"), "{}", name(wrap));
            }
        }
    });
}

/// The pallet decodes what a contract sends it no deeper than the chain decodes a transaction.
#[test]
fn a_contracts_call_lies_no_deeper_than_a_transactions() {
    on_a_large_stack(|| {
        development(|| {
            let contract = governing();
            let undecodable = DispatchError::from(pallet_contracts::Error::<Runtime>::DecodingFailed);
            let deepest = nested(batch, MAX_EXTRINSIC_DEPTH, remark());
            assert_eq!(relay(Alice, &contract, &deepest), refused("CallFiltered"));
            let deeper = nested(batch, MAX_EXTRINSIC_DEPTH + 1, remark());
            assert_eq!(relay(Alice, &contract, &deeper), Err(Refusal::Trapped(undecodable)));
        });
    });
}

#[test]
fn a_frozen_member_calls_no_contract() {
    development(|| {
        let contract = instantiate();
        freeze();
        let (dest, data) = (contract.into(), remark().encode());
        let call: RuntimeCall = pallet_contracts::Call::<Runtime>::call {
            dest,
            value: 0,
            gas_limit: WEIGHT,
            storage_deposit_limit: None,
            data,
        }
        .into();
        assert_eq!(in_vain(|| send(Charlie, call.clone())), Err(REFUSED));
        assert_eq!(in_vain(|| send(Dave, proxy(call.clone(), account(Charlie)))), Err(REFUSED));
        assert!(send(Bob, call).is_ok(), "whose key is good may");
    });
}

/// What the DOUG answers to who votes on a proposal there never was.
fn vote(by: Sr25519Keyring) -> Vec<u8> {
    let selectors = include_str!("../../../ink-contracts/artifacts/doug.selectors.json");
    let selectors: serde_json::Value = serde_json::from_str(selectors).expect("it is JSON");
    let selector = selectors["messages"]["vote"].as_str().expect("the DOUG takes votes");
    let selector = sp_core::bytes::from_hex(selector).expect("a selector is hex");
    let doug = Doug::<Runtime>::get().expect("the preset founds one");
    let data = [selector, (0_u32, true).encode()].concat();
    let (weight, debug, events) = (most_weight(), DebugInfo::Skip, CollectEvents::Skip);
    let outcome = Contracts::bare_call(account(by), doug, 0, weight, None, data, debug, events, Determinism::Enforced);
    outcome.result.expect("the DOUG does not trap").data
}

/// Should a call of theirs reach the DOUG all the same, it takes them for nobody.
#[test]
fn the_doug_takes_a_frozen_member_for_a_stranger() {
    development(|| {
        let (of_a_member, of_a_stranger) = (vote(Charlie), vote(Dave));
        assert_ne!(of_a_member, of_a_stranger);
        freeze();
        assert_eq!(vote(Charlie), of_a_stranger);
        assert_eq!(vote(Bob), of_a_member);
    });
}
