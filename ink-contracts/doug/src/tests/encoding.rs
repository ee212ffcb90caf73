// SPDX-License-Identifier: Apache-2.0
//! Are the bytes that others depend on still the same?

use ink::{primitives::AccountId, scale::Encode};

use super::chain::{set_role, RULES};
use crate::{runtime_call::RuntimeCall, Action, Error, Phase, Strength};

#[test]
fn actions_keep_their_bytes() {
    let account = AccountId::from([9; 32]);
    let nines = "09".repeat(32);
    for (action, bytes) in [
        (set_role("ab", account), format!("00086162{nines}")),
        (Action::ClearRole { role: "ab".into() }, "01086162".into()),
        (Action::SetParameter(vec![5, 6]), "02080506".into()),
        (Action::ReplaceDoug { contract: account }, format!("03{nines}")),
        (Action::RemoveMember(7), "0407000000".into()),
        (Action::SetRules(RULES), "050a000000050000001400000032434b".into()),
    ] {
        assert_eq!(hex::encode(action.encode()), bytes, "{action:?}");
    }
}

#[test]
fn runtime_calls_keep_their_bytes() {
    let nines = "09".repeat(32);
    for (call, bytes) in [
        (RuntimeCall::SetParameter(vec![5, 6]), "40000506".into()),
        (RuntimeCall::SetDoug(AccountId::from([9; 32])), format!("4001{nines}")),
        (RuntimeCall::ForceRemove(7), "3c0407000000".into()),
    ] {
        assert_eq!(hex::encode(call.encode()), bytes, "{call:?}");
    }
}

#[test]
fn enumerations_keep_their_indices() {
    assert_eq!(Strength::Constitutional.encode(), [2]);
    assert_eq!(Phase::Executed.encode(), [4]);
    assert_eq!(Error::NotMember.encode(), [0]);
    assert_eq!(Error::Full.encode(), [21]);
}

#[test]
fn selectors_are_the_documented_ones() {
    use ink::env::hash::Blake2x256;
    let selector = |name: &str| {
        let mut hash = [0; 32];
        ink::env::hash_bytes::<Blake2x256>(name.as_bytes(), &mut hash);
        hex::encode(&hash[..4])
    };
    assert_eq!(selector("new"), "9bae9d5e");
    assert_eq!(selector("default"), "ed4b9d1b");
}
