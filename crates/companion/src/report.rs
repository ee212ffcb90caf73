// SPDX-License-Identifier: Apache-2.0
//! How a command tells its outcome: data to stdout, everything else to stderr, and an exit code that means something.

use std::{io::Write, process::ExitCode};

use kith_chain::{ConnectError, SubmitError, ViewError};
use kith_proxy::ports::{OpenError, ReadError};
use kith_store::{exchange::ObtainError, fetch::FetchError};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use crate::{
    daemon::link::LinkError,
    publishing::{GrantError, PublishError},
};

/// Why a command failed, for the person who typed it.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    cause: anyhow::Error,
    /// What was asked for, if that can be told all the same.
    answer: Option<Done>,
}

/// What sort of failure it is; also the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// What was typed, or a file that was named, is wrong.
    Usage = 2,
    /// The community's rules forbid it.
    Refused = 3,
    /// Node, companion or peers cannot be reached.
    Unreachable = 4,
    /// Anything else.
    Other = 1,
}

impl Failure {
    /// A failure of this sort, such as another program told of.
    pub(crate) fn of(kind: Kind, cause: impl Into<anyhow::Error>) -> Self {
        Self { kind, cause: cause.into(), answer: None }
    }

    /// This failure, of a command that answers all the same.
    pub(crate) fn with_answer(self, answer: Done) -> Self {
        Self { answer: Some(answer), ..self }
    }

    /// What sort of failure it is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// What was typed, or a file that was named, is wrong: exit code 2.
    pub(crate) fn usage(cause: impl Into<anyhow::Error>) -> Self {
        Self::of(Kind::Usage, cause)
    }

    /// The community's rules forbid it: exit code 3.
    pub(crate) fn refused(cause: impl Into<anyhow::Error>) -> Self {
        Self::of(Kind::Refused, cause)
    }

    /// Node, companion or peers cannot be reached: exit code 4.
    pub(crate) fn unreachable(cause: impl Into<anyhow::Error>) -> Self {
        Self::of(Kind::Unreachable, cause)
    }
}

/// Cause after cause, none told twice.
impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut told: Vec<String> = Vec::new();
        for cause in self.cause.chain() {
            let text = cause.to_string();
            if !told.last().is_some_and(|last| last.contains(&text)) {
                told.push(text);
            }
        }
        f.write_str(&told.join(": "))
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(cause: E) -> Self {
        let cause = cause.into();
        let kind = match submission(&cause) {
            Some(SubmitError::Refused { .. } | SubmitError::Barred) => Kind::Refused,
            Some(_) => Kind::Unreachable,
            None if is_out_of_reach(&cause) => Kind::Unreachable,
            None => own_judgement(&cause),
        };
        Self { kind, cause, answer: None }
    }
}

/// The failed submission, if the cause is one, or a grant or publication that came to nothing because of one.
fn submission(cause: &anyhow::Error) -> Option<&SubmitError> {
    if let Some(submission) = cause.downcast_ref::<SubmitError>() {
        return Some(submission);
    }
    let granting = match cause.downcast_ref::<PublishError>() {
        Some(PublishError::Submit(submission)) => return Some(submission),
        Some(PublishError::Grant(granting)) => Some(granting),
        _ => cause.downcast_ref::<GrantError>(),
    };
    match granting {
        Some(GrantError::Submit(submission)) => Some(submission),
        _ => None,
    }
}

/// What this program told apart without asking the community.
fn own_judgement(cause: &anyhow::Error) -> Kind {
    match cause.downcast_ref::<PublishError>() {
        Some(PublishError::Name { .. }) => Kind::Usage,
        Some(PublishError::Taken { .. } | PublishError::NotMember) => Kind::Refused,
        _ => match cause.downcast_ref::<OpenError>() {
            Some(OpenError::NoSuchName { .. }) => Kind::Usage,
            Some(OpenError::NotGranted { .. } | OpenError::NotMember | OpenError::Barred) => Kind::Refused,
            _ => Kind::Other,
        },
    }
}

/// Whether the node, or whoever holds the bytes, cannot be reached.
fn is_out_of_reach(cause: &anyhow::Error) -> bool {
    let opening = match cause.downcast_ref::<OpenError>() {
        Some(OpenError::NodeAway { .. } | OpenError::Stale { .. } | OpenError::Unavailable { .. }) => true,
        Some(OpenError::Internal { source }) => source.is::<ViewError>(),
        _ => false,
    };
    let reading = matches!(cause.downcast_ref::<ReadError>(), Some(ReadError::Unavailable { .. }));
    let fetching = matches!(cause.downcast_ref::<FetchError>(), Some(FetchError::Block(ObtainError::NotFound { .. })));
    let publishing = matches!(
        cause.downcast_ref::<PublishError>(),
        Some(PublishError::Link(_) | PublishError::Grant(GrantError::Link(_)))
    );
    let granting = matches!(cause.downcast_ref::<GrantError>(), Some(GrantError::Link(_)));
    let asking = cause.is::<LinkError>() || cause.is::<ConnectError>() || cause.is::<ViewError>();
    opening || reading || fetching || publishing || granting || asking
}

/// What a command says when it is done.
#[derive(Debug)]
pub(crate) struct Done {
    /// For people.
    pub(crate) text: String,
    /// For programs.
    pub(crate) data: Value,
}

impl Done {
    pub(crate) fn new(text: impl Into<String>, data: Value) -> Self {
        Self { text: text.into(), data }
    }
}

/// Prints the outcome and gives the exit code. A reader that closed the pipe is no failure.
pub(crate) fn conclude(outcome: Result<Done, Failure>, as_json: bool) -> ExitCode {
    print(&answer(&outcome, as_json));
    let Err(failure) = outcome else { return ExitCode::SUCCESS };
    if !as_json {
        let _ = writeln!(std::io::stderr(), "error: {failure}");
    }
    ExitCode::from(failure.kind as u8)
}

/// What is written to stdout: what was asked for, or why it cannot be told, which people are told on stderr.
pub(crate) fn answer(outcome: &Result<Done, Failure>, as_json: bool) -> String {
    match outcome {
        Ok(done) | Err(Failure { answer: Some(done), .. }) if as_json => done.data.to_string(),
        Ok(done) | Err(Failure { answer: Some(done), .. }) => done.text.clone(),
        Err(failure) if as_json => json!({ "error": failure.to_string(), "code": failure.kind as u8 }).to_string(),
        Err(_) => String::new(),
    }
}

/// Says why what was typed is no command; or the help, or the version, if that was asked for.
pub fn misread(cause: &clap::Error, as_json: bool) -> ExitCode {
    if !cause.use_stderr() || !as_json {
        let _ = cause.print();
        return u8::try_from(cause.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
    }
    let text = cause.to_string();
    let text = text.trim().trim_start_matches("error: ").to_owned();
    conclude(Err(Failure::usage(anyhow::Error::msg(text))), as_json)
}

fn print(text: &str) {
    let text = text.trim_end_matches('\n');
    if !text.is_empty() {
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_primitives::name::NameError;

    fn refusal() -> SubmitError {
        SubmitError::Refused { pallet: "Resources".into(), error: "NotOwner".into(), explanation: "not yours".into() }
    }

    #[test]
    fn what_the_community_refuses_is_a_refusal_wherever_it_happened() {
        for failure in [
            Failure::from(refusal()),
            Failure::from(PublishError::Submit(refusal())),
            Failure::from(GrantError::Submit(refusal())),
            Failure::from(PublishError::Grant(GrantError::Submit(refusal()))),
        ] {
            assert_eq!(failure.kind, Kind::Refused);
            assert_eq!(failure.to_string(), "the community refused: not yours (Resources::NotOwner)");
        }
        assert_eq!(Failure::from(SubmitError::Barred).kind, Kind::Refused);
        assert_eq!(Failure::from(SubmitError::TimedOut).kind, Kind::Unreachable);
        assert_eq!(Failure::from(PublishError::Submit(SubmitError::TimedOut)).kind, Kind::Unreachable);
    }

    #[test]
    fn what_is_known_without_asking_is_told_apart_too() {
        let name = || "notes".to_owned();
        let cases = [
            (Failure::from(PublishError::Name { name: name(), cause: NameError::TooShort }), Kind::Usage),
            (Failure::from(PublishError::Taken { name: name(), owner: 1 }), Kind::Refused),
            (Failure::from(PublishError::NotMember), Kind::Refused),
            (Failure::from(PublishError::LeaseEnded { name: name() }), Kind::Other),
            (Failure::from(OpenError::NotMember), Kind::Refused),
            (Failure::from(OpenError::Barred), Kind::Refused),
            (Failure::from(OpenError::Locked), Kind::Other),
        ];
        for (failure, kind) in cases {
            assert_eq!(failure.kind(), kind, "{failure}");
        }
    }

    #[test]
    fn what_cannot_be_reached_is_told_from_what_fails() {
        let away = || LinkError::Disconnected { url: "ws://nowhere:1".into() };
        let missing = ViewError::Missing { what: "the account", block: 7 };
        let opened = OpenError::Internal { source: Box::new(missing) };
        let nobody_has_it = ReadError::Unavailable { peers: 2, seconds: 20 };
        for failure in [
            Failure::from(away()),
            Failure::from(LinkError::Stale { seconds: 200 }),
            Failure::from(PublishError::Link(away())),
            Failure::from(GrantError::Link(away())),
            Failure::from(PublishError::Grant(GrantError::Link(away()))),
            Failure::from(opened),
            Failure::from(OpenError::NodeAway { url: "ws://nowhere:1".into() }),
            Failure::from(OpenError::Stale { seconds: 200 }),
            Failure::from(OpenError::Unavailable { peers: 2, seconds: 20 }),
            Failure::from(nobody_has_it),
        ] {
            assert_eq!(failure.kind(), Kind::Unreachable, "{failure}");
        }
        let damaged = || "bafy".to_owned();
        for failure in [
            Failure::from(OpenError::Corrupt { cid: damaged() }),
            Failure::from(ReadError::Corrupt { cid: damaged() }),
            Failure::from(OpenError::Internal { source: damaged().into() }),
        ] {
            assert_eq!(failure.kind(), Kind::Other, "{failure}");
        }
    }

    #[test]
    fn a_failure_takes_the_place_of_the_answer_unless_there_is_one_all_the_same() {
        let done = || Done::new("two faults", json!({ "faults": 2 }));
        let failed = || Failure::of(Kind::Other, anyhow::anyhow!("not well"));
        for outcome in [Ok(done()), Err(failed().with_answer(done()))] {
            assert_eq!(answer(&outcome, true), r#"{"faults":2}"#);
            assert_eq!(answer(&outcome, false), "two faults");
        }
        let told: Value = serde_json::from_str(&answer(&Err(failed()), true)).unwrap();
        assert_eq!(told, json!({ "error": "not well", "code": 1 }));
        assert_eq!(answer(&Err(failed()), false), "");
    }

    #[test]
    fn a_cause_is_told_once() {
        let failure = Failure::from(anyhow::anyhow!("the disk is full").context("cannot publish: the disk is full"));
        assert_eq!(failure.to_string(), "cannot publish: the disk is full");
    }
}
