// SPDX-License-Identifier: Apache-2.0
//! The rules in force, and what is decided of them: what is worth proposing, and what came of it.

use kith_chain::{OverrideAction, View};
use kith_primitives::{
    member::Standing,
    parameters::{Parameter, Parameters},
    BlockNumber,
};

use super::OverrideError;
use crate::{
    overriding::{changes, parts, words},
    report::Failure,
};

/// The rules, and what is decided of them.
pub(super) struct Rules {
    pub(super) in_force: Parameters,
    pub(super) scheduled: Option<Parameters>,
    pub(super) next_era: Option<BlockNumber>,
}

impl Rules {
    pub(super) async fn of(view: &View) -> Result<Self, Failure> {
        let (in_force, scheduled) = (view.parameters().await?, view.scheduled().await?);
        Ok(Self { in_force, scheduled, next_era: view.next_era().await? })
    }

    /// From when on what is decided holds.
    pub(super) fn when(&self) -> String {
        self.next_era.map_or_else(|| "once an era has started".to_owned(), |block| format!("from block {block} on"))
    }

    /// Refuses what is so, or will be without anybody's doing.
    pub(super) fn ensure_new(&self, parameter: &Parameter) -> Result<(), OverrideError> {
        let next = self.scheduled.as_ref().unwrap_or(&self.in_force);
        let (name, value) = parts(parameter);
        if changed(next, parameter) {
            Ok(())
        } else if changed(&self.in_force, parameter) {
            Err(OverrideError::Decided { name, value, when: self.when() })
        } else {
            Err(OverrideError::InForce { name, value })
        }
    }

    /// What the change comes to, if it is decided.
    pub(super) fn outcome(&self, parameter: &Parameter) -> Option<String> {
        match self.ensure_new(parameter).err()? {
            OverrideError::Decided { name, value, when } => Some(format!("{name} is {value} {when}")),
            so => Some(so.to_string()),
        }
    }

    /// What is decided and not in force yet: a parameter and its value each.
    pub(super) fn decided(&self) -> Vec<(String, u128)> {
        self.scheduled.as_ref().map(|next| changes(&self.in_force, next)).unwrap_or_default()
    }
}

/// Whether the new value changes the parameters.
fn changed(parameters: &Parameters, parameter: &Parameter) -> bool {
    let mut next = parameters.clone();
    parameter.clone().apply(&mut next);
    next != *parameters
}

/// What the change comes to, if it is in force or will be without anybody's doing.
pub(super) async fn outcome(view: &View, action: &OverrideAction) -> Result<Option<String>, Failure> {
    Ok(match action {
        OverrideAction::SetParameter(parameter) => Rules::of(view).await?.outcome(parameter),
        OverrideAction::SetDoug(doug) => {
            (view.doug().await?.as_ref() == Some(doug)).then(|| format!("it is done, to {}", words(action)))
        }
        OverrideAction::RemoveMember(person) => {
            let gone = view.member(*person).await?.is_none_or(|one| one.standing == Standing::Removed);
            gone.then(|| format!("it is done, to {}", words(action)))
        }
    })
}
