// SPDX-License-Identifier: Apache-2.0
//! How somebody is asked whether they mean it, before what cannot be undone at will.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::report::Failure;

/// An answer is never longer.
const MAX_ANSWER: u64 = 64;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
enum ConsentError {
    #[error("nobody was asked whether you mean it. Run it in a terminal, or with --yes")]
    NotAsked,
    #[error("nothing was changed: you did not type `{0}`")]
    Withheld(&'static str),
    #[error("cannot ask whether you mean it: {0}. Run it with --yes")]
    Asking(#[from] io::Error),
}

/// Says what it means, and has the word typed, unless `--yes` said it.
pub(super) fn ensure(yes: bool, word: &'static str, meaning: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(ConsentError::NotAsked));
    }
    ask(word, meaning, io::stdin().lock(), io::stderr()).map_err(Failure::usage)
}

fn ask(word: &'static str, meaning: &str, answers: impl BufRead, mut out: impl Write) -> Result<(), ConsentError> {
    write!(out, "{meaning}\nType `{word}` to {word}: ")?;
    out.flush()?;
    let mut answer = String::new();
    answers.take(MAX_ANSWER).read_line(&mut answer)?;
    if answer.trim() == word {
        Ok(())
    } else {
        Err(ConsentError::Withheld(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answer: &[u8]) -> (Result<(), ConsentError>, String) {
        let mut said = Vec::new();
        let outcome = ask("leave", "You leave for good.", answer, &mut said);
        (outcome, String::from_utf8(said).unwrap())
    }

    #[test]
    fn it_is_done_only_by_the_word() {
        let (outcome, said) = asked(b"leave\n");
        assert!(outcome.is_ok() && said == "You leave for good.\nType `leave` to leave: ", "{said}");
        for answer in [&b""[..], b"\n", b"yes\n", b"leave me alone\n"] {
            assert!(matches!(asked(answer).0, Err(ConsentError::Withheld("leave"))), "{answer:?}");
        }
        assert!(matches!(asked(b"\xff\n").0, Err(ConsentError::Asking(_))));
    }

    #[test]
    fn who_says_yes_beforehand_is_not_asked() {
        assert!(ensure(true, "leave", "You leave for good.").is_ok());
    }
}
