// SPDX-License-Identifier: Apache-2.0
//! What members decide over the governing contract's head: in words, how far it has come, and what there is to submit.

use std::collections::BTreeMap;

use kith_chain::{Call, Override, OverrideAction, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    parameters::{Parameter, Parameters},
    runtime_api::MemberView,
    BlockNumber,
};
use serde::Serialize;
use serde_json::{json, Value};

use crate::person::address;

/// Why nothing can be proposed now.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Proposing {
    /// One proposes another, and approves of it.
    #[error("you propose another override already, number {id}, until block {until}. Wait until it is decided, or take your approval back with `kith override withdraw {id}`: it is closed if nobody else approves")]
    Approving { id: u32, until: BlockNumber },
    /// One proposed another and approves of it no more, but others do.
    #[error("you propose another override already, number {id}. You approve of it no more, but others do: wait until it is decided, or until block {until} is past")]
    Withdrawn { id: u32, until: BlockNumber },
}

/// What it would bring about.
pub(crate) fn words(action: &OverrideAction) -> String {
    match action {
        OverrideAction::SetParameter(parameter) => {
            let (name, value) = parts(parameter);
            format!("set {name} to {value}")
        }
        OverrideAction::SetDoug(doug) => format!("let the account {} govern", address(doug.clone().into())),
        OverrideAction::RemoveMember(person) => format!("expel person {person}"),
    }
}

/// The same for programs. A value is text: no number of JSON's holds the greatest.
pub(crate) fn data(action: &OverrideAction) -> Value {
    match action {
        OverrideAction::SetParameter(parameter) => {
            let (name, value) = parts(parameter);
            json!({ "parameter": name, "value": value.to_string() })
        }
        OverrideAction::SetDoug(doug) => json!({ "doug": address(doug.clone().into()) }),
        OverrideAction::RemoveMember(person) => json!({ "expels": person }),
    }
}

/// What one types to propose it; no command proposes another account to govern.
pub(crate) fn command(action: &OverrideAction) -> Option<String> {
    match action {
        OverrideAction::SetParameter(parameter) => {
            let (name, value) = parts(parameter);
            Some(format!("kith override set {name} {value}"))
        }
        OverrideAction::RemoveMember(person) => Some(format!("kith expel {person}")),
        OverrideAction::SetDoug(_) => None,
    }
}

/// A parameter's name and its new value.
pub(crate) fn parts(parameter: &Parameter) -> (String, u128) {
    numbers(parameter).pop_first().unwrap_or_default()
}

/// Which parameters differ in `next`, and their values there.
pub(crate) fn changes(now: &Parameters, next: &Parameters) -> Vec<(String, u128)> {
    let before = numbers(now);
    numbers(next).into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect()
}

/// Numbers by name. Through text, since that alone of JSON's shapes here holds the greatest; all of it is plain numbers.
fn numbers(of: &impl Serialize) -> BTreeMap<String, u128> {
    let text = serde_json::to_string(of).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Approves what stands of this action, or else proposes it; `mine` are the numbers of those I approve of.
pub(crate) fn call(
    me: MemberId,
    action: OverrideAction,
    overrides: &[Override],
    mine: &[u32],
    now: BlockNumber,
) -> Result<Call, Proposing> {
    if let Some(it) = nearest(overrides, &action, now) {
        return Ok(Call::ApproveOverride(it.id));
    }
    let Some(other) = overrides.iter().find(|it| it.proposer == me && is_open(it, now)) else {
        return Ok(Call::ProposeOverride(action));
    };
    let (id, until) = (other.id, other.expires);
    Err(if mine.contains(&id) { Proposing::Approving { id, until } } else { Proposing::Withdrawn { id, until } })
}

/// Whether it may still be approved at block `now`.
pub(crate) fn is_open(it: &Override, now: BlockNumber) -> bool {
    now <= it.expires
}

/// The one nearest to its end of being decided, of all that are open and would do this.
pub(crate) fn nearest<'a>(
    overrides: &'a [Override],
    action: &OverrideAction,
    now: BlockNumber,
) -> Option<&'a Override> {
    let fitting = overrides.iter().filter(|it| is_open(it, now) && it.action == *action);
    fitting.max_by_key(|it| (it.approvals, std::cmp::Reverse(it.id)))
}

/// How many approvals an override takes now, of how many members.
pub(crate) async fn quorum(view: &View) -> Result<(u32, u32), ViewError> {
    let members = active(&view.members().await?);
    Ok((needed(view.parameters().await?.override_percent, members), members))
}

/// The members among everyone; those whose key is frozen count, as they do on the chain.
fn active(everyone: &[MemberView]) -> u32 {
    let members = everyone.iter().filter(|one| one.standing == Standing::Member).count();
    u32::try_from(members).unwrap_or(u32::MAX)
}

/// This percentage of the members, rounded up, and two where there are two.
fn needed(percent: u32, members: u32) -> u32 {
    let share = (u64::from(percent) * u64::from(members)).div_ceil(100);
    u32::try_from(share).unwrap_or(u32::MAX).max(members.min(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;
    use kith_primitives::{parameters::UNIT, AccountId};

    const EXPULSION: OverrideAction = OverrideAction::RemoveMember(3);

    fn it(id: u32, proposer: u32, action: OverrideAction, approvals: u32, expires: u32) -> Override {
        Override { id, proposer, action, approvals, expires }
    }

    fn pot(value: u128) -> OverrideAction {
        OverrideAction::SetParameter(Parameter::EraPot(value))
    }

    #[test]
    fn an_action_is_told_in_words_and_to_programs_with_the_greatest_value_too() {
        let greatest = 1_000_000_000 * UNIT;
        assert_eq!(words(&pot(greatest)), "set era_pot to 1000000000000000000000");
        assert_eq!(data(&pot(greatest)), json!({ "parameter": "era_pot", "value": "1000000000000000000000" }));
        let threshold = OverrideAction::SetParameter(Parameter::AdmissionThreshold(2));
        assert_eq!(words(&threshold), "set admission_threshold to 2");
        assert_eq!(words(&EXPULSION), "expel person 3");
        assert_eq!(data(&EXPULSION), json!({ "expels": 3 }));
        let doug = OverrideAction::SetDoug(AccountId::new([7; 32]));
        assert_eq!(words(&doug), format!("let the account {} govern", address([7; 32])));
        assert_eq!(data(&doug), json!({ "doug": address([7; 32]) }));
    }

    #[test]
    fn each_action_is_proposed_by_its_own_command_if_there_is_one() {
        assert_eq!(command(&pot(7)).as_deref(), Some("kith override set era_pot 7"));
        assert_eq!(command(&EXPULSION).as_deref(), Some("kith expel 3"));
        assert_eq!(command(&OverrideAction::SetDoug(AccountId::new([7; 32]))), None);
    }

    #[test]
    fn what_changes_is_told_by_name_and_nothing_else() {
        let now = Parameters::default();
        let next = Parameters { admission_threshold: 2, era_pot: 1_000_000_000 * UNIT, ..now };
        let expected = [("admission_threshold".to_owned(), 2), ("era_pot".to_owned(), 1_000_000_000 * UNIT)];
        assert_eq!(changes(&now, &next), expected);
        assert!(changes(&now, &now).is_empty());
        assert_eq!(numbers(&now).len(), Parameters::table().len());
    }

    #[test]
    fn the_open_proposal_is_approved_and_otherwise_one_is_made() {
        let propose = || Ok(Call::ProposeOverride(EXPULSION));
        assert_eq!(call(1, EXPULSION, &[], &[], 10), propose());
        let all = [
            it(4, 2, EXPULSION, 1, 9),
            it(5, 2, OverrideAction::RemoveMember(8), 3, 20),
            it(6, 0, EXPULSION, 1, 20),
            it(7, 9, EXPULSION, 2, 10),
        ];
        assert_eq!(call(1, EXPULSION, &all, &[], 10), Ok(Call::ApproveOverride(7)));
        assert_eq!(call(1, EXPULSION, &all, &[], 11), Ok(Call::ApproveOverride(6)));
        assert_eq!(call(1, EXPULSION, &all, &[], 21), propose());
    }

    #[test]
    fn another_value_of_the_same_parameter_is_another_proposal() {
        let all = [it(4, 2, pot(7), 1, 20)];
        assert_eq!(call(1, pot(7), &all, &[], 10), Ok(Call::ApproveOverride(4)));
        assert_eq!(call(1, pot(8), &all, &[], 10), Ok(Call::ProposeOverride(pot(8))));
    }

    #[test]
    fn who_proposes_another_open_one_is_told_how_to_take_it_back() {
        let mine = [it(4, 1, pot(7), 1, 20)];
        let refused = call(1, EXPULSION, &mine, &[3, 4], 20).unwrap_err();
        assert_eq!(refused, Proposing::Approving { id: 4, until: 20 });
        assert!(refused.to_string().contains("`kith override withdraw 4`"), "{refused}");
        assert_eq!(call(1, EXPULSION, &mine, &[3, 4], 21), Ok(Call::ProposeOverride(EXPULSION)));
    }

    #[test]
    fn who_took_it_back_while_others_approve_is_not_told_to_take_it_back_again() {
        let of_others_now = [it(4, 1, pot(7), 1, 20)];
        let refused = call(1, EXPULSION, &of_others_now, &[3], 20).unwrap_err();
        assert_eq!(refused, Proposing::Withdrawn { id: 4, until: 20 });
        assert!(!refused.to_string().contains("kith override withdraw"), "{refused}");
        assert!(refused.to_string().contains("until block 20 is past"), "{refused}");
        assert_eq!(call(1, EXPULSION, &of_others_now, &[3], 21), Ok(Call::ProposeOverride(EXPULSION)));
    }

    #[test]
    fn only_members_count_and_a_frozen_key_takes_nobody_out() {
        let everyone = [
            person(0, Standing::Member, false),
            person(1, Standing::Member, true),
            person(2, Standing::Lapsed, false),
            person(3, Standing::Candidate, false),
            person(4, Standing::Removed, false),
        ];
        assert_eq!(active(&everyone), 2);
    }

    #[test]
    fn it_takes_a_share_of_the_members_and_never_one_alone() {
        let cases = [(67, 1, 1), (67, 2, 2), (51, 2, 2), (67, 3, 3), (67, 4, 3), (67, 300, 201), (100, 300, 300)];
        for (percent, members, expected) in cases {
            assert_eq!(needed(percent, members), expected, "{percent} % of {members}");
        }
    }
}
