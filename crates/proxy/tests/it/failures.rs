// SPDX-License-Identifier: Apache-2.0
//! Does each failure become its one answer, and tell a page nothing else?

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use kith_proxy::{
    app,
    ports::{OpenError, ReadError, Visibility},
    Limits, Proxy,
};

use crate::fake::{bytes, get, header, navigate, send, text, FakePages, FakeSite, Reading};

const INSIDE: &str = "inner text <script> of /home/someone";

fn read_internal() -> ReadError {
    ReadError::Internal { source: INSIDE.into() }
}

#[tokio::test]
async fn every_way_not_to_open_has_its_status_and_code() {
    type Case = (&'static str, fn(kith_proxy::SiteName) -> OpenError, u16, &'static str);
    let cases: [Case; 12] = [
        ("no-name", |name| OpenError::NoSuchName { name }, 404, "not_open_to_you"),
        ("no-grant", |name| OpenError::NotGranted { name }, 404, "not_open_to_you"),
        ("no-member", |_| OpenError::NotMember, 403, "not_a_member"),
        ("barred", |_| OpenError::Barred, 403, "barred"),
        ("awaited", |name| OpenError::KeyAwaited { name }, 503, "key_awaited"),
        ("other-key", |name| OpenError::OtherKey { name }, 502, "other_key"),
        ("locked", |_| OpenError::Locked, 401, "locked"),
        ("node-away", |_| OpenError::NodeAway { url: INSIDE.into() }, 503, "node_away"),
        ("stale", |_| OpenError::Stale { seconds: 77 }, 503, "stale"),
        ("corrupt", |_| OpenError::Corrupt { cid: INSIDE.into() }, 502, "corrupt"),
        ("away", |_| OpenError::Unavailable { peers: 3, seconds: 12 }, 504, "unavailable"),
        ("internal", |_| OpenError::Internal { source: INSIDE.into() }, 500, "internal"),
    ];
    let app = cases.iter().fold(FakePages::default(), |pages, case| pages.error(case.0, case.1)).app();
    for (name, _, status, code) in cases {
        let response = send(&app, get(name, "/a.css")).await;
        assert_eq!(response.status().as_u16(), status, "{name}");
        assert_eq!(header(&response, "content-type"), "application/json");
        assert_eq!(header(&response, "cache-control"), "no-store");
        let answer: serde_json::Value = serde_json::from_slice(&bytes(response).await).unwrap();
        assert_eq!(answer["error"]["code"], code, "{name}");
        assert!(answer["error"]["message"].as_str().unwrap().ends_with('.'), "{answer}");

        let response = send(&app, navigate(name, "/")).await;
        assert_eq!(response.status().as_u16(), status, "{name}");
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
        assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"));
        let page = text(response).await;
        assert!(page.contains(code) && !page.contains("inner text") && !page.contains("<script"), "{page}");
        assert_eq!(send(&app, get(name, "/.well-known/kith/info")).await.status().as_u16(), status, "{name}");
    }
    let stale = send(&app, get("stale", "/")).await;
    assert_eq!(header(&stale, "retry-after"), "10");
    assert!(text(stale).await.contains("77 seconds"));
    assert!(text(send(&app, get("away", "/")).await).await.contains("None of the 3 member devices"));
    let locked = send(&app, get("locked", "/")).await;
    assert_eq!(header(&locked, "www-authenticate"), "Kith");
    assert_eq!(header(&locked, "clear-site-data"), "\"cache\"");
}

#[tokio::test]
async fn whose_key_does_not_open_is_told_why_and_what_helps() {
    let app = FakePages::default()
        .error("barred", |_| OpenError::Barred)
        .error("awaited", |name| OpenError::KeyAwaited { name })
        .error("other-key", |name| OpenError::OtherKey { name })
        .app();
    // The cause, the fix, and whether asking again can help.
    let cases = [
        ("barred", "is frozen", "kith recover", false),
        ("awaited", "has not reached you", "ask the owner", true),
        ("other-key", "is not the one", "ask whoever published it", true),
    ];
    for (name, cause, fix, later) in cases {
        let response = send(&app, navigate(name, "/")).await;
        assert_eq!(response.headers().contains_key("retry-after"), later, "{name}");
        let page = text(response).await;
        assert!(page.contains(cause) && page.contains(fix), "{name}: {page}");
    }
}

#[tokio::test]
async fn whose_node_is_away_is_told_how_to_get_it_back_and_a_page_not_where_it_is() {
    let app = FakePages::default().error("away", |_| OpenError::NodeAway { url: "ws://elsewhere:9944".into() }).app();
    for request in [get, navigate] {
        let response = send(&app, request("away", "/")).await;
        assert_eq!(header(&response, "retry-after"), "10");
        let answer = text(response).await;
        assert!(answer.contains("gets no answer from its node") && answer.contains("Start the node"), "{answer}");
        assert!(answer.contains("--node") && !answer.contains("elsewhere"), "{answer}");
    }
    let page = text(send(&app, navigate("away", "/")).await).await;
    assert!(page.contains("Your node is away") && page.contains("Try again"), "{page}");
}

#[tokio::test]
async fn an_unknown_name_and_a_withheld_one_answer_alike() {
    let unknown = FakePages::default().app();
    let withheld = FakePages::default().error("diary", |name| OpenError::NotGranted { name }).app();
    for path in ["/", "/index.html", "/a/b.css", "/.well-known/kith/info", "/.well-known/kith/api/x"] {
        for request in [get, navigate] {
            let (a, b) = (send(&unknown, request("diary", path)).await, send(&withheld, request("diary", path)).await);
            assert_eq!((a.status(), a.headers().clone()), (b.status(), b.headers().clone()), "{path}");
            assert_eq!(bytes(a).await, bytes(b).await, "{path}");
        }
    }
}

#[tokio::test]
async fn every_way_not_to_read_has_its_status_and_code() {
    type Case = (&'static str, fn() -> ReadError, u16, &'static str);
    let cases: [Case; 5] = [
        ("gone", || ReadError::NoSuchPath { path: "gone".into() }, 404, "no_such_path"),
        ("corrupt", || ReadError::Corrupt { cid: INSIDE.into() }, 502, "corrupt"),
        ("away", || ReadError::Unavailable { peers: 1, seconds: 5 }, 504, "unavailable"),
        ("locked", || ReadError::Locked, 401, "locked"),
        ("internal", read_internal, 500, "internal"),
    ];
    let site = cases.iter().fold(FakeSite::new(Visibility::Private), |site, (path, error, ..)| {
        site.reading(path, "text/css", vec![1; 5000], Reading::FailsAt(0, *error))
    });
    let app = FakePages::default().site("garden", site).app();
    for (path, _, status, code) in cases {
        let response = send(&app, get("garden", &format!("/{path}"))).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(!response.headers().contains_key("etag"));
        let answer = text(response).await;
        assert!(answer.contains(code) && !answer.contains("inner text"), "{answer}");
    }
    let nothing = send(&app, get("garden", "/nothing")).await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);
    let folder = send(&app, navigate("garden", "/")).await;
    assert!(text(folder).await.contains("no_index"));
}

#[tokio::test]
async fn content_that_breaks_off_ends_with_an_error() {
    let broken = || ReadError::Corrupt { cid: "bafy".into() };
    let site = FakeSite::new(Visibility::Public)
        .reading("corrupt", "a/b", vec![1; 5000], Reading::FailsAt(2000, broken))
        .reading("corrupt.html", "text/html", vec![b'a'; 5000], Reading::FailsAt(2000, broken))
        .reading("short", "a/b", vec![1; 5000], Reading::EndsAt(2000))
        .reading("short.html", "text/html", vec![b'a'; 5000], Reading::EndsAt(2000))
        .reading("long", "a/b", vec![1; 5000], Reading::RunsOver)
        .reading("stalled", "a/b", vec![1; 5000], Reading::StallsAt(2000));
    let mut limits = Limits::default();
    limits.stall = Duration::from_millis(20);
    let pages = FakePages::default().site("garden", site);
    let app = app(Arc::new(Proxy::new(Arc::new(pages), limits)), crate::fake::PORT);
    for path in ["corrupt", "corrupt.html", "short", "short.html", "long", "stalled"] {
        let response = send(&app, get("garden", &format!("/{path}"))).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(axum::body::to_bytes(response.into_body(), usize::MAX).await.is_err(), "{path}");
    }
}

#[tokio::test]
async fn content_that_is_missing_or_late_from_the_start_has_a_status() {
    let site = FakeSite::new(Visibility::Public).reading("late", "a/b", vec![1; 5000], Reading::StallsAt(0)).reading(
        "empty",
        "a/b",
        vec![1; 5000],
        Reading::EndsAt(0),
    );
    let mut limits = Limits::default();
    limits.first_byte = Duration::from_millis(20);
    let pages = FakePages::default().site("garden", site);
    let app = app(Arc::new(Proxy::new(Arc::new(pages), limits)), crate::fake::PORT);
    let late = send(&app, get("garden", "/late")).await;
    assert_eq!(late.status(), StatusCode::GATEWAY_TIMEOUT);
    assert!(text(late).await.contains("too_late"));
    assert_eq!(send(&app, get("garden", "/empty")).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
