// SPDX-License-Identifier: Apache-2.0
//! The lines of a community file, and what is wrong in which of them.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::FileError;

/// The text of the file; a range is of its bytes.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl Lines<'_> {
    /// Points at a place.
    pub(super) fn wrong(&self, at: Range<usize>, what: impl Into<String>, fix: impl Into<String>) -> FileError {
        let before = self.0.get(..at.start).unwrap_or_default();
        FileError::Wrong { line: before.matches('\n').count() + 1, what: what.into(), fix: fix.into() }
    }

    /// Where a key is set inside a section; the section, if it is not.
    pub(super) fn key(&self, key: &str, section: Range<usize>) -> Range<usize> {
        let from = section.start;
        let found = self.0.get(from..).and_then(|rest| {
            let mut at = from;
            rest.split_inclusive('\n').find_map(|line| {
                let start = at;
                at += line.len();
                line.trim_start().strip_prefix(key)?.trim_start().starts_with('=').then_some(start)
            })
        });
        found.map_or(section, |start| start..start)
    }

    /// A number inside its bounds.
    pub(super) fn within(
        &self,
        value: &Spanned<u64>,
        name: &str,
        bounds: RangeInclusive<u64>,
    ) -> Result<u64, FileError> {
        if bounds.contains(value.get_ref()) {
            return Ok(*value.get_ref());
        }
        let what = format!("`{name}` is {}", value.get_ref());
        Err(self.wrong(value.span(), what, format!("It must lie from {} to {}", bounds.start(), bounds.end())))
    }

    /// The 32 bytes of a public key.
    pub(super) fn public_key(&self, text: &Spanned<String>) -> Result<[u8; 32], FileError> {
        let digits = text.get_ref().strip_prefix("0x").unwrap_or(text.get_ref());
        let bytes = hex::decode(digits).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.filter(|bytes| *bytes != [0; 32]).ok_or_else(|| {
            self.wrong(
                text.span(),
                format!("`{}` is no public key", text.get_ref()),
                "A key is 0x and 64 hexadecimal digits",
            )
        })
    }
}
