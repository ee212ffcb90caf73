// SPDX-License-Identifier: Apache-2.0
//! What is shown of the validators, by topic.

mod access;
mod attendance;
mod genesis;
mod machine;
mod offences;
mod selection;
mod sessions;
mod standing;

use frame_support::{assert_noop, assert_ok};
use kith_primitives::parameters::Parameters;

use crate::{mock::*, *};

/// The events of this pallet since the last time it was asked.
fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}
