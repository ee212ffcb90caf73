// SPDX-License-Identifier: Apache-2.0
//! What waits for this person's decision, and what their decision does.

use kith_chain::Call;
use kith_primitives::{member::MemberId, recovery::MotionId};
use serde_json::{json, Value};

use crate::{
    companion::Companion,
    report::{Done, Failure},
};

/// What the ids of motions that can be vetoed begin with.
const VETO: &str = "veto-";
/// What the ids of vouches that can be renewed begin with.
const RENEW: &str = "renew-";

/// What the person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    /// To close a motion to give them a new key.
    Veto(MotionId),
    /// To answer for somebody for another term.
    Renew(MemberId),
}

/// There is nothing to decide under this id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing waits for a decision under `{0}`. Load the page again")]
pub(crate) struct NothingWaits(String);

/// What waits for one's decision, out of one's own part of the state.
pub(super) fn waiting(me: &Value) -> Vec<Value> {
    let mut waiting = vetoes(me);
    waiting.extend(renewals(me));
    waiting
}

/// Vouches that can be renewed.
fn renewals(me: &Value) -> Vec<Value> {
    let vouches = me["vouches_to_renew"].as_array().into_iter().flatten();
    vouches
        .map(|vouch| {
            let (subject, expires) = (&vouch["subject"], &vouch["expires"]);
            let summary = format!("It ends in block {expires}. If you still answer for person {subject}, renew it");
            let origin = format!("your vouch for person {subject}");
            json!({ "id": format!("{RENEW}{subject}"), "origin": origin, "summary": summary, "answer": "Renew" })
        })
        .collect()
}

/// Motions that can be vetoed.
fn vetoes(me: &Value) -> Vec<Value> {
    let motions = me["motions"].as_array().into_iter().flatten();
    let vetoable = motions.filter(|motion| motion["vetoable"] == true && me["standing"] != "frozen");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    vetoable
        .map(|motion| {
            let summary = format!(
                "Guardians want to {} instead of yours: {}. If your key is not lost, stop them",
                text(&motion["aim"]),
                text(&motion["progress"])
            );
            json!({ "id": format!("{VETO}{}", motion["id"]), "origin": "your guardians", "summary": summary, "answer": "Veto" })
        })
        .collect()
}

/// Does what the person decided.
pub(crate) async fn answer(companion: &Companion, id: &str) -> Result<Done, Failure> {
    match decision(id).map_err(Failure::usage)? {
        Decision::Veto(motion) => {
            companion.submit(&Call::VetoMotion(motion)).await?;
            Ok(Done::new(format!("Motion {motion} is closed"), json!({ "motion": motion })))
        }
        Decision::Renew(subject) => {
            companion.submit(&Call::RenewVouch(subject)).await?;
            Ok(Done::new(format!("Your vouch for person {subject} is renewed"), json!({ "subject": subject })))
        }
    }
}

fn decision(id: &str) -> Result<Decision, NothingWaits> {
    let number = |of: &str| id.strip_prefix(of).and_then(|number| number.parse::<u32>().ok());
    let renewal = || number(RENEW).map(Decision::Renew);
    number(VETO).map(Decision::Veto).or_else(renewal).ok_or_else(|| NothingWaits(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_waits_for_a_veto_unless_one_cannot() {
        let motions = json!([
            { "id": 4, "aim": "freeze the key", "progress": "half way", "vetoable": false },
            { "id": 5, "aim": "give the person the key 5F", "progress": "half way", "vetoable": true },
        ]);
        let found = waiting(&json!({ "standing": "member", "motions": motions }));
        assert_eq!(found.len(), 1);
        assert_eq!(decision(found[0]["id"].as_str().unwrap()), Ok(Decision::Veto(5)));
        assert!(waiting(&json!({ "standing": "frozen", "motions": motions })).is_empty());
    }

    #[test]
    fn a_vouch_that_nears_its_end_waits_for_whose_word_it_is() {
        let found = waiting(&json!({ "standing": "member", "vouches_to_renew": [{ "subject": 3, "expires": 90 }] }));
        assert_eq!((found.len(), &found[0]["answer"]), (1, &json!("Renew")));
        assert!(found[0]["summary"].as_str().unwrap().contains("in block 90"), "{}", found[0]);
        assert_eq!(decision(found[0]["id"].as_str().unwrap()), Ok(Decision::Renew(3)));
    }

    #[test]
    fn an_id_under_which_nothing_waits_is_refused() {
        for id in ["", "veto-", "veto-x", "5", "veto-99999999999", "renew-", "renew-x", "renew-99999999999"] {
            assert_eq!(decision(id), Err(NothingWaits(id.to_owned())));
        }
    }
}
