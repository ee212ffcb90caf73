// SPDX-License-Identifier: Apache-2.0
//! What the community is founded with, and which foundings are refused.

use frame_support::BoundedVec;
use kith_primitives::glue::{Community, FoundDoug};

use crate::{clock, Charter, Config, Doug, EpochSlots, GenesisConfig, InForce, Name, SlotMillis};

/// Writes the genesis, or stops with the cause: a chain must not start from nonsense.
pub(crate) fn build<T: Config>(genesis: &GenesisConfig<T>) {
    build_rules::<T>(genesis);
    build_clock::<T>(genesis);
    let (name, charter) = (genesis.name.as_bytes().to_vec(), genesis.charter.as_bytes().to_vec());
    put(name, "name", Name::<T>::put::<BoundedVec<_, _>>);
    put(charter, "charter", Charter::<T>::put::<BoundedVec<_, _>>);
    if !genesis.doug_code.is_empty() {
        match T::FoundDoug::found(genesis.doug_code.clone(), genesis.doug_rules) {
            Ok(doug) => Doug::<T>::put(doug),
            Err(cause) => refuse(&alloc::format!("the governing contract cannot be founded: {cause}; check doug_code")),
        }
    }
}

fn build_rules<T: Config>(genesis: &GenesisConfig<T>) {
    let outside = genesis.parameters.out_of_bounds().or_else(|| genesis.doug_rules.out_of_bounds());
    if let Some((name, value, least, greatest)) = outside {
        refuse(&alloc::format!("{name} is {value}; choose a value from {least} to {greatest}"));
    }
    let (threshold, founders) = (genesis.parameters.admission_threshold, T::Community::active_members());
    // A genesis without founders is only ever built to see whether it can be.
    assert!(
        founders == 0 || threshold <= founders,
        "admission_threshold is {threshold}, but there are {founders} founders: nobody could ever join; choose a lower one"
    );
    InForce::<T>::put(&genesis.parameters);
}

fn build_clock<T: Config>(genesis: &GenesisConfig<T>) {
    let (slot, epoch) = (genesis.slot_duration, genesis.epoch_length);
    assert!(
        clock::SLOT_MILLIS.contains(&slot) && slot % 2 == 0,
        "slot_duration is {slot} ms; choose an even number from 200 to 60000"
    );
    assert!(clock::EPOCH_SLOTS.contains(&epoch), "epoch_length is {epoch} slots; choose a number from 4 to 100000");
    SlotMillis::<T>::put(slot);
    EpochSlots::<T>::put(epoch);
}

fn put<B: TryFrom<alloc::vec::Vec<u8>>>(bytes: alloc::vec::Vec<u8>, what: &str, write: impl FnOnce(B)) {
    let length = bytes.len();
    match B::try_from(bytes) {
        Ok(bounded) => write(bounded),
        Err(_) => refuse(&alloc::format!("{what} has {length} bytes, which is too long; shorten it")),
    }
}

#[expect(clippy::panic, reason = "a genesis is built once, before there is a chain that could stop")]
fn refuse(cause: &str) -> ! {
    panic!("{cause}")
}
