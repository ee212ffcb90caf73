// SPDX-License-Identifier: Apache-2.0
//! Which file of a resource does the path of a URL mean?

use crate::respond::Refusal;

/// Where the proxy's own answers live on every site; a resource's own files never show there.
const RESERVED: &str = ".well-known/kith";

/// A path of a URL, decoded once: segments joined by `/`, none of them empty, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SitePath {
    segments: String,
    /// Whether it ended in `/`, so means a folder.
    pub(crate) is_folder: bool,
}

impl SitePath {
    /// Decodes the path of a URL, which starts with `/`.
    pub(crate) fn parse(raw: &str) -> Result<Self, Refusal> {
        let inner = raw.strip_prefix('/').ok_or(Refusal::BadPath)?;
        let (inner, is_folder) = match inner.strip_suffix('/') {
            Some(folder) => (folder, true),
            None => (inner, inner.is_empty()),
        };
        if inner.is_empty() {
            return if raw == "/" { Ok(Self { segments: String::new(), is_folder }) } else { Err(Refusal::BadPath) };
        }
        let segments = inner.split('/').map(segment).collect::<Result<Vec<_>, _>>()?.join("/");
        Ok(Self { segments, is_folder })
    }

    /// The decoded path without slashes at its ends; empty for the root.
    pub(crate) fn as_str(&self) -> &str {
        &self.segments
    }

    /// The path of a folder's page.
    pub(crate) fn index(&self) -> String {
        if self.segments.is_empty() {
            "index.html".to_owned()
        } else {
            format!("{}/index.html", self.segments)
        }
    }

    /// What follows `/.well-known/kith/`, or the empty text for that folder itself; `None` for a path of the resource.
    pub(crate) fn reserved(&self) -> Option<&str> {
        let rest = self.segments.strip_prefix(RESERVED)?;
        if rest.is_empty() {
            Some(rest)
        } else {
            rest.strip_prefix('/')
        }
    }

    /// The path of a URL that means this path as a folder. It starts with exactly one `/`, so it stays on its origin.
    pub(crate) fn folder_url(&self) -> String {
        format!("/{}/", encode(&self.segments))
    }
}

/// Decodes one segment, and refuses what no file of a resource is called.
fn segment(raw: &str) -> Result<String, Refusal> {
    let text = decode(raw).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(Refusal::BadPath)?;
    let odd =
        text.is_empty() || text == "." || text == ".." || text.contains(['/', '\\']) || text.contains(char::is_control);
    if odd {
        Err(Refusal::BadPath)
    } else {
        Ok(text)
    }
}

/// Decodes `%XX`; `None` if a `%` is not followed by two hexadecimal digits.
fn decode(raw: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || (rest.next()? as char).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(out)
}

/// Encodes every byte that RFC 3986 does not leave unreserved, but `/`.
fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_decoded_once() {
        let cases = [
            ("/", "", true),
            ("/a.html", "a.html", false),
            ("/a/b.css", "a/b.css", false),
            ("/a/", "a", true),
            ("/my%20holiday/%C3%A4hre.html", "my holiday/ähre.html", false),
            ("/%E6%97%A5%e6%9c%ac", "日本", false),
            ("/a+b", "a+b", false),
            ("/100%25", "100%", false),
            ("/%2541", "%41", false),
            ("/...", "...", false),
            ("/a?b", "a?b", false),
        ];
        for (raw, decoded, is_folder) in cases {
            assert_eq!(SitePath::parse(raw), Ok(SitePath { segments: decoded.into(), is_folder }), "{raw}");
        }
    }

    #[test]
    fn what_no_file_is_called_is_refused() {
        let odd = [
            "",
            "*",
            "a",
            "//",
            "//evil.example",
            "//evil.example/",
            "/a//b",
            "/a//",
            "/.",
            "/..",
            "/../a",
            "/a/../b",
            "/a/..",
            "/%2e%2e/a",
            "/%2E%2e",
            "/a/%2e/b",
            "/.%2e",
            "/a%2Fb",
            "/%2f",
            "/a%5Cb",
            "/a\\b",
            "/%00",
            "/a%0d%0aX",
            "/%7f",
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/%ff",
            "/%c3",
            "/%c0%ae%c0%ae",
            "/%ed%a0%80",
        ];
        for raw in odd {
            assert_eq!(SitePath::parse(raw), Err(Refusal::BadPath), "{raw}");
        }
    }

    #[test]
    fn the_reserved_folder_is_seen_however_it_is_written() {
        let reserved = |raw: &str| SitePath::parse(raw).unwrap().reserved().map(str::to_owned);
        assert_eq!(reserved("/.well-known/kith/info").as_deref(), Some("info"));
        assert_eq!(reserved("/.well-known/%6bith/info").as_deref(), Some("info"));
        assert_eq!(reserved("/.well-known/kith/").as_deref(), Some(""));
        assert_eq!(reserved("/.well-known/kith").as_deref(), Some(""));
        assert_eq!(reserved("/.well-known/kith/api/v1/a").as_deref(), Some("api/v1/a"));
        for open in ["/.well-known/kithara", "/.well-known/other", "/a/.well-known/kith/info", "/"] {
            assert_eq!(reserved(open), None, "{open}");
        }
    }

    #[test]
    fn a_folder_has_a_page_and_a_url() {
        let path = SitePath::parse("/my%20holiday/%C3%A4%3F").unwrap();
        assert_eq!(path.index(), "my holiday/ä?/index.html");
        assert_eq!(path.folder_url(), "/my%20holiday/%C3%A4%3F/");
        assert_eq!(SitePath::parse("/").unwrap().index(), "index.html");
    }

    proptest! {
        #[test]
        fn any_file_name_survives_being_a_url(names in proptest::collection::vec("[^/\\\\\\p{Cc}]{1,12}", 1..4)) {
            prop_assume!(names.iter().all(|name| name != "." && name != ".."));
            let path = names.join("/");
            let parsed = SitePath::parse(&format!("/{}", encode(&path))).unwrap();
            prop_assert_eq!(parsed.as_str(), &path);
            let as_folder = SitePath::parse(&parsed.folder_url()).unwrap();
            prop_assert_eq!(as_folder.as_str(), &path);
        }

        #[test]
        fn no_text_leaves_the_resource(raw in "/[ -~]{0,40}") {
            if let Ok(path) = SitePath::parse(&raw) {
                prop_assert!(path.as_str().split('/').all(|part| part != ".." && part != "."));
                prop_assert!(!path.as_str().starts_with('/') && !path.as_str().ends_with('/'));
                prop_assert!(path.is_folder || !path.as_str().is_empty());
            }
        }
    }
}
