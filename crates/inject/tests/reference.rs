// SPDX-License-Identifier: Apache-2.0
//! Does another HTML tokenizer also see our script first, in pages nobody would think of?

mod support;

use std::cell::RefCell;

use kith_inject::{Outcome, Untouched};
use lol_html::{doc_text, element, rewrite_str, RewriteStrSettings};
use proptest::prelude::*;
use support::{inject, without_tag, TAG};

/// What another tokenizer meets, in order.
#[derive(Debug, PartialEq, Eq)]
enum Met {
    Element(String),
    OurScript,
    Text,
}

fn met_by_lol_html(page: &str) -> Vec<Met> {
    let met = RefCell::new(Vec::new());
    let settings = RewriteStrSettings::new()
        .with_strict(false)
        .append_element_content_handler(element!("*", |element| {
            let ours = element.tag_name() == "script"
                && element.get_attribute("src").as_deref() == Some("/.well-known/kith/s.js");
            met.borrow_mut().push(if ours { Met::OurScript } else { Met::Element(element.tag_name()) });
            Ok(())
        }))
        .append_document_content_handler(doc_text!(|text| {
            if !text.as_str().bytes().all(|b| b.is_ascii_whitespace()) {
                met.borrow_mut().push(Met::Text);
            }
            Ok(())
        }));
    rewrite_str(page, settings).unwrap();
    met.into_inner()
}

/// Pieces of markup, as hostile as they come, to be strung together.
#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "<head>", "<HEAD a='>'", "<html>", "<html a=\"", "<html b='", "<html/", "<head ", "<html c=", "</", "</p>", "</head>",
    "<!--", "-->", "--!>", "<!-->", "-", "--", "<!", "<!doctype html>", "<?", "<![CDATA[", "]]>",
    "<script>", "</script>", "<title>", "<body", "<plaintext>", "<svg>", "<noscript>", "<select>", "<xmp>",
    "<", ">", "/", "=", "\"", "'", " ", "\n", "a", "!", "\u{feff}", "ü", "&amp;",
];

fn soup() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(TOKENS), 0..12).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn our_script_is_met_first(page in soup()) {
        let (sent, outcome) = inject([page.clone().into_bytes()], None);
        let met = met_by_lol_html(std::str::from_utf8(&sent).unwrap().trim_start_matches('\u{feff}'));
        match outcome {
            Outcome::Injected => {
                let first = met.iter().position(|met| *met == Met::OurScript);
                prop_assert!(first.is_some(), "{met:?}");
                let allowed = |met: &Met| matches!(met, Met::Element(name) if name == "html" || name == "head");
                let before = &met[..first.unwrap()];
                prop_assert!(before.iter().all(allowed), "{before:?}");
                let heads = before.iter().filter(|met| **met == Met::Element("head".into())).count();
                prop_assert!(heads <= 1);
                prop_assert_eq!(met.iter().filter(|met| **met == Met::OurScript).count(), 1);
                prop_assert_eq!(without_tag(&sent), Some(page.into_bytes()));
            }
            Outcome::Untouched(why) => {
                prop_assert_eq!(why, Untouched::Unfinished);
                prop_assert!(met.iter().all(|met| *met == Met::Element("html".into())), "{met:?}");
                prop_assert_eq!(sent, page.into_bytes());
            }
        }
    }

    #[test]
    fn any_split_gives_the_same_page(page in soup(), splits in proptest::collection::vec(0..80usize, 0..6)) {
        let page = page.into_bytes();
        let whole = inject([page.clone()], None);
        let mut splits: Vec<usize> = splits.into_iter().map(|at| at.min(page.len())).collect();
        splits.extend([0, page.len()]);
        splits.sort_unstable();
        let pieces = splits.windows(2).map(|ends| page[ends[0]..ends[1]].to_vec());
        prop_assert_eq!(inject(pieces, None), whole);
    }

    #[test]
    fn any_bytes_pass_with_at_most_the_tag_added(page in proptest::collection::vec(any::<u8>(), 0..60)) {
        let (sent, outcome) = inject([page.clone()], None);
        match outcome {
            Outcome::Injected => prop_assert_eq!(without_tag(&sent), Some(page)),
            Outcome::Untouched(_) => prop_assert_eq!(sent, page),
        }
    }
}

#[test]
fn the_reference_can_tell_a_script_that_is_not_first() {
    assert_eq!(met_by_lol_html(&format!("<html>x{TAG}")), [Met::Element("html".into()), Met::Text, Met::OurScript]);
}
