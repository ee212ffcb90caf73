// SPDX-License-Identifier: Apache-2.0
//! Is a response a page that gets the script, and in which encoding is it said to be?

/// The declared encoding of an HTML page, if it declares one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Html<'a> {
    /// The `charset` parameter as written, without quotes.
    pub charset: Option<&'a str>,
}

/// Reads a `Content-Type`; `None` for everything but `text/html`, which must pass byte for byte.
pub fn html(content_type: &str) -> Option<Html<'_>> {
    let mut parts = content_type.split(';');
    let essence = parts.next()?.trim();
    if !essence.eq_ignore_ascii_case("text/html") {
        return None;
    }
    let charset = parts.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    Some(Html { charset })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_html_is_html() {
        for other in ["application/xhtml+xml", "image/svg+xml", "text/plain", "text/html-sandboxed", "", "text/htmlx"] {
            assert_eq!(html(other), None, "{other}");
        }
    }

    #[test]
    fn charset_is_found_in_any_spelling() {
        assert_eq!(html("text/html"), Some(Html { charset: None }));
        for content_type in [
            "text/html; charset=utf-8",
            "Text/HTML ;a=b; Charset=\"utf-8\"",
            " text/html;charset = utf-8 ;charset=utf-16",
        ] {
            assert_eq!(html(content_type), Some(Html { charset: Some("utf-8") }), "{content_type}");
        }
    }
}
