// SPDX-License-Identifier: Apache-2.0
//! How long this community's slots and epochs are: constants of the chain that its genesis fixes.

use core::marker::PhantomData;

use frame_support::traits::Get;

use crate::{Config, EpochSlots, SlotMillis};

/// Milliseconds of a slot where the genesis names none.
pub(crate) const DEFAULT_SLOT_MILLIS: u64 = 6_000;
/// Slots of an epoch where the genesis names none: an hour of default slots.
pub(crate) const DEFAULT_EPOCH_SLOTS: u64 = 600;
/// The shortest slot that blocks can be made and sent in, and the longest that anyone would wait.
pub(crate) const SLOT_MILLIS: core::ops::RangeInclusive<u64> = 200..=60_000;
/// An epoch must be long enough for its end to be announced, and short enough for its randomness to be of use.
pub(crate) const EPOCH_SLOTS: core::ops::RangeInclusive<u64> = 4..=100_000;

/// Milliseconds of a slot.
#[derive(Debug)]
pub struct SlotDuration<T>(PhantomData<T>);

impl<T: Config> Get<u64> for SlotDuration<T> {
    fn get() -> u64 {
        SlotMillis::<T>::get()
    }
}

/// Slots of an epoch.
#[derive(Debug)]
pub struct EpochLength<T>(PhantomData<T>);

impl<T: Config> Get<u64> for EpochLength<T> {
    fn get() -> u64 {
        EpochSlots::<T>::get()
    }
}
