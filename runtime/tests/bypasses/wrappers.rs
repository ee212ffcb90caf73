// SPDX-License-Identifier: Apache-2.0
//! The calls that make other calls: each, and that there are no others.

use std::collections::BTreeSet;

use frame_support::{dispatch::GetDispatchInfo, traits::GetCallMetadata, weights::Weight};
use frame_system::RawOrigin;
use kith_runtime::{AccountId, OriginCaller, Runtime, RuntimeCall};
use scale_info::{form::PortableForm, MetaType, PortableRegistry, Registry, Type, TypeDef};
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};

use crate::{account, calls::remark};

type Utility = pallet_utility::Call<Runtime>;
type Proxy = pallet_proxy::Call<Runtime>;
type Multisig = pallet_multisig::Call<Runtime>;

/// Has a call made in the name of an account, as far as the wrapping call knows of names.
pub(crate) type Wrap = fn(RuntimeCall, AccountId) -> RuntimeCall;

/// Every call of the chain that makes others.
pub(crate) const WRAPPERS: [Wrap; 13] = [
    batch,
    batch_all,
    force_batch,
    if_else,
    as_derivative,
    dispatch_as,
    dispatch_as_fallible,
    with_weight,
    proxy,
    proxy_announced,
    as_multi,
    as_multi_threshold_1,
    as_former,
];

/// The name of what makes other calls.
pub(crate) fn name(wrap: Wrap) -> &'static str {
    wrap(remark(), account(Alice)).get_call_metadata().function_name
}

pub(crate) fn batch(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Utility::batch { calls: vec![call] }.into()
}

fn batch_all(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Utility::batch_all { calls: vec![call] }.into()
}

fn force_batch(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Utility::force_batch { calls: vec![call] }.into()
}

fn if_else(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Utility::if_else { main: Box::new(call), fallback: Box::new(remark()) }.into()
}

fn as_derivative(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Utility::as_derivative { index: 0, call: Box::new(call) }.into()
}

fn dispatch_as(call: RuntimeCall, name: AccountId) -> RuntimeCall {
    let as_origin = Box::new(OriginCaller::system(RawOrigin::Signed(name)));
    Utility::dispatch_as { as_origin, call: Box::new(call) }.into()
}

fn dispatch_as_fallible(call: RuntimeCall, name: AccountId) -> RuntimeCall {
    let as_origin = Box::new(OriginCaller::system(RawOrigin::Signed(name)));
    Utility::dispatch_as_fallible { as_origin, call: Box::new(call) }.into()
}

fn with_weight(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    let weight = call.get_dispatch_info().call_weight;
    Utility::with_weight { call: Box::new(call), weight }.into()
}

pub(crate) fn proxy(call: RuntimeCall, name: AccountId) -> RuntimeCall {
    Proxy::proxy { real: name.into(), force_proxy_type: None, call: Box::new(call) }.into()
}

/// Ferdie stands for the delegate, who need not be who signs.
fn proxy_announced(call: RuntimeCall, name: AccountId) -> RuntimeCall {
    let (delegate, real) = (account(Ferdie).into(), name.into());
    Proxy::proxy_announced { delegate, real, force_proxy_type: None, call: Box::new(call) }.into()
}

fn as_multi(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    let (threshold, other_signatories) = (2, vec![account(Ferdie)]);
    let (maybe_timepoint, call, max_weight) = (None, Box::new(call), Weight::zero());
    Multisig::as_multi { threshold, other_signatories, maybe_timepoint, call, max_weight }.into()
}

fn as_multi_threshold_1(call: RuntimeCall, _: AccountId) -> RuntimeCall {
    Multisig::as_multi_threshold_1 { other_signatories: vec![account(Ferdie)], call: Box::new(call) }.into()
}

pub(crate) fn as_former(call: RuntimeCall, name: AccountId) -> RuntimeCall {
    pallet_kith_membership::Call::<Runtime>::as_former { former: name, call: Box::new(call) }.into()
}

/// The types that a type is made of.
fn parts(it: &Type<PortableForm>) -> Vec<u32> {
    match &it.type_def {
        TypeDef::Composite(it) => it.fields.iter().map(|field| field.ty.id).collect(),
        TypeDef::Variant(it) => {
            it.variants.iter().flat_map(|variant| &variant.fields).map(|field| field.ty.id).collect()
        }
        TypeDef::Sequence(it) => vec![it.type_param.id],
        TypeDef::Array(it) => vec![it.type_param.id],
        TypeDef::Tuple(it) => it.fields.iter().map(|field| field.id).collect(),
        TypeDef::Primitive(_) | TypeDef::Compact(_) | TypeDef::BitSequence(_) => Vec::new(),
    }
}

/// Whether one of the types is, or is made of, the sought one.
fn has(types: &PortableRegistry, mut left: Vec<u32>, sought: u32) -> bool {
    let mut seen = BTreeSet::new();
    while let Some(id) = left.pop() {
        if id == sought {
            return true;
        }
        if seen.insert(id) {
            left.extend(parts(types.resolve(id).expect("every type is described")));
        }
    }
    false
}

/// The names of the calls that have a call among their arguments.
fn calls_with_calls() -> BTreeSet<String> {
    let mut registry = Registry::new();
    let any_call = registry.register_type(&MetaType::new::<RuntimeCall>()).id;
    let types: PortableRegistry = registry.into();
    let pallets = parts(types.resolve(any_call).expect("it was registered"));
    let calls = pallets.iter().flat_map(|pallet| match &types.resolve(*pallet).expect("it was registered").type_def {
        TypeDef::Variant(calls) => calls.variants.clone(),
        other => panic!("a pallet's calls are {other:?}"),
    });
    let wraps = |fields: Vec<u32>| has(&types, fields, any_call);
    calls.filter(|call| wraps(call.fields.iter().map(|field| field.ty.id).collect())).map(|call| call.name).collect()
}

/// A call that is not in the list is not looked into for barred keys either, unless somebody thought of it.
#[test]
fn every_call_that_makes_others_is_in_the_list() {
    let listed: BTreeSet<String> = WRAPPERS.iter().map(|wrap| name(*wrap).to_owned()).collect();
    assert_eq!(calls_with_calls(), listed);
}
