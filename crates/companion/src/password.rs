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
        None => {
            let first = ask("New password: ")?;
            if *ask("Again: ")? != *first {
                return Err(PasswordError::Differ);
            }
            first
        }
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

fn ask(prompt: &str) -> Result<Zeroizing<String>, PasswordError> {
    if !std::io::stdin().is_terminal() {
        return Err(PasswordError::NoTerminal);
    }
    rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(PasswordError::Terminal)
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
    fn a_descriptor_that_is_not_open_is_named() {
        assert!(matches!(existing(Some(999_999)), Err(PasswordError::Descriptor { descriptor: 999_999, .. })));
    }
}
