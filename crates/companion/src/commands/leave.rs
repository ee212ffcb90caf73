// SPDX-License-Identifier: Apache-2.0
//! `kith leave`: how one ends one's own membership, for good.

use kith_chain::Call;
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
};
use serde_json::json;

use super::{consent, Context};
use crate::{
    cli::LeaveArgs,
    report::{Done, Failure},
};

/// What one types to leave.
const WORD: &str = "leave";

/// Why one does not leave.
#[derive(Debug, thiserror::Error)]
enum LeaveError {
    #[error("person {0} has left the community, or was removed from it, already")]
    Gone(MemberId),
}

pub(super) async fn leave(context: &Context, arguments: &LeaveArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let me = context.me(&chain.view().await?).await?;
    ensure_here(&me).map_err(Failure::usage)?;
    consent::ensure(arguments.yes, WORD, &meaning(me.id))?;
    context.submit(&chain, &Call::Leave).await?;
    let text = format!(
        "Person {} has left. Others can no longer reach your devices' stores, and what you published is kept until its lease ends",
        me.id
    );
    Ok(Done::new(text, json!({ "person": me.id, "standing": Standing::Removed })))
}

/// Nobody leaves twice.
fn ensure_here(me: &MemberView) -> Result<(), LeaveError> {
    if me.standing == Standing::Removed {
        return Err(LeaveError::Gone(me.id));
    }
    Ok(())
}

/// What leaving means.
fn meaning(me: MemberId) -> String {
    format!(
        "You leave for good, as person {me}: your keys are never taken again, your vouches end, and what others let you read is closed to you."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;

    #[test]
    fn who_is_gone_does_not_leave_again() {
        for standing in [Standing::Candidate, Standing::Member, Standing::Lapsed] {
            assert!(ensure_here(&person(3, standing, false)).is_ok(), "{standing:?}");
        }
        assert!(matches!(ensure_here(&person(3, Standing::Removed, false)), Err(LeaveError::Gone(3))));
    }

    #[test]
    fn one_is_told_who_leaves_and_that_it_is_for_good() {
        assert!(meaning(3).contains("for good, as person 3"));
    }
}
