// SPDX-License-Identifier: Apache-2.0
//! What does a resource's origin answer: the proxy's own few paths, or a file of the resource?

use std::sync::Arc;

use axum::{body::Body, extract::Request, response::Response};
use http::{
    header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
    request::Parts,
    HeaderValue, Method, StatusCode,
};
use tokio::sync::OwnedSemaphorePermit;
use tower::ServiceExt;

use crate::{
    assets::SCRIPT,
    body, file,
    path::SitePath,
    pipeline::Proxy,
    ports::{About, Entry, File, ReadError, Site},
    respond::{Failure, Refusal},
    SiteName,
};

const API: &str = "/.well-known/kith/api/";

/// The answer of `/.well-known/kith/info`.
#[derive(serde::Serialize)]
struct Info<'a> {
    name: &'a str,
    #[serde(flatten)]
    about: About,
}

/// What a path leads to.
enum Found {
    File(File),
    /// The path of a folder without its last slash, from which relative links would go wrong.
    Elsewhere(String),
}

/// Answers one request to `name`'s origin.
pub(crate) async fn answer(
    proxy: &Proxy,
    name: SiteName,
    request: Parts,
    body: Body,
    slot: OwnedSemaphorePermit,
) -> Result<Response, Failure> {
    if request.uri.path().starts_with(API) {
        return call_api(proxy, name, request, body).await;
    }
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(Refusal::ReadOnly.into());
    }
    let path = SitePath::parse(request.uri.path())?;
    match path.reserved() {
        Some(_) if request.uri.path() == SCRIPT.path => Ok(script()),
        Some("info") => info(proxy, &name).await,
        Some(_) => Err(Refusal::NoSuchPage.into()),
        None => content(proxy, &name, &path, &request, slot).await,
    }
}

/// Hands a call to the companion's router, with the name that the browser's origin stands for.
async fn call_api(proxy: &Proxy, name: SiteName, request: Parts, body: Body) -> Result<Response, Failure> {
    let mut call = Request::from_parts(request, Body::from(body::collect(body, &proxy.limits).await?));
    call.extensions_mut().insert(name);
    match proxy.site_api.clone().oneshot(call).await {
        Ok(response) => Ok(response),
        Err(never) => match never {},
    }
}

fn script() -> Response {
    let mut response = Response::new(Body::from(SCRIPT.bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

async fn info(proxy: &Proxy, name: &SiteName) -> Result<Response, Failure> {
    let about = proxy.pages.open(name).await?.about();
    let info = serde_json::to_vec(&Info { name: name.as_str(), about });
    let mut response =
        Response::new(Body::from(info.map_err(|error| ReadError::Internal { source: Box::new(error) })?));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn content(
    proxy: &Proxy,
    name: &SiteName,
    path: &SitePath,
    request: &Parts,
    slot: OwnedSemaphorePermit,
) -> Result<Response, Failure> {
    let site = proxy.pages.open(name).await?;
    match locate(site.as_ref(), path).await? {
        Found::File(file) => file::answer(Arc::clone(&site), file, request, &proxy.limits, slot).await,
        Found::Elsewhere(path) => Ok(redirect(&path, request.uri.query())),
    }
}

async fn locate(site: &dyn Site, path: &SitePath) -> Result<Found, Failure> {
    let nothing = || ReadError::NoSuchPath { path: path.as_str().to_owned() };
    match site.entry(path.as_str()).await? {
        Entry::File(file) if !path.is_folder || path.as_str().is_empty() => Ok(Found::File(file)),
        Entry::File(_) => Err(nothing().into()),
        Entry::Folder if !path.is_folder => Ok(Found::Elsewhere(path.folder_url())),
        Entry::Folder => match site.entry(&path.index()).await {
            Ok(Entry::File(file)) => Ok(Found::File(file)),
            Ok(Entry::Folder) | Err(ReadError::NoSuchPath { .. }) => Err(Refusal::NoIndex.into()),
            Err(error) => Err(error.into()),
        },
    }
}

/// Sends the browser to a path of the same origin. Not for good: a later version may have a file there.
fn redirect(path: &str, query: Option<&str>) -> Response {
    let target = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A query that is no header value is left behind.
    let target = HeaderValue::from_str(&target).or_else(|_| HeaderValue::from_str(path));
    headers.extend(target.ok().map(|target| (LOCATION, target)));
    response
}
