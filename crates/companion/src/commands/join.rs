// SPDX-License-Identifier: Apache-2.0
//! `kith apply`, `kith sponsor`, `kith vouch`: how a newcomer becomes a member.

use std::path::Path;

use kith_chain::{Call, Chain};
use kith_primitives::{member::Standing, runtime_api::MemberView};
use serde::Serialize;
use serde_json::json;

use super::Context;
use crate::{
    cli::{ApplyArgs, SponsorArgs, WhoArgs},
    distance::{self, Distance},
    papers::{self, application::SignedApplication},
    person::{address, Person},
    report::{Done, Failure},
};

/// What there may be to do after a vouch: ask for referees, show that they are linked, look again.
const STEPS: u32 = 3;

/// Why an application cannot be written or submitted.
#[derive(Debug, thiserror::Error)]
enum ApplicationError {
    #[error(
        "this machine does not know which community to apply to. Run `kith init --community <chain specification>`"
    )]
    NoCommunity,
    #[error("the application is for another community ({theirs}) than yours ({ours})")]
    OtherCommunity { theirs: String, ours: String },
}

/// Writes a signed application; needs no network.
pub(super) fn apply(context: &Context, arguments: &ApplyArgs) -> Result<Done, Failure> {
    let genesis = context.settings.genesis.ok_or(ApplicationError::NoCommunity).map_err(Failure::usage)?;
    let file = SignedApplication::sign(&context.unlock()?, genesis, arguments.expires).file();
    hand_over(arguments.out.as_deref(), &file, "Give it to a member, who sponsors you with it")
}

/// Writes a paper to a file, or shows it if there is none.
pub(super) fn hand_over(out: Option<&Path>, file: &impl Serialize, advice: &str) -> Result<Done, Failure> {
    let text = serde_json::to_string_pretty(file)?;
    let data = serde_json::to_value(file)?;
    let Some(path) = out else { return Ok(Done::new(text, data)) };
    papers::write(path, &text)?;
    Ok(Done::new(format!("Wrote {}. {advice}", path.display()), data))
}

/// Submits an application with one's first vouch.
pub(super) async fn sponsor(context: &Context, arguments: &SponsorArgs) -> Result<Done, Failure> {
    let signed = SignedApplication::read(&arguments.application).map_err(Failure::usage)?;
    let chain = context.chain().await?;
    if signed.application.genesis != chain.genesis() {
        let (theirs, ours) = (hex::encode(signed.application.genesis), hex::encode(chain.genesis()));
        return Err(Failure::refused(ApplicationError::OtherCommunity { theirs, ours }));
    }
    let (account, person) = (signed.application.account.clone(), context.unlock()?);
    chain.submit(&Call::Sponsor { application: signed.application, signature: signed.signature }, &person).await?;
    admitted(context, &chain, &person, &address(account.into())).await
}

/// Vouches for someone.
pub(super) async fn vouch(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let subject = context.who(&chain.view().await?, &arguments.who).await?;
    let person = context.unlock()?;
    chain.submit(&Call::Vouch(subject.id), &person).await?;
    admitted(context, &chain, &person, &subject.id.to_string()).await
}

/// Does what is still to be done for someone who was just vouched for, and says where they stand now.
pub(super) async fn admitted(context: &Context, chain: &Chain, signer: &Person, who: &str) -> Result<Done, Failure> {
    for _ in 0..STEPS {
        let view = chain.view().await?;
        let (now, needed) = (context.who(&view, who).await?, view.parameters().await?.admission_threshold);
        if now.standing == Standing::Member || now.vouches < needed {
            return Ok(told(&now, needed, None));
        }
        match distance::missing(&view, now.id).await? {
            Distance::Submit(call) => {
                // The vouch itself has taken effect; what failed here is tried again by every companion concerned, if
                // none of them was faster.
                if let Err(cause) = chain.submit(&call, signer).await {
                    tracing::info!("person {} was not shown to be near: {cause}", now.id);
                    let now = context.who(&chain.view().await?, who).await?;
                    return Ok(told(&now, needed, Some(Distance::Undrawn)));
                }
            }
            missing => return Ok(told(&now, needed, Some(missing))),
        }
    }
    let view = chain.view().await?;
    let needed = view.parameters().await?.admission_threshold;
    Ok(told(&context.who(&view, who).await?, needed, None))
}

/// Where someone stands who was vouched for.
fn told(person: &MemberView, needed: u32, missing: Option<Distance>) -> Done {
    let (id, vouches) = (person.id, person.vouches);
    let standing = match person.standing {
        Standing::Candidate => "a candidate",
        Standing::Member => "a member",
        Standing::Lapsed => "lapsed",
        Standing::Removed => "removed",
    };
    let advice = match missing {
        _ if person.standing == Standing::Member => "",
        None if vouches < needed => ". Others who know them run `kith vouch` too",
        Some(Distance::Short) => {
            ". They know too few of those who hold the community together: somebody who is vouched for by many must vouch for them too"
        }
        None | Some(_) => {
            ". They are a member as soon as the community has drawn whom to ask; your companion does the rest"
        }
    };
    Done::new(format!("Person {id} has {vouches} of {needed} vouches and is {standing}{advice}"), json!(person))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::{member::EncryptionKey, AccountId};

    fn said(standing: Standing, vouches: u32, missing: Option<Distance>) -> String {
        let person = MemberView {
            id: 3,
            account: AccountId::new([0; 32]),
            encryption_key: EncryptionKey([0; 32]),
            standing,
            vouches,
            devices: Vec::new(),
            quota: 0,
            frozen: false,
            keyed_at: 0,
            lapses_at: None,
        };
        told(&person, 2, missing).text
    }

    #[test]
    fn one_is_told_what_is_missing() {
        assert_eq!(said(Standing::Member, 2, None), "Person 3 has 2 of 2 vouches and is a member");
        assert!(said(Standing::Candidate, 1, None).ends_with("`kith vouch` too"));
        assert!(said(Standing::Candidate, 2, Some(Distance::Undrawn)).contains("your companion does the rest"));
        assert!(said(Standing::Lapsed, 2, Some(Distance::Short)).contains("vouched for by many"));
    }
}
