// SPDX-License-Identifier: Apache-2.0
//! Who serves a role, who did, and which names are roles?

use super::chain::*;
use crate::{Doug, Error, RoleEntry, Rules, Service, DOUG_ROLE, MAX_PERIOD};

#[ink::test]
fn new_registers_doug_itself_and_emits() {
    let doug = founded(3);
    assert_eq!(doug.rules(), RULES);
    assert_eq!(doug.resolve(DOUG_ROLE.into()), Some(this()));
    assert_eq!(doug.role_count(), 1);
    assert_eq!(doug.history(DOUG_ROLE.into(), 0), Some(Service { contract: Some(this()), since: 0, proposal: None }));
    assert_eq!(doug.proposal_count(), 0);
    assert_eq!(ink::env::test::recorded_events().count(), 2);
}

#[ink::test]
fn new_refuses_rules_out_of_bounds() {
    chain(1);
    assert_eq!(Doug::new(Rules { voting_period: 0, ..RULES }).err(), Some(Error::InvalidRules));
    assert_eq!(Doug::new(Rules { delay: MAX_PERIOD + 1, ..RULES }).err(), Some(Error::InvalidRules));
}

#[ink::test]
fn default_has_the_default_rules() {
    chain(1);
    let doug = Doug::default().expect("the default is in bounds");
    assert_eq!(doug.rules(), Rules::default());
}

#[ink::test]
fn unknown_role_resolves_to_none() {
    let doug = founded(3);
    for role in ["polls", "", "Polls", &"a".repeat(1_000)] {
        assert_eq!(doug.resolve(role.into()), None);
        assert_eq!(doug.history_len(role.into()), 0);
        assert_eq!(doug.history(role.into(), 0), None);
    }
    assert_eq!(doug.role_at(1), None);
}

#[ink::test]
fn free_role_goes_to_the_contract_by_vote() {
    let mut doug = founded(3);
    assert_eq!(decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]), Ok(()));
    assert_eq!(doug.resolve("polls".into()), Some(contract(7)));
}

#[ink::test]
fn taken_role_is_not_swapped_without_an_extraordinary_vote() {
    let mut doug = founded(4);
    assert_eq!(decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2, 3]), Ok(()));
    // Two of four are no majority at all, three of four are 75 %.
    assert_eq!(decided(&mut doug, 100, set_role("polls", contract(8)), [1, 2]), Err(Error::NotEnoughVotes));
    assert_eq!(doug.resolve("polls".into()), Some(contract(7)));
    assert_eq!(decided(&mut doug, 200, set_role("polls", contract(8)), [1, 2, 3]), Ok(()));
    assert_eq!(doug.resolve("polls".into()), Some(contract(8)));
}

#[ink::test]
fn history_lists_every_server_in_order() {
    let mut doug = founded(2);
    decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]).unwrap();
    decided(&mut doug, 100, set_role("polls", contract(8)), [1, 2]).unwrap();
    decided(&mut doug, 200, clear_role("polls"), [1, 2]).unwrap();
    decided(&mut doug, 300, set_role("polls", contract(7)), [1, 2]).unwrap();
    let history: Vec<_> =
        (0..doug.history_len("polls".into())).map(|index| doug.history("polls".into(), index).unwrap()).collect();
    let entry = |contract, since, id| Service { contract, since, proposal: Some(id) };
    assert_eq!(
        history,
        [
            entry(Some(contract(7)), 15, 0),
            entry(Some(contract(8)), 115, 1),
            entry(None, 215, 2),
            entry(Some(contract(7)), 315, 3)
        ]
    );
    assert_eq!(doug.history("polls".into(), 4), None);
}

#[ink::test]
fn enumeration_is_complete_and_keeps_its_places() {
    let mut doug = founded(2);
    decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]).unwrap();
    decided(&mut doug, 100, set_role("wiki", contract(8)), [1, 2]).unwrap();
    decided(&mut doug, 200, clear_role("polls"), [1, 2]).unwrap();
    decided(&mut doug, 300, set_role("wiki", contract(9)), [1, 2]).unwrap();
    assert_eq!(doug.role_count(), 3);
    let entries: Vec<_> = (0..doug.role_count()).map(|index| doug.role_at(index).unwrap()).collect();
    let entry = |role: &str, contract| RoleEntry { role: role.into(), contract };
    assert_eq!(entries, [entry(DOUG_ROLE, Some(this())), entry("polls", None), entry("wiki", Some(contract(9)))]);
}

#[ink::test]
fn one_contract_may_serve_two_roles() {
    let mut doug = founded(2);
    decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]).unwrap();
    decided(&mut doug, 100, set_role("wiki", contract(7)), [1, 2]).unwrap();
    assert_eq!(doug.resolve("polls".into()), doug.resolve("wiki".into()));
}

#[ink::test]
fn names_outside_the_alphabet_are_refused() {
    let mut doug = founded(2);
    let long = "a".repeat(33);
    for role in ["", "Polls", "pölls", "p_lls", "a b", "polls\0", "раypal", long.as_str()] {
        assert_eq!(doug.propose(set_role(role, contract(7))), Err(Error::InvalidRole), "{role:?}");
        assert_eq!(doug.propose(clear_role(role)), Err(Error::InvalidRole), "{role:?}");
    }
    for role in ["a", "-", "0-9", &"z".repeat(32)] {
        assert!(doug.propose(set_role(role, contract(7))).is_ok(), "{role:?}");
    }
}

#[ink::test]
fn the_role_doug_is_not_voted_on_as_a_role() {
    let mut doug = founded(2);
    assert_eq!(doug.propose(set_role(DOUG_ROLE, contract(7))), Err(Error::ReservedRole));
    assert_eq!(doug.propose(clear_role(DOUG_ROLE)), Err(Error::ReservedRole));
}

#[ink::test]
fn only_contracts_serve() {
    let mut doug = founded(2);
    assert_eq!(doug.propose(set_role("polls", key(2))), Err(Error::NotAContract));
}

#[ink::test]
fn a_contract_does_not_succeed_itself() {
    let mut doug = founded(2);
    decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]).unwrap();
    assert_eq!(doug.propose(set_role("polls", contract(7))), Err(Error::AlreadyServes));
}

#[ink::test]
fn a_free_role_cannot_be_cleared() {
    let mut doug = founded(2);
    assert_eq!(doug.propose(clear_role("polls")), Err(Error::UnknownRole));
    decided(&mut doug, 0, set_role("polls", contract(7)), [1, 2]).unwrap();
    decided(&mut doug, 100, clear_role("polls"), [1, 2]).unwrap();
    assert_eq!(doug.resolve("polls".into()), None);
    assert_eq!(doug.propose(clear_role("polls")), Err(Error::UnknownRole));
}
