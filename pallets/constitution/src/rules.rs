// SPDX-License-Identifier: Apache-2.0
//! How the rules change: a change is scheduled, and takes effect when an era starts.

use frame_support::{ensure, traits::Get, weights::Weight};
use kith_primitives::{
    glue::{Community, Constitution, OnEraStart},
    parameters::{Parameter, Parameters},
};

use crate::{Config, Doug, Error, Event, InForce, Pallet, Scheduled, WeightInfo};

impl<T: Config> Pallet<T> {
    /// The parameters with the change, on top of those scheduled already.
    pub(crate) fn check_parameter(parameter: &Parameter) -> Result<Parameters, Error<T>> {
        ensure!(parameter.in_bounds(), Error::<T>::OutOfBounds);
        if let Parameter::AdmissionThreshold(threshold) = parameter {
            ensure!(*threshold <= T::Community::active_members(), Error::<T>::WouldLockOut);
        }
        let mut next = Scheduled::<T>::get().unwrap_or_else(InForce::<T>::get);
        parameter.clone().apply(&mut next);
        Ok(next)
    }

    pub(crate) fn do_schedule(parameter: Parameter, next: Parameters) {
        Scheduled::<T>::put(next);
        Self::deposit_event(Event::ParameterScheduled { parameter });
    }

    pub(crate) fn do_set_doug(doug: T::AccountId) {
        Doug::<T>::put(&doug);
        Self::deposit_event(Event::DougSet { doug });
    }

    /// The threshold to put in force: members may have left since it was scheduled, and a rise that nobody could meet any
    /// more would lock the community.
    fn safe_threshold(wanted: u32) -> u32 {
        let current = InForce::<T>::get().admission_threshold;
        if wanted > current && wanted > T::Community::active_members() {
            Self::deposit_event(Event::ThresholdKept { wanted, kept: current });
            current
        } else {
            wanted
        }
    }
}

impl<T: Config> Constitution for Pallet<T> {
    fn parameters() -> Parameters {
        InForce::<T>::get()
    }
}

impl<T: Config> OnEraStart for Pallet<T> {
    fn era_started() -> Weight {
        let Some(mut next) = Scheduled::<T>::take() else { return T::DbWeight::get().reads(1) };
        next.admission_threshold = Self::safe_threshold(next.admission_threshold);
        InForce::<T>::put(next);
        Self::deposit_event(Event::ParametersChanged);
        T::WeightInfo::era_started()
    }
}
