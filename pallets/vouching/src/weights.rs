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
    /// A vouch that admits, or requests that referees be asked: 64 vouches are looked at, each with its issuer.
    fn vouch() -> Weight;
    /// Any renewal.
    fn renew() -> Weight;
    /// A withdrawal that starts a grace period.
    fn withdraw() -> Weight;
    /// One that admits: 64 vouches are looked at, each with its issuer.
    fn reconsider() -> Weight;
    /// Any request.
    fn request_distance() -> Weight;
    /// Following a witness of `s` steps to an admission: 64 vouches are looked at, each with its issuer.
    fn prove_distance(s: u32) -> Weight;
    /// Finding the referees: 1,024 people are looked at, none of whom is a member.
    fn ask() -> Weight;
    /// The record of an epoch's seed.
    fn record_seed() -> Weight;
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
    fn request_distance() -> Weight {
        request_distance(T::DbWeight::get())
    }
    fn prove_distance(s: u32) -> Weight {
        prove_distance(T::DbWeight::get(), s)
    }
    fn ask() -> Weight {
        ask(T::DbWeight::get())
    }
    fn record_seed() -> Weight {
        record_seed(T::DbWeight::get())
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
    fn request_distance() -> Weight {
        request_distance(ParityDbWeight::get())
    }
    fn prove_distance(s: u32) -> Weight {
        prove_distance(ParityDbWeight::get(), s)
    }
    fn ask() -> Weight {
        ask(ParityDbWeight::get())
    }
    fn record_seed() -> Weight {
        record_seed(ParityDbWeight::get())
    }
    fn look() -> Weight {
        look(ParityDbWeight::get())
    }
    fn task() -> Weight {
        task(ParityDbWeight::get())
    }
}

/// Of 64 vouches the vouch, the issuer's record and the issuer's departure.
const CROWD_READS: u64 = 64 * 3;
/// Of 1,024 people what they have given and received, whether they depart, and their record.
const ASK_READS: u64 = 1_024 * 4;

fn vouch(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(400_000_000, 220_000).saturating_add(db.reads_writes(CROWD_READS + 18, 11))
}

fn renew(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(30_000_000, 12_000).saturating_add(db.reads_writes(7, 3))
}

fn withdraw(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 15_000).saturating_add(db.reads_writes(10, 8))
}

fn reconsider(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(380_000_000, 220_000).saturating_add(db.reads_writes(CROWD_READS + 12, 5))
}

fn request_distance(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 15_000).saturating_add(db.reads_writes(10, 1))
}

/// Each step reads the vouch, the issuer's record and the issuer's departure.
fn prove_distance(db: RuntimeDbWeight, s: u32) -> Weight {
    let step = Weight::from_parts(6_000_000, 8_000).saturating_add(db.reads(3));
    let admission = Weight::from_parts(400_000_000, 220_000).saturating_add(db.reads_writes(CROWD_READS + 14, 6));
    step.saturating_mul(s.into()).saturating_add(admission)
}

fn ask(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(3_000_000_000, 4_100_000).saturating_add(db.reads(ASK_READS + 4))
}

fn record_seed(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(10_000_000, 4_000).saturating_add(db.reads_writes(3, 1))
}

fn look(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(8_000_000, 9_000).saturating_add(db.reads_writes(3, 1))
}

fn task(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 18_000).saturating_add(db.reads_writes(14, 12))
}
