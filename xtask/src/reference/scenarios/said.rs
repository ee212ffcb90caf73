// SPDX-License-Identifier: Apache-2.0
//! What a file of tests says of itself: its header, the names of its tests, and what it prints as shown.

use syn::{
    buffer::{Cursor, TokenBuffer},
    LitStr,
};

/// What begins a line that a story prints when something was shown.
const TICK: &str = "✓ ";

/// What a file says, each in the order in which it says it.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The first paragraph of its header.
    pub(super) header: String,
    /// The names of its tests.
    pub(super) tests: Vec<String>,
    /// What it prints as shown, with "…" for each value.
    pub(super) shown: Vec<String>,
}

impl Said {
    /// Reads a file's text; nothing if it is no Rust.
    pub(super) fn by(text: &str) -> Option<Self> {
        let tokens = TokenBuffer::new2(text.parse().ok()?);
        let mut said = Self { header: header(text), ..Self::default() };
        said.listen(tokens.begin());
        Some(said)
    }

    /// Hears these tokens, and those inside of them: tests may lie in a module or in a macro.
    fn listen(&mut self, mut at: Cursor<'_>) {
        let (mut is_attribute, mut is_test) = (false, false);
        while let Some((_, next)) = at.token_tree() {
            if let Some((inside, _, _, _)) = at.any_group() {
                is_test |= is_attribute && inside.ident().is_some_and(|(name, rest)| name == "test" && rest.eof());
                self.listen(inside);
            } else if let Some((word, rest)) = at.ident() {
                if word == "fn" && std::mem::take(&mut is_test) {
                    self.tests.extend(rest.ident().map(|(name, _)| name.to_string()));
                }
                if word == "println" {
                    self.shown.extend(shown(rest));
                }
            }
            is_attribute = at.punct().is_some_and(|(sign, _)| sign.as_char() == '#');
            at = next;
        }
    }
}

/// The first paragraph of the lines with which a file begins.
fn header(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.strip_prefix("//!")).map(str::trim);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a `println!` shows whose name ends here, if it shows something.
fn shown(at: Cursor<'_>) -> Option<String> {
    let (_, at) = at.punct()?;
    let (inside, _, _, _) = at.any_group()?;
    let (literal, _) = inside.literal()?;
    let text = syn::parse_str::<LitStr>(&literal.to_string()).ok()?.value();
    text.strip_prefix(TICK).map(without_values)
}

/// A format's text with "…" for each value it would show.
fn without_values(format: &str) -> String {
    let (mut text, mut is_value) = (String::new(), false);
    for letter in format.chars() {
        match letter {
            '{' => {
                text.push('…');
                is_value = true;
            }
            '}' => is_value = false,
            other if !is_value => text.push(other),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_its_header_and_its_tests_wherever_they_lie() {
        let header =
            "// SPDX-License-Identifier: Apache-2.0\n//! Who may enter,\n//! and when.\n//!\n//! How it is tried.\n";
        let tests = r##"
            fn test() { helper(test); }
            #[test]
            fn who_knocks_enters() { let text = "#[test] fn not_this"; }
            #[test]
            #[should_panic(expected = "no")]
            fn who_does_not_knock_waits() { fn inner() {} }
            // #[test] fn nor_this() {}
            mod deeper { proptest! { #[test] fn whoever_knocks_enters(times in 1u32..9) {} } }
        "##;
        let said = Said::by(&format!("{header}{tests}")).unwrap();
        assert_eq!(said.header, "Who may enter, and when.");
        assert_eq!(said.tests, ["who_knocks_enters", "who_does_not_knock_waits", "whoever_knocks_enters"]);
        assert!(said.shown.is_empty(), "{said:?}");
    }

    #[test]
    fn what_is_shown_is_told_without_its_values() {
        let said = Said::by(
            r#"
            fn story() {
                println!("✓ by block {closed} all of {} hung up", 3);
                println!(
                    "✓ the others \
                     read on"
                );
                println!("expel: {closed}");
                println!();
            }
            "#,
        )
        .unwrap();
        assert_eq!(said.shown, ["by block … all of … hung up", "the others read on"]);
    }

    #[test]
    fn what_is_no_rust_says_nothing() {
        assert!(Said::by("fn story( {").is_none());
    }
}
