// SPDX-License-Identifier: Apache-2.0
//! Who may call what: every call with every origin that must not.

use super::*;
use frame_support::traits::{EnsureOrigin, GetCallName};
use kith_primitives::parameters::Parameter;
use sp_runtime::DispatchError;

const EX_MEMBER: u64 = 3;
const MEMBER: u64 = 1;

/// One well-formed call of each kind.
fn calls() -> Vec<Call<Test>> {
    vec![
        Call::set_parameter { parameter: Parameter::EraPot(1) },
        Call::set_doug { doug: 7 },
        Call::propose_override { action: Action::SetDoug(7) },
        Call::approve_override { id: 0 },
        Call::withdraw_approval { id: 0 },
        Call::prune_override { id: 0 },
    ]
}

#[test]
fn the_table_holds_every_call() {
    let names: Vec<_> = calls().iter().map(|call| call.get_call_name()).collect();
    assert_eq!(names, Call::<Test>::get_call_names());
}

fn refusal(call: &Call<Test>, by: &str) -> DispatchError {
    match (call, by) {
        (Call::set_parameter { .. } | Call::set_doug { .. }, _) | (_, "none" | "root") => DispatchError::BadOrigin,
        (Call::prune_override { .. }, _) => Error::<Test>::TooEarly.into(),
        _ => Error::<Test>::NotMember.into(),
    }
}

#[test]
fn a01_every_call_refuses_every_origin_it_is_not_for() {
    ExtBuilder::members(5).build_and_execute(|| {
        propose(2, Action::SetDoug(5));
        depart(EX_MEMBER as u32);
        let origins = [
            ("none", RuntimeOrigin::none()),
            ("root", RuntimeOrigin::root()),
            ("stranger", signed(STRANGER)),
            ("ex", signed(EX_MEMBER)),
        ];
        for call in calls() {
            for (by, origin) in origins.clone() {
                let made = call.clone().dispatch_bypass_filter(origin).map_err(|failure| failure.error);
                assert_noop!(made, refusal(&call, by));
            }
        }
    });
}

#[test]
fn a01_a_member_is_not_the_constitution() {
    ExtBuilder::members(5).build_and_execute(|| {
        for call in calls().into_iter().take(2) {
            assert_noop!(dispatch(MEMBER, call), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn a01_the_doug_is_not_a_member() {
    ExtBuilder::members(5).build_and_execute(|| {
        assert_noop!(Constitution::propose_override(signed(DOUG), Action::SetDoug(DOUG)), Error::<Test>::NotMember);
    });
}

#[test]
fn only_the_governing_account_carries_the_constitutions_authority() {
    ExtBuilder::members(2).build_and_execute(|| {
        assert!(EnsureConstitution::<Test>::try_origin(signed(DOUG)).is_ok());
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root(), signed(MEMBER), signed(STRANGER)] {
            assert!(EnsureConstitution::<Test>::try_origin(origin).is_err());
        }
        Doug::<Test>::kill();
        assert!(EnsureConstitution::<Test>::try_origin(signed(DOUG)).is_err());
    });
}

#[test]
fn the_calls_that_contracts_name_by_number_keep_their_numbers() {
    use codec::Encode;
    assert_eq!(Call::<Test>::set_parameter { parameter: Parameter::EraLength(5) }.encode(), [0, 13, 5, 0, 0, 0]);
    assert_eq!(Call::<Test>::set_doug { doug: 7 }.encode(), [1, 7, 0, 0, 0, 0, 0, 0, 0]);
}
