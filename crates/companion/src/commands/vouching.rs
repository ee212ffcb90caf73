// SPDX-License-Identifier: Apache-2.0
//! `kith vouch`, `kith withdraw`, `kith reconsider`: how one gives one's word, renews it and takes it back; and how somebody is
//! held against rules that changed.

use kith_chain::{Call, Chain, Given, View, ViewError};
use kith_primitives::{
    member::{MemberId, Standing},
    runtime_api::MemberView,
    AccountId, BlockNumber,
};
use serde_json::json;

use super::{
    consent,
    join::{admitted, told},
    Context,
};
use crate::{
    cli::{WhoArgs, WithdrawArgs},
    person::Person,
    renewals,
    report::{Done, Failure},
};

/// What one types to take a vouch back.
const WORD: &str = "withdraw";

/// Why a vouch is not renewed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("you vouch for person {subject} already, until block {until}. Renew that from block {from} on, with `kith vouch {subject}`")]
struct TooEarly {
    subject: MemberId,
    from: BlockNumber,
    until: BlockNumber,
}

/// There is no vouch to take back.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("you do not vouch for person {0}: check the number")]
struct NotGiven(MemberId);

/// Vouches for someone, or renews the vouch that nears its end.
pub(super) async fn vouch(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let subject = context.who(&view, &arguments.who).await?.id;
    let person = context.unlock()?;
    let (given, window) = (own(&view, &person, subject).await?, view.parameters().await?.renewal_window);
    let call = call(subject, given, view.block().number, window).map_err(Failure::refused)?;
    chain.submit(&call, &person).await?;
    match call {
        Call::RenewVouch(_) => renewed(context, &chain, &person, subject).await,
        _ => admitted(context, &chain, &person, &subject.to_string()).await,
    }
}

/// The vouch that who signs gave someone. A stranger gave none, and of a key that counts for nothing the chain takes none,
/// whatever its person gave.
async fn own(view: &View, signer: &Person, subject: MemberId) -> Result<Option<Given>, ViewError> {
    match view.member_of(&AccountId::new(signer.account())).await? {
        Some(me) => view.vouch(me.id, subject).await,
        None => Ok(None),
    }
}

/// Gives a vouch, or renews the one that stands.
fn call(subject: MemberId, given: Option<Given>, now: BlockNumber, window: BlockNumber) -> Result<Call, TooEarly> {
    // One that ended is removed at any moment: then a new one can be given.
    let Some(vouch) = given.filter(|vouch| now < vouch.expires) else { return Ok(Call::Vouch(subject)) };
    let (from, until) = (renewals::opens(&vouch, window), vouch.expires);
    if now < from {
        return Err(TooEarly { subject, from, until });
    }
    Ok(Call::RenewVouch(subject))
}

/// Says until when a vouch counts that was just renewed.
async fn renewed(context: &Context, chain: &Chain, signer: &Person, subject: MemberId) -> Result<Done, Failure> {
    let view = chain.view().await?;
    let missing = ViewError::Missing { what: "the vouch", block: view.block().number };
    let until = own(&view, signer, subject).await?.ok_or(missing)?.expires;
    let person = context.who(&view, &subject.to_string()).await?;
    let mut data = json!(person);
    data["renewedUntil"] = json!(until);
    Ok(Done::new(format!("Your vouch for person {subject} is renewed: it counts until block {until}"), data))
}

/// Takes a vouch back.
pub(super) async fn withdraw(context: &Context, arguments: &WithdrawArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let (me, subject) = (context.me(&view).await?.id, context.who(&view, &arguments.who).await?.id);
    ensure_given(subject, view.vouch(me, subject).await?).map_err(Failure::refused)?;
    consent::ensure(arguments.yes, WORD, &meaning(subject))?;
    context.submit(&chain, &Call::WithdrawVouch(subject)).await?;
    let now = stands(context, &chain.view().await?, subject).await?;
    Ok(Done::new(format!("Your vouch for person {subject} is withdrawn. {}", now.text), now.data))
}

fn ensure_given(subject: MemberId, given: Option<Given>) -> Result<(), NotGiven> {
    if given.is_none() {
        return Err(NotGiven(subject));
    }
    Ok(())
}

/// What taking a vouch back means.
fn meaning(subject: MemberId) -> String {
    format!(
        "You no longer answer for person {subject}. If too few others do, they have a grace to find some, and then are no member any more. \
         To vouch for them again takes another of your vouches, when you may give one."
    )
}

/// Has the rules in force applied to someone, after a change of them.
pub(super) async fn reconsider(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let subject = context.who(&view, &arguments.who).await?;
    let person = context.unlock()?;
    match chain.submit(&Call::Reconsider(subject.id), &person).await {
        // Perhaps nobody has shown yet that they are near: that makes a member of them too. Otherwise they lack vouches.
        Err(cause) if cause.is_refusal("Unchanged") && waits(&subject) => {
            admitted(context, &chain, &person, &subject.id.to_string()).await
        }
        outcome => {
            outcome?;
            stands(context, &chain.view().await?, subject.id).await
        }
    }
}

/// Whether someone may become a member, or one again, and lacks something: vouches, or only that they are shown to be near.
fn waits(person: &MemberView) -> bool {
    matches!(person.standing, Standing::Candidate | Standing::Lapsed)
}

/// Where someone stands now.
async fn stands(context: &Context, view: &View, person: MemberId) -> Result<Done, Failure> {
    let needed = view.parameters().await?.admission_threshold;
    Ok(told(&context.who(view, &person.to_string()).await?, needed, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;

    #[test]
    fn a_vouch_that_stands_is_renewed_once_it_nears_its_end() {
        let given = Some(Given { subject: 3, expires: 100 });
        assert_eq!(call(3, None, 10, 40), Ok(Call::Vouch(3)));
        assert_eq!(call(3, given, 60, 40), Ok(Call::RenewVouch(3)));
        assert_eq!(call(3, given, 99, 40), Ok(Call::RenewVouch(3)));
        assert_eq!(call(3, given, 100, 40), Ok(Call::Vouch(3)));
        let early = call(3, given, 59, 40).unwrap_err();
        assert_eq!(early, TooEarly { subject: 3, from: 60, until: 100 });
        assert!(early.to_string().contains("until block 100. Renew that from block 60 on"), "{early}");
    }

    #[test]
    fn only_what_was_given_is_taken_back() {
        assert_eq!(ensure_given(3, Some(Given { subject: 3, expires: 100 })), Ok(()));
        assert_eq!(ensure_given(3, None), Err(NotGiven(3)));
        assert!(meaning(3).contains("for person 3"));
    }

    #[test]
    fn who_is_no_member_and_may_become_one_waits_however_many_vouches_they_have() {
        let with = |standing, vouches| MemberView { vouches, ..person(3, standing, false) };
        for vouches in [0, 1, 3] {
            assert!(waits(&with(Standing::Candidate, vouches)) && waits(&with(Standing::Lapsed, vouches)));
            assert!(!waits(&with(Standing::Member, vouches)) && !waits(&with(Standing::Removed, vouches)));
        }
    }

    #[test]
    fn who_waits_for_vouches_is_told_how_many_there_are_and_who_gives_more() {
        for (standing, word) in [(Standing::Candidate, "a candidate"), (Standing::Lapsed, "lapsed")] {
            let said = told(&MemberView { vouches: 2, ..person(7, standing, false) }, 4, None).text;
            let expected =
                format!("Person 7 has 2 of 4 vouches and is {word}. Others who know them run `kith vouch` too");
            assert_eq!(said, expected);
        }
    }
}
