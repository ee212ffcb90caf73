// SPDX-License-Identifier: Apache-2.0
//! What is shown of the constitution, by topic.

mod access;
mod founding;
mod machine;
mod overrides;
mod rules;

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};
use kith_primitives::glue::{Constitution as _, OnEraStart};

type Action = OverrideAction<u64>;

fn signed(account: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// Makes the call as the runtime does: what fails is undone.
fn dispatch(member: u64, call: Call<Test>) -> sp_runtime::DispatchResult {
    call.dispatch_bypass_filter(signed(member)).map(|_| ()).map_err(|failure| failure.error)
}

/// Proposes as the member; the number of the override.
fn propose(member: u64, action: Action) -> OverrideId {
    let id = NextOverride::<Test>::get();
    assert_ok!(Constitution::propose_override(signed(member), action));
    id
}

fn approve(member: u64, id: OverrideId) {
    assert_ok!(Constitution::approve_override(signed(member), id));
}

fn emitted(event: Event<Test>) -> bool {
    System::events().iter().any(|record| record.event == RuntimeEvent::Constitution(event.clone()))
}

/// The events of this pallet since the last time it was asked.
fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}
