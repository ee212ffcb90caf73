// SPDX-License-Identifier: Apache-2.0
//! How founders stand before the first block.

use alloc::vec::Vec;

use kith_primitives::{glue::Community, member::MemberId};

use crate::{Attendance, Attendances, Config, Pallet, Sessions, Standing, MAX_STANDING};

impl<T: Config> Pallet<T> {
    /// Lets the founders stand whose nodes begin the chain: these are taken to run. Fails the founding, with the
    /// reason, if one of them could not.
    pub(crate) fn found(validators: &[MemberId]) {
        let count = u32::try_from(validators.len()).unwrap_or(u32::MAX);
        assert!(count <= MAX_STANDING, "{count} validators are named, of at most {MAX_STANDING}");
        for person in validators {
            assert!(T::Community::is_member(*person), "validator {person} is no founder");
            assert!(T::Sessions::has_keys(*person), "validator {person} has no session keys");
            assert!(!Standing::<T>::contains_key(person), "validator {person} is named twice");
            Standing::<T>::insert(person, 0);
            Attendances::<T>::insert(person, Attendance { proven: true, absences: 0 });
        }
        let sitting: Vec<_> = T::Sessions::sitting();
        for person in sitting {
            let stands = validators.is_empty() || validators.contains(&person);
            assert!(stands, "person {person} has keys for the first session and is not named as a validator");
        }
    }
}
