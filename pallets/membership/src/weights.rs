// SPDX-License-Identifier: Apache-2.0
//! What each call costs: reference time in picoseconds and proof size in bytes, counted from the worst case's storage
//! accesses and signature checks.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// What each call costs.
pub trait WeightInfo {
    /// With one signature check, and a first vouch that admits at once.
    fn sponsor() -> Weight;
    /// With one signature check.
    fn bind_device() -> Weight;
    /// Of a device that never sent a transaction.
    fn unbind_device() -> Weight;
    /// Of a member who was losing their standing.
    fn leave() -> Weight;
    /// Of a member who was losing their standing.
    fn force_remove() -> Weight;
    /// Of a candidate who never sent a transaction.
    fn prune_candidate() -> Weight;
}

/// Weights for the chain's own database.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn sponsor() -> Weight {
        sponsor(T::DbWeight::get())
    }
    fn bind_device() -> Weight {
        bind_device(T::DbWeight::get())
    }
    fn unbind_device() -> Weight {
        unbind_device(T::DbWeight::get())
    }
    fn leave() -> Weight {
        removal(T::DbWeight::get())
    }
    fn force_remove() -> Weight {
        removal(T::DbWeight::get())
    }
    fn prune_candidate() -> Weight {
        prune_candidate(T::DbWeight::get())
    }
}

/// Weights for tests.
impl WeightInfo for () {
    fn sponsor() -> Weight {
        sponsor(ParityDbWeight::get())
    }
    fn bind_device() -> Weight {
        bind_device(ParityDbWeight::get())
    }
    fn unbind_device() -> Weight {
        unbind_device(ParityDbWeight::get())
    }
    fn leave() -> Weight {
        removal(ParityDbWeight::get())
    }
    fn force_remove() -> Weight {
        removal(ParityDbWeight::get())
    }
    fn prune_candidate() -> Weight {
        prune_candidate(ParityDbWeight::get())
    }
}

fn sponsor(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(130_000_000, 30_000).saturating_add(db.reads_writes(24, 15))
}

fn bind_device(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(90_000_000, 12_000).saturating_add(db.reads_writes(7, 4))
}

fn unbind_device(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(30_000_000, 9_000).saturating_add(db.reads_writes(4, 4))
}

fn removal(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 12_000).saturating_add(db.reads_writes(5, 6))
}

fn prune_candidate(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 12_000).saturating_add(db.reads_writes(3, 6))
}
