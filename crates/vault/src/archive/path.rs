// SPDX-License-Identifier: Apache-2.0
//! Which paths may a resource hold, so that unpacking it writes only inside its own folder?

use super::{MAX_PATH_LEN, MAX_SEGMENT_LEN};

/// What is wrong with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathFault {
    /// No byte at all, or more than [`MAX_PATH_LEN`].
    #[error("it must be 1 to {MAX_PATH_LEN} bytes long")]
    Length,
    /// A leading, trailing or doubled `/`.
    #[error("it must be relative, without empty segments")]
    EmptySegment,
    /// A segment `.` or `..`.
    #[error("it must not contain `.` or `..` as a segment")]
    DotSegment,
    /// A segment of more than [`MAX_SEGMENT_LEN`] bytes.
    #[error("a segment must be at most {MAX_SEGMENT_LEN} bytes long")]
    LongSegment,
    /// A control character, or a `\`, which some systems take for a separator.
    #[error("it must not contain control characters or `\\`")]
    Character,
}

/// A path is UTF-8, relative and `/`-separated; spaces and letters of any script are fine, in whatever normal form.
pub(super) fn check(path: &str) -> Result<(), PathFault> {
    if path.is_empty() || path.len() > MAX_PATH_LEN {
        return Err(PathFault::Length);
    }
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Err(PathFault::Character);
    }
    for segment in path.split('/') {
        match segment {
            "" => return Err(PathFault::EmptySegment),
            "." | ".." => return Err(PathFault::DotSegment),
            _ if segment.len() > MAX_SEGMENT_LEN => return Err(PathFault::LongSegment),
            _ => {}
        }
    }
    Ok(())
}

/// The folders a path lies in, from the outermost.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_pass() {
        for path in ["a", "index.html", "bilder/Über uns/größe 1.png", "a/.well-known/x", "…", "a..b/c."] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn paths_that_escape_or_confuse_are_refused() {
        let long_path = "a/".repeat(MAX_PATH_LEN / 2) + "b";
        let long_segment = "a".repeat(MAX_SEGMENT_LEN + 1);
        for (path, fault) in [
            ("", PathFault::Length),
            (long_path.as_str(), PathFault::Length),
            (long_segment.as_str(), PathFault::LongSegment),
            ("/etc/passwd", PathFault::EmptySegment),
            ("a//b", PathFault::EmptySegment),
            ("a/", PathFault::EmptySegment),
            ("..", PathFault::DotSegment),
            ("a/../../b", PathFault::DotSegment),
            ("./a", PathFault::DotSegment),
            ("a\0b", PathFault::Character),
            ("a\nb", PathFault::Character),
            ("a\u{85}b", PathFault::Character),
            ("..\\b", PathFault::Character),
        ] {
            assert_eq!(check(path), Err(fault), "{path:?}");
        }
    }

    #[test]
    fn folders_of_a_path() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders("c").count(), 0);
    }
}
