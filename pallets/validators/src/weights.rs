// SPDX-License-Identifier: Apache-2.0
//! What each call and each step of a session's turn costs: reference time in picoseconds and proof size in bytes,
//! counted from the worst case's storage accesses.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// What each call and each step costs.
pub trait WeightInfo {
    /// Standing in a full list, of whom one makes room.
    fn stand() -> Weight;
    /// Standing while there is room.
    fn stand_with_room() -> Weight;
    /// Any standing down.
    fn stand_down() -> Weight;
    /// One block credited.
    fn note_author() -> Weight;
    /// An offender who sits and is disabled.
    fn offence() -> Weight;
    /// The planning of a set: a full list stands, a hundred sit. Within what the session pallet takes for its turn.
    fn plan() -> Weight;
    /// The end of a session in which a third of a hundred loses the seat. Within the same.
    fn judge() -> Weight;
    /// The start of a session in which as many as may are disabled anew. Within the same.
    fn silence_offenders() -> Weight;
}

/// Weights for the chain's own database.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn stand() -> Weight {
        stand(T::DbWeight::get())
    }
    fn stand_with_room() -> Weight {
        stand_with_room(T::DbWeight::get())
    }
    fn stand_down() -> Weight {
        stand_down(T::DbWeight::get())
    }
    fn note_author() -> Weight {
        note_author(T::DbWeight::get())
    }
    fn offence() -> Weight {
        offence(T::DbWeight::get())
    }
    fn plan() -> Weight {
        plan(T::DbWeight::get())
    }
    fn judge() -> Weight {
        judge(T::DbWeight::get())
    }
    fn silence_offenders() -> Weight {
        silence_offenders(T::DbWeight::get())
    }
}

/// Weights for tests.
impl WeightInfo for () {
    fn stand() -> Weight {
        stand(ParityDbWeight::get())
    }
    fn stand_with_room() -> Weight {
        stand_with_room(ParityDbWeight::get())
    }
    fn stand_down() -> Weight {
        stand_down(ParityDbWeight::get())
    }
    fn note_author() -> Weight {
        note_author(ParityDbWeight::get())
    }
    fn offence() -> Weight {
        offence(ParityDbWeight::get())
    }
    fn plan() -> Weight {
        plan(ParityDbWeight::get())
    }
    fn judge() -> Weight {
        judge(ParityDbWeight::get())
    }
    fn silence_offenders() -> Weight {
        silence_offenders(ParityDbWeight::get())
    }
}

/// Members who stand in a full list.
const STANDING: u64 = 256;
/// Seats, at most.
const SEATS: u64 = 100;
/// Reads that tell how one candidate stands: the person, their vouches, keys, offences and attendance.
const CANDIDATE: u64 = 5;
/// Each who stands and the newcomer, as entries and as candidates; then the call's own reads.
const STAND_READS: u64 = (STANDING + 1) * (CANDIDATE + 1) + 6;
/// Each who stands; each who sits, with membership and keys; then the parameters, the seed and the sets.
const PLAN_READS: u64 = STANDING * (CANDIDATE + 1) + SEATS * (CANDIDATE + 3) + 5;
/// For each seat blocks, standing, merit and attendance; then the parameters and the set.
const JUDGE_READS: u64 = SEATS * 6 + 3;
/// For each seat blocks and attendance; for a third of them what a lost seat takes.
const JUDGE_WRITES: u64 = SEATS * 2 + SEATS / 3 * 4;
/// For each seat penance and offences; for a third of them the disabling.
const SILENCE_READS: u64 = SEATS * 2 + SEATS / 3 * 2;
/// The list of the disabled, for a third of the seats.
const SILENCE_WRITES: u64 = SEATS / 3;

fn stand(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(900_000_000, 900_000).saturating_add(db.reads_writes(STAND_READS, 6))
}

fn stand_with_room(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(35_000_000, 12_000).saturating_add(db.reads_writes(10, 3))
}

fn stand_down(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(25_000_000, 8_000).saturating_add(db.reads_writes(4, 3))
}

fn note_author(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(12_000_000, 6_000).saturating_add(db.reads_writes(3, 1))
}

fn offence(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(60_000_000, 16_000).saturating_add(db.reads_writes(7, 6))
}

fn plan(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(2_000_000_000, 1_200_000).saturating_add(db.reads(PLAN_READS))
}

fn judge(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(1_500_000_000, 500_000).saturating_add(db.reads_writes(JUDGE_READS, JUDGE_WRITES))
}

fn silence_offenders(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(700_000_000, 300_000).saturating_add(db.reads_writes(SILENCE_READS, SILENCE_WRITES))
}
