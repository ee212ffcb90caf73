// SPDX-License-Identifier: Apache-2.0
//! In which order does a request meet its checks, and what does every answer carry?

use std::{fmt, future::Future, sync::Arc, time::Duration};

use axum::{body::Body, extract::Request, http::request::Parts, response::Response, Router};
use http::{
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
    HeaderMap, HeaderName, HeaderValue,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    dashboard,
    host::Place,
    origin,
    respond::{respond, Failure, Reader, Refusal},
    site, Limits, Pages, SiteName,
};

/// What the proxy serves, and within which bounds.
pub struct Proxy {
    pub(crate) pages: Arc<dyn Pages>,
    pub(crate) dashboard_api: Router,
    pub(crate) site_api: Router,
    pub(crate) limits: Limits,
    site_slots: Arc<Semaphore>,
    dashboard_slots: Arc<Semaphore>,
}

impl Proxy {
    /// Serves `pages`, with APIs that answer 404 to everything.
    pub fn new(pages: Arc<dyn Pages>, limits: Limits) -> Self {
        Self {
            pages,
            dashboard_api: Router::new(),
            site_api: Router::new(),
            site_slots: Arc::new(Semaphore::new(limits.site_requests)),
            dashboard_slots: Arc::new(Semaphore::new(limits.dashboard_requests)),
            limits,
        }
    }

    /// Serves `api` below `http://localhost:PORT/api/`. Its paths start with `/api/`; it checks its own token.
    pub fn with_dashboard_api(mut self, api: Router) -> Self {
        self.dashboard_api = api;
        self
    }

    /// Serves `api` below `/.well-known/kith/api/` of every site. Its paths start so, and each request carries the
    /// [`SiteName`] of the origin that asks as an extension: authority follows from it and from nothing the page says.
    pub fn with_site_api(mut self, api: Router) -> Self {
        self.site_api = api;
        self
    }

    async fn answer(&self, request: Request, port: u16) -> Response {
        let (request, body) = request.into_parts();
        let reader = Reader::of(&request.headers);
        let place = match Place::of(&request, port) {
            Ok(place) => place,
            Err(refusal) => return respond(&refusal.into(), reader),
        };
        let is_dashboard = place == Place::Dashboard;
        let outcome = self.admit_and_route(place, request, body, port).await;
        let mut response = outcome.unwrap_or_else(|failure| respond(&failure, reader));
        harden(response.headers_mut(), is_dashboard);
        response
    }

    async fn admit_and_route(&self, place: Place, request: Parts, body: Body, port: u16) -> Result<Response, Failure> {
        origin::check(&request, &place.origin(port))?;
        match place {
            Place::Dashboard => {
                let _slot = slot(&self.dashboard_slots)?;
                in_time(self.limits.api_answer, dashboard::answer(self, request, body)).await
            }
            Place::Site(name) => self.site(name, request, body).await,
        }
    }

    async fn site(&self, name: SiteName, request: Parts, body: Body) -> Result<Response, Failure> {
        let slot = slot(&self.site_slots)?;
        in_time(self.limits.first_byte, site::answer(self, name, request, body, slot)).await
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// The whole pipeline, for the origins `http://localhost:PORT` and `http://<name>.kith.localhost:PORT` with this port.
pub fn app(proxy: Arc<Proxy>, port: u16) -> Router {
    Router::new().fallback(move |request: Request| {
        let proxy = Arc::clone(&proxy);
        async move { proxy.answer(request, port).await }
    })
}

fn slot(slots: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(slots).try_acquire_owned().map_err(|_| Refusal::TooBusy)
}

async fn in_time(
    limit: Duration,
    answer: impl Future<Output = Result<Response, Failure>>,
) -> Result<Response, Failure> {
    timeout(limit, answer).await.unwrap_or(Err(Refusal::TooLate.into()))
}

/// Gives every answer of an origin what it needs to stay apart from the others.
fn harden(headers: &mut HeaderMap, is_dashboard: bool) {
    const FIXED: [(HeaderName, &str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        // All sites are one registrable domain to a browser: without this, two could agree to share a realm.
        (HeaderName::from_static("origin-agent-cluster"), "?1"),
    ];
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let policy = if is_dashboard { dashboard::POLICY } else { "frame-ancestors 'self'" };
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
}
