// SPDX-License-Identifier: Apache-2.0
//! `kith override`: how members change a rule together, over the governing contract's head.

mod rules;

use kith_chain::{Call, Chain, Override, OverrideAction, View};
use kith_primitives::{
    member::{MemberId, Standing},
    parameters::{Parameter, Parameters},
    runtime_api::MemberView,
    BlockNumber,
};
use serde_json::{json, Value};

use super::Context;
use crate::{
    cli::OverrideCommand,
    overriding::{self, is_open, words},
    report::{Done, Failure},
};
use rules::{outcome, Rules};

/// Why there is nothing to propose, to approve or to withdraw.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
enum OverrideError {
    #[error("the constitution has no parameter `{name}`. It has {known}")]
    Unknown { name: String, known: String },
    #[error("{name} can be {least} to {most}, and not {value}")]
    OutOfBounds { name: &'static str, value: u128, least: u128, most: u128 },
    #[error("{name} is {value} already")]
    InForce { name: String, value: u128 },
    #[error("it is decided already that {name} is {value} {when}")]
    Decided { name: String, value: u128, when: String },
    #[error("only members change a rule; you are none, or none any more. `kith status` says where you stand")]
    NotMember,
    #[error("there is no override {0}, or it is decided. `kith override list` says what stands")]
    NoSuch(u32),
    #[error("override {id} could be approved until block {until}. {anew}")]
    Over { id: u32, until: BlockNumber, anew: String },
    #[error("you do not approve of override {0}, so there is nothing to withdraw")]
    NotApproved(u32),
}

pub(super) async fn run(context: &Context, command: &OverrideCommand) -> Result<Done, Failure> {
    match command {
        OverrideCommand::Set { parameter, value } => set(context, parameter, *value).await,
        OverrideCommand::List => list(&context.chain().await?.view().await?).await,
        OverrideCommand::Approve { id } => approve(context, *id).await,
        OverrideCommand::Withdraw { id } => withdraw(context, *id).await,
    }
}

/// Proposes the change, or approves the same one if it stands.
async fn set(context: &Context, name: &str, value: u128) -> Result<Done, Failure> {
    let parameter = typed(name, value).map_err(Failure::usage)?;
    let chain = context.chain().await?;
    let view = chain.view().await?;
    Rules::of(&view).await?.ensure_new(&parameter).map_err(Failure::refused)?;
    let me = member(&context.me(&view).await?).map_err(Failure::refused)?;
    let action = OverrideAction::SetParameter(parameter);
    let (overrides, mine, now) = (view.overrides().await?, view.approves(me).await?, view.block().number);
    let call = overriding::call(me, action.clone(), &overrides, &mine, now).map_err(Failure::refused)?;
    submit(context, &chain, &view, me, &call).await?;
    told(&chain.view().await?, me, &call, &action).await
}

async fn approve(context: &Context, id: u32) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let (overrides, now) = (view.overrides().await?, view.block().number);
    let action = open(&overrides, id, now).map_err(Failure::refused)?.action.clone();
    let me = member(&context.me(&view).await?).map_err(Failure::refused)?;
    let call = Call::ApproveOverride(id);
    submit(context, &chain, &view, me, &call).await?;
    told(&chain.view().await?, me, &call, &action).await
}

async fn withdraw(context: &Context, id: u32) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let me = context.me(&view).await?.id;
    let overrides = view.overrides().await?;
    let action = approved(&overrides, id, &view.approves(me).await?).map_err(Failure::refused)?.action.clone();
    context.submit(&chain, &Call::WithdrawApproval(id)).await?;
    let view = chain.view().await?;
    let left = view.overrides().await?.iter().find(|it| it.id == id).map(|it| it.approvals);
    let outcome = outcome(&view, &action).await?;
    Ok(withdrawn(id, &action, left, outcome.as_deref()))
}

/// What came of taking an approval back, with so many left; there is no number for an override that is gone.
fn withdrawn(id: u32, action: &OverrideAction, left: Option<u32>, outcome: Option<&str>) -> Done {
    let others = match (left, outcome) {
        (Some(left), _) => format!("{left} still do"),
        // Others may have decided it right after.
        (None, Some(outcome)) => format!("it stands no more, and {outcome}"),
        (None, None) => "it is closed".to_owned(),
    };
    let text = format!("You no longer approve of override {id}, to {}; {others}", words(action));
    let data = json!({
        "id": id,
        "action": overriding::data(action),
        "approvals": left.unwrap_or(0),
        "closed": left.is_none() && outcome.is_none(),
        "decided": left.is_none() && outcome.is_some(),
    });
    Done::new(text, data)
}

/// Submits a proposal or an approval. Whoever approves already may ask whether that is enough by now; that it is not, they
/// learn from how it stands.
pub(super) async fn submit(
    context: &Context,
    chain: &Chain,
    view: &View,
    me: MemberId,
    call: &Call,
) -> Result<(), Failure> {
    let again = match call {
        Call::ApproveOverride(id) => view.approves(me).await?.contains(id),
        _ => false,
    };
    let person = context.unlock()?;
    match chain.submit(call, &person).await {
        Err(cause) if again && cause.is_refusal("AlreadyExists") => tracing::debug!("{cause}"),
        outcome => {
            outcome?;
        }
    }
    Ok(())
}

/// The number of who is a member. Others cannot even pay for being refused by the chain.
fn member(me: &MemberView) -> Result<MemberId, OverrideError> {
    if me.standing != Standing::Member {
        return Err(OverrideError::NotMember);
    }
    Ok(me.id)
}

/// The change that was typed.
fn typed(name: &str, value: u128) -> Result<Parameter, OverrideError> {
    let unknown = || {
        let known: Vec<&str> = Parameters::table().iter().map(|(name, ..)| *name).collect();
        OverrideError::Unknown { name: name.to_owned(), known: known.join(", ") }
    };
    let found = Parameters::table().iter().find(|(known, ..)| *known == name);
    let (name, _, _, least, most) = *found.ok_or_else(unknown)?;
    if !(least..=most).contains(&value) {
        return Err(OverrideError::OutOfBounds { name, value, least, most });
    }
    serde_json::from_str(&format!("{{\"{name}\":{value}}}")).map_err(|_| unknown())
}

/// The override with this number, if it can be approved at block `now`.
fn open(overrides: &[Override], id: u32, now: BlockNumber) -> Result<&Override, OverrideError> {
    let it = overrides.iter().find(|it| it.id == id).ok_or(OverrideError::NoSuch(id))?;
    if !is_open(it, now) {
        let anew = match overriding::command(&it.action) {
            Some(command) => format!("Propose it anew with `{command}`"),
            None => "It has to be proposed anew".to_owned(),
        };
        return Err(OverrideError::Over { id, until: it.expires, anew });
    }
    Ok(it)
}

/// The override with this number, if it is among those one approves of. It may be over.
fn approved<'a>(overrides: &'a [Override], id: u32, mine: &[u32]) -> Result<&'a Override, OverrideError> {
    let it = overrides.iter().find(|it| it.id == id).ok_or(OverrideError::NoSuch(id))?;
    if !mine.contains(&id) {
        return Err(OverrideError::NotApproved(id));
    }
    Ok(it)
}

/// How what I proposed or approved with this call stands now.
async fn told(view: &View, me: MemberId, call: &Call, action: &OverrideAction) -> Result<Done, Failure> {
    let outcome = outcome(view, action).await?;
    let ((needed, _), overrides) = (overriding::quorum(view).await?, view.overrides().await?);
    let standing = concerned(&overrides, me, call, action);
    Ok(progress(action, outcome.as_deref(), standing, needed, view.block().number))
}

/// The override that the call approved of or made, while it stands. Nobody has two: a new one takes the place of one that is over.
fn concerned<'a>(
    overrides: &'a [Override],
    me: MemberId,
    call: &Call,
    action: &OverrideAction,
) -> Option<&'a Override> {
    overrides.iter().find(|it| match call {
        Call::ApproveOverride(id) => it.id == *id,
        _ => it.proposer == me && it.action == *action,
    })
}

/// What stands is not decided, though the governing contract may have brought the same about.
fn progress(
    action: &OverrideAction,
    outcome: Option<&str>,
    standing: Option<&Override>,
    needed: u32,
    now: BlockNumber,
) -> Done {
    let text = match (standing, outcome) {
        (Some(it), _) if !is_open(it, now) => {
            format!("Until block {} not enough approved to {}", it.expires, words(action))
        }
        (Some(it), _) => format!(
            "{} of {needed} approvals to {}. The others run `kith override approve {}` until block {}",
            it.approvals,
            words(action),
            it.id,
            it.expires
        ),
        (None, Some(outcome)) => format!("Enough approve: {outcome}"),
        (None, None) => format!("Nobody proposes any more to {}", words(action)),
    };
    let data = json!({
        "action": overriding::data(action),
        "decided": standing.is_none() && outcome.is_some(),
        "id": standing.map(|it| it.id),
        "approvals": standing.map(|it| it.approvals),
        "needed": needed,
        "until": standing.map(|it| it.expires),
    });
    Done::new(text, data)
}

/// What stands, and what is decided and not in force yet.
async fn list(view: &View) -> Result<Done, Failure> {
    let (overrides, now, rules) = (view.overrides().await?, view.block().number, Rules::of(view).await?);
    let (needed, members) = overriding::quorum(view).await?;
    let lines = lines(&overrides, &rules, (needed, members), now);
    let data = json!({
        "overrides": overrides.iter().map(|it| shown(it, now)).collect::<Vec<_>>(),
        "needed": needed,
        "members": members,
        "scheduled": rules.decided().iter().map(|(name, value)| {
            json!({ "parameter": name, "value": value.to_string(), "from": rules.next_era })
        }).collect::<Vec<_>>(),
    });
    Ok(Done::new(lines.join("\n"), data))
}

/// A line for each, and one that says how many of the members it takes.
fn lines(overrides: &[Override], rules: &Rules, (needed, members): (u32, u32), now: BlockNumber) -> Vec<String> {
    let standing = overrides.iter().map(|it| {
        let (id, to, approvals) = (it.id, words(&it.action), it.approvals);
        if is_open(it, now) {
            format!("override {id:<5} {to}: {approvals} of {needed} approvals, until block {}", it.expires)
        } else {
            format!("override {id:<5} {to}: not enough approved until block {}", it.expires)
        }
    });
    let decided = rules.decided();
    let decided = decided.iter().map(|(name, value)| format!("decided        {name} is {value} {}", rules.when()));
    let mut lines: Vec<String> = standing.chain(decided).collect();
    if lines.is_empty() {
        lines.push("nothing is proposed: `kith override set` does".to_owned());
    }
    lines.push(format!("members        {members}, of whom {needed} decide"));
    lines
}

fn shown(it: &Override, now: BlockNumber) -> Value {
    json!({
        "id": it.id,
        "action": overriding::data(&it.action),
        "words": words(&it.action),
        "proposer": it.proposer,
        "approvals": it.approvals,
        "until": it.expires,
        "open": is_open(it, now),
    })
}

#[cfg(test)]
mod tests;
