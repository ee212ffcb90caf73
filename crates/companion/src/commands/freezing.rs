// SPDX-License-Identifier: Apache-2.0
//! `kith freeze` and `kith unfreeze`: whether the key of someone one guards counts.

use kith_chain::{Call, Proposal, View, ViewError};
use kith_primitives::{
    member::MemberId,
    runtime_api::{KeysView, MotionAim},
};
use serde_json::json;

use super::Context;
use crate::{
    cli::WhoArgs,
    guarding,
    report::{Done, Failure},
};

/// Why there is nothing to freeze or unfreeze.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
enum FreezeError {
    #[error("the key of person {person} is frozen already, since block {since}")]
    Frozen { person: MemberId, since: u32 },
    #[error("the key of person {0} is not frozen")]
    NotFrozen(MemberId),
    #[error("person {0} revoked the key: only a new one helps. They ask for it with `kith recover request`")]
    Revoked(MemberId),
}

pub(super) async fn freeze(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    move_it(context, &arguments.who, Proposal::Freeze).await
}

pub(super) async fn unfreeze(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    move_it(context, &arguments.who, Proposal::Unfreeze).await
}

/// What the key of a person needs, and whom it takes.
pub(super) async fn keys(view: &View, person: MemberId) -> Result<KeysView, Failure> {
    let missing = ViewError::Missing { what: "the person's keys", block: view.block().number };
    Ok(view.keys(person).await?.ok_or(missing)?)
}

/// Refuses what is so already.
fn check(person: MemberId, keys: &KeysView, aim: &MotionAim) -> Result<(), FreezeError> {
    match (aim, keys.frozen_since) {
        (MotionAim::Freeze, Some(since)) => Err(FreezeError::Frozen { person, since }),
        (MotionAim::Unfreeze, None) => Err(FreezeError::NotFrozen(person)),
        (MotionAim::Unfreeze, Some(_)) if keys.revoked => Err(FreezeError::Revoked(person)),
        _ => Ok(()),
    }
}

/// Opens the motion, or approves the one that is open.
async fn move_it(context: &Context, who: &str, proposal: Proposal) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let person = context.who(&view, who).await?.id;
    let before = keys(&view, person).await?;
    let aim = if proposal == Proposal::Freeze { MotionAim::Freeze } else { MotionAim::Unfreeze };
    check(person, &before, &aim).map_err(Failure::refused)?;
    let now = view.block().number;
    let open = before.motions.iter().find(|motion| motion.aim == aim && now < motion.closes);
    let call = match open {
        Some(motion) => Call::ApproveMotion { person, motion: motion.id },
        None => Call::OpenMotion { person, proposal },
    };
    context.submit(&chain, &call).await?;
    let view = chain.view().await?;
    let (after, needed) = (keys(&view, person).await?, view.parameters().await?.recovery_threshold);
    let frozen = after.frozen_since.is_some();
    let text = match after.motions.iter().find(|motion| motion.aim == aim) {
        Some(motion) => format!(
            "To {} of person {person}: {}",
            if aim == MotionAim::Freeze { "freeze the key" } else { "unfreeze the key" },
            guarding::progress(motion, needed, view.block().number)
        ),
        None if frozen => format!("The key of person {person} is frozen: it counts for nothing"),
        None => format!("The key of person {person} counts again"),
    };
    Ok(Done::new(text, json!({ "person": person, "frozen": frozen, "needed": needed, "keys": after })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(frozen_since: Option<u32>, revoked: bool) -> KeysView {
        KeysView { guardians: Vec::new(), frozen_since, revoked, motions: Vec::new() }
    }

    #[test]
    fn what_is_so_already_is_refused() {
        let (freeze, unfreeze) = (MotionAim::Freeze, MotionAim::Unfreeze);
        assert_eq!(check(3, &keys(None, false), &freeze), Ok(()));
        assert_eq!(check(3, &keys(Some(9), false), &unfreeze), Ok(()));
        let frozen = FreezeError::Frozen { person: 3, since: 9 };
        assert_eq!(check(3, &keys(Some(9), false), &freeze), Err(frozen));
        assert_eq!(check(3, &keys(None, false), &unfreeze), Err(FreezeError::NotFrozen(3)));
        assert_eq!(check(3, &keys(Some(9), true), &unfreeze), Err(FreezeError::Revoked(3)));
    }
}
