// SPDX-License-Identifier: Apache-2.0
//! How does a failure look in a tab? One small page that loads nothing.

use std::sync::LazyLock;

use data_encoding::BASE64;
use http::HeaderValue;
use sha2::{Digest, Sha256};

const STYLE: &str = "\
:root{color-scheme:light dark;font:1.05rem/1.55 system-ui,sans-serif}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f5f1;color:#20261f}\
main{max-width:34rem;margin:1.5rem;padding:2rem;border:1px solid #dfddd5;border-radius:.8rem;background:#fff}\
h1{margin:0 0 .6rem;font-size:1.5rem}p{margin:0 0 1rem}a{color:#22684a}small{color:#5d655b}\
@media(prefers-color-scheme:dark){body{background:#151916;color:#e6eae4}main{background:#1e2420;border-color:#343d36}\
a{color:#7fd1a8}small{color:#a2aca0}}";

/// Allows the page its own style and nothing else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 and ASCII words are a header value")
});

pub(super) fn policy() -> HeaderValue {
    POLICY.clone()
}

/// The page. `again` adds a link that asks once more.
pub(super) fn html(title: &str, text: &str, code: &str, again: bool) -> String {
    let (title, text, code) = (escape(title), escape(text), escape(code));
    let again = if again { "<p><a href=\"\">Try again</a></p>" } else { "" };
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p>{again}<small>{code}</small></main></body></html>\n"
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_page_becomes_markup() {
        let page = html("<b>", "\"><script>alert('1')</script>&", "<i>", true);
        assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("<i>"));
        assert!(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"));
    }

    #[test]
    fn the_page_loads_nothing_and_asks_again_only_where_it_helps() {
        let page = html("t", "t", "c", false);
        for loader in ["src=", "url(", "http:", "https:", "@import", "<link", "href"] {
            assert!(!page.contains(loader), "{loader}");
        }
        assert!(html("t", "t", "c", true).contains("Try again"));
        assert!(policy().to_str().unwrap().starts_with("default-src 'none'; style-src 'sha256-"));
    }
}
