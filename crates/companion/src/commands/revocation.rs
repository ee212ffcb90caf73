// SPDX-License-Identifier: Apache-2.0
//! `kith revocation`: the document that freezes a key the day it is lost.

use std::path::Path;

use serde_json::json;

use super::{freezing::keys, join::hand_over, Context};
use crate::{
    cli::RevocationCommand,
    papers::recovery::Revocation,
    person::address,
    report::{Done, Failure},
};

pub(super) async fn run(context: &Context, command: &RevocationCommand) -> Result<Done, Failure> {
    match command {
        RevocationCommand::Write { out } => write(context, out.as_deref()),
        RevocationCommand::Submit { document } => submit(context, document).await,
    }
}

fn write(context: &Context, out: Option<&Path>) -> Result<Done, Failure> {
    let genesis = context.genesis()?;
    let file = Revocation::sign(&context.unlock()?, genesis).file();
    let advice = "Keep it away from this machine, on paper or with a friend: whoever has it can freeze your key, and do nothing else with it";
    hand_over(out, &file, advice)
}

async fn submit(context: &Context, document: &Path) -> Result<Done, Failure> {
    let revocation = Revocation::read(document, &context.genesis()?).map_err(Failure::usage)?;
    let owner = address(revocation.account.clone().into());
    let chain = context.chain().await?;
    let person = context.who(&chain.view().await?, &owner).await?.id;
    context.submit(&chain, &revocation.call()).await?;
    let after = keys(&chain.view().await?, person).await?;
    let text = format!(
        "The key {owner} of person {person} counts for nothing any more. They ask their guardians for a new one with `kith recover request`"
    );
    Ok(Done::new(text, json!({ "person": person, "frozen": after.frozen_since.is_some(), "revoked": after.revoked })))
}
