// SPDX-License-Identifier: Apache-2.0
//! What exactly is the tag that is put in a page?

use bytes::Bytes;

/// Bytes of a script's URL: a tag must fit into one small write.
const MAX_URL_LEN: usize = 2048;

/// Why something cannot stand in a script tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptFault {
    /// Not an absolute path of unreserved characters: anything else would need escaping, or leave the page's origin.
    #[error("the script's URL must be an absolute path of at most {MAX_URL_LEN} plain ASCII characters")]
    Url,
    /// Not `sha256-`, `sha384-` or `sha512-` and base64.
    #[error("the integrity must be one hash as subresource integrity writes it, such as `sha384-…`")]
    Integrity,
    /// Not base64.
    #[error("the nonce must be base64")]
    Nonce,
}

/// The tag `<script src="…" integrity="…">`: same origin, parser-blocking, refused by the browser when altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTag {
    path: String,
    integrity: String,
    nonce: Option<String>,
}

impl ScriptTag {
    /// A tag for the script at `path` on the page's own origin, whose bytes hash to `integrity`.
    ///
    /// # Errors
    /// [`ScriptFault::Url`] and [`ScriptFault::Integrity`].
    pub fn new(path: &str, integrity: &str) -> Result<Self, ScriptFault> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
        if !path.starts_with('/') || path.starts_with("//") || path.len() > MAX_URL_LEN || !path.bytes().all(plain) {
            return Err(ScriptFault::Url);
        }
        let (algorithm, hash) = integrity.split_once('-').ok_or(ScriptFault::Integrity)?;
        if !["sha256", "sha384", "sha512"].contains(&algorithm) || !is_base64(hash) {
            return Err(ScriptFault::Integrity);
        }
        Ok(Self { path: path.to_owned(), integrity: integrity.to_owned(), nonce: None })
    }

    /// The same tag with a nonce of the page's own policy.
    ///
    /// # Errors
    /// [`ScriptFault::Nonce`].
    pub fn with_nonce(mut self, nonce: &str) -> Result<Self, ScriptFault> {
        if !is_base64(nonce) {
            return Err(ScriptFault::Nonce);
        }
        self.nonce = Some(nonce.to_owned());
        Ok(self)
    }

    /// The script's absolute path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The script's hash, as in `integrity` and, quoted, in a policy.
    pub fn integrity(&self) -> &str {
        &self.integrity
    }

    /// The tag's bytes. No character in it needs escaping.
    pub fn to_bytes(&self) -> Bytes {
        let nonce = self.nonce.as_ref().map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
        Bytes::from(format!("<script src=\"{}\" integrity=\"{}\"{nonce}></script>", self.path, self.integrity))
    }
}

/// base64 or base64url, as policies allow in hashes and nonces.
pub(crate) fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC";

    #[test]
    fn tag_is_plain() {
        let tag = ScriptTag::new("/.well-known/kith/a.js", HASH).unwrap();
        let expected = format!("<script src=\"/.well-known/kith/a.js\" integrity=\"{HASH}\"></script>");
        assert_eq!(tag.to_bytes(), expected);
        let tag = tag.with_nonce("r4nd0m==").unwrap();
        assert!(tag.to_bytes().ends_with(b"\" nonce=\"r4nd0m==\"></script>"));
    }

    #[test]
    fn what_could_break_out_of_the_tag_is_refused() {
        for path in ["a.js", "//evil/a.js", "/a\"onload=x", "/a b", "/<", "", "http://x/a.js", "/a?b"] {
            assert_eq!(ScriptTag::new(path, HASH), Err(ScriptFault::Url), "{path}");
        }
        assert_eq!(ScriptTag::new(&format!("/{}", "a".repeat(MAX_URL_LEN)), HASH), Err(ScriptFault::Url));
        for integrity in ["", "sha1-AAAA", "sha256-", "sha256-a b", "sha256-a\">", "sha256"] {
            assert_eq!(ScriptTag::new("/a.js", integrity), Err(ScriptFault::Integrity), "{integrity}");
        }
        for nonce in ["", "a\"b", "====", "a b"] {
            assert_eq!(ScriptTag::new("/a.js", HASH).unwrap().with_nonce(nonce), Err(ScriptFault::Nonce), "{nonce}");
        }
    }
}
