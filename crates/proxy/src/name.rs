// SPDX-License-Identifier: Apache-2.0
//! Which texts can be the first label of `<name>.kith.localhost`? The chain knows which of them are taken.

use std::fmt;

/// The longest DNS label, in bytes.
const MAX_BYTES: usize = 63;

/// A resource's name as it stands in a host name: `a-z`, `0-9` and inner hyphens, 1 to 63 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteName(String);

/// The text is not one lower-case DNS label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a resource's name is 1 to 63 of a-z, 0-9 and hyphens, with no hyphen at either end")]
#[non_exhaustive]
pub struct SiteNameError;

impl SiteName {
    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for SiteName {
    type Error = SiteNameError;

    fn try_from(text: &str) -> Result<Self, SiteNameError> {
        let label = (1..=MAX_BYTES).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
            && !text.starts_with('-')
            && !text.ends_with('-');
        label.then(|| Self(text.to_owned())).ok_or(SiteNameError)
    }
}

impl fmt::Display for SiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_lower_case_label() {
        for good in ["a", "garden-club", "0", "xn--grten-qta", &"x".repeat(63)] {
            assert_eq!(SiteName::try_from(good).unwrap().to_string(), good);
        }
        for bad in ["", "-a", "a-", "A", "a.b", "a_b", "gärten", "a b", "a\0", &"x".repeat(64)] {
            assert_eq!(SiteName::try_from(bad), Err(SiteNameError), "{bad}");
        }
    }
}
