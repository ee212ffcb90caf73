// SPDX-License-Identifier: Apache-2.0
//! Which pallets are measured, and where their benchmarks get people and resources from.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use frame_support::traits::{fungible::Mutate, Get};
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    member::MemberId,
    parameters::{Parameter, UNIT},
    resource::{Kind, ResourceId, Visibility},
    BlockNumber,
};

use pallet_kith_validators::Attendance;
use pallet_kith_vouching::Due;

use crate::{
    configs::ProxyType, validator::Validator, AccountId, Balances, Constitution, Membership, Proxy, Resources, Runtime,
    RuntimeOrigin, SessionKeys,
};

frame_benchmarking::define_benchmarks!(
    [pallet_kith_membership, Membership]
    [pallet_kith_vouching, Vouching]
    [pallet_kith_validators, Validators]
    [pallet_kith_resources, Resources]
    [pallet_kith_incentives, Incentives]
    [pallet_kith_constitution, Constitution]
);

/// More than any benchmark's deposits.
const FUNDS: u128 = 1_000_000 * UNIT;

/// Makes members, candidates and resources.
#[derive(Debug)]
pub struct Makes;

impl Makes {
    /// A member beyond those made so far.
    fn another() -> (AccountId, MemberId) {
        Membership::benchmark_member(pallet_kith_membership::NextMember::<Runtime>::get())
    }

    /// The person approves of overrides, stands as a validator, can read something, and their proof's term runs.
    fn engaged(person: MemberId) {
        Constitution::benchmark_approvals(person);
        pallet_kith_validators::Standing::<Runtime>::insert(person, 0);
        pallet_kith_validators::Attendances::<Runtime>::insert(person, Attendance::default());
        pallet_kith_resources::ReadableBy::<Runtime>::insert(person, 0, ());
        let (ends, due) = (BlockNumber::MAX, Due::ProofEnd { subject: person });
        pallet_kith_vouching::ProofEnds::<Runtime>::insert(person, ends);
        pallet_kith_vouching::Agenda::<Runtime>::insert(ends, due, ());
    }

    fn funded(account: &AccountId) {
        // Fails for no amount a benchmark could reach.
        let _ = Balances::mint_into(account, FUNDS);
    }
}

impl pallet_kith_membership::BenchmarkHelper for Makes {
    /// As many delegates as there can be, and their deposit: the most that is stored by account. And something to read.
    fn burden(person: MemberId, account: &AccountId) {
        Self::funded(account);
        pallet_kith_resources::ReadableBy::<Runtime>::insert(person, 0, ());
        for index in 0..<Runtime as pallet_proxy::Config>::MaxProxies::get() {
            let delegate = AccountId::new(sp_io::hashing::blake2_256(&("delegate", index).encode()));
            let _ = Proxy::add_proxy_delegate(account, delegate, ProxyType::Any, 0);
        }
    }

    fn engage(person: MemberId) {
        Self::engaged(person);
    }
}

impl pallet_kith_vouching::BenchmarkHelper<AccountId> for Makes {
    fn member(index: u32) -> (AccountId, MemberId) {
        Membership::benchmark_member(index)
    }

    fn candidate(index: u32) -> MemberId {
        Membership::benchmark_candidate(index).1
    }

    fn ask_for_most_vouches() {
        let allowed = |threshold: &u32| Parameter::AdmissionThreshold(*threshold).in_bounds();
        let most = (1..).take_while(allowed).last().unwrap_or_default();
        pallet_kith_constitution::InForce::<Runtime>::mutate(|rules| rules.admission_threshold = most);
    }

    fn engage(person: MemberId) {
        Self::engaged(person);
    }
}

impl pallet_kith_validators::BenchmarkHelper<AccountId> for Makes {
    fn member(index: u32) -> (AccountId, MemberId) {
        let (account, id) = Membership::benchmark_member(index);
        let bytes = [
            sp_io::hashing::blake2_256(&("babe", index).encode()),
            sp_io::hashing::blake2_256(&("grandpa", index).encode()),
        ];
        if let Ok(keys) = SessionKeys::decode(&mut bytes.concat().as_slice()) {
            pallet_session::NextKeys::<Runtime>::insert(Validator(id), keys);
        }
        (account, id)
    }

    fn seat(people: &[MemberId]) {
        pallet_session::Validators::<Runtime>::put(people.iter().copied().map(Validator).collect::<Vec<_>>());
    }
}

impl pallet_kith_resources::Members<AccountId> for Makes {
    fn funded(number: u32) -> (AccountId, MemberId) {
        let (account, id) = Membership::benchmark_member(number);
        Self::funded(&account);
        (account, id)
    }
}

impl pallet_kith_constitution::MemberFactory<AccountId> for Makes {
    fn make() -> AccountId {
        Self::another().0
    }
}

impl pallet_kith_incentives::Factory<AccountId> for Makes {
    fn member() -> AccountId {
        let (account, _) = Self::another();
        Self::funded(&account);
        account
    }

    fn resource(owner: &AccountId) -> ResourceId {
        let id = pallet_kith_resources::NextResource::<Runtime>::get();
        let origin = RuntimeOrigin::signed(owner.clone());
        let made = Resources::init(origin.clone(), Kind::File, Visibility::Public, None);
        debug_assert!(made.is_ok(), "{made:?}");
        let digest = sp_io::hashing::blake2_256(&id.to_le_bytes());
        let cid = [&[1, 0x55, 0xa0, 0xe4, 0x02, 32][..], &digest].concat();
        if let Some(content) = ContentId::parse(&cid) {
            let commitment = Commitment { root: digest.into(), chunks: 1 };
            let published = Resources::publish(origin, id, 1, 0, content, commitment);
            debug_assert!(published.is_ok(), "{published:?}");
        }
        id
    }
}
