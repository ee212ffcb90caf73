// SPDX-License-Identifier: Apache-2.0
//! `kith guardians`: who together may freeze a key, and give a new one.

use kith_chain::{Call, View};
use kith_primitives::runtime_api::MemberView;
use serde_json::json;

use super::{freezing::keys, Context};
use crate::{
    cli::GuardiansCommand,
    guarding,
    report::{Done, Failure},
};

pub(super) async fn run(context: &Context, command: &GuardiansCommand) -> Result<Done, Failure> {
    match command {
        GuardiansCommand::Show { who } => {
            let view = context.chain().await?.view().await?;
            let person = someone(context, &view, who.as_deref()).await?;
            shown(&view, &person).await
        }
        GuardiansCommand::Choose { who } => choose(context, who).await,
        GuardiansCommand::Reset => choose(context, &[]).await,
    }
}

/// The person named, or oneself.
pub(super) async fn someone(context: &Context, view: &View, who: Option<&str>) -> Result<MemberView, Failure> {
    match who {
        Some(who) => context.who(view, who).await,
        None => context.me(view).await,
    }
}

/// Where someone's key stands, whole.
pub(super) async fn shown(view: &View, person: &MemberView) -> Result<Done, Failure> {
    let keys = keys(view, person.id).await?;
    let needed = view.parameters().await?.recovery_threshold;
    let mut lines = vec![format!("person      {}", person.id)];
    lines.extend(guarding::lines(&keys, needed, view.block().number));
    let data = json!({ "person": person.id, "needed": needed, "keys": keys });
    Ok(Done::new(lines.join("\n"), data))
}

async fn choose(context: &Context, who: &[String]) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let mut guardians = Vec::with_capacity(who.len());
    for one in who {
        guardians.push(context.who(&view, one).await?.id);
    }
    context.submit(&chain, &Call::ChooseGuardians(guardians.clone())).await?;
    let now = chain.view().await?;
    let from = now.block().number.saturating_add(now.parameters().await?.recovery_delay);
    let whom = match guardians.as_slice() {
        [] => "those on whose word you became a member guard your key".to_owned(),
        some => {
            let some: Vec<String> = some.iter().map(u32::to_string).collect();
            format!("members {} guard your key", some.join(", "))
        }
    };
    let text = format!("From about block {from} on, {whom}. Until then it is guarded as before, lest a thief choose");
    Ok(Done::new(text, json!({ "guardians": guardians, "from": from })))
}
