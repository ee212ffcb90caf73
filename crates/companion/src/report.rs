// SPDX-License-Identifier: Apache-2.0
//! How a command tells its outcome: data to stdout, everything else to stderr, and an exit code that means something.

use std::{io::Write, process::ExitCode};

use kith_chain::SubmitError;
use serde_json::{json, Value};

use crate::publishing::{GrantError, PublishError};

/// Why a command failed, for the person who typed it.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    cause: anyhow::Error,
}

/// What sort of failure it is; also the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
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
    /// What was typed, or a file that was named, is wrong: exit code 2.
    pub(crate) fn usage(cause: impl Into<anyhow::Error>) -> Self {
        Self { kind: Kind::Usage, cause: cause.into() }
    }

    /// The community's rules forbid it: exit code 3.
    pub(crate) fn refused(cause: impl Into<anyhow::Error>) -> Self {
        Self { kind: Kind::Refused, cause: cause.into() }
    }

    /// Node, companion or peers cannot be reached: exit code 4.
    pub(crate) fn unreachable(cause: impl Into<anyhow::Error>) -> Self {
        Self { kind: Kind::Unreachable, cause: cause.into() }
    }

    /// Whether a rule of the community forbids it.
    pub(crate) fn is_refusal(&self) -> bool {
        self.kind == Kind::Refused
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
            None if cause.is::<kith_chain::ConnectError>() || cause.is::<kith_chain::ViewError>() => Kind::Unreachable,
            None => Kind::Other,
        };
        Self { kind, cause }
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
    match outcome {
        Ok(done) if as_json => print(&done.data.to_string()),
        Ok(done) => print(&done.text),
        Err(failure) => {
            if as_json {
                print(&json!({ "error": failure.to_string(), "code": failure.kind as u8 }).to_string());
            } else {
                let _ = writeln!(std::io::stderr(), "error: {failure}");
            }
            return ExitCode::from(failure.kind as u8);
        }
    }
    ExitCode::SUCCESS
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
        assert_eq!(Failure::from(PublishError::NotMember).kind, Kind::Other);
    }

    #[test]
    fn a_cause_is_told_once() {
        let failure = Failure::from(anyhow::anyhow!("the disk is full").context("cannot publish: the disk is full"));
        assert_eq!(failure.to_string(), "cannot publish: the disk is full");
    }
}
