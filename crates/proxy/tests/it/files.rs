// SPDX-License-Identifier: Apache-2.0
//! Is a file answered with its own bytes, under the right path and headers?

use std::sync::atomic::Ordering;

use axum::Router;
use http::StatusCode;
use http_body_util::BodyExt;
use kith_proxy::ports::Visibility;

use crate::fake::{bytes, get, header, navigate, sample, send, text, FakePages, FakeSite, PIECE};

fn app() -> Router {
    let public = FakeSite::new(Visibility::Public)
        .file("index.html", "text/html; charset=utf-8", "<p>root</p>")
        .file("photo.png", "image/png", sample(5000))
        .file("my holiday/ähre & co.txt", "text/plain", "corn")
        .file("my holiday/index.html", "text/html", "<p>holiday</p>")
        .file("pictures/a.png", "image/png", sample(10))
        .file("empty", "text/plain", "")
        .file("odd", "text/plain\r\nx: y", "odd");
    let private = FakeSite { visibility: Visibility::Private, ..public.clone() };
    let members = FakeSite { visibility: Visibility::Members, ..public.clone() };
    let single = FakeSite::new(Visibility::Public).file("", "application/pdf", "%PDF");
    FakePages::default().site("pub", public).site("priv", private).site("all", members).site("one", single).app()
}

#[tokio::test]
async fn what_is_not_html_passes_byte_for_byte() {
    for site in ["pub", "priv", "all"] {
        let response = send(&app(), get(site, "/photo.png")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "content-type"), "image/png");
        assert_eq!(header(&response, "content-length"), "5000");
        assert_eq!(header(&response, "accept-ranges"), "bytes");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(header(&response, "cross-origin-resource-policy"), "same-origin");
        assert_eq!(header(&response, "origin-agent-cluster"), "?1");
        assert_eq!(bytes(response).await, sample(5000));
    }
}

#[tokio::test]
async fn only_public_bytes_may_be_kept_by_a_browser() {
    let public = send(&app(), get("pub", "/photo.png")).await;
    assert_eq!(header(&public, "cache-control"), "no-cache");
    assert_eq!(header(&public, "etag"), "\"tag-5000\"");
    assert_eq!(header(&public, "content-security-policy"), "frame-ancestors 'self'");
    for site in ["priv", "all"] {
        for path in ["/photo.png", "/", "/empty"] {
            let response = send(&app(), get(site, path)).await;
            assert_eq!(header(&response, "cache-control"), "no-store", "{site} {path}");
            assert!(!response.headers().contains_key("etag"), "{site} {path}");
            let policy = header(&response, "content-security-policy");
            assert!(policy.contains("default-src") && !policy.contains("http"), "{policy}");
        }
        let response = send(&app(), get(site, "/photo.png").header("if-none-match", "*")).await;
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn a_known_version_is_not_sent_again() {
    let app = app();
    for known in ["\"tag-5000\"", "W/\"tag-5000\"", "\"a\", \"tag-5000\"", "*", "\"a\",W/\"tag-5000\""] {
        let response = send(&app, get("pub", "/photo.png").header("if-none-match", known)).await;
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(header(&response, "etag"), "\"tag-5000\"");
        assert!(bytes(response).await.is_empty());
    }
    for other in ["\"tag-5001\"", "tag-5000", "", "\"\""] {
        let response = send(&app, get("pub", "/photo.png").header("if-none-match", other)).await;
        assert_eq!(response.status(), StatusCode::OK, "{other}");
    }
}

#[tokio::test]
async fn a_page_with_the_script_and_one_without_are_different_versions() {
    let app = app();
    let in_tab = send(&app, navigate("pub", "/")).await;
    let in_frame =
        send(&app, get("pub", "/").header("sec-fetch-site", "same-origin").header("sec-fetch-dest", "iframe")).await;
    let tag = header(&in_tab, "etag").to_owned();
    assert_ne!(tag, header(&in_frame, "etag"));
    assert_eq!(header(&in_tab, "vary"), "Sec-Fetch-Dest");
    assert_eq!(header(&in_frame, "vary"), "Sec-Fetch-Dest");
    let again = send(&app, navigate("pub", "/").header("if-none-match", &tag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let framed = get("pub", "/").header("sec-fetch-dest", "iframe").header("if-none-match", &tag);
    assert_eq!(send(&app, framed).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn names_with_spaces_and_other_letters_are_found() {
    let app = app();
    for path in ["/my%20holiday/%C3%A4hre%20%26%20co.txt", "/my%20holiday/%c3%a4hre%20&%20co.txt"] {
        assert_eq!(text(send(&app, get("pub", path)).await).await, "corn", "{path}");
    }
    assert_eq!(send(&app, get("pub", "/my+holiday/")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn folders_show_their_page_under_a_final_slash() {
    let app = app();
    assert!(text(send(&app, get("pub", "/my%20holiday/")).await).await.contains("<p>holiday</p>"));
    let response = send(&app, get("pub", "/my%20holiday?a=1&b=%20")).await;
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(header(&response, "location"), "/my%20holiday/?a=1&b=%20");
    for path in ["/pictures/", "/photo.png/", "/none/", "/pictures/none.png"] {
        assert_eq!(send(&app, get("pub", path)).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_resource_of_one_file_is_that_file() {
    let response = send(&app(), get("one", "/")).await;
    assert_eq!(header(&response, "content-type"), "application/pdf");
    assert_eq!(text(response).await, "%PDF");
}

#[tokio::test]
async fn a_head_has_the_headers_and_no_body() {
    let app = app();
    for (site, path) in
        [("pub", "/photo.png"), ("priv", "/photo.png"), ("pub", "/"), ("pub", "/empty"), ("pub", "/none")]
    {
        let full = send(&app, get(site, path)).await;
        let head = send(&app, get(site, path).method("HEAD")).await;
        assert_eq!(head.status(), full.status(), "{path}");
        assert_eq!(head.headers(), full.headers(), "{path}");
        assert!(bytes(head).await.is_empty(), "{path}");
    }
    let ranged = send(&app, get("pub", "/photo.png").method("HEAD").header("range", "bytes=0-1")).await;
    assert_eq!((ranged.status(), header(&ranged, "content-length")), (StatusCode::OK, "5000"));
}

#[tokio::test]
async fn a_media_type_that_is_no_header_becomes_plain_bytes() {
    let response = send(&app(), get("pub", "/odd")).await;
    assert_eq!(header(&response, "content-type"), "application/octet-stream");
    assert_eq!(text(response).await, "odd");
}

#[tokio::test]
async fn an_empty_file_is_empty() {
    let response = send(&app(), get("pub", "/empty")).await;
    assert_eq!((response.status(), header(&response, "content-length")), (StatusCode::OK, "0"));
    assert!(bytes(response).await.is_empty());
}

#[tokio::test]
async fn a_large_file_is_never_held_as_a_whole() {
    let size = 2000 * PIECE;
    for (path, media_type) in [("film.mp4", "video/mp4"), ("book.html", "text/html")] {
        let site = FakeSite::new(Visibility::Private).file(path, media_type, vec![b'x'; size as usize]);
        let seen = site.seen.clone();
        let response = send(&FakePages::default().site("big", site).app(), get("big", &format!("/{path}"))).await;
        let (mut body, mut taken) = (response.into_body(), 0);
        while let Some(frame) = body.frame().await {
            taken += frame.unwrap().into_data().unwrap().len() as u64;
            let ahead = seen.produced.load(Ordering::Relaxed).saturating_sub(taken);
            assert!(ahead <= 2 * PIECE, "{ahead} bytes of {path} are held");
        }
        assert!(taken >= size);
    }
}
