// SPDX-License-Identifier: Apache-2.0
//! Do ranges of a file equal slices of its bytes?

use axum::Router;
use http::StatusCode;
use kith_proxy::ports::Visibility;
use proptest::prelude::*;

use crate::fake::{bytes, get, header, sample, send, FakePages, FakeSite};

const SIZE: usize = 4321;

fn app() -> Router {
    let site = FakeSite::new(Visibility::Public).file("film", "video/mp4", sample(SIZE)).file("empty", "a/b", "");
    let private = FakeSite { visibility: Visibility::Private, ..site.clone() };
    FakePages::default().site("pub", site).site("priv", private).app()
}

#[tokio::test]
async fn parts_are_exact() {
    let app = app();
    for site in ["pub", "priv"] {
        for (asked, start, end) in [
            ("bytes=0-0", 0, 1),
            ("bytes=999-1000", 999, 1001),
            ("bytes=4000-", 4000, SIZE),
            ("bytes=-5", SIZE - 5, SIZE),
        ] {
            let response = send(&app, get(site, "/film").header("range", asked)).await;
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT, "{asked}");
            assert_eq!(header(&response, "content-range"), format!("bytes {start}-{}/{SIZE}", end - 1));
            assert_eq!(header(&response, "content-length"), (end - start).to_string());
            assert_eq!(header(&response, "content-type"), "video/mp4");
            assert_eq!(bytes(response).await, sample(SIZE)[start..end], "{asked}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_asked_for() {
    let app = app();
    for (path, size) in [("/film", SIZE), ("/empty", 0)] {
        for asked in [format!("bytes={size}-"), "bytes=99999-100000".into(), "bytes=-0".into()] {
            let response = send(&app, get("pub", path).header("range", &asked)).await;
            assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{path} {asked}");
            assert_eq!(header(&response, "content-range"), format!("bytes */{size}"));
            assert!(bytes(response).await.is_empty());
        }
    }
}

#[tokio::test]
async fn several_ranges_and_nonsense_give_the_whole() {
    let app = app();
    for asked in ["bytes=0-1,5-6", "bytes=0-,-1", "lines=1-2", "bytes=9-1", "bytes=x", ""] {
        let response = send(&app, get("pub", "/film").header("range", asked)).await;
        assert_eq!(response.status(), StatusCode::OK, "{asked}");
        assert_eq!(bytes(response).await, sample(SIZE));
    }
}

#[tokio::test]
async fn a_part_is_given_only_of_the_version_that_is_known() {
    let app = app();
    let ask = |site: &str, known: &str| get(site, "/film").header("range", "bytes=0-0").header("if-range", known);
    assert_eq!(send(&app, ask("pub", "\"tag-4321\"")).await.status(), StatusCode::PARTIAL_CONTENT);
    for other in ["\"tag-1\"", "W/\"tag-4321\"", "Wed, 21 Oct 2015 07:28:00 GMT", "tag-4321"] {
        assert_eq!(send(&app, ask("pub", other)).await.status(), StatusCode::OK, "{other}");
    }
    assert_eq!(send(&app, ask("priv", "\"tag-4321\"")).await.status(), StatusCode::OK);
    let known = ask("pub", "\"tag-4321\"").header("if-none-match", "\"tag-4321\"");
    assert_eq!(send(&app, known).await.status(), StatusCode::NOT_MODIFIED);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_range_is_the_slice(first in 0usize..SIZE + 50, last in 0usize..SIZE + 50, shape in 0..3) {
        let all = sample(SIZE);
        let (asked, slice) = match shape {
            0 => (format!("bytes={first}-"), all.get(first..).unwrap_or(&[])),
            1 => (format!("bytes=-{last}"), &all[SIZE.saturating_sub(last)..]),
            _ if first <= last => (format!("bytes={first}-{last}"), all.get(first..SIZE.min(last + 1)).unwrap_or(&[])),
            _ => (format!("bytes={first}-{last}"), &all[..]),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let response = send(&app(), get("pub", "/film").header("range", &asked)).await;
            if slice.is_empty() {
                assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{asked}");
            } else {
                assert!(response.status().is_success(), "{asked}");
                assert_eq!(bytes(response).await, slice, "{asked}");
            }
        });
    }
}
