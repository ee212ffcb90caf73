// SPDX-License-Identifier: Apache-2.0
//! How much a call of ours may ask of the chain, and how large it and what it leaves may be: there is a bound to each.

#[path = "support/genesis.rs"]
mod genesis;

use std::collections::BTreeSet;

use codec::Decode;
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo, Pays},
    traits::{GetStorageVersion, PalletsInfoAccess, StorageInfoTrait, StorageVersion},
};
use kith_primitives::{
    certificate::MAX_SIGNATURES,
    distance::{Step, Witness, MAX_STEPS},
};
use kith_runtime::{
    AllPalletsWithSystem, Constitution, Incentives, Membership, Resources, Runtime, RuntimeCall, Validators, Vouching,
};
use scale_info::{form::PortableForm, MetaType, PortableRegistry, Registry, TypeDef, Variant};

type Membered = pallet_kith_membership::Call<Runtime>;
type Vouched = pallet_kith_vouching::Call<Runtime>;

/// The names of our pallets.
fn ours() -> BTreeSet<&'static str> {
    let pallets = AllPalletsWithSystem::infos().into_iter();
    pallets.filter(|pallet| pallet.module_name.starts_with("pallet_kith_")).map(|pallet| pallet.name).collect()
}

/// The types that calls are made of.
struct Types {
    all: PortableRegistry,
    any_call: u32,
}

/// A call of ours, as the types describe it.
struct Described {
    name: String,
    /// The numbers of pallet and call, with which it begins.
    first: [u8; 2],
    arguments: Vec<u32>,
}

impl Types {
    fn known() -> Self {
        let mut registry = Registry::new();
        let any_call = registry.register_type(&MetaType::new::<RuntimeCall>()).id;
        Self { all: registry.into(), any_call }
    }

    fn variants(&self, id: u32) -> &[Variant<PortableForm>] {
        match &self.all.resolve(id).expect("every type is described").type_def {
            TypeDef::Variant(it) => &it.variants,
            other => panic!("{other:?} has no variants"),
        }
    }

    fn calls(&self) -> Vec<Described> {
        let ours = ours();
        let pallets = self.variants(self.any_call).iter().filter(|pallet| ours.contains(pallet.name.as_str()));
        let calls = pallets.flat_map(|pallet| {
            let calls = self.variants(pallet.fields[0].ty.id).iter();
            calls.map(move |call| Described {
                name: format!("{}.{}", pallet.name, call.name),
                first: [pallet.index, call.index],
                arguments: call.fields.iter().map(|field| field.ty.id).collect(),
            })
        });
        calls.collect()
    }

    /// Whether a value of the type may be of any length. What a call wraps may be as long as a transaction.
    fn is_unbounded(&self, id: u32, seen: &mut BTreeSet<u32>) -> bool {
        if id == self.any_call || !seen.insert(id) {
            return false;
        }
        let it = self.all.resolve(id).expect("every type is described");
        let parts: Vec<u32> = match &it.type_def {
            // Its parts are a list without a bound and the bound, which is no type of the chain's.
            TypeDef::Composite(_) if it.path.ident().as_deref() == Some("BoundedVec") => {
                it.type_params.iter().filter_map(|parameter| parameter.ty.as_ref()).map(|ty| ty.id).collect()
            }
            TypeDef::Composite(it) => it.fields.iter().map(|field| field.ty.id).collect(),
            TypeDef::Variant(it) => {
                it.variants.iter().flat_map(|variant| &variant.fields).map(|field| field.ty.id).collect()
            }
            TypeDef::Array(it) => vec![it.type_param.id],
            TypeDef::Tuple(it) => it.fields.iter().map(|field| field.id).collect(),
            TypeDef::Sequence(_) | TypeDef::BitSequence(_) => return true,
            TypeDef::Primitive(_) | TypeDef::Compact(_) => Vec::new(),
        };
        parts.into_iter().any(|part| self.is_unbounded(part, seen))
    }
}

/// The call with the longest arguments, where what it weighs depends on them, and otherwise with the least: zeros are a
/// number, a key, a list of nothing, and the first of several kinds.
fn heaviest(first: [u8; 2]) -> RuntimeCall {
    let bytes = [&first[..], &[0; 1_024][..]].concat();
    match RuntimeCall::decode(&mut &bytes[..]).expect("zeros are arguments") {
        RuntimeCall::Membership(Membered::submit_certificate { certificate, application_signature, .. }) => {
            let signer = (certificate.application.account.clone(), application_signature.clone());
            let signatures = vec![signer; MAX_SIGNATURES as usize].try_into().expect("so many fit");
            Membered::submit_certificate { certificate, application_signature, signatures }.into()
        }
        RuntimeCall::Vouching(Vouched::prove_distance { person, .. }) => {
            let witness = Witness::try_from(vec![Step { member: 0, parent: 0 }; MAX_STEPS as usize]);
            Vouched::prove_distance { person, witness: witness.expect("so many fit") }.into()
        }
        other => other,
    }
}

fn limits() -> frame_system::limits::BlockWeights {
    <Runtime as frame_system::Config>::BlockWeights::get()
}

#[test]
fn a03_every_call_of_ours_with_the_longest_arguments_fits_into_a_block_is_paid_for_and_waits_its_turn() {
    let most = limits().get(DispatchClass::Normal).max_extrinsic.expect("ordinary transactions are limited");
    let calls = Types::known().calls();
    assert!(calls.len() > 40, "{}", calls.len());
    for call in calls {
        let info = heaviest(call.first).get_dispatch_info();
        assert!(info.call_weight.all_lte(most), "{} weighs {:?} of {most:?}", call.name, info.call_weight);
        assert_eq!((info.class, info.pays_fee), (DispatchClass::Normal, Pays::Yes), "{}", call.name);
    }
}

/// However many members there are, as their number is not among the arguments.
#[test]
fn a03_the_longest_proof_of_distance_takes_less_than_a_quarter_of_a_block() {
    let calls = Types::known().calls();
    let prove = calls.iter().find(|call| call.name == "Vouching.prove_distance").expect("there is such a call");
    let weight = heaviest(prove.first).get_dispatch_info().call_weight;
    assert!(weight.ref_time() < limits().max_block.ref_time() / 4, "{weight:?}");
}

#[test]
fn a04_no_call_of_ours_takes_a_list_without_a_bound() {
    let types = Types::known();
    for call in types.calls() {
        let mut unbounded = call.arguments.iter().filter(|id| types.is_unbounded(**id, &mut BTreeSet::new()));
        assert_eq!(unbounded.next(), None, "{}", call.name);
    }
}

/// That the test above would see one.
#[test]
fn a_call_of_the_sdks_takes_one() {
    let types = Types::known();
    let pallets = types.variants(types.any_call);
    let system = pallets.iter().find(|pallet| pallet.name == "System").expect("there is such a pallet");
    let remark = types.variants(system.fields[0].ty.id).iter().find(|call| call.name == "remark");
    let bytes = remark.expect("there is such a call").fields[0].ty.id;
    assert!(types.is_unbounded(bytes, &mut BTreeSet::new()));
}

#[test]
fn a04_every_record_of_ours_has_a_greatest_size() {
    let ours = ours();
    let named = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("a name is text");
    let records: Vec<_> = AllPalletsWithSystem::storage_info()
        .into_iter()
        .filter(|record| ours.contains(named(&record.pallet_name).as_str()))
        .collect();
    assert!(records.len() > 40, "{}", records.len());
    for record in records {
        assert!(record.max_size.is_some(), "{}.{}", named(&record.pallet_name), named(&record.storage_name));
    }
}

/// From which every migration to come starts.
#[test]
fn a13_a_chain_is_founded_at_the_versions_of_its_code() {
    fn is_at_version<P: GetStorageVersion<InCodeStorageVersion = StorageVersion>>() -> bool {
        let version = P::in_code_storage_version();
        version > StorageVersion::new(0) && P::on_chain_storage_version() == version
    }
    genesis::chain(|_| ()).execute_with(|| {
        let pallets = [
            is_at_version::<Membership>(),
            is_at_version::<Vouching>(),
            is_at_version::<Validators>(),
            is_at_version::<Resources>(),
            is_at_version::<Incentives>(),
            is_at_version::<Constitution>(),
        ];
        assert_eq!(pallets, [true; 6]);
        assert_eq!(ours().len(), pallets.len());
    });
}
