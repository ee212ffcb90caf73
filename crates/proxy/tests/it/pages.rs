// SPDX-License-Identifier: Apache-2.0
//! Does each page get the trusted script, once and first, and nothing else of it changed?

use axum::Router;
use data_encoding::BASE64;
use http::StatusCode;
use kith_proxy::ports::Visibility;
use sha2::{Digest, Sha256};

use crate::fake::{bytes, get, header, navigate, send, text, FakePages, FakeSite};

const PAGE: &str = "<!doctype html><html><head><title>x</title><script>own()</script></head><body>ä</body></html>";

fn app() -> Router {
    let public = FakeSite::new(Visibility::Public)
        .file("index.html", "text/html; charset=utf-8", PAGE)
        .file("long.html", "text/html", format!("<p>{}</p>", "long ".repeat(2000)))
        .file("empty.html", "text/html", "")
        .file("wide.html", "text/html; charset=utf-16le", "<\0p\0>\0")
        .file("page.xhtml", "application/xhtml+xml", PAGE)
        .file("image.svg", "image/svg+xml", "<svg><script>x()</script></svg>")
        .file("note.txt", "text/plain", PAGE);
    let private = FakeSite { visibility: Visibility::Private, ..public.clone() };
    FakePages::default().site("pub", public).site("priv", private).app()
}

/// The script's tag in a page, cut out, with the page around it.
fn cut(page: &str) -> (String, String) {
    let start = page.find("<script src=\"/.well-known/kith/").expect("the page has the script");
    let end = start + page[start..].find("</script>").unwrap() + "</script>".len();
    (page[start..end].to_owned(), format!("{}{}", &page[..start], &page[end..]))
}

fn attribute(tag: &str, name: &str) -> String {
    tag.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_in_a_tab_gets_the_script_first_and_keeps_every_byte() {
    let app = app();
    for site in ["pub", "priv"] {
        for request in [get(site, "/"), navigate(site, "/")] {
            let response = send(&app, request).await;
            assert!(!response.headers().contains_key("content-length"));
            assert!(!response.headers().contains_key("accept-ranges"));
            let page = text(response).await;
            let (_, rest) = cut(&page);
            assert_eq!(rest, PAGE);
            assert!(page.find("/.well-known/kith/").unwrap() < page.find("own()").unwrap());
            assert_eq!(page.matches("/.well-known/kith/").count(), 1);
        }
    }
    let long = text(send(&app, navigate("pub", "/long.html")).await).await;
    assert_eq!(cut(&long).1, format!("<p>{}</p>", "long ".repeat(2000)));
}

#[tokio::test]
async fn the_script_is_where_the_tag_says_and_hashes_to_its_integrity() {
    let app = app();
    let (tag, _) = cut(&text(send(&app, navigate("priv", "/")).await).await);
    let path = attribute(&tag, "src");
    let response =
        send(&app, get("priv", &path).header("sec-fetch-site", "same-origin").header("sec-fetch-dest", "script")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
    assert!(header(&response, "cache-control").contains("immutable"));
    let script = bytes(response).await;
    assert_eq!(attribute(&tag, "integrity"), format!("sha256-{}", BASE64.encode(&Sha256::digest(&script))));
    assert_eq!(&script[..], include_bytes!("../../../../web/dist/script.js"));
    let elsewhere =
        send(&app, get("pub", &path).header("sec-fetch-site", "same-site").header("sec-fetch-dest", "script")).await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_frame_gets_the_page_as_published() {
    for to in ["iframe", "frame", "embed", "object", "empty"] {
        let request = get("priv", "/").header("sec-fetch-site", "same-origin").header("sec-fetch-dest", to);
        let response = send(&app(), request).await;
        assert_eq!(header(&response, "content-length"), PAGE.len().to_string());
        assert_eq!(text(response).await, PAGE, "{to}");
    }
}

#[tokio::test]
async fn what_only_looks_like_html_is_left_alone() {
    let app = app();
    for (path, published) in
        [("/note.txt", PAGE), ("/page.xhtml", PAGE), ("/image.svg", "<svg><script>x()</script></svg>")]
    {
        assert_eq!(text(send(&app, navigate("pub", path)).await).await, published, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_take_the_script_is_shown_without_it() {
    let response = send(&app(), navigate("pub", "/wide.html")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(bytes(response).await, "<\0p\0>\0");
}

#[tokio::test]
async fn an_empty_page_is_a_page() {
    assert_eq!(send(&app(), navigate("pub", "/empty.html")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_range_of_a_rewritten_page_is_the_whole_page() {
    let response = send(&app(), navigate("pub", "/").header("range", "bytes=0-5")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(cut(&text(response).await).1, PAGE);
}

#[tokio::test]
async fn a_private_page_may_talk_to_its_own_origin_only() {
    let response = send(&app(), navigate("priv", "/")).await;
    let policy = header(&response, "content-security-policy");
    let directives: Vec<&str> = policy.split(';').map(str::trim).collect();
    let sources = |name: &str| {
        directives
            .iter()
            .find_map(|directive| directive.strip_prefix(&format!("{name} ")))
            .unwrap_or_else(|| panic!("{name}: {policy}"))
    };
    for name in ["default-src", "connect-src", "form-action", "frame-ancestors"] {
        assert!(!sources(name).contains('*') && !sources(name).contains("http"), "{policy}");
    }
    assert_eq!(sources("connect-src"), "'self'");
}

#[tokio::test]
async fn a_page_learns_what_it_is() {
    let response = send(&app(), get("priv", "/.well-known/kith/info").header("sec-fetch-site", "same-origin")).await;
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(header(&response, "cache-control"), "no-store");
    let info: serde_json::Value = serde_json::from_slice(&bytes(response).await).unwrap();
    assert_eq!(info, serde_json::json!({ "name": "priv", "resource": 42, "version": 3, "visibility": "private" }));
}
