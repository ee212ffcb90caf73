// SPDX-License-Identifier: Apache-2.0
//! Who acts with the constitution's authority: the governing contract. The members' override acts from within this pallet.

use core::marker::PhantomData;

use frame_support::traits::{EnsureOrigin, OriginTrait};

use crate::{Config, Doug};

/// Signed by the account of the governing contract.
#[derive(Debug)]
pub struct EnsureConstitution<T>(PhantomData<T>);

impl<T: Config> EnsureOrigin<T::RuntimeOrigin> for EnsureConstitution<T> {
    type Success = ();

    fn try_origin(origin: T::RuntimeOrigin) -> Result<(), T::RuntimeOrigin> {
        let governs = match (origin.as_signer(), Doug::<T>::get()) {
            (Some(signer), Some(doug)) => *signer == doug,
            _ => false,
        };
        if governs {
            Ok(())
        } else {
            Err(origin)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
        let doug = Doug::<T>::get().unwrap_or_else(|| frame_benchmarking::account("doug", 0, 0));
        Doug::<T>::put(doug.clone());
        Ok(frame_system::RawOrigin::Signed(doug).into())
    }
}
