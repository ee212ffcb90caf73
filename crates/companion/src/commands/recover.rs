// SPDX-License-Identifier: Apache-2.0
//! `kith recover`: a person whose key is lost gets a new one from their guardians.

use std::path::Path;

use kith_chain::{Call, View};
use kith_primitives::{
    member::MemberId,
    runtime_api::{MotionAim, MotionView},
};
use serde_json::json;

use super::{
    freezing::keys,
    guardians::{shown, someone},
    join::hand_over,
    Context,
};
use crate::{
    cli::RecoverCommand,
    guarding::{self, pick},
    papers::recovery::Request,
    person::address,
    report::{Done, Failure},
};

pub(super) async fn run(context: &Context, command: &RecoverCommand) -> Result<Done, Failure> {
    match command {
        RecoverCommand::Request { person, expires, out } => request(context, person, *expires, out.as_deref()).await,
        RecoverCommand::Propose { request } => propose(context, request).await,
        RecoverCommand::Approve { person, motion } => approve(context, person, *motion).await,
        RecoverCommand::Complete { person, motion } => complete(context, person, *motion).await,
        RecoverCommand::Veto { motion } => veto(context, *motion).await,
        RecoverCommand::Show { person } => {
            let view = context.chain().await?.view().await?;
            let person = someone(context, &view, person.as_deref()).await?;
            shown(&view, &person).await
        }
    }
}

/// Signs a request with the keys of this machine; a node is asked only for the number behind an address.
async fn request(context: &Context, who: &str, expires: u32, out: Option<&Path>) -> Result<Done, Failure> {
    let genesis = context.genesis()?;
    let person = match who.parse::<MemberId>() {
        Ok(number) => number,
        Err(_) => context.who(&context.chain().await?.view().await?, who).await?.id,
    };
    let file = Request::sign(&context.unlock()?, genesis, person, expires).file();
    hand_over(out, &file, "Give it to your guardians, who must see that it is you")
}

/// Opens a motion for a request, or approves the one there is for the same key.
async fn propose(context: &Context, path: &Path) -> Result<Done, Failure> {
    let request = Request::read(path, &context.genesis()?).map_err(Failure::usage)?;
    let chain = context.chain().await?;
    let (person, account) = (request.key.person, request.key.account.clone());
    let aim = MotionAim::NewKey(account);
    let before = keys(&chain.view().await?, person).await?;
    let call = match before.motions.iter().find(|motion| motion.aim == aim) {
        Some(motion) => Call::ApproveMotion { person, motion: motion.id },
        None => request.call(),
    };
    context.submit(&chain, &call).await?;
    let view = chain.view().await?;
    let after = keys(&view, person).await?;
    let motion = after.motions.iter().find(|motion| motion.aim == aim);
    told(&view, person, motion).await
}

async fn approve(context: &Context, who: &str, motion: Option<u32>) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let person = context.who(&view, who).await?.id;
    let before = keys(&view, person).await?;
    let motion = pick(person, &before, motion, |_| true).map_err(Failure::usage)?.id;
    context.submit(&chain, &Call::ApproveMotion { person, motion }).await?;
    let view = chain.view().await?;
    let after = keys(&view, person).await?;
    told(&view, person, after.motions.iter().find(|one| one.id == motion)).await
}

/// How far a motion has come; one that is gone has taken effect.
async fn told(view: &View, person: MemberId, motion: Option<&MotionView>) -> Result<Done, Failure> {
    let needed = view.parameters().await?.recovery_threshold;
    let text = match motion {
        None => format!("Done: the guardians of person {person} agreed"),
        Some(motion) => format!(
            "Motion {} to {} (person {person}): {}",
            motion.id,
            guarding::aim(&motion.aim),
            guarding::progress(motion, needed, view.block().number)
        ),
    };
    let data = json!({
        "person": person,
        "needed": needed,
        "motion": motion.map(|motion| motion.id),
        "approvals": motion.map(|motion| &motion.approvals),
        "closes": motion.map(|motion| motion.closes),
        "due": motion.and_then(|motion| motion.due),
    });
    Ok(Done::new(text, data))
}

async fn complete(context: &Context, who: &str, motion: Option<u32>) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let person = context.who(&view, who).await?.id;
    let before = keys(&view, person).await?;
    let motion = pick(person, &before, motion, guarding::is_new_key).map_err(Failure::usage)?.id;
    context.submit(&chain, &Call::CompleteMotion { person, motion }).await?;
    let now = context.who(&chain.view().await?, &person.to_string()).await?;
    let text = format!(
        "Person {person} has the key {}. Where others published for them, companions hand them the content keys again",
        address(now.account.clone().into())
    );
    Ok(Done::new(text, json!(now)))
}

async fn veto(context: &Context, motion: Option<u32>) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let me = context.me(&view).await?.id;
    let about_me = keys(&view, me).await?;
    let motion = pick(me, &about_me, motion, guarding::is_new_key).map_err(Failure::usage)?.id;
    context.submit(&chain, &Call::VetoMotion(motion)).await?;
    let text = format!("Motion {motion} is closed: you keep your key, and have the deposit of who opened it");
    Ok(Done::new(text, json!({ "person": me, "motion": motion })))
}
