// SPDX-License-Identifier: Apache-2.0
//! `kith expel`: how members together remove someone, over the governing contract's head.

use kith_chain::{Call, Override, OverrideAction, View};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
    BlockNumber,
};
use serde_json::json;

use super::{overrides::submit, Context};
use crate::{
    cli::ExpelArgs,
    overriding::{self, Proposing},
    report::{Done, Failure},
};

/// Why nobody is expelled so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
enum ExpelError {
    #[error("person {0} belongs to the community no more")]
    Gone(MemberId),
    #[error("you cannot expel yourself. To go, run `kith leave`")]
    Oneself,
    #[error(transparent)]
    Proposing(#[from] Proposing),
}

pub(super) async fn expel(context: &Context, arguments: &ExpelArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let (me, person) = (context.me(&view).await?.id, context.who(&view, &arguments.who).await?);
    let (overrides, mine, now) = (view.overrides().await?, view.approves(me).await?, view.block().number);
    let call = call(me, &person, &overrides, &mine, now).map_err(Failure::refused)?;
    submit(context, &chain, &view, me, &call).await?;
    told(context, &chain.view().await?, person.id).await
}

/// Proposes it, or approves what is proposed.
fn call(
    me: MemberId,
    person: &MemberView,
    overrides: &[Override],
    mine: &[u32],
    now: BlockNumber,
) -> Result<Call, ExpelError> {
    if person.id == me {
        return Err(ExpelError::Oneself);
    }
    if person.standing == Standing::Removed {
        return Err(ExpelError::Gone(person.id));
    }
    Ok(overriding::call(me, OverrideAction::RemoveMember(person.id), overrides, mine, now)?)
}

/// How it stands now.
async fn told(context: &Context, view: &View, person: MemberId) -> Result<Done, Failure> {
    let now = context.who(view, &person.to_string()).await?;
    if now.standing == Standing::Removed {
        let text = format!("Person {person} is expelled. No store talks to their devices any more, and nothing that is published from now on is readable to them");
        return Ok(Done::new(text, json!({ "person": person, "expelled": true })));
    }
    let (needed, _) = overriding::quorum(view).await?;
    let overrides = view.overrides().await?;
    let open = overriding::nearest(&overrides, &OverrideAction::RemoveMember(person), view.block().number);
    let (id, approvals, until) = open.map_or((None, 0, None), |it| (Some(it.id), it.approvals, Some(it.expires)));
    let text = match until {
        Some(until) => format!(
            "{approvals} of {needed} members approve of expelling person {person}. The others run `kith expel {person}` until block {until}"
        ),
        None => format!("Nobody proposes any more to expel person {person}"),
    };
    let data = json!({
        "person": person, "expelled": false, "override": id, "approvals": approvals, "needed": needed, "until": until,
    });
    Ok(Done::new(text, data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;

    fn it(id: u32, proposer: u32, action: OverrideAction) -> Override {
        Override { id, proposer, action, approvals: 1, expires: 20 }
    }

    #[test]
    fn who_is_to_go_is_proposed_or_approved_of() {
        let three = person(3, Standing::Member, false);
        let expulsion = OverrideAction::RemoveMember(3);
        assert_eq!(call(1, &three, &[], &[], 10), Ok(Call::ProposeOverride(expulsion.clone())));
        let all = [it(5, 2, OverrideAction::RemoveMember(8)), it(6, 0, expulsion)];
        assert_eq!(call(1, &three, &all, &[], 10), Ok(Call::ApproveOverride(6)));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let three = person(3, Standing::Member, false);
        let mine = [it(4, 1, OverrideAction::RemoveMember(8))];
        let proposing = ExpelError::Proposing(Proposing::Approving { id: 4, until: 20 });
        assert_eq!(call(1, &three, &mine, &[4], 20), Err(proposing));
        assert_eq!(call(3, &three, &[], &[], 1), Err(ExpelError::Oneself));
        assert_eq!(call(1, &person(3, Standing::Removed, false), &[], &[], 1), Err(ExpelError::Gone(3)));
    }
}
