// SPDX-License-Identifier: Apache-2.0
//! Does a page keep its policy, does our script run under it, and does a private page stay private?

use kith_inject::policy::{document, Ours, PRIVATE_HEADERS, PRIVATE_POLICY};
use kith_inject::ScriptTag;

const HASH: &str = "sha384-oqVuAfXRKap7fdgcCY5uykM6";
const URL: &str = "http://a.kith.localhost:1/.well-known/kith/s.js";
const API: &str = "http://a.kith.localhost:1/.well-known/kith/";

fn public(page: &[&str]) -> (Vec<String>, Option<String>) {
    let script = ScriptTag::new("/.well-known/kith/s.js", HASH).unwrap();
    let ours = Ours { script: &script, origin: "http://a.kith.localhost:1", api: "/.well-known/kith/" };
    let policies = document(page.iter().copied(), false, ours);
    (policies.headers, policies.nonce)
}

fn one(page: &str) -> String {
    let (headers, nonce) = public(&[page]);
    assert_eq!((headers.len(), nonce), (1, None));
    headers.into_iter().next().unwrap()
}

#[test]
fn a_page_without_policy_gets_none() {
    assert_eq!(public(&[]), (vec![], None));
    assert_eq!(public(&["", " ; , ;"]), (vec![], None));
}

#[test]
fn a_policy_that_lets_us_in_is_kept() {
    for policy in [
        "default-src 'self'",
        "script-src 'SELF' 'unsafe-inline'; connect-src *",
        "script-src-elem http:; script-src 'none'; img-src 'none'",
        "img-src 'none'; sandbox allow-scripts; require-trusted-types-for 'script'",
    ] {
        assert_eq!(one(policy), policy);
    }
}

#[test]
fn our_url_is_added_and_nothing_that_switches_inline_scripts_off() {
    assert_eq!(
        one("script-src 'unsafe-inline' https://cdn.example"),
        format!(
            "script-src 'unsafe-inline' https://cdn.example; script-src-elem 'unsafe-inline' https://cdn.example {URL}"
        )
    );
    assert_eq!(one("script-src-elem 'nonce-abc'"), format!("script-src-elem 'nonce-abc' {URL}"));
}

#[test]
fn none_gives_way_to_us_alone() {
    assert_eq!(
        one("default-src 'none'; img-src 'self'"),
        format!("default-src 'none'; img-src 'self'; script-src-elem {URL}; connect-src {API}")
    );
    assert_eq!(one("connect-src 'none'"), format!("connect-src {API}"));
    assert_eq!(one("script-src;"), format!("script-src; script-src-elem {URL}"));
}

#[test]
fn the_first_of_two_directives_counts() {
    assert_eq!(one("script-src 'self'; script-src 'none'"), "script-src 'self'; script-src 'none'");
}

#[test]
fn under_strict_dynamic_an_existing_nonce_is_used() {
    let policy = "script-src 'self' 'strict-dynamic' 'Nonce-r4nd0m=='";
    assert_eq!(public(&[policy]), (vec![policy.to_owned()], Some("r4nd0m==".to_owned())));
}

#[test]
fn under_strict_dynamic_without_nonce_our_hash_is_added() {
    let list = "'strict-dynamic' 'sha256-AAAA'";
    assert_eq!(one(&format!("script-src {list}")), format!("script-src {list}; script-src-elem {list} '{HASH}'"));
    let already = format!("script-src 'strict-dynamic' '{HASH}' 'nonce-abc'");
    assert_eq!(one(&already), already);
}

#[test]
fn a_nonce_that_could_break_out_of_a_tag_is_not_used() {
    let list = "'strict-dynamic' 'nonce-\"onload=x'";
    assert_eq!(one(&format!("script-src {list}")), format!("script-src {list}; script-src-elem {list} '{HASH}'"));
}

#[test]
fn each_of_several_policies_is_seen_to() {
    let (headers, nonce) = public(&[
        "script-src 'strict-dynamic' 'nonce-one', script-src 'strict-dynamic' 'nonce-two'",
        "script-src https:",
    ]);
    assert_eq!(nonce.as_deref(), Some("one"));
    assert_eq!(
        headers,
        [
            "script-src 'strict-dynamic' 'nonce-one'".to_owned(),
            format!("script-src 'strict-dynamic' 'nonce-two'; script-src-elem 'strict-dynamic' 'nonce-two' '{HASH}'"),
            format!("script-src https:; script-src-elem https: {URL}"),
        ]
    );
}

#[test]
fn a_private_page_gets_a_policy_of_its_own_beside_the_pages() {
    let script = ScriptTag::new("/s.js", HASH).unwrap();
    let ours = Ours { script: &script, origin: "http://a.kith.localhost:1", api: "/.well-known/kith/" };
    let policies = document(["default-src *"], true, ours);
    assert_eq!(policies.headers, ["default-src *", PRIVATE_POLICY]);
}

#[test]
fn the_private_policy_names_no_other_origin() {
    let allowed = ["'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "'block'"];
    let mut names = Vec::new();
    for directive in PRIVATE_POLICY.split("; ") {
        let mut words = directive.split(' ');
        names.extend(words.next());
        words.for_each(|source| assert!(allowed.contains(&source), "{source}"));
    }
    for name in ["default-src", "connect-src", "form-action", "frame-ancestors", "base-uri", "webrtc"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(PRIVATE_HEADERS.contains(&("cache-control", "no-store")));
}
