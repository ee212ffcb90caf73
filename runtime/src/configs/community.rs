// SPDX-License-Identifier: Apache-2.0
//! Our pallets: who answers what one of them asks.

use frame_support::traits::Contains;
use kith_primitives::{glue::Now, BlockNumber};
use pallet_kith_constitution::EnsureConstitution;

use crate::{
    contracts::Founding,
    policy::{Departures, EpochSeed},
    rekeying::ByAccount,
    Balances, Constitution, Membership, Resources, Runtime, RuntimeCall, RuntimeHoldReason, Session, System, Vouching,
};

/// The height of the current block.
#[derive(Debug)]
pub struct Height;

impl Now for Height {
    fn now() -> BlockNumber {
        System::block_number()
    }
}

/// What the owner of a former account may still do in its name: keep its places in multisigs, and act for those who
/// made it their delegate.
#[derive(Debug)]
pub struct PlacesOfFormer;

impl Contains<RuntimeCall> for PlacesOfFormer {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_proxy::Call as Proxy;
        matches!(call, RuntimeCall::Multisig(_) | RuntimeCall::Proxy(Proxy::proxy { .. } | Proxy::kill_pure { .. }))
    }
}

impl pallet_kith_membership::Config for Runtime {
    type Clock = Height;
    type Constitution = Constitution;
    type Sponsorship = Vouching;
    type Vouched = Vouching;
    type Rekeying = ByAccount;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeCall = RuntimeCall;
    type FormerCalls = PlacesOfFormer;
    type OnDeparture = Departures;
    type ForceOrigin = EnsureConstitution<Runtime>;
    type WeightInfo = pallet_kith_membership::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}

impl pallet_kith_validators::Config for Runtime {
    type Community = Membership;
    type Merit = Membership;
    type Constitution = Constitution;
    type Randomness = EpochSeed;
    type Clock = Height;
    type Sessions = Session;
    type WeightInfo = pallet_kith_validators::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}

impl pallet_kith_vouching::Config for Runtime {
    type Clock = Height;
    type Community = Membership;
    type Admission = Membership;
    type Constitution = Constitution;
    type Randomness = EpochSeed;
    type WeightInfo = pallet_kith_vouching::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}

impl pallet_kith_resources::Config for Runtime {
    type Community = Membership;
    type Constitution = Constitution;
    type Clock = Height;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = pallet_kith_resources::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}

impl pallet_kith_incentives::Config for Runtime {
    type Community = Membership;
    type Constitution = Constitution;
    type Clock = Height;
    type Holdings = Resources;
    type Randomness = EpochSeed;
    type OnEraStart = Constitution;
    type Currency = Balances;
    type WeightInfo = pallet_kith_incentives::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}

impl pallet_kith_constitution::Config for Runtime {
    type Community = Membership;
    type Expulsion = Membership;
    type FoundDoug = Founding;
    type Clock = Height;
    type WeightInfo = pallet_kith_constitution::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Makes;
}
