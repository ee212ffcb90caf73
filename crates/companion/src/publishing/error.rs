// SPDX-License-Identifier: Apache-2.0
//! Why nothing was published, and whether to make the version anew because of it.

use kith_chain::{SubmitError, ViewError};
use kith_primitives::{name::NameError, resource::Visibility};
use kith_store::{add, custody, pins, Cid};

use super::{readers::GrantError, sealed::SealingError, walk::WalkError};
use crate::daemon::link::LinkError;

/// Refusals which mean that who may read changed while a version was made.
const OUTRUN: [&str; 4] = ["WrongEpoch", "ReaderDeparted", "ReaderNotMember", "StillLeaving"];

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    #[error("`{name}` cannot be a name: {}", why(*cause))]
    Name { name: String, cause: NameError },
    #[error("`{name}` belongs to member {owner}. Choose another name")]
    Taken { name: String, owner: u32 },
    #[error("`{name}` is {is:?}, and cannot become {asked:?}. Publish under another name")]
    OtherVisibility { name: String, is: Visibility, asked: Visibility },
    #[error("the lease of `{name}` has ended. Extend it with `kith refresh {name}`, then publish again")]
    LeaseEnded { name: String },
    #[error("you are not a member of this community yet. `kith status` says what is missing")]
    NotMember,
    #[error(transparent)]
    Walk(#[from] WalkError),
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error(transparent)]
    Add(#[from] add::AddError),
    #[error(transparent)]
    Custody(#[from] custody::CustodyError),
    #[error(transparent)]
    Pin(#[from] pins::PinError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
    #[error("the publication was interrupted. Repeat the command")]
    Interrupted,
    /// Never the root of what our store added: it makes only identifiers the chain accepts.
    #[error("{0} is not a content identifier the chain accepts")]
    Content(Cid),
}

impl From<ViewError> for PublishError {
    fn from(cause: ViewError) -> Self {
        Self::Link(cause.into())
    }
}

impl From<tokio::task::JoinError> for PublishError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::Interrupted
    }
}

impl PublishError {
    /// Whether who may read changed while the version was made, so that it is to be made anew.
    pub(super) fn is_outrun(&self) -> bool {
        match self {
            Self::Submit(cause) | Self::Grant(GrantError::Submit(cause)) => {
                OUTRUN.iter().any(|name| cause.is_refusal(name))
            }
            _ => false,
        }
    }
}

fn why(cause: NameError) -> &'static str {
    match cause {
        NameError::TooShort => "it has fewer than 3 characters",
        NameError::TooLong => "it has more than 63 characters",
        NameError::BadCharacter => "only a-z, 0-9 and single hyphens inside are allowed",
        NameError::Reserved => "it means something already, or looks like a name that does",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::name::ResourceName;

    fn refused(error: &str) -> SubmitError {
        SubmitError::Refused { pallet: "Resources".into(), error: error.into(), explanation: String::new() }
    }

    #[test]
    fn a_version_is_made_anew_only_if_who_may_read_changed() {
        for name in OUTRUN {
            assert!(PublishError::Submit(refused(name)).is_outrun(), "{name}");
            assert!(PublishError::Grant(GrantError::Submit(refused(name))).is_outrun(), "{name}");
        }
        assert!(!PublishError::Submit(refused("LeaseEnded")).is_outrun());
        assert!(!PublishError::Submit(SubmitError::TimedOut).is_outrun());
        assert!(!PublishError::NotMember.is_outrun());
    }

    #[test]
    fn each_fault_of_a_name_is_told_in_words() {
        let long = "x".repeat(64);
        let cases =
            [("ab", "fewer than 3"), (long.as_str(), "more than 63"), ("Über-uns", "only a-z"), ("localhost", "means")];
        for (name, words) in cases {
            let cause = ResourceName::parse(name.as_bytes()).unwrap_err();
            let refused = PublishError::Name { name: name.to_owned(), cause }.to_string();
            assert!(refused.contains(words), "{name}: {refused}");
        }
    }

    #[test]
    fn what_the_chain_does_not_show_is_told_as_it_is_and_makes_nothing_anew() {
        let untold = PublishError::from(ViewError::Missing { what: "the resource", block: 7 });
        assert!(matches!(untold, PublishError::Link(LinkError::View(ViewError::Missing { block: 7, .. }))));
        assert!(untold.to_string().contains("does not show the resource at block 7"), "{untold}");
        assert!(!untold.is_outrun());
    }

    #[tokio::test]
    async fn work_that_is_cut_off_is_an_interruption_and_can_be_repeated() {
        let work = tokio::spawn(std::future::pending::<()>());
        work.abort();
        let cut_off = PublishError::from(work.await.unwrap_err());
        assert!(matches!(cut_off, PublishError::Interrupted));
        assert!(cut_off.to_string().contains("Repeat the command"), "{cut_off}");
    }
}
