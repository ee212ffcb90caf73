// SPDX-License-Identifier: Apache-2.0
//! Our pallets: who answers what one of them asks.

use kith_primitives::{glue::Now, BlockNumber};
use pallet_kith_constitution::EnsureConstitution;

use crate::{
    contracts::Founding,
    policy::{Departures, EpochSeed},
    Balances, Constitution, Membership, Resources, Runtime, RuntimeHoldReason, System, Vouching,
};

/// The height of the current block.
#[derive(Debug)]
pub struct Height;

impl Now for Height {
    fn now() -> BlockNumber {
        System::block_number()
    }
}

impl pallet_kith_membership::Config for Runtime {
    type Clock = Height;
    type Constitution = Constitution;
    type Sponsorship = Vouching;
    type OnDeparture = Departures;
    type ForceOrigin = EnsureConstitution<Runtime>;
    type WeightInfo = pallet_kith_membership::weights::SubstrateWeight<Runtime>;
}

impl pallet_kith_vouching::Config for Runtime {
    type Clock = Height;
    type Community = Membership;
    type Admission = Membership;
    type Constitution = Constitution;
    type WeightInfo = pallet_kith_vouching::weights::SubstrateWeight<Runtime>;
}

impl pallet_kith_resources::Config for Runtime {
    type Community = Membership;
    type Constitution = Constitution;
    type Clock = Height;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = pallet_kith_resources::weights::SubstrateWeight<Runtime>;
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
}

impl pallet_kith_constitution::Config for Runtime {
    type Community = Membership;
    type Expulsion = Membership;
    type FoundDoug = Founding;
    type Clock = Height;
    type WeightInfo = pallet_kith_constitution::weights::SubstrateWeight<Runtime>;
}
