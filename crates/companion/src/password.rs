// SPDX-License-Identifier: Apache-2.0
//! Where the password comes from: a file descriptor, the environment or a prompt; never an argument, which others can see.

use std::io::{IsTerminal, Read};

use zeroize::Zeroizing;

/// The environment variable.
const VARIABLE: &str = "KITH_PASSWORD";
/// Longer ones are mistakes, such as a whole file on the descriptor.
const MAX_BYTES: u64 = 1024;

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PasswordError {
    #[error("cannot read the password from file descriptor {descriptor}: {cause}")]
    Descriptor { descriptor: u32, cause: std::io::Error },
    #[error("no password: there is no terminal to ask at. Set {VARIABLE} or pass --password-fd")]
    NoTerminal,
    #[error("cannot read the password from the terminal: {0}")]
    Terminal(std::io::Error),
    #[error("the two passwords differ; nothing was written")]
    Differ,
    #[error("an empty password protects nothing; nothing was written")]
    Empty,
}

/// The password of existing keys.
pub(crate) fn existing(descriptor: Option<u32>) -> Result<Zeroizing<String>, PasswordError> {
    given(descriptor)?.map_or_else(|| ask("Password: "), Ok)
}

/// A password for new keys: asked for twice.
pub(crate) fn new(descriptor: Option<u32>) -> Result<Zeroizing<String>, PasswordError> {
    let password = match given(descriptor)? {
        Some(password) => password,
        None => twice(ask)?,
    };
    if password.is_empty() {
        return Err(PasswordError::Empty);
    }
    Ok(password)
}

fn given(descriptor: Option<u32>) -> Result<Option<Zeroizing<String>>, PasswordError> {
    if let Some(descriptor) = descriptor {
        let mut text = Zeroizing::new(String::new());
        std::fs::File::open(format!("/proc/self/fd/{descriptor}"))
            .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
            .map_err(|cause| PasswordError::Descriptor { descriptor, cause })?;
        return Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())));
    }
    Ok(std::env::var(VARIABLE).ok().map(Zeroizing::new))
}

/// What is typed is not seen, so it is typed twice.
fn twice(ask: impl Fn(&str) -> Result<Zeroizing<String>, PasswordError>) -> Result<Zeroizing<String>, PasswordError> {
    let first = ask("New password: ")?;
    if *ask("Again: ")? != *first {
        return Err(PasswordError::Differ);
    }
    Ok(first)
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, PasswordError> {
    typed(std::io::stdin().is_terminal(), || rpassword::prompt_password(prompt))
}

fn typed(
    is_terminal: bool,
    read: impl FnOnce() -> std::io::Result<String>,
) -> Result<Zeroizing<String>, PasswordError> {
    if !is_terminal {
        return Err(PasswordError::NoTerminal);
    }
    read().map(Zeroizing::new).map_err(PasswordError::Terminal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, os::fd::AsRawFd};

    /// A file with this text, and its descriptor.
    fn descriptor(text: &str) -> (File, Option<u32>) {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let number = u32::try_from(file.as_raw_fd()).unwrap();
        (file, Some(number))
    }

    #[test]
    fn a_descriptor_gives_the_password_without_its_line_end() {
        let (_file, descriptor) = descriptor("correct horse\r\n");
        assert_eq!(existing(descriptor).unwrap().as_str(), "correct horse");
    }

    #[test]
    fn an_empty_password_is_none() {
        let (_file, descriptor) = descriptor("\n");
        assert!(matches!(new(descriptor), Err(PasswordError::Empty)));
    }

    #[test]
    fn a_new_password_is_typed_twice_alike() {
        let answers = |first: &'static str, again: &'static str| {
            twice(move |prompt| Ok(Zeroizing::new(if prompt == "Again: " { again } else { first }.to_owned())))
        };
        assert_eq!(answers("correct horse", "correct horse").unwrap().as_str(), "correct horse");
        assert!(matches!(answers("correct horse", "correct hose"), Err(PasswordError::Differ)));
    }

    #[test]
    fn a_password_is_asked_for_at_a_terminal_that_can_be_read() {
        assert_eq!(typed(true, || Ok("battery".into())).unwrap().as_str(), "battery");
        assert!(matches!(typed(false, || Ok("battery".into())), Err(PasswordError::NoTerminal)));
        let closed = typed(true, || Err(std::io::ErrorKind::UnexpectedEof.into()));
        assert!(matches!(closed, Err(PasswordError::Terminal(_))));
    }

    #[test]
    fn a_descriptor_that_is_not_open_is_named() {
        assert!(matches!(existing(Some(999_999)), Err(PasswordError::Descriptor { descriptor: 999_999, .. })));
    }
}
