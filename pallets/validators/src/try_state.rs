// SPDX-License-Identifier: Apache-2.0
//! What is always true of the stored state.

use frame_support::ensure;
use kith_primitives::{glue::Community, member::MemberId};
use sp_runtime::TryRuntimeError;

use crate::{Attendances, Authored, Config, Offences, Pallet, Penance, Sessions, Standing, Voters, MAX_STANDING};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet; reads all of its state, so it is for tests and for trying out upgrades
    /// only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let standing = Standing::<T>::iter_keys()
            .map(Self::check_standing)
            .try_fold(0u32, |count, checked| checked.map(|()| count.saturating_add(1)))?;
        ensure!(standing == Standing::<T>::count(), "those who stand are miscounted");
        ensure!(standing <= MAX_STANDING, "more stand than may");
        for person in Attendances::<T>::iter_keys() {
            ensure!(Standing::<T>::contains_key(person), "somebody is judged who does not stand");
        }
        for (_, blocks) in Authored::<T>::iter() {
            ensure!(blocks > 0, "an author of nothing is stored");
        }
        let sitting = T::Sessions::sitting();
        ensure!(Voters::<T>::get().iter().all(|voter| sitting.contains(voter)), "somebody votes who does not sit");
        for (_, record) in Offences::<T>::iter() {
            ensure!(record.count > 0, "a record of no offence is stored");
        }
        Ok(())
    }

    fn check_standing(person: MemberId) -> Result<(), TryRuntimeError> {
        ensure!(T::Community::is_member(person), "somebody stands who is no member");
        ensure!(!Penance::<T>::contains_key(person), "somebody stands in penance");
        Ok(())
    }
}
