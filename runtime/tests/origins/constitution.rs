// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of the constitution. Not even the chain's root changes a rule.

use frame_support::assert_ok;
use kith_primitives::parameters::Parameter;
use kith_runtime::{Constitution, Runtime};
use pallet_kith_constitution::{NextOverride, OverrideAction, OverrideId};
use sp_runtime::DispatchResult;

use crate::{
    people::{
        rules, sponsor, wait,
        Who::{
            self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
    },
    table::{anyone, constitution_only, hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_constitution::Call<Runtime>;
type Error = pallet_kith_constitution::Error<Runtime>;

/// The change that is tried.
const CHANGE: Parameter = Parameter::EraPot(7);

pub(crate) const TABLES: Tables =
    &[set_parameter, set_doug, propose_override, approve_override, withdraw_approval, prune_override];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

/// The sponsor asks for an override.
fn proposed() -> OverrideId {
    assert_ok!(Constitution::propose_override(sponsor(), OverrideAction::SetParameter(CHANGE)));
    NextOverride::<Runtime>::get() - 1
}

/// What everybody gets for a call that a member makes.
fn members_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
        Member | Guardian | Person => Ok(()),
    }
}

fn set_parameter() -> Table {
    table(|_| Call::set_parameter { parameter: CHANGE }, constitution_only)
}

fn set_doug() -> Table {
    table(|who| Call::set_doug { doug: who.account() }, constitution_only)
}

fn propose_override() -> Table {
    table(|_| Call::propose_override { action: OverrideAction::SetParameter(CHANGE) }, members_only)
}

fn approve_override() -> Table {
    let id = proposed();
    table(move |_| Call::approve_override { id }, members_only)
}

fn withdraw_approval() -> Table {
    let id = proposed();
    assert_ok!(Constitution::approve_override(Guardian.origin(), id));
    table(
        move |_| Call::withdraw_approval { id },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Person => no(Error::NotFound),
            Guardian => Ok(()),
        },
    )
}

fn prune_override() -> Table {
    let id = proposed();
    wait(rules().override_period + 1);
    table(move |_| Call::prune_override { id }, anyone)
}
