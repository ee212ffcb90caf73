// SPDX-License-Identifier: Apache-2.0
//! Which Content-Security-Policy does a page get, so that it works, our script works, and nothing private leaves?
//!
//! A page's own policies are kept. Where one of them would keep our script or its calls out, exactly our script and
//! our path are let in, in the one way that takes nothing from the page and gives it nothing else:
//!
//! - by URL, never by nonce or hash, unless the list says `'strict-dynamic'`: a nonce or hash would switch off an
//!   `'unsafe-inline'` the page lives by;
//! - under `'strict-dynamic'`, which ignores URLs, by a nonce the policy already has, or else by our script's hash;
//! - in `script-src-elem`, copied from what it would have fallen back to, so that workers and `eval` stay as they were.
//!
//! Several policies intersect, so each is seen to by itself. `Report-Only` policies enforce nothing and are not to be
//! given to this module. A `<meta>` policy comes after our script and cannot stop it; it may stop its later calls.

use crate::script::{is_base64, ScriptTag};

/// What every response of a private resource says besides its own headers, documents, scripts and workers alike: a
/// worker obeys the policy of its own script's response, not that of its page.
///
/// No request leaves for another origin, whatever the page does, save what browsers do not let a policy forbid:
/// following a link, and WebRTC where `webrtc` is not yet known.
pub const PRIVATE_HEADERS: [(&str, &str); 6] = [
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("x-dns-prefetch-control", "off"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The policy added to every response of a private resource. Inline scripts and styles are the owner's own and stay.
pub const PRIVATE_POLICY: &str = "default-src 'self' data: blob:; \
     script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; \
     style-src 'self' 'unsafe-inline' data: blob:; \
     connect-src 'self'; \
     object-src 'none'; \
     base-uri 'self'; \
     form-action 'self'; \
     frame-ancestors 'self'; \
     webrtc 'block'";

/// What must be let in.
#[derive(Clone, Copy, Debug)]
pub struct Ours<'a> {
    /// The script.
    pub script: &'a ScriptTag,
    /// The page's origin, such as `http://name.kith.localhost:4180`.
    pub origin: &'a str,
    /// The path under which the script's calls lie, ending in `/`.
    pub api: &'a str,
}

/// The policies to send, each as a `Content-Security-Policy` header of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// Header values.
    pub headers: Vec<String>,
    /// The nonce our tag must carry ([`ScriptTag::with_nonce`]).
    pub nonce: Option<String>,
}

/// The policies of a document: the page's own, with ours let in, and [`PRIVATE_POLICY`] if it is private.
///
/// `page` are the values of all the page's `Content-Security-Policy` headers.
pub fn document<'a>(page: impl IntoIterator<Item = &'a str>, private: bool, ours: Ours<'_>) -> Policies {
    let own: Vec<Policy<'_>> = page.into_iter().flat_map(|header| header.split(',')).map(Policy::parse).collect();
    let nonce = own.iter().find_map(|policy| policy.nonce_needed(ours.script)).map(str::to_owned);
    let mut headers: Vec<String> = own
        .into_iter()
        .filter(|policy| !policy.0.is_empty())
        .map(|policy| policy.admit(ours, nonce.as_deref()).to_string())
        .collect();
    if private {
        headers.push(PRIVATE_POLICY.to_owned());
    }
    Policies { headers, nonce }
}

/// The directives of one policy, in order; of two with one name, the first counts.
struct Policy<'a>(Vec<Directive<'a>>);

struct Directive<'a> {
    name: &'a str,
    sources: Vec<String>,
}

impl<'a> Policy<'a> {
    fn parse(text: &'a str) -> Self {
        let directive = |text: &'a str| {
            let mut words = text.split_ascii_whitespace();
            Some(Directive { name: words.next()?, sources: words.map(str::to_owned).collect() })
        };
        Self(text.split(';').filter_map(directive).collect())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|directive| directive.name.eq_ignore_ascii_case(name))
    }

    /// The list that decides on `names[0]`, which falls back to the names after it.
    fn effective(&self, names: &[&str]) -> Option<&[String]> {
        names.iter().find_map(|name| self.position(name)).map(|at| self.0[at].sources.as_slice())
    }

    fn script_sources(&self) -> Option<&[String]> {
        self.effective(&["script-src-elem", "script-src", "default-src"])
    }

    /// A nonce of this policy, if nothing else in it can let our script in.
    fn nonce_needed(&self, script: &ScriptTag) -> Option<&str> {
        let sources = self.script_sources()?;
        if !has(sources, "'strict-dynamic'") || has(sources, &quoted(script.integrity())) {
            return None;
        }
        sources.iter().find_map(|source| nonce_of(source))
    }

    fn admit(mut self, ours: Ours<'_>, nonce: Option<&str>) -> Self {
        if let Some(source) = self.script_sources().and_then(|sources| missing_for_script(sources, ours, nonce)) {
            self.extend("script-src-elem", &["script-src", "default-src"], source);
        }
        if self.effective(&["connect-src", "default-src"]).is_some_and(|sources| !allows_own_origin(sources)) {
            self.extend("connect-src", &["default-src"], format!("{}{}", ours.origin, ours.api));
        }
        self
    }

    /// Adds `source` to the directive `name`, which begins as a copy of what it falls back to.
    fn extend(&mut self, name: &'static str, fallbacks: &[&str], source: String) {
        let at = self.position(name).unwrap_or_else(|| {
            let sources = self.effective(fallbacks).unwrap_or_default().to_vec();
            self.0.push(Directive { name, sources });
            self.0.len() - 1
        });
        let sources = &mut self.0[at].sources;
        sources.retain(|source| !source.eq_ignore_ascii_case("'none'"));
        sources.push(source);
    }
}

impl std::fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, Directive { name, sources }) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{name}")?;
            sources.iter().try_for_each(|source| write!(f, " {source}"))?;
        }
        Ok(())
    }
}

/// The source that must be added to a script list for our script to run, if any.
fn missing_for_script(sources: &[String], ours: Ours<'_>, nonce: Option<&str>) -> Option<String> {
    if has(sources, "'strict-dynamic'") {
        let hash = quoted(ours.script.integrity());
        let by_nonce = nonce.is_some_and(|nonce| sources.iter().any(|source| nonce_of(source) == Some(nonce)));
        return (!by_nonce && !has(sources, &hash)).then_some(hash);
    }
    (!allows_own_origin(sources)).then(|| format!("{}{}", ours.origin, ours.script.path()))
}

fn allows_own_origin(sources: &[String]) -> bool {
    ["'self'", "*", "http:"].iter().any(|source| has(sources, source))
}

/// Keywords are compared without case; no hash that differs by case only will ever be met.
fn has(sources: &[String], wanted: &str) -> bool {
    sources.iter().any(|source| source.eq_ignore_ascii_case(wanted))
}

fn quoted(integrity: &str) -> String {
    format!("'{integrity}'")
}

fn nonce_of(source: &str) -> Option<&str> {
    let prefix = source.get(.."'nonce-".len()).filter(|prefix| prefix.eq_ignore_ascii_case("'nonce-"))?;
    source[prefix.len()..].strip_suffix('\'').filter(|nonce| is_base64(nonce))
}
