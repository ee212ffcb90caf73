// SPDX-License-Identifier: Apache-2.0
//! Is the script put in exactly once, before everything that can run, whatever the page?

mod support;

use bytes::Bytes;
use kith_inject::{Injector, Outcome, Untouched};
use support::{inject, script, TAG};

/// `|` marks where the tag belongs.
const PAGES: &[&str] = &[
    // Ordinary.
    "<!doctype html><html><head>|<title>x</title></head><body></body></html>",
    "<!DOCTYPE html>\r\n<HTML lang=\"de\">\n<HEAD prefix='og: x'>|\n<script>1</script>",
    "\u{feff}<!doctype html><head>|<script>1</script>",
    // No head, no html, no element, nothing.
    "<!doctype html>|<title>x</title>",
    "|<title>x</title><script>1</script>",
    "<html>|<body>x",
    "<html>|<script>1</script>",
    "<html><html a><!-- x -->|<script>1</script>",
    "|<body onload=x><head>",
    "|text",
    "<!doctype html>\n|text<head><script>1</script>",
    "|&#32;<head>",
    "|",
    "\u{feff}|",
    "<!doctype html>|",
    "<html>\n|",
    // A head that is none.
    "<!-- <head> --><html><head>|",
    "<!--><head>|--><script>1</script>",
    "<!---><head>|--><script>1</script>",
    "<!-- a --!><head>|",
    "<!-- a -- > <head> --><head>|",
    "<!-- <!-- <head> --><head>|",
    "<!-- <!--><head>|",
    "<!----!-><head>--><head>|",
    "<html data-a=\"<head>\" data-b='<head>' data-c=<head>|<body>",
    "<html a='>' b=\">\" c = '>'><head>|",
    "<html \"a'><head>|",
    "<html a/='>|'><head>",
    "<html a=b'><head>|",
    "<html a=><head>|",
    "<html a =/'><head>|",
    "<html/a/><head/>|<script>1</script>",
    "<![CDATA[<head>|]]><script>1</script>",
    "|<header><head>",
    "|<headx>",
    "|<hea>",
    "|<h1><head>",
    "|<htmlx>",
    // Other markup first.
    "<?xml version='1.0'?>|<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "<!doctype html [ <!ENTITY a 'b'> |]><head>",
    "<!doctype html public \">|\"><head>",
    "|<plaintext><head>",
    "|<noscript><head></noscript>",
    "|<script><!-- <head>",
    "|<script>var a = '<head>';</script><head>",
    "|<frameset><frame src=a></frameset>",
    "<html>|<frameset>",
    "|<template><head></template>",
    "|<textarea><head>",
    "|<meta http-equiv=refresh content='0;url=x'>",
    "|<base href=//evil>",
    "|<svg><head><script>1</script>",
    "|</head><script>1</script>",
    "|</p><head>",
    "</><head>|",
    "</ head><head>|",
    "<!><head>|",
    "<!-><head>|",
    "|< head>",
    // Ends in the middle.
    "|<",
    "|<he",
    "|<html",
    "|</",
    "|<script",
    "|\u{ff}",
];

fn without_mark(page: &str) -> Vec<u8> {
    page.replace('|', "").into_bytes()
}

#[test]
fn the_tag_is_where_it_belongs() {
    for page in PAGES {
        let (sent, outcome) = inject([without_mark(page)], None);
        assert_eq!(String::from_utf8(sent).unwrap(), page.replace('|', TAG), "{page}");
        assert_eq!(outcome, Outcome::Injected);
    }
}

#[test]
fn pieces_split_at_every_byte_give_the_same_page() {
    for page in PAGES {
        let input = without_mark(page);
        let whole = inject([input.clone()], None);
        for at in 0..=input.len() {
            let (before, after) = input.split_at(at);
            assert_eq!(inject([before.to_vec(), after.to_vec()], None), whole, "{page} at {at}");
        }
        assert_eq!(inject(input.iter().map(|byte| vec![*byte]), None), whole, "{page}");
    }
}

#[test]
fn a_page_that_ends_in_its_first_markup_passes_and_is_flagged() {
    for page in ["<!doctype html", "<!-- x", "<!-- x --", "<!", "<!-", "<html a='>", "<head", "<html a", "<?x"] {
        let (sent, outcome) = inject([page.as_bytes().to_vec()], None);
        if page == "<head" {
            // Not yet a tag: a browser drops it, and the script may stand before it.
            assert_eq!((sent, outcome), (format!("{TAG}<head").into_bytes(), Outcome::Injected));
        } else {
            assert_eq!((sent, outcome), (page.as_bytes().to_vec(), Outcome::Untouched(Untouched::Unfinished)));
        }
    }
}

#[test]
fn pages_not_in_an_ascii_encoding_pass_and_are_flagged() {
    let utf_16 =
        |page: &str, mark: &[u8]| [mark, &page.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat();
    for page in [
        utf_16("<html><head>", b"\xFF\xFE"),
        utf_16("<html><head>", b""),
        utf_16("<?xml?><html><head>", b""),
        b"\xFE\xFF\0<\0h".to_vec(),
        b"<!-- \x1B$B --><script>1</script><!-- \x1B(B --><head>".to_vec(),
    ] {
        let expected = (page.clone(), Outcome::Untouched(Untouched::Encoding));
        assert_eq!(inject([page.clone()], None), expected);
        assert_eq!(inject(page.iter().map(|byte| vec![*byte]), None), expected);
    }
    for charset in ["utf-16", "UTF-16BE", "iso-2022-jp"] {
        let page = b"<head>".to_vec();
        assert_eq!(inject([page.clone()], Some(charset)), (page, Outcome::Untouched(Untouched::Encoding)));
    }
}

#[test]
fn pages_in_other_ascii_encodings_get_the_script() {
    for charset in ["windows-1252", "shift_jis", "utf-8"] {
        let (sent, outcome) = inject([b"<html lang=\"\xE4\x81\"><head>\xFC".to_vec()], Some(charset));
        assert_eq!(sent, [b"<html lang=\"\xE4\x81\"><head>", TAG.as_bytes(), b"\xFC"].concat());
        assert_eq!(outcome, Outcome::Injected);
    }
}

#[test]
fn a_broken_byte_order_mark_is_text() {
    for page in [b"\xEF<head>".as_slice(), b"\xEF\xBBx", b"\xEF\xBB", b"\xEF"] {
        let expected = ([TAG.as_bytes(), page].concat(), Outcome::Injected);
        assert_eq!(inject([page.to_vec()], None), expected);
        assert_eq!(inject(page.iter().map(|byte| vec![*byte]), None), expected);
    }
}

#[test]
fn bytes_after_the_script_are_passed_on_without_being_copied() {
    let page = Bytes::from_static(b"<head>the rest");
    let mut sent = Vec::new();
    let mut injector = Injector::new(&script(), None);
    injector.write(page.clone(), |bytes| sent.push(bytes));
    assert_eq!(injector.outcome(), Some(Outcome::Injected));
    assert_eq!(sent[2].as_ptr(), page[6..].as_ptr());
    injector.write(page.clone(), |bytes| sent.push(bytes));
    assert_eq!(sent[3].as_ptr(), page.as_ptr());
    assert_eq!(injector.end(|bytes| sent.push(bytes)), Outcome::Injected);
    assert_eq!(sent.len(), 4);
}

#[test]
fn a_tag_of_a_hundred_megabytes_holds_nothing_back() {
    let piece = Bytes::from(vec![b'a'; 1 << 20]);
    for (start, mut held_at_most) in [("<html x='", 0), ("<!-- ", 0), ("<!doctype ", 0), ("<div x='", 0)] {
        let mut injector = Injector::new(&script(), None);
        let (mut taken, mut sent) = (0, 0);
        for piece in
            std::iter::once(Bytes::from_static(start.as_bytes())).chain(std::iter::repeat_n(piece.clone(), 100))
        {
            taken += piece.len();
            injector.write(piece, |bytes| sent += bytes.len());
            held_at_most = held_at_most.max(taken.saturating_sub(sent));
        }
        assert!(held_at_most <= 5, "{start}: {held_at_most}");
    }
}
