// SPDX-License-Identifier: Apache-2.0
//! What is typed, what is refused before anybody is asked, and how it is told.

use super::*;
use crate::{overriding::parts, publishing::readers::tests::person};
use kith_primitives::AccountId;

fn threshold(value: u32) -> OverrideAction {
    OverrideAction::SetParameter(Parameter::AdmissionThreshold(value))
}

fn it(id: u32, expires: BlockNumber) -> Override {
    Override { id, proposer: 1, action: threshold(2), approvals: 1, expires }
}

fn rules(scheduled: Option<u32>) -> Rules {
    let in_force = Parameters { admission_threshold: 3, ..Parameters::default() };
    let scheduled = scheduled.map(|admission_threshold| Parameters { admission_threshold, ..in_force.clone() });
    Rules { in_force, scheduled, next_era: Some(120) }
}

#[test]
fn every_parameter_is_typed_by_the_name_the_reference_has_at_its_least_and_its_most() {
    for (name, _, _, least, most) in Parameters::table() {
        for value in [*least, *most] {
            assert_eq!(parts(&typed(name, value).unwrap()), ((*name).to_owned(), value));
        }
        let (name, least, most) = (*name, *least, *most);
        let (beyond, refused) = (most + 1, typed(name, most + 1));
        assert_eq!(refused, Err(OverrideError::OutOfBounds { name, value: beyond, least, most }));
    }
    let below = typed("admission_threshold", 0).unwrap_err();
    assert_eq!(below.to_string(), "admission_threshold can be 1 to 32, and not 0");
}

#[test]
fn who_misspells_a_parameter_is_told_which_there_are() {
    for name in ["", "admission-threshold", "AdmissionThreshold", "threshold", "era_pot\":1,\""] {
        let unknown = typed(name, 2).unwrap_err();
        assert!(matches!(&unknown, OverrideError::Unknown { .. }), "{unknown}");
        assert!(unknown.to_string().contains("admission_threshold, vouch_stock"), "{unknown}");
    }
}

#[test]
fn what_is_so_or_will_be_so_is_not_proposed() {
    let is_new = |rules: Rules, value| rules.ensure_new(&Parameter::AdmissionThreshold(value));
    let name = || "admission_threshold".to_owned();
    assert_eq!(is_new(rules(None), 2), Ok(()));
    assert_eq!(is_new(rules(None), 3), Err(OverrideError::InForce { name: name(), value: 3 }));
    let decided = is_new(rules(Some(2)), 2).unwrap_err();
    assert_eq!(decided, OverrideError::Decided { name: name(), value: 2, when: "from block 120 on".into() });
    // What is in force can be kept, though another value is decided.
    assert_eq!(is_new(rules(Some(2)), 3), Ok(()));
    let before_any_era = Rules { next_era: None, ..rules(Some(2)) };
    assert!(is_new(before_any_era, 2).unwrap_err().to_string().contains("once an era has started"));
}

#[test]
fn who_is_no_member_is_refused_before_the_chain_is_asked() {
    assert_eq!(member(&person(3, Standing::Member, false)), Ok(3));
    for standing in [Standing::Candidate, Standing::Lapsed, Standing::Removed] {
        assert_eq!(member(&person(3, standing, false)), Err(OverrideError::NotMember));
    }
}

#[test]
fn only_what_stands_is_approved_and_only_what_one_approves_of_withdrawn() {
    let all = [it(4, 20)];
    assert_eq!(open(&all, 4, 20), Ok(&all[0]));
    let over = open(&all, 4, 21).unwrap_err();
    assert!(matches!(over, OverrideError::Over { id: 4, until: 20, .. }), "{over}");
    assert_eq!(open(&all, 5, 20), Err(OverrideError::NoSuch(5)));
    assert_eq!(approved(&all, 4, &[3, 4]), Ok(&all[0]));
    assert_eq!(approved(&all, 4, &[3]), Err(OverrideError::NotApproved(4)));
    assert_eq!(approved(&all, 3, &[3]), Err(OverrideError::NoSuch(3)));
}

#[test]
fn what_is_over_is_proposed_anew_as_it_was_before() {
    let advice = |action| open(&[Override { action, ..it(4, 20) }], 4, 21).unwrap_err().to_string();
    let of_a_rule = advice(threshold(2));
    assert!(of_a_rule.ends_with("Propose it anew with `kith override set admission_threshold 2`"), "{of_a_rule}");
    let of_an_expulsion = advice(OverrideAction::RemoveMember(3));
    assert!(of_an_expulsion.ends_with("Propose it anew with `kith expel 3`"), "{of_an_expulsion}");
    // No command proposes this.
    let of_a_contract = advice(OverrideAction::SetDoug(AccountId::new([7; 32])));
    assert!(
        of_a_contract.ends_with("It has to be proposed anew") && !of_a_contract.contains("kith"),
        "{of_a_contract}"
    );
}

#[test]
fn it_is_told_of_the_very_one_that_was_approved_of_or_proposed() {
    let nearer = Override { proposer: 3, approvals: 2, ..it(7, 20) };
    let all = [it(6, 20), nearer, Override { proposer: 2, ..it(8, 20) }];
    let of = |call: Call, me| concerned(&all, me, &call, &threshold(2)).map(|it| it.id);
    assert_eq!(of(Call::ApproveOverride(6), 2), Some(6));
    assert_eq!(of(Call::ApproveOverride(7), 2), Some(7));
    assert_eq!(of(Call::ApproveOverride(5), 2), None);
    assert_eq!(of(Call::ProposeOverride(threshold(2)), 2), Some(8));
    assert_eq!(of(Call::ProposeOverride(threshold(2)), 4), None);
    assert_eq!(concerned(&all, 2, &Call::ProposeOverride(threshold(1)), &threshold(1)), None);
}

#[test]
fn what_stands_is_not_decided_though_it_is_so_for_another_reason() {
    let still = progress(&threshold(3), Some("admission_threshold is 3 already"), Some(&it(6, 20)), 2, 20);
    assert!(still.text.starts_with("1 of 2 approvals"), "{}", still.text);
    assert_eq!((&still.data["decided"], &still.data["id"]), (&json!(false), &json!(6)));
    let over = progress(&threshold(2), None, Some(&it(6, 20)), 2, 21);
    assert_eq!(over.text, "Until block 20 not enough approved to set admission_threshold to 2");
    assert_eq!(over.data["decided"], false);
}

#[test]
fn an_approval_taken_back_closes_only_what_is_not_decided_meanwhile() {
    let told = |left, outcome| withdrawn(4, &threshold(2), left, outcome);
    let begins = "You no longer approve of override 4, to set admission_threshold to 2; ";
    let others = told(Some(2), None);
    assert_eq!(others.text, format!("{begins}2 still do"));
    let expected = json!({
        "id": 4, "action": { "parameter": "admission_threshold", "value": "2" },
        "approvals": 2, "closed": false, "decided": false,
    });
    assert_eq!(others.data, expected);
    let closed = told(None, None);
    assert_eq!(closed.text, format!("{begins}it is closed"));
    assert_eq!((&closed.data["closed"], &closed.data["decided"]), (&json!(true), &json!(false)));
    let decided = told(None, Some("admission_threshold is 2 from block 120 on"));
    assert_eq!(decided.text, format!("{begins}it stands no more, and admission_threshold is 2 from block 120 on"));
    assert_eq!((&decided.data["closed"], &decided.data["decided"]), (&json!(false), &json!(true)));
}

#[test]
fn how_far_it_has_come_is_told() {
    let open = progress(&threshold(2), None, Some(&it(4, 20)), 2, 20);
    assert_eq!(
        open.text,
        "1 of 2 approvals to set admission_threshold to 2. The others run `kith override approve 4` until block 20"
    );
    let expected = json!({
        "action": { "parameter": "admission_threshold", "value": "2" },
        "decided": false, "id": 4, "approvals": 1, "needed": 2, "until": 20,
    });
    assert_eq!(open.data, expected);
    let so = |rules: Rules, value| rules.outcome(&Parameter::AdmissionThreshold(value));
    assert_eq!(so(rules(None), 2), None);
    assert_eq!(so(rules(None), 3).as_deref(), Some("admission_threshold is 3 already"));
    let decided = progress(&threshold(2), so(rules(Some(2)), 2).as_deref(), None, 2, 20);
    assert_eq!(decided.text, "Enough approve: admission_threshold is 2 from block 120 on");
    assert_eq!(decided.data["decided"], true);
    let gone = progress(&threshold(2), None, None, 2, 20);
    assert_eq!(gone.text, "Nobody proposes any more to set admission_threshold to 2");
}

#[test]
fn what_stands_and_what_is_decided_is_listed() {
    let all = [it(4, 20), it(7, 30)];
    let listed = lines(&all, &rules(Some(1)), (2, 3), 21);
    assert_eq!(
        listed,
        [
            "override 4     set admission_threshold to 2: not enough approved until block 20",
            "override 7     set admission_threshold to 2: 1 of 2 approvals, until block 30",
            "decided        admission_threshold is 1 from block 120 on",
            "members        3, of whom 2 decide",
        ]
    );
    assert_eq!((&shown(&all[0], 21)["open"], &shown(&all[1], 21)["open"]), (&json!(false), &json!(true)));
    let nothing = lines(&[], &rules(None), (1, 1), 21);
    assert!(nothing[0].starts_with("nothing is proposed"), "{nothing:?}");
    assert_eq!(nothing[1], "members        1, of whom 1 decide");
}
