// SPDX-License-Identifier: Apache-2.0
//! What each call and hook costs at worst.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot be set up must stop"
)]

use alloc::vec::Vec;

use frame_benchmarking::v2::*;
use frame_support::{traits::fungible::Mutate, BoundedVec};
use frame_system::RawOrigin;
use kith_primitives::{
    custody::{ChunkProof, Commitment, CHUNK_BYTES, MAX_PATH},
    glue::{Constitution, EpochRandomness, Holdings, Now},
    resource::ResourceId,
    EraIndex,
};
use sp_core::H256;
use sp_runtime::traits::{BlakeTwo256, Hash};

use crate::{types::Draw, *};

/// Makes what benchmarks need of the other pallets.
pub trait Factory<AccountId> {
    /// Makes one more active member.
    fn member() -> AccountId;
    /// Publishes one more resource of the member's, under lease.
    fn resource(owner: &AccountId) -> ResourceId;
}

fn member<T: Config>() -> (T::AccountId, MemberId) {
    let account = T::BenchmarkHelper::member();
    let id = T::Community::member(&account).expect("the factory makes active members");
    (account, id)
}

/// A provider with so many pledges.
fn provider<T: Config>(pledges: u32) -> (T::AccountId, MemberId, Vec<ResourceId>) {
    let (owner, _) = member::<T>();
    let (account, id) = member::<T>();
    let resources: Vec<_> = (0..pledges).map(|_| T::BenchmarkHelper::resource(&owner)).collect();
    for resource in &resources {
        let (version, _) = T::Holdings::latest(*resource).expect("the factory publishes");
        Pallet::<T>::pledge(RawOrigin::Signed(account.clone()).into(), *resource, version).expect("it is under lease");
    }
    (account, id, resources)
}

/// An era whose challenges have just been drawn, with pledges that stood long enough.
fn drawn<T: Config>() -> EraIndex {
    let now = T::Clock::now().saturating_add(SETTLING);
    frame_system::Pallet::<T>::set_block_number(now.into());
    CurrentEra::<T>::kill();
    Pallet::<T>::turn();
    CurrentEra::<T>::mutate(|era| {
        let era = era.as_mut().expect("just started");
        era.draw = Some(Draw { seed: [7; 32], at: now });
        era.draws = 1;
        era.index
    })
}

/// The longest proof there is, and what it proves.
fn longest() -> (Commitment, ChunkProof) {
    let chunk = BoundedVec::try_from(alloc::vec![7; CHUNK_BYTES]).expect("a chunk");
    let siblings = alloc::vec![H256([9; 32]); MAX_PATH as usize];
    let leaf = BlakeTwo256::hash(&[&[0][..], chunk.as_slice()].concat());
    let join =
        |hash: H256, sibling: &H256| BlakeTwo256::hash(&[&[1][..], hash.as_bytes(), sibling.as_bytes()].concat());
    let root = siblings.iter().fold(leaf, join);
    let path = BoundedVec::try_from(siblings).expect("a path");
    (Commitment { root, chunks: u32::MAX }, ChunkProof { index: 0, chunk, path })
}

/// An era that has ended, with one credit of the provider's.
fn credited<T: Config>(provider: MemberId, claim_until: BlockNumber) {
    Eras::<T>::insert(
        0,
        EraRecord { members: 1, pot: 1_000_000_000_000, directing: 1, claim_until: Some(claim_until) },
    );
    Directed::<T>::insert(0, provider, 10);
    Credits::<T>::insert(0, provider, Credit { owner: provider, weight: 10 });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn pledge() {
        let (account, id, _) = provider::<T>(2);
        let (owner, _) = member::<T>();
        let resource = T::BenchmarkHelper::resource(&owner);
        let (version, _) = T::Holdings::latest(resource).expect("the factory publishes");
        drawn::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(account), resource, version);
        assert_eq!(Holders::<T>::get(resource, id), Some(2));
    }

    #[benchmark]
    fn release() {
        let (account, id, resources) = provider::<T>(3);
        drawn::<T>();
        #[extrinsic_call]
        _(RawOrigin::Signed(account), resources[0]);
        assert_eq!(Providers::<T>::get(id).map(|state| state.pledges), Some(2));
    }

    #[benchmark]
    fn prove_custody() {
        let (account, id, resources) = provider::<T>(1);
        let era = drawn::<T>();
        let (version, _) = T::Holdings::latest(resources[0]).expect("the factory publishes");
        let (commitment, proof) = longest();
        let pledged = Pledge { resource: resources[0], version, commitment };
        let asked = Some(Asked { pledge: pledged, chunk: 0, of: 1, answered: false });
        Providers::<T>::insert(id, Provider { pledges: 1, draws: 1, asked, ..Default::default() });
        #[extrinsic_call]
        _(RawOrigin::Signed(account), proof);
        assert!(Credits::<T>::contains_key(era, id));
    }

    #[benchmark]
    fn claim() {
        let (account, id) = member::<T>();
        credited::<T>(id, BlockNumber::MAX);
        T::Currency::set_balance(&account, 1_000_000_000_000);
        #[extrinsic_call]
        _(RawOrigin::Signed(account), 0);
        assert!(!Credits::<T>::contains_key(0, id));
    }

    #[benchmark]
    fn report_miss() {
        let (account, id, _) = provider::<T>(RELEASE_STEP + 1);
        drawn::<T>();
        let misses = T::Constitution::parameters().misses_allowed;
        Providers::<T>::mutate(id, |state| state.as_mut().expect("pledged").misses = misses);
        #[extrinsic_call]
        _(RawOrigin::Signed(account), id);
        assert_eq!(Providers::<T>::get(id).map(|state| state.pledges), Some(1));
    }

    #[benchmark]
    fn draw() {
        drawn::<T>();
        let stale = T::Randomness::seed().map(|byte| !byte);
        CurrentEra::<T>::mutate(|era| {
            let era = era.as_mut().expect("just started");
            era.stale = stale;
            era.draw = None;
        });
        #[block]
        {
            Pallet::<T>::turn();
        }
        assert!(CurrentEra::<T>::get().is_some_and(|era| era.draw.is_some()));
    }

    #[benchmark]
    fn start_era() {
        let era = drawn::<T>();
        let later = T::Clock::now().saturating_add(T::Constitution::parameters().era_length);
        frame_system::Pallet::<T>::set_block_number(later.into());
        #[block]
        {
            Pallet::<T>::turn();
        }
        assert!(Eras::<T>::contains_key(era.saturating_add(1)));
    }

    #[benchmark]
    fn prune_step() {
        credited::<T>(1, 0);
        OldestEra::<T>::put(0);
        #[block]
        {
            Pallet::<T>::prune_step(1);
        }
        assert!(!Credits::<T>::contains_key(0, 1));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
