// SPDX-License-Identifier: Apache-2.0
//! `kith apply`, `kith sponsor`: how a newcomer comes in, and what it still takes to make a member of them.

use std::path::Path;

use kith_chain::{Call, Chain};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
    AccountId, BlockNumber,
};
use serde::Serialize;
use serde_json::json;

use super::Context;
use crate::{
    cli::{ApplyArgs, SponsorArgs},
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
    let pruned = make_way(&chain, &person, &account).await?;
    chain.submit(&Call::Sponsor { application: signed.application, signature: signed.signature }, &person).await?;
    Ok(after(pruned, admitted(context, &chain, &person, &address(account.into())).await?))
}

/// Has the chain forget a candidature of this account whose time ran out, so that it can apply again; who that was.
pub(super) async fn make_way(chain: &Chain, signer: &Person, account: &AccountId) -> Result<Option<MemberId>, Failure> {
    let view = chain.view().await?;
    let Some(owner) = view.owner_of(account).await? else { return Ok(None) };
    if !is_over(view.candidate_until(owner).await?, view.block().number) {
        return Ok(None);
    }
    match chain.submit(&Call::PruneCandidate(owner), signer).await {
        Err(cause) if !cause.is_refusal("NotFound") => Err(cause.into()),
        // It is done, or somebody was faster.
        _ => Ok(Some(owner)),
    }
}

/// Whether a candidate's time has run out at this block; of who is no candidate, none runs.
fn is_over(candidate_until: Option<BlockNumber>, now: BlockNumber) -> bool {
    candidate_until.is_some_and(|until| until <= now)
}

/// What was done, and whose candidature made way for it.
pub(super) fn after(pruned: Option<MemberId>, done: Done) -> Done {
    let Some(pruned) = pruned else { return done };
    let Done { text, mut data } = done;
    data["pruned"] = json!(pruned);
    Done::new(format!("The time of candidate {pruned} had run out: they begin anew.\n{text}"), data)
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
pub(super) fn told(person: &MemberView, needed: u32, missing: Option<Distance>) -> Done {
    let (id, vouches) = (person.id, person.vouches);
    let standing = match (person.standing, person.lapses_at) {
        (Standing::Candidate, _) => "a candidate".to_owned(),
        (Standing::Member, None) => "a member".to_owned(),
        (Standing::Member, Some(block)) => format!("a member until block {block}, unless they get what they lack"),
        (Standing::Lapsed, _) => "lapsed".to_owned(),
        (Standing::Removed, _) => "removed".to_owned(),
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
    use crate::publishing::readers::tests::person;

    fn said(standing: Standing, vouches: u32, missing: Option<Distance>) -> String {
        told(&MemberView { vouches, ..person(3, standing, false) }, 2, missing).text
    }

    #[test]
    fn one_is_told_what_is_missing() {
        assert_eq!(said(Standing::Member, 2, None), "Person 3 has 2 of 2 vouches and is a member");
        assert!(said(Standing::Candidate, 1, None).ends_with("`kith vouch` too"));
        assert!(said(Standing::Candidate, 2, Some(Distance::Undrawn)).contains("your companion does the rest"));
        assert!(said(Standing::Lapsed, 2, Some(Distance::Short)).contains("vouched for by many"));
        let lapsing = MemberView { vouches: 1, lapses_at: Some(90), ..person(3, Standing::Member, false) };
        assert!(told(&lapsing, 2, None).text.contains("1 of 2 vouches and is a member until block 90, unless"));
    }

    #[test]
    fn wherever_they_stand_nobody_is_told_of_a_witness() {
        for standing in [Standing::Candidate, Standing::Member, Standing::Lapsed, Standing::Removed] {
            for vouches in [0, 2] {
                for missing in [None, Some(Distance::Proven), Some(Distance::Undrawn), Some(Distance::Short)] {
                    let said = said(standing, vouches, missing);
                    assert!(said.contains("of 2 vouches") && !said.to_lowercase().contains("witness"), "{said}");
                }
            }
        }
    }

    #[test]
    fn only_a_candidature_that_ended_makes_way_and_that_is_said() {
        assert!(is_over(Some(9), 9) && !is_over(Some(10), 9) && !is_over(None, 9));
        let done = || Done::new("Person 4 is a candidate", json!({ "id": 4 }));
        let plain = after(None, done());
        assert_eq!((plain.text.as_str(), plain.data), ("Person 4 is a candidate", json!({ "id": 4 })));
        let again = after(Some(3), done());
        assert_eq!(again.data, json!({ "id": 4, "pruned": 3 }));
        assert!(again.text.starts_with("The time of candidate 3 had run out"), "{}", again.text);
    }
}
