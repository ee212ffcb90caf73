// SPDX-License-Identifier: Apache-2.0
//! What each call and each idle step costs at worst.
//!
//! Counted from the storage each touches: of a member 2 reads, of the parameters 1, of a deposit taken or returned 4 reads and
//! 3 writes (its sum, the payer's person, account and holds).

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::ParityDbWeight, RuntimeDbWeight, Weight},
};

/// Picoseconds of decoding, checking and hashing in a call, storage apart.
const WORK: u64 = 30_000_000;
/// Bytes of proof for each entry read.
const PROOF: u64 = 2_600;

/// Declares each weight once, by its name, reads and writes.
macro_rules! weights {
    ($($(#[$doc:meta])* $name:ident: $reads:literal reads, $writes:literal writes;)*) => {
        /// What each call and each idle step costs.
        pub trait WeightInfo {
            $($(#[$doc])* fn $name() -> Weight;)*
        }

        impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
            $(fn $name() -> Weight {
                weight(T::DbWeight::get(), $reads, $writes)
            })*
        }

        impl WeightInfo for () {
            $(fn $name() -> Weight {
                weight(ParityDbWeight::get(), $reads, $writes)
            })*
        }
    };
}

/// Weights on the runtime's database.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

weights! {
    /// With a name that an ended resource gives up.
    init: 16 reads, 18 writes;
    /// With an old version that is removed, while as many leave as are asked about.
    publish: 79 reads, 10 writes;
    /// By a reader.
    refresh: 7 reads, 2 writes;
    /// Any.
    subscribe: 6 reads, 2 writes;
    /// Any.
    unsubscribe: 4 reads, 2 writes;
    /// With all versions, and all earlier keys, of other epochs.
    grant: 20 reads, 15 writes;
    /// With all keys.
    revoke_grant: 10 reads, 16 writes;
    /// Any.
    transfer: 5 reads, 1 writes;
    /// With a name.
    retire: 8 reads, 10 writes;
    /// From one name to another, that an ended resource gives up.
    set_name: 12 reads, 15 writes;
    /// Of a resource that is counted.
    accept_transfer: 6 reads, 5 writes;
    /// To the owner, with all versions, and all earlier keys, of other epochs.
    return_key: 23 reads, 16 writes;
    /// Any.
    reject_key: 5 reads, 1 writes;
    /// When nobody leaves.
    leave_base: 1 reads, 0 writes;
    /// Of a grant with all keys.
    leave_step: 9 reads, 16 writes;
    /// With nothing to do.
    idle_base: 3 reads, 1 writes;
    /// Of a grant with all keys.
    reap_step: 7 reads, 14 writes;
    /// Over a resource that has ended.
    sweep_step: 8 reads, 10 writes;
}

fn weight(db: RuntimeDbWeight, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(WORK, PROOF.saturating_mul(reads)).saturating_add(db.reads_writes(reads, writes))
}
