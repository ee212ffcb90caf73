// SPDX-License-Identifier: Apache-2.0
//! What waits for this person's decision, and what their decision does.

use kith_chain::Call;
use serde_json::{json, Value};

use crate::{
    companion::Companion,
    report::{Done, Failure},
};

/// What the ids of motions that can be vetoed begin with.
const VETO: &str = "veto-";

/// There is nothing to decide under this id.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing waits for a decision under `{0}`. Load the page again")]
pub(crate) struct NothingWaits(String);

/// What waits for one's decision, out of one's own part of the state.
pub(super) fn waiting(me: &Value) -> Vec<Value> {
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
    let motion = motion(id).map_err(Failure::usage)?;
    companion.submit(&Call::VetoMotion(motion)).await?;
    Ok(Done::new(format!("Motion {motion} is closed"), json!({ "motion": motion })))
}

fn motion(id: &str) -> Result<u32, NothingWaits> {
    let number = id.strip_prefix(VETO).and_then(|number| number.parse().ok());
    number.ok_or_else(|| NothingWaits(id.to_owned()))
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
        assert_eq!(motion(found[0]["id"].as_str().unwrap()), Ok(5));
        assert!(waiting(&json!({ "standing": "frozen", "motions": motions })).is_empty());
    }

    #[test]
    fn an_id_under_which_nothing_waits_is_refused() {
        for id in ["", "veto-", "veto-x", "5", "veto-99999999999"] {
            assert_eq!(motion(id), Err(NothingWaits(id.to_owned())));
        }
    }
}
