// SPDX-License-Identifier: Apache-2.0
//! `kith leave`: how one ends one's own membership, for good.

use std::io::{self, BufRead, IsTerminal, Write};

use kith_chain::Call;
use kith_primitives::{member::Standing, runtime_api::MemberView};
use serde_json::json;

use super::Context;
use crate::{
    cli::LeaveArgs,
    report::{Done, Failure},
};

/// What one types to leave.
const WORD: &str = "leave";
/// An answer is never longer.
const MAX_ANSWER: u64 = 64;

/// Why one stays.
#[derive(Debug, thiserror::Error)]
enum LeaveError {
    #[error("nobody was asked whether you mean it. Run it in a terminal, or with --yes")]
    NotAsked,
    #[error("you stay: nothing was changed")]
    Stays,
    #[error("cannot ask whether you mean it: {0}. Run it with --yes")]
    Asking(#[from] io::Error),
    #[error("person {0} has left the community, or was removed from it, already")]
    Gone(u32),
}

pub(super) async fn leave(context: &Context, arguments: &LeaveArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let me = context.me(&chain.view().await?).await?;
    ensure_here(&me).map_err(Failure::usage)?;
    if !arguments.yes {
        if !io::stdin().is_terminal() {
            return Err(Failure::usage(LeaveError::NotAsked));
        }
        confirm(&me, io::stdin().lock(), io::stderr()).map_err(Failure::usage)?;
    }
    context.submit(&chain, &Call::Leave).await?;
    let text = format!(
        "Person {} has left. Others can no longer reach your devices' stores, and what you published is kept until its lease ends",
        me.id
    );
    Ok(Done::new(text, json!({ "person": me.id, "standing": Standing::Removed })))
}

/// Nobody leaves twice.
fn ensure_here(me: &MemberView) -> Result<(), LeaveError> {
    if me.standing == Standing::Removed {
        return Err(LeaveError::Gone(me.id));
    }
    Ok(())
}

/// Says what leaving means, and has the word typed.
fn confirm(me: &MemberView, answers: impl BufRead, mut out: impl Write) -> Result<(), LeaveError> {
    write!(
        out,
        "You leave for good, as person {}: your keys are never taken again, your vouches end, and what others let you read is closed to you.\n\
         Type `{WORD}` to leave: ",
        me.id
    )?;
    out.flush()?;
    let mut answer = String::new();
    answers.take(MAX_ANSWER).read_line(&mut answer)?;
    if answer.trim() == WORD {
        Ok(())
    } else {
        Err(LeaveError::Stays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::readers::tests::person;

    fn asked(answer: &[u8]) -> (Result<(), LeaveError>, String) {
        let mut said = Vec::new();
        let outcome = confirm(&person(3, Standing::Member, false), answer, &mut said);
        (outcome, String::from_utf8(said).unwrap())
    }

    #[test]
    fn who_is_gone_does_not_leave_again() {
        for standing in [Standing::Candidate, Standing::Member, Standing::Lapsed] {
            assert!(ensure_here(&person(3, standing, false)).is_ok(), "{standing:?}");
        }
        assert!(matches!(ensure_here(&person(3, Standing::Removed, false)), Err(LeaveError::Gone(3))));
    }

    #[test]
    fn one_leaves_only_by_the_word() {
        let (outcome, said) = asked(b"leave\n");
        assert!(outcome.is_ok() && said.contains("for good, as person 3"), "{said}");
        for answer in [&b""[..], b"\n", b"yes\n", b"leave me alone\n"] {
            assert!(matches!(asked(answer).0, Err(LeaveError::Stays)), "{answer:?}");
        }
        assert!(matches!(asked(b"\xff\n").0, Err(LeaveError::Asking(_))));
    }
}
