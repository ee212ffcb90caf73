// SPDX-License-Identifier: Apache-2.0
//! What the calls and hooks weigh: reads and writes at worst, and the time and proof size of the work between them.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{constants::RocksDbWeight, Weight},
};

/// Weights of the calls and of the hooks' steps.
pub trait WeightInfo {
    /// `pledge` of a provider whose question is drawn by it.
    fn pledge() -> Weight;
    /// `release` out of the middle, of a provider whose question is drawn by it.
    fn release() -> Weight;
    /// `prove_custody` of a chunk at the greatest depth, the first of its owner.
    fn prove_custody() -> Weight;
    /// `claim`.
    fn claim() -> Weight;
    /// `report_miss` that releases as many pledges as one report does.
    fn report_miss() -> Weight;
    /// A block that draws the era's challenges.
    fn draw() -> Weight;
    /// A block that ends an era and starts the next; without what others do then.
    fn start_era() -> Weight;
    /// Removing one entry of a past era.
    fn prune_step() -> Weight;
}

/// Weights for a chain with these costs of storage.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn pledge() -> Weight {
        Weight::from_parts(30_000_000, 9_500).saturating_add(T::DbWeight::get().reads_writes(9, 3))
    }

    fn release() -> Weight {
        Weight::from_parts(34_000_000, 12_500).saturating_add(T::DbWeight::get().reads_writes(6, 6))
    }

    fn prove_custody() -> Weight {
        Weight::from_parts(75_000_000, 15_000).saturating_add(T::DbWeight::get().reads_writes(10, 4))
    }

    fn claim() -> Weight {
        Weight::from_parts(40_000_000, 12_500).saturating_add(T::DbWeight::get().reads_writes(7, 3))
    }

    fn report_miss() -> Weight {
        Weight::from_parts(220_000_000, 60_000).saturating_add(T::DbWeight::get().reads_writes(40, 34))
    }

    fn draw() -> Weight {
        Weight::from_parts(10_000_000, 3_500).saturating_add(T::DbWeight::get().reads_writes(3, 1))
    }

    fn start_era() -> Weight {
        Weight::from_parts(18_000_000, 6_000).saturating_add(T::DbWeight::get().reads_writes(6, 3))
    }

    fn prune_step() -> Weight {
        Weight::from_parts(14_000_000, 7_600).saturating_add(T::DbWeight::get().reads_writes(4, 2))
    }
}

impl WeightInfo for () {
    fn pledge() -> Weight {
        Weight::from_parts(30_000_000, 9_500).saturating_add(RocksDbWeight::get().reads_writes(9, 3))
    }

    fn release() -> Weight {
        Weight::from_parts(34_000_000, 12_500).saturating_add(RocksDbWeight::get().reads_writes(6, 6))
    }

    fn prove_custody() -> Weight {
        Weight::from_parts(75_000_000, 15_000).saturating_add(RocksDbWeight::get().reads_writes(10, 4))
    }

    fn claim() -> Weight {
        Weight::from_parts(40_000_000, 12_500).saturating_add(RocksDbWeight::get().reads_writes(7, 3))
    }

    fn report_miss() -> Weight {
        Weight::from_parts(220_000_000, 60_000).saturating_add(RocksDbWeight::get().reads_writes(40, 34))
    }

    fn draw() -> Weight {
        Weight::from_parts(10_000_000, 3_500).saturating_add(RocksDbWeight::get().reads_writes(3, 1))
    }

    fn start_era() -> Weight {
        Weight::from_parts(18_000_000, 6_000).saturating_add(RocksDbWeight::get().reads_writes(6, 3))
    }

    fn prune_step() -> Weight {
        Weight::from_parts(14_000_000, 7_600).saturating_add(RocksDbWeight::get().reads_writes(4, 2))
    }
}
