// SPDX-License-Identifier: Apache-2.0
//! What the pallets ask of more than one other, or of the SDK's.

use kith_primitives::{
    glue::{EpochRandomness, OnDeparture},
    member::MemberId,
};

use crate::{Constitution, Resources, Runtime, Validators, Vouching};

/// The seed of the epoch to come: collected in the epoch before this one, announced at this one's start. Who made the last
/// block of that epoch knew it first.
#[derive(Debug)]
pub struct EpochSeed;

impl EpochRandomness for EpochSeed {
    fn epoch() -> u64 {
        pallet_babe::EpochIndex::<Runtime>::get()
    }

    fn seed() -> [u8; 32] {
        pallet_babe::NextRandomness::<Runtime>::get()
    }
}

/// Whoever left neither vouches, decides, reads nor validates.
#[derive(Debug)]
pub struct Departures;

impl OnDeparture for Departures {
    fn departed(person: MemberId) {
        Vouching::departed(person);
        Constitution::departed(person);
        Resources::departed(person);
        Validators::departed(person);
    }
}
