// SPDX-License-Identifier: Apache-2.0
//! Who asks, and may they ask this way?
//!
//! Reading is for the origin itself and for a person who follows a link. Changing is for the origin itself, said in a header
//! that no page can forge (`Origin`), in a content type that no form can send. No answer ever carries a CORS header.

use http::{
    header::{CONTENT_LENGTH, CONTENT_TYPE, ORIGIN, TRANSFER_ENCODING},
    request::Parts,
    HeaderMap, Method, Version,
};

use crate::respond::Refusal;

const JSON: &str = "application/json";

/// Refuses what no page of this origin, and no person, would send. `own` is the origin asked for, as [`super::host`] found it.
pub(crate) fn check(request: &Parts, own: &str) -> Result<(), Refusal> {
    if request.version != Version::HTTP_11 {
        return Err(Refusal::OldProtocol);
    }
    check_framing(request)?;
    match request.method {
        Method::GET | Method::HEAD => check_reader(&request.headers, own),
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE => check_writer(&request.headers, own),
        _ => Err(Refusal::MethodNotAllowed),
    }?;
    // A service worker would answer for us, below us, after we are gone.
    if request.headers.contains_key("service-worker") {
        return Err(Refusal::ServiceWorker);
    }
    Ok(())
}

/// Whether a request is a page that a person opens in a tab of its own, so not a frame, image, script or fetch.
pub(crate) fn is_top_level(headers: &HeaderMap) -> bool {
    one(headers, "sec-fetch-dest").is_none_or(|to| to == "document")
}

/// A body has a stated length, and only requests that change something have one.
fn check_framing(request: &Parts) -> Result<(), Refusal> {
    if request.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Refusal::LengthRequired);
    }
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let has_body = request.headers.get(CONTENT_LENGTH).is_some_and(|length| length != "0");
    if reads && has_body {
        return Err(Refusal::UnexpectedBody);
    }
    Ok(())
}

/// A header of which there is at most one; two, or one that is not text, read as a value that never matches.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(if values.next().is_some() { "" } else { first.to_str().unwrap_or("") })
}

fn check_reader(headers: &HeaderMap, own: &str) -> Result<(), Refusal> {
    if one(headers, ORIGIN.as_str()).is_some_and(|origin| origin != own) {
        return Err(Refusal::CrossOrigin);
    }
    match one(headers, "sec-fetch-site") {
        // Without these headers asks a command-line client or an old browser; the Host check has stopped rebinding pages.
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => {
            let follows_link = one(headers, "sec-fetch-mode") == Some("navigate");
            let to_own_tab = one(headers, "sec-fetch-dest") == Some("document");
            if follows_link && to_own_tab {
                Ok(())
            } else {
                Err(Refusal::CrossOrigin)
            }
        }
    }
}

fn check_writer(headers: &HeaderMap, own: &str) -> Result<(), Refusal> {
    let from_here = one(headers, ORIGIN.as_str()) == Some(own);
    let browser_agrees = one(headers, "sec-fetch-site").is_none_or(|from| from == "same-origin");
    if !(from_here && browser_agrees) {
        return Err(Refusal::CrossOrigin);
    }
    let essence = one(headers, CONTENT_TYPE.as_str()).and_then(|kind| kind.split(';').next()).map(str::trim);
    if essence.is_some_and(|kind| kind.eq_ignore_ascii_case(JSON)) {
        Ok(())
    } else {
        Err(Refusal::NotJson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    const OWN: &str = "http://garden.kith.localhost:7780";

    fn asked(method: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let request =
            headers.iter().fold(Request::builder().method(method), |r, (name, value)| r.header(*name, *value));
        check(&request.body(()).unwrap().into_parts().0, OWN)
    }

    #[test]
    fn a_person_and_the_page_itself_may_read() {
        assert_eq!(asked("GET", &[]), Ok(()));
        assert_eq!(asked("HEAD", &[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")]), Ok(()));
        assert_eq!(asked("GET", &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")]), Ok(()));
        assert_eq!(asked("GET", &[("origin", OWN), ("sec-fetch-site", "same-origin")]), Ok(()));
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        assert_eq!(asked("GET", &link), Ok(()));
        assert_eq!(asked("GET", &[("content-length", "0")]), Ok(()));
    }

    #[test]
    fn other_origins_embed_and_fetch_nothing() {
        for site in ["cross-site", "same-site", "CROSS-SITE", "nonsense", ""] {
            for (mode, to) in [
                ("no-cors", "image"),
                ("no-cors", "script"),
                ("cors", "empty"),
                ("navigate", "iframe"),
                ("no-cors", "document"),
            ] {
                let headers = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", to)];
                assert_eq!(asked("GET", &headers), Err(Refusal::CrossOrigin), "{site} {mode} {to}");
            }
        }
        for origin in ["null", "http://evil.example", "http://other.kith.localhost:7780", "chrome-extension://abc", ""]
        {
            assert_eq!(asked("GET", &[("origin", origin)]), Err(Refusal::CrossOrigin), "{origin}");
        }
        let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")];
        assert_eq!(asked("GET", &twice), Err(Refusal::CrossOrigin));
    }

    #[test]
    fn only_the_origin_itself_changes_anything() {
        let json = ("content-type", "application/json");
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            assert_eq!(asked(method, &[("origin", OWN), json]), Ok(()), "{method}");
            assert_eq!(asked(method, &[json]), Err(Refusal::CrossOrigin), "{method} without origin");
            for origin in [
                "null",
                "http://garden.kith.localhost",
                "http://garden.kith.localhost:7780/",
                "http://Garden.kith.localhost:7780",
                "http://garden.kith.localhost.:7780",
                "https://garden.kith.localhost:7780",
                "http://other.kith.localhost:7780",
                "http://localhost:7780",
                "http://localhost:9944",
                "http://user@garden.kith.localhost:7780",
                "http://evil.example",
                "moz-extension://abc",
            ] {
                assert_eq!(asked(method, &[("origin", origin), json]), Err(Refusal::CrossOrigin), "{method} {origin}");
            }
            for site in ["cross-site", "same-site", "none"] {
                let headers = [("origin", OWN), ("sec-fetch-site", site), json];
                assert_eq!(asked(method, &headers), Err(Refusal::CrossOrigin), "{method} {site}");
            }
            assert_eq!(asked(method, &[("origin", OWN), ("origin", OWN), json]), Err(Refusal::CrossOrigin));
        }
    }

    #[test]
    fn only_json_changes_anything() {
        for kind in ["application/json; charset=utf-8", "Application/JSON"] {
            assert_eq!(asked("POST", &[("origin", OWN), ("content-type", kind)]), Ok(()), "{kind}");
        }
        let forms =
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", ""];
        for kind in forms {
            assert_eq!(asked("POST", &[("origin", OWN), ("content-type", kind)]), Err(Refusal::NotJson), "{kind}");
        }
        assert_eq!(asked("POST", &[("origin", OWN)]), Err(Refusal::NotJson));
    }

    #[test]
    fn other_methods_protocols_and_framings_are_refused() {
        for method in ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get"] {
            assert_eq!(asked(method, &[]), Err(Refusal::MethodNotAllowed), "{method}");
        }
        assert_eq!(asked("POST", &[("origin", OWN), ("transfer-encoding", "chunked")]), Err(Refusal::LengthRequired));
        assert_eq!(asked("GET", &[("content-length", "5")]), Err(Refusal::UnexpectedBody));
        let old = Request::get("/").version(Version::HTTP_10).body(()).unwrap().into_parts().0;
        assert_eq!(check(&old, OWN), Err(Refusal::OldProtocol));
    }

    #[test]
    fn no_service_worker_is_registered() {
        let headers = [("sec-fetch-site", "same-origin"), ("service-worker", "script")];
        assert_eq!(asked("GET", &headers), Err(Refusal::ServiceWorker));
    }

    #[test]
    fn a_tab_of_its_own_is_told_from_a_frame() {
        let to = |value: &str| {
            HeaderMap::from_iter([(http::HeaderName::from_static("sec-fetch-dest"), value.parse().unwrap())])
        };
        assert!(is_top_level(&HeaderMap::new()));
        assert!(is_top_level(&to("document")));
        for frame in ["iframe", "frame", "embed", "object", "image", "empty", ""] {
            assert!(!is_top_level(&to(frame)), "{frame}");
        }
    }
}
