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
    /// Of a member who was losing their standing, and whose motions are closed.
    fn leave() -> Weight;
    /// Of a member who was losing their standing, and whose motions are closed.
    fn force_remove() -> Weight;
    /// Of a candidate who never sent a transaction, and whose motions are closed.
    fn prune_candidate() -> Weight;
    /// With `n` members' signatures and vouches.
    fn submit_certificate(n: u32) -> Weight;
    /// As many guardians as there may be.
    fn choose_guardians() -> Weight;
    /// As many lapsed motions, with as many approvals, as there may be; one signature check.
    fn open_motion() -> Weight;
    /// The approval that freezes a key.
    fn approve_motion() -> Weight;
    /// As many motions, with as many approvals, as there may be; everything that a person may have is moved.
    fn complete_motion() -> Weight;
    /// Of a motion with a deposit.
    fn veto_motion() -> Weight;
    /// As many approvals as there may be.
    fn close_motion() -> Weight;
    /// With one signature check.
    fn revoke_key() -> Weight;
    /// Without the call that is made.
    fn as_former() -> Weight;
}

/// Weights for the chain's own database.
#[derive(Debug)]
pub struct SubstrateWeight<T>(PhantomData<T>);

/// Declares both implementations from one table: for each call its time, proof size, reads and writes.
macro_rules! weights {
    ($($call:ident: $time:literal, $proof:literal, $reads:literal, $writes:literal;)*) => {
        impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
            $(fn $call() -> Weight {
                Weight::from_parts($time, $proof).saturating_add(T::DbWeight::get().reads_writes($reads, $writes))
            })*
            fn submit_certificate(n: u32) -> Weight {
                submit_certificate(T::DbWeight::get(), n)
            }
        }

        /// Weights for tests.
        impl WeightInfo for () {
            $(fn $call() -> Weight {
                Weight::from_parts($time, $proof).saturating_add(ParityDbWeight::get().reads_writes($reads, $writes))
            })*
            fn submit_certificate(n: u32) -> Weight {
                submit_certificate(ParityDbWeight::get(), n)
            }
        }
    };
}

weights! {
    sponsor: 135_000_000, 40_000, 32, 17;
    bind_device: 90_000_000, 15_000, 10, 4;
    unbind_device: 30_000_000, 9_000, 5, 4;
    leave: 110_000_000, 30_000, 22, 30;
    force_remove: 110_000_000, 30_000, 22, 30;
    prune_candidate: 110_000_000, 30_000, 20, 32;
    choose_guardians: 40_000_000, 50_000, 22, 1;
    open_motion: 450_000_000, 900_000, 350, 32;
    approve_motion: 130_000_000, 250_000, 92, 8;
    complete_motion: 700_000_000, 1_700_000, 680, 80;
    veto_motion: 70_000_000, 12_000, 11, 8;
    close_motion: 120_000_000, 250_000, 90, 6;
    revoke_key: 75_000_000, 12_000, 9, 4;
    as_former: 20_000_000, 8_000, 4, 0;
}

fn submit_certificate(db: RuntimeDbWeight, n: u32) -> Weight {
    let alone = Weight::from_parts(110_000_000, 20_000).saturating_add(db.reads_writes(16, 8));
    let each = Weight::from_parts(85_000_000, 25_000).saturating_add(db.reads_writes(18, 9));
    alone.saturating_add(each.saturating_mul(n.into()))
}
