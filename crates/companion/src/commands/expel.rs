// SPDX-License-Identifier: Apache-2.0
//! `kith expel`: how members together remove someone, over the governing contract's head.

use kith_chain::{Call, Override, View};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
    BlockNumber,
};
use serde_json::json;

use super::Context;
use crate::{
    cli::ExpelArgs,
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
    #[error("you propose another override already, number {id}, until block {until}. Wait until it is decided")]
    Proposing { id: u32, until: BlockNumber },
}

pub(super) async fn expel(context: &Context, arguments: &ExpelArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let (me, person) = (context.me(&view).await?.id, context.who(&view, &arguments.who).await?);
    let (overrides, now) = (view.overrides().await?, view.block().number);
    let call = call(me, &person, &overrides, now).map_err(Failure::refused)?;
    let mine = view.approves(me).await?;
    let again = matches!(call, Call::ApproveOverride(id) if mine.contains(&id));
    match (again, context.submit(&chain, &call).await) {
        // Whoever approves already may ask whether that is enough by now; that it is not, they learn below.
        (true, Err(failure)) if failure.is_refusal() => tracing::debug!("{failure}"),
        (_, outcome) => outcome?,
    }
    told(context, &chain.view().await?, person.id).await
}

/// Proposes it, or approves what is proposed.
fn call(me: MemberId, person: &MemberView, overrides: &[Override], now: BlockNumber) -> Result<Call, ExpelError> {
    if person.id == me {
        return Err(ExpelError::Oneself);
    }
    if person.standing == Standing::Removed {
        return Err(ExpelError::Gone(person.id));
    }
    let open = |it: &&Override| now <= it.expires;
    // The one nearest to its end of being decided, of several.
    let fitting = overrides.iter().filter(open).filter(|it| it.expels == Some(person.id));
    if let Some(it) = fitting.max_by_key(|it| (it.approvals, std::cmp::Reverse(it.id))) {
        return Ok(Call::ApproveOverride(it.id));
    }
    match overrides.iter().filter(open).find(|it| it.proposer == me) {
        Some(other) => Err(ExpelError::Proposing { id: other.id, until: other.expires }),
        None => Ok(Call::ProposeExpulsion(person.id)),
    }
}

/// How it stands now.
async fn told(context: &Context, view: &View, person: MemberId) -> Result<Done, Failure> {
    let now = context.who(view, &person.to_string()).await?;
    if now.standing == Standing::Removed {
        let text = format!("Person {person} is expelled. No store talks to their devices any more, and nothing that is published from now on is readable to them");
        return Ok(Done::new(text, json!({ "person": person, "expelled": true })));
    }
    let members = view.members().await?.iter().filter(|one| one.standing == Standing::Member).count();
    let needed = needed(view.parameters().await?.override_percent, u32::try_from(members).unwrap_or(u32::MAX));
    let block = view.block().number;
    let overrides = view.overrides().await?;
    let fitting = overrides.iter().filter(|it| it.expels == Some(person) && block <= it.expires);
    let open = fitting.max_by_key(|it| (it.approvals, std::cmp::Reverse(it.id)));
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

/// Approvals an override takes: this percentage of the members, rounded up, and two where there are two.
fn needed(percent: u32, members: u32) -> u32 {
    let share = (u64::from(percent) * u64::from(members)).div_ceil(100);
    u32::try_from(share).unwrap_or(u32::MAX).max(members.min(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::{member::EncryptionKey, AccountId};

    fn person(id: u32, standing: Standing) -> MemberView {
        MemberView {
            id,
            account: AccountId::new([0; 32]),
            encryption_key: EncryptionKey([0; 32]),
            standing,
            vouches: 2,
            devices: Vec::new(),
            quota: 0,
            frozen: false,
            keyed_at: 0,
            lapses_at: None,
        }
    }

    fn it(id: u32, proposer: u32, expels: Option<u32>, approvals: u32, expires: u32) -> Override {
        Override { id, proposer, expels, approvals, expires }
    }

    #[test]
    fn the_open_proposal_is_approved_and_otherwise_one_is_made() {
        let three = person(3, Standing::Member);
        assert_eq!(call(1, &three, &[], 10), Ok(Call::ProposeExpulsion(3)));
        let all =
            [it(4, 2, Some(3), 1, 9), it(5, 2, Some(8), 3, 20), it(6, 0, Some(3), 1, 20), it(7, 9, Some(3), 2, 10)];
        assert_eq!(call(1, &three, &all, 10), Ok(Call::ApproveOverride(7)));
        assert_eq!(call(1, &three, &all, 11), Ok(Call::ApproveOverride(6)));
        assert_eq!(call(1, &three, &all, 21), Ok(Call::ProposeExpulsion(3)));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let three = person(3, Standing::Member);
        let mine = [it(4, 1, None, 1, 20)];
        assert_eq!(call(1, &three, &mine, 20), Err(ExpelError::Proposing { id: 4, until: 20 }));
        assert_eq!(call(1, &three, &mine, 21), Ok(Call::ProposeExpulsion(3)));
        assert_eq!(call(3, &three, &[], 1), Err(ExpelError::Oneself));
        assert_eq!(call(1, &person(3, Standing::Removed), &[], 1), Err(ExpelError::Gone(3)));
    }

    #[test]
    fn it_takes_a_share_of_the_members_and_never_one_alone() {
        let cases = [(67, 1, 1), (67, 2, 2), (51, 2, 2), (67, 3, 3), (67, 4, 3), (67, 300, 201), (100, 300, 300)];
        for (percent, members, expected) in cases {
            assert_eq!(needed(percent, members), expected, "{percent} % of {members}");
        }
    }
}
