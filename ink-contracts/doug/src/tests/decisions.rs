// SPDX-License-Identifier: Apache-2.0
//! What does each decision do, and which strength does it need?

use super::chain::*;
use crate::{Action, Error, Rules, Strength, DOUG_ROLE, MAX_PARAMETER_LEN};

#[ink::test]
fn strength_follows_from_the_action() {
    let mut doug = founded(2);
    decided(&mut doug, 0, set_role("taken", contract(7)), [1, 2]).unwrap();
    at(100);
    by(key(1));
    for (action, strength) in [
        (set_role("free", contract(7)), Strength::Ordinary),
        (set_role("taken", contract(8)), Strength::Extraordinary),
        (clear_role("taken"), Strength::Extraordinary),
        (Action::RemoveMember(2), Strength::Extraordinary),
        (Action::SetParameter(vec![0]), Strength::Constitutional),
        (Action::ReplaceDoug { contract: contract(8) }, Strength::Constitutional),
        (Action::SetRules(RULES), Strength::Constitutional),
    ] {
        let id = doug.propose(action.clone()).unwrap();
        assert_eq!(doug.proposal(id).unwrap().strength, strength, "{action:?}");
    }
}

#[ink::test]
fn a_role_taken_since_needs_the_stronger_vote() {
    let mut doug = founded(5);
    let first = doug.propose(set_role("polls", contract(7))).unwrap();
    let second = doug.propose(set_role("polls", contract(8))).unwrap();
    yes(&mut doug, first, [1, 2, 3]);
    yes(&mut doug, second, [1, 2, 3]);
    at(15);
    assert_eq!(doug.needed(second), Ok(3));
    assert_eq!(doug.execute(first), Ok(()));
    assert_eq!(doug.needed(second), Ok(4));
    assert_eq!(doug.execute(second), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn what_speaks_against_it_at_execution_stops_it() {
    let mut doug = founded(2);
    let first = doug.propose(set_role("polls", contract(7))).unwrap();
    let second = doug.propose(set_role("polls", contract(7))).unwrap();
    yes(&mut doug, first, [1, 2]);
    yes(&mut doug, second, [1, 2]);
    at(15);
    assert_eq!(doug.execute(first), Ok(()));
    assert_eq!(doug.execute(second), Err(Error::AlreadyServes));
}

#[ink::test]
fn a_parameter_goes_out_as_it_was_voted_on() {
    let mut doug = founded(4);
    let id = voted(&mut doug, 0, Action::SetParameter(vec![3, 1, 4, 1, 5]), [1, 2]);
    assert_eq!(doug.execute(id), Err(Error::NotEnoughVotes));
    assert_eq!(calls(), Vec::<Vec<u8>>::new());
    assert_eq!(decided(&mut doug, 100, Action::SetParameter(vec![3, 1, 4, 1, 5]), [1, 2, 3]), Ok(()));
    assert_eq!(calls(), [[64, 0, 3, 1, 4, 1, 5]]);
}

#[ink::test]
fn a_parameter_has_a_bounded_length() {
    let mut doug = founded(2);
    let parameter = |len| Action::SetParameter(vec![1; len]);
    assert_eq!(doug.propose(parameter(0)), Err(Error::ParameterLength));
    assert_eq!(doug.propose(parameter(MAX_PARAMETER_LEN + 1)), Err(Error::ParameterLength));
    assert!(doug.propose(parameter(MAX_PARAMETER_LEN)).is_ok());
}

#[ink::test]
fn a_call_that_the_runtime_refuses_is_reported() {
    let mut doug = founded(2);
    let id = voted(&mut doug, 0, Action::SetParameter(vec![1]), [1, 2]);
    refuses();
    assert_eq!(doug.execute(id), Err(Error::RuntimeRefused));
}

#[ink::test]
fn a_member_is_removed_by_the_runtime() {
    let mut doug = founded(3);
    assert_eq!(decided(&mut doug, 0, Action::RemoveMember(3), [1, 2, 3]), Ok(()));
    assert_eq!(calls(), [[60, 4, 3, 0, 0, 0]]);
}

#[ink::test]
fn only_members_can_be_removed() {
    let mut doug = founded(3);
    assert_eq!(doug.propose(Action::RemoveMember(9)), Err(Error::UnknownMember));
    let id = voted(&mut doug, 0, Action::RemoveMember(3), [1, 2]);
    leaves(3);
    assert_eq!(doug.execute(id), Err(Error::UnknownMember));
}

#[ink::test]
fn the_last_member_stays() {
    let mut doug = founded(1);
    assert_eq!(doug.propose(Action::RemoveMember(1)), Err(Error::LastMember));
}

#[ink::test]
fn the_member_who_is_left_stays() {
    let mut doug = founded(2);
    let id = voted(&mut doug, 0, Action::RemoveMember(1), [1, 2]);
    leaves(2);
    assert_eq!(doug.execute(id), Err(Error::LastMember));
}

#[ink::test]
fn a_replaced_doug_answers_and_refuses_changes() {
    let mut doug = founded(4);
    let open = doug.propose(set_role("polls", contract(7))).unwrap();
    yes(&mut doug, open, [1, 2, 3]);
    let replace = Action::ReplaceDoug { contract: contract(0xd1) };
    assert_eq!(decided(&mut doug, 0, replace.clone(), [1, 2, 3]), Ok(()));
    let mut call = vec![64, 1];
    call.extend([0xd1; 32]);
    assert_eq!(calls(), [call]);

    assert_eq!(doug.resolve(DOUG_ROLE.into()), Some(contract(0xd1)));
    assert_eq!(doug.history_len(DOUG_ROLE.into()), 2);
    assert_eq!(doug.rules(), RULES);
    assert_eq!(doug.execute(open), Err(Error::Replaced));
    assert_eq!(doug.count(open), Err(Error::Replaced));
    assert_eq!(doug.vote(open, true), Err(Error::Replaced));
    assert_eq!(doug.propose(replace), Err(Error::Replaced));
}

#[ink::test]
fn doug_is_replaced_by_another_contract_only() {
    let mut doug = founded(2);
    assert_eq!(doug.propose(Action::ReplaceDoug { contract: this() }), Err(Error::AlreadyServes));
    assert_eq!(doug.propose(Action::ReplaceDoug { contract: key(2) }), Err(Error::NotAContract));
}

#[ink::test]
fn the_rules_are_changed_by_the_rules() {
    let mut doug = founded(4);
    let rules = Rules { voting_period: 3, ordinary_above: 60, ..RULES };
    assert_eq!(doug.propose(Action::SetRules(Rules { ordinary_above: 49, ..RULES })), Err(Error::InvalidRules));
    assert_eq!(decided(&mut doug, 0, Action::SetRules(rules), [1, 2]), Err(Error::NotEnoughVotes));
    assert_eq!(doug.rules(), RULES);
    assert_eq!(decided(&mut doug, 100, Action::SetRules(rules), [1, 2, 3]), Ok(()));
    assert_eq!(doug.rules(), rules);
    let id = doug.propose(set_role("polls", contract(7))).unwrap();
    assert_eq!(doug.proposal(id).unwrap().voting_ends(), 115 + 3);
}

#[ink::test]
fn softer_rules_do_not_rescue_an_older_proposal() {
    let strict = Rules { ordinary_above: 70, extraordinary: 75, ..RULES };
    chain(10);
    let mut doug = crate::Doug::new(strict).unwrap();
    let soften = doug.propose(Action::SetRules(RULES)).unwrap();
    let older = doug.propose(set_role("polls", contract(7))).unwrap();
    yes(&mut doug, soften, 1..=8);
    yes(&mut doug, older, 1..=7);
    at(15);
    assert_eq!(doug.execute(soften), Ok(()));
    assert_eq!(doug.needed(older), Ok(8));
    assert_eq!(doug.execute(older), Err(Error::NotEnoughVotes));
}

#[ink::test]
fn harder_rules_hold_for_an_older_proposal() {
    let mut doug = founded(10);
    let harden = doug.propose(Action::SetRules(Rules { ordinary_above: 70, extraordinary: 75, ..RULES })).unwrap();
    let older = doug.propose(set_role("polls", contract(7))).unwrap();
    yes(&mut doug, harden, 1..=8);
    yes(&mut doug, older, 1..=7);
    at(15);
    assert_eq!(doug.needed(older), Ok(6));
    assert_eq!(doug.execute(harden), Ok(()));
    assert_eq!(doug.execute(older), Err(Error::NotEnoughVotes));
}
