// SPDX-License-Identifier: Apache-2.0
//! What each call and each step of the hooks costs: reference time in picoseconds and proof size in bytes, counted from
//! the worst case's storage accesses.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// What each call and each step costs.
pub trait WeightInfo {
    /// A vouch that admits: 64 vouches are looked at, each with its issuer.
    fn vouch() -> Weight;
    /// Any renewal.
    fn renew() -> Weight;
    /// A withdrawal that starts a grace period.
    fn withdraw() -> Weight;
    /// One that admits: 64 vouches are looked at, each with its issuer.
    fn reconsider() -> Weight;
    /// A step that finds nothing due.
    fn look() -> Weight;
    /// A lapse, or the removal of a vouch that starts a grace period.
    fn task() -> Weight;
}

/// Weights for the chain's own database.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn vouch() -> Weight {
        vouch(T::DbWeight::get())
    }
    fn renew() -> Weight {
        renew(T::DbWeight::get())
    }
    fn withdraw() -> Weight {
        withdraw(T::DbWeight::get())
    }
    fn reconsider() -> Weight {
        reconsider(T::DbWeight::get())
    }
    fn look() -> Weight {
        look(T::DbWeight::get())
    }
    fn task() -> Weight {
        task(T::DbWeight::get())
    }
}

/// Weights for tests.
impl WeightInfo for () {
    fn vouch() -> Weight {
        vouch(ParityDbWeight::get())
    }
    fn renew() -> Weight {
        renew(ParityDbWeight::get())
    }
    fn withdraw() -> Weight {
        withdraw(ParityDbWeight::get())
    }
    fn reconsider() -> Weight {
        reconsider(ParityDbWeight::get())
    }
    fn look() -> Weight {
        look(ParityDbWeight::get())
    }
    fn task() -> Weight {
        task(ParityDbWeight::get())
    }
}

/// Of 64 vouches the vouch, the issuer's record and the issuer's departure; then the vouch's own reads.
const VOUCH_READS: u64 = 64 * 3 + 12;
/// The same of a reconsideration.
const RECONSIDER_READS: u64 = 64 * 3 + 8;

fn vouch(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(400_000_000, 220_000).saturating_add(db.reads_writes(VOUCH_READS, 8))
}

fn renew(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(30_000_000, 12_000).saturating_add(db.reads_writes(7, 3))
}

fn withdraw(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 15_000).saturating_add(db.reads_writes(9, 7))
}

fn reconsider(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(380_000_000, 220_000).saturating_add(db.reads_writes(RECONSIDER_READS, 3))
}

fn look(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(8_000_000, 9_000).saturating_add(db.reads_writes(3, 1))
}

fn task(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 18_000).saturating_add(db.reads_writes(12, 10))
}
