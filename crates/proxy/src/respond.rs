// SPDX-License-Identifier: Apache-2.0
//! What does a browser see when something is refused or fails? The one place that turns errors into HTTP.
//!
//! A page learns a status, a stable code and a short text. What happened inside goes to the log only.

mod page;
mod problem;

use std::error::Error as StdError;

use axum::{body::Body, response::Response};
use http::{
    header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    HeaderMap, HeaderName, HeaderValue, StatusCode,
};

use crate::{
    ports::{OpenError, ReadError},
    LOG_TARGET,
};
use problem::Problem;

/// Said to those who ask for no origin of ours: nothing that tells what listens here.
const WRONG_HOST: &str = "misdirected request\n";

/// Why the proxy itself says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The host is none of ours.
    WrongHost,
    /// Not HTTP/1.1, whose answers say where they end.
    OldProtocol,
    /// A body of unstated length.
    LengthRequired,
    /// A body with a request that only reads.
    UnexpectedBody,
    /// A body above the limit.
    BodyTooLarge,
    /// A body that came too slowly, or not to its end.
    BodyTooSlow,
    /// A method nobody needs.
    MethodNotAllowed,
    /// A method that would change content.
    ReadOnly,
    /// Another origin asks.
    CrossOrigin,
    /// A change that is not said in JSON.
    NotJson,
    /// A page wants to put a service worker before us.
    ServiceWorker,
    /// A path that no file has.
    BadPath,
    /// The proxy has nothing at this path.
    NoSuchPage,
    /// A folder without a page.
    NoIndex,
    /// Too many requests under way.
    TooBusy,
    /// No byte of content, or no answer, in time.
    TooLate,
}

/// Anything that ends a request early.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Refusal),
    Open(OpenError),
    Read(ReadError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// Who reads the answer: a person in a tab, or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Person,
    Program,
}

impl Reader {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is = |name: &str, wanted: &str| headers.get(name).map(|value| value == wanted);
        let takes_html =
            || headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|a| a.contains("text/html"));
        if is("sec-fetch-mode", "navigate").unwrap_or_else(takes_html) {
            Self::Person
        } else {
            Self::Program
        }
    }
}

/// Turns a failure into its answer, and logs it.
pub(crate) fn respond(failure: &Failure, reader: Reader) -> Response {
    if matches!(failure, Failure::Refused(Refusal::WrongHost)) {
        return plain(StatusCode::MISDIRECTED_REQUEST, WRONG_HOST);
    }
    let problem = problem::of(failure);
    log(failure, &problem);
    let mut response = match reader {
        Reader::Person => page(&problem),
        Reader::Program => json(&problem),
    };
    *response.status_mut() = problem.status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(
        problem.headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))),
    );
    response
}

/// Logs content that broke off after its answer had begun. The connection is reset, so that no part passes for the whole.
pub(crate) fn log_broken(error: &(dyn StdError + 'static)) {
    tracing::warn!(target: LOG_TARGET, error = chain(error), "content broke off; the connection is reset");
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn page(problem: &Problem) -> Response {
    let html = page::html(problem.title, &problem.text, problem.code, problem.again);
    let mut response = Response::new(Body::from(html));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, page::policy());
    response
}

fn json(problem: &Problem) -> Response {
    let error = serde_json::json!({ "error": { "code": problem.code, "message": problem.text } });
    let mut response = Response::new(Body::from(error.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn log(failure: &Failure, problem: &Problem) {
    let (status, code) = (problem.status.as_u16(), problem.code);
    let error = match failure {
        Failure::Refused(refusal) => return tracing::debug!(target: LOG_TARGET, status, code, ?refusal, "refused"),
        Failure::Open(error) => chain(error),
        Failure::Read(error) => chain(error),
    };
    if problem.status.is_server_error() {
        tracing::warn!(target: LOG_TARGET, status, code, error, "failed");
    } else {
        tracing::debug!(target: LOG_TARGET, status, code, error, "refused");
    }
}

/// An error and its causes in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |cause: &&(dyn StdError + 'static)| (*cause).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
