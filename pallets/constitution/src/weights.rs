// SPDX-License-Identifier: Apache-2.0
//! What the calls weigh: reads and writes at worst, and the time and proof size of the work between them.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, Weight},
};

/// Weights of the calls and of the era's hook.
pub trait WeightInfo {
    /// `set_parameter`.
    fn set_parameter() -> Weight;
    /// `set_doug`.
    fn set_doug() -> Weight;
    /// `propose_override` in the place of an expired one, by a member with all but one approvals given.
    fn propose_override() -> Weight;
    /// `approve_override` by a member with all but one approvals given, executed.
    fn approve_override() -> Weight;
    /// `withdraw_approval` by the last who approved.
    fn withdraw_approval() -> Weight;
    /// `prune_override`.
    fn prune_override() -> Weight;
    /// An era's start with a change to put in force.
    fn era_started() -> Weight;
}

/// Weights for a chain with these costs of storage.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set_parameter() -> Weight {
        Weight::from_parts(15_000_000, 3_500).saturating_add(T::DbWeight::get().reads_writes(4, 1))
    }

    fn set_doug() -> Weight {
        Weight::from_parts(9_000_000, 1_600).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn propose_override() -> Weight {
        Weight::from_parts(90_000_000, 56_000).saturating_add(T::DbWeight::get().reads_writes(32, 12))
    }

    fn approve_override() -> Weight {
        Weight::from_parts(70_000_000, 52_000).saturating_add(T::DbWeight::get().reads_writes(28, 10))
    }

    fn withdraw_approval() -> Weight {
        Weight::from_parts(20_000_000, 6_500).saturating_add(T::DbWeight::get().reads_writes(4, 3))
    }

    fn prune_override() -> Weight {
        Weight::from_parts(14_000_000, 3_600).saturating_add(T::DbWeight::get().reads_writes(1, 2))
    }

    fn era_started() -> Weight {
        Weight::from_parts(12_000_000, 3_500).saturating_add(T::DbWeight::get().reads_writes(3, 2))
    }
}

impl WeightInfo for () {
    fn set_parameter() -> Weight {
        Weight::from_parts(15_000_000, 3_500).saturating_add(RocksDbWeight::get().reads_writes(4, 1))
    }

    fn set_doug() -> Weight {
        Weight::from_parts(9_000_000, 1_600).saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }

    fn propose_override() -> Weight {
        Weight::from_parts(90_000_000, 56_000).saturating_add(RocksDbWeight::get().reads_writes(32, 12))
    }

    fn approve_override() -> Weight {
        Weight::from_parts(70_000_000, 52_000).saturating_add(RocksDbWeight::get().reads_writes(28, 10))
    }

    fn withdraw_approval() -> Weight {
        Weight::from_parts(20_000_000, 6_500).saturating_add(RocksDbWeight::get().reads_writes(4, 3))
    }

    fn prune_override() -> Weight {
        Weight::from_parts(14_000_000, 3_600).saturating_add(RocksDbWeight::get().reads_writes(1, 2))
    }

    fn era_started() -> Weight {
        Weight::from_parts(12_000_000, 3_500).saturating_add(RocksDbWeight::get().reads_writes(3, 2))
    }
}
