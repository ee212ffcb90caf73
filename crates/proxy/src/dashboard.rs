// SPDX-License-Identifier: Apache-2.0
//! What does `http://localhost:PORT/` answer: the dashboard's files, and the companion's API under `/api/`?

use axum::{body::Body, extract::Request, response::Response};
use http::{
    header::{CACHE_CONTROL, CONTENT_TYPE},
    request::Parts,
    HeaderValue, Method,
};
use tower::ServiceExt;

use crate::{
    assets, body,
    pipeline::Proxy,
    respond::{Failure, Refusal},
};

const API: &str = "/api/";

/// What the dashboard may load and who may frame it: its own files, and nobody.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                                 img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Answers one request to the dashboard's origin.
pub(crate) async fn answer(proxy: &Proxy, request: Parts, body: Body) -> Result<Response, Failure> {
    if request.uri.path().starts_with(API) {
        return call_api(proxy, request, body).await;
    }
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(Refusal::ReadOnly.into());
    }
    match request.uri.path() {
        "/" => Ok(asset(assets::DASHBOARD_HTML, "text/html; charset=utf-8")),
        "/dashboard.js" => Ok(asset(assets::DASHBOARD_JS, "text/javascript; charset=utf-8")),
        "/dashboard.css" => Ok(asset(assets::DASHBOARD_CSS, "text/css; charset=utf-8")),
        _ => Err(Refusal::NoSuchPage.into()),
    }
}

async fn call_api(proxy: &Proxy, request: Parts, body: Body) -> Result<Response, Failure> {
    let call = Request::from_parts(request, Body::from(body::collect(body, &proxy.limits).await?));
    match proxy.dashboard_api.clone().oneshot(call).await {
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}

fn asset(bytes: &'static [u8], media_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
