// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! What a browser is told about who may read an answer (Fetch standard, CORS protocol).

use http::{header, HeaderMap, HeaderValue, Method, Request, StatusCode};
use jsonrpsee::server::{HttpBody, HttpResponse};

use crate::rpc::gate::Refusal;

/// How long a browser may remember that it was allowed to ask, in seconds.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("600");

/// Whether the browser asks if it may ask.
pub(super) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a request that the gate turned away.
pub(super) fn refuse(refusal: &Refusal) -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::from(format!("{refusal}\n")));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

/// The answer to a preflight from an allowed origin.
pub(super) fn allow_preflight(origin: &HeaderValue) -> HttpResponse {
    let mut response = HttpResponse::new(HttpBody::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    allow(origin, headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    response
}

/// Lets the page of this origin read the answer.
pub(super) fn allow(origin: &HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
