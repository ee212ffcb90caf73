// SPDX-License-Identifier: Apache-2.0
//! Is a request that is not ours stopped before anything is opened?

use std::sync::Arc;

use async_trait::async_trait;
use axum::{body::Body, routing::post, Extension, Router};
use http::{Request, StatusCode};
use kith_proxy::{
    app,
    ports::{OpenError, Visibility},
    Limits, Pages, Proxy, Site, SiteName,
};

use crate::fake::{get, header, navigate, send, send_body, text, FakePages, FakeSite, PORT};

/// A community that must not be asked.
struct Untouched;

#[async_trait]
impl Pages for Untouched {
    async fn open(&self, name: &SiteName) -> Result<Arc<dyn Site>, OpenError> {
        panic!("{name} was opened")
    }
}

fn untouched() -> Router {
    app(Arc::new(Proxy::new(Arc::new(Untouched), Limits::default())), PORT)
}

#[tokio::test]
async fn foreign_hosts_get_one_constant_answer() {
    let app = untouched();
    let hosts = [
        "evil.example:7780",
        "localhost.:7780",
        "127.0.0.1:7780",
        "x.localhost:7780",
        "garden.kith.localhost:1",
        "[::1]:7780",
    ];
    let mut answers = Vec::new();
    for host in hosts {
        for (method, path) in
            [("GET", "/"), ("POST", "/api/v1/state"), ("GET", "/.well-known/kith/info"), ("OPTIONS", "/")]
        {
            let request =
                Request::builder().method(method).uri(path).header("host", host).header("accept", "text/html");
            let response = send(&app, request).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host} {method}");
            assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control")));
            answers.push(format!("{:?} {}", response.headers().clone(), text(response).await));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(!answers[0].to_lowercase().contains("kith"));
}

#[tokio::test]
async fn an_absolute_request_line_must_agree_with_the_host() {
    let app = untouched();
    for target in ["http://example.com/", "http://garden.kith.localhost:7780/"] {
        let response = send(&app, Request::get(target).header("host", format!("localhost:{PORT}"))).await;
        assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{target}");
    }
    let ours = Request::get("http://localhost:7780/").header("host", "localhost:7780");
    assert_eq!(send(&app, ours).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn other_origins_reach_no_resource() {
    let app = untouched();
    let cases: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
        &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
        &[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
        &[("origin", "null")],
        &[("origin", "http://localhost:7780")],
        &[("service-worker", "script"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in cases {
        let request = headers.iter().fold(get("garden", "/"), |request, (name, value)| request.header(*name, *value));
        let response = send(&app, request).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn content_is_read_and_never_written() {
    let app = untouched();
    let own = "http://garden.kith.localhost:7780";
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let own_write =
            get("garden", "/notes").method(method).header("origin", own).header("content-type", "application/json");
        let response = send(&app, own_write).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(header(&response, "allow"), "GET, HEAD");
        let foreign = get("garden", "/notes").method(method).header("origin", "http://evil.example");
        assert_eq!(send(&app, foreign).await.status(), StatusCode::FORBIDDEN, "{method}");
    }
    for method in ["TRACE", "OPTIONS", "PROPFIND"] {
        let response = send(&app, get("garden", "/").method(method)).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn odd_paths_open_nothing() {
    let app = untouched();
    for path in ["/../a", "/%2e%2e/a", "/a%2fb", "//evil.example/", "/%ff", "/a%00", "/%zz", "/a%5c..%5cb"] {
        let response = send(&app, get("garden", path)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
    }
    for path in ["/.well-known/kith/", "/.well-known/kith/script-0000000000000000.js", "/.well-known/%6bith/other"] {
        assert_eq!(send(&app, get("garden", path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

fn with_site_api() -> Router {
    async fn whoami(Extension(name): Extension<SiteName>, body: String) -> String {
        format!("{name}:{body}")
    }
    let api = Router::new().route("/.well-known/kith/api/whoami", post(whoami));
    let pages = FakePages::default().site("garden", FakeSite::new(Visibility::Private));
    app(Arc::new(pages.proxy().with_site_api(api)), PORT)
}

fn call(site: &str) -> http::request::Builder {
    get(site, "/.well-known/kith/api/whoami")
        .method("POST")
        .header("origin", format!("http://{site}.kith.localhost:{PORT}"))
        .header("content-type", "application/json")
}

#[tokio::test]
async fn a_site_calls_its_own_api_and_is_known_by_its_origin() {
    let app = with_site_api();
    let response = send_body(&app, call("garden"), Body::from("{\"site\":\"other\"}")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(text(response).await, "garden:{\"site\":\"other\"}");
    let response = send_body(&app, call("garden").header("sec-fetch-site", "same-site"), Body::from("{}")).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let plain = get("garden", "/.well-known/kith/api/whoami")
        .method("POST")
        .header("origin", "http://garden.kith.localhost:7780");
    assert_eq!(
        send(&app, plain.header("content-type", "text/plain")).await.status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    assert_eq!(send(&app, get("garden", "/.well-known/kith/api/nothing")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let app = with_site_api();
    let limit = Limits::default().body_bytes;
    assert_eq!(send_body(&app, call("garden"), Body::from(vec![b' '; limit])).await.status(), StatusCode::OK);
    let response = send_body(&app, call("garden"), Body::from(vec![b' '; limit + 1])).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(header(&response, "connection"), "close");
}

#[tokio::test]
async fn one_request_too_many_is_told_to_wait_and_the_dashboard_still_answers() {
    let mut limits = Limits::default();
    limits.site_requests = 1;
    let pages =
        FakePages::default().site("garden", FakeSite::new(Visibility::Public).file("a.bin", "a/b", vec![7; 5000]));
    let app = app(Arc::new(Proxy::new(Arc::new(pages), limits)), PORT);
    let first = send(&app, get("garden", "/a.bin")).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = send(&app, get("garden", "/a.bin")).await;
    assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&second, "retry-after"), "1");
    let dashboard = Request::get("/").header("host", format!("localhost:{PORT}"));
    assert_eq!(send(&app, dashboard).await.status(), StatusCode::OK);
    drop(first);
    assert_eq!(send(&app, get("garden", "/a.bin")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_link_from_elsewhere_opens_a_page() {
    let pages = FakePages::default()
        .site("garden", FakeSite::new(Visibility::Private).file("index.html", "text/html", "<p>hi"));
    let request = get("garden", "/")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    assert_eq!(send(&pages.app(), request).await.status(), StatusCode::OK);
    let nobody = send(&FakePages::default().app(), navigate("garden", "/")).await;
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
}
