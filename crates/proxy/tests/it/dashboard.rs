// SPDX-License-Identifier: Apache-2.0
//! Is the dashboard served to its own origin, and framed by nobody?

use std::sync::Arc;

use axum::{body::Body, http::HeaderMap, routing::get as on_get, routing::post, Router};
use http::{request::Builder, Request, StatusCode};
use kith_proxy::{app, Limits, Proxy};

use crate::fake::{header, send, send_body, text, FakePages, PORT};

const OWN: &str = "http://localhost:7780";

fn ask(path: &str) -> Builder {
    Request::get(path).header("host", format!("localhost:{PORT}"))
}

fn with_api(limits: Limits) -> Router {
    async fn state(headers: HeaderMap) -> String {
        headers["authorization"].to_str().unwrap().to_owned()
    }
    let api = Router::new()
        .route("/api/v1/state", on_get(state))
        .route("/api/v1/echo", post(|body: String| async { body }))
        .route("/api/v1/open", on_get(|| async { [("access-control-allow-origin", "*")] }))
        .route("/api/v1/never", on_get(std::future::pending::<()>));
    app(Arc::new(Proxy::new(Arc::new(FakePages::default()), limits).with_dashboard_api(api)), PORT)
}

#[tokio::test]
async fn its_files_are_served_under_a_strict_policy() {
    let app = with_api(Limits::default());
    for (path, media_type, part) in [
        ("/", "text/html; charset=utf-8", "<title>Kith</title>"),
        ("/dashboard.js", "text/javascript; charset=utf-8", "/api/v1/state"),
        ("/dashboard.css", "text/css; charset=utf-8", "prefers-color-scheme"),
    ] {
        let response = send(&app, ask(path)).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, "content-type"), media_type);
        assert_eq!(
            header(&response, "content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        );
        assert_eq!(header(&response, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert!(text(response).await.contains(part), "{path}");
    }
    for path in ["/index.html", "/.well-known/kith/info", "/script.js", "/api"] {
        assert_eq!(send(&app, ask(path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn its_page_uses_only_what_its_policy_allows() {
    let page = text(send(&with_api(Limits::default()), ask("/")).await).await;
    for forbidden in ["<style", "style=", "onclick", "onload", "http://www.", "https:", "<script>"] {
        assert!(!page.replace("http://www.w3.org", "").contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("<script src=\"/dashboard.js\" defer></script>"));
}

#[tokio::test]
async fn its_api_is_the_companions() {
    let app = with_api(Limits::default());
    let response = send(&app, ask("/api/v1/state").header("authorization", "Bearer abc")).await;
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(text(response).await, "Bearer abc");
    let change = ask("/api/v1/echo").method("POST").header("origin", OWN).header("content-type", "application/json");
    assert_eq!(text(send_body(&app, change, Body::from("{}")).await).await, "{}");
    assert_eq!(send(&app, ask("/api/v1/none")).await.status(), StatusCode::NOT_FOUND);
    let opened = send(&app, ask("/api/v1/open")).await;
    assert!(!opened.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn sites_and_strangers_change_nothing_here() {
    let app = with_api(Limits::default());
    for origin in ["http://garden.kith.localhost:7780", "null", "http://localhost:9944", "http://evil.example"] {
        let change =
            ask("/api/v1/echo").method("POST").header("origin", origin).header("content-type", "application/json");
        assert_eq!(send_body(&app, change, Body::from("{}")).await.status(), StatusCode::FORBIDDEN, "{origin}");
        let read = ask("/api/v1/state").header("origin", origin);
        assert_eq!(send(&app, read).await.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    let form = ask("/api/v1/echo").method("POST").header("origin", OWN).header("content-type", "text/plain");
    assert_eq!(send(&app, form).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let page = ask("/").method("POST").header("origin", OWN).header("content-type", "application/json");
    assert_eq!(send(&app, page).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_api_that_never_answers_is_given_up() {
    let mut limits = Limits::default();
    limits.api_answer = std::time::Duration::from_millis(20);
    let response = send(&with_api(limits), ask("/api/v1/never")).await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
}
