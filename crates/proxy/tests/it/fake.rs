// SPDX-License-Identifier: Apache-2.0
//! A community's resources in memory, honest and not, and short ways to ask for them.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc,
    },
};

use async_trait::async_trait;
use axum::{
    body::{to_bytes, Body},
    Router,
};
use bytes::Bytes;
use futures::{stream, StreamExt};
use http::{request::Builder, Request, Response};
use kith_proxy::{
    app,
    ports::{About, ByteStream, Entry, File, OpenError, ReadError, Visibility},
    Limits, Pages, Proxy, Site, SiteName,
};
use tokio::sync::Notify;
use tower::ServiceExt;

pub(crate) const PORT: u16 = 7780;
/// Bytes of the pieces in which a fake file arrives.
pub(crate) const PIECE: u64 = 1000;

/// What happens when a file is read.
#[derive(Clone)]
pub(crate) enum Reading {
    Honest,
    /// Bytes up to a place, then this.
    FailsAt(u64, fn() -> ReadError),
    /// Bytes up to a place, then nothing, ever.
    StallsAt(u64),
    /// Bytes up to a place, then the end.
    EndsAt(u64),
    /// More bytes than there are.
    RunsOver,
}

#[derive(Clone)]
pub(crate) struct FakeFile {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) reading: Reading,
}

/// A resource, with what was seen of its reading.
#[derive(Clone)]
pub(crate) struct FakeSite {
    pub(crate) visibility: Visibility,
    pub(crate) files: BTreeMap<String, FakeFile>,
    pub(crate) seen: Arc<Seen>,
}

#[derive(Default)]
pub(crate) struct Seen {
    /// Bytes that were taken from streams.
    pub(crate) produced: AtomicU64,
    /// Told whenever a stream is dropped.
    pub(crate) dropped: Notify,
}

impl FakeSite {
    pub(crate) fn new(visibility: Visibility) -> Self {
        Self { visibility, files: BTreeMap::new(), seen: Arc::default() }
    }

    pub(crate) fn file(self, path: &str, media_type: &str, bytes: impl Into<Bytes>) -> Self {
        self.reading(path, media_type, bytes, Reading::Honest)
    }

    pub(crate) fn reading(mut self, path: &str, media_type: &str, bytes: impl Into<Bytes>, reading: Reading) -> Self {
        let file = FakeFile { media_type: media_type.into(), bytes: bytes.into(), reading };
        self.files.insert(path.into(), file);
        self
    }
}

struct Dropped(Arc<Seen>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.dropped.notify_one();
    }
}

#[async_trait]
impl Site for FakeSite {
    fn about(&self) -> About {
        About { resource: 42, version: 3, visibility: self.visibility }
    }

    async fn entry(&self, path: &str) -> Result<Entry, ReadError> {
        if let Some(file) = self.files.get(path) {
            let tag = format!("tag-{}", file.bytes.len());
            let (size, media_type) = (file.bytes.len() as u64, file.media_type.clone());
            return Ok(Entry::File(File { path: path.into(), size, media_type, tag }));
        }
        let is_folder = path.is_empty() || self.files.keys().any(|known| known.starts_with(&format!("{path}/")));
        is_folder.then_some(Entry::Folder).ok_or_else(|| ReadError::NoSuchPath { path: path.into() })
    }

    async fn read(&self, file: &File, range: Range<u64>) -> Result<ByteStream, ReadError> {
        assert!(range.start < range.end && range.end <= file.size, "a port is asked only for what is there");
        let FakeFile { bytes, reading, .. } = self.files[&file.path].clone();
        let (seen, guard) = (Arc::clone(&self.seen), Dropped(Arc::clone(&self.seen)));
        let ranges = stream::unfold(range.start, move |at| async move {
            (at < range.end).then(|| (at..range.end.min(at + PIECE), at + PIECE))
        });
        let honest = ranges.map(move |range| {
            let _while_read = &guard;
            let piece = bytes.slice(range.start as usize..range.end as usize);
            seen.produced.fetch_add(piece.len() as u64, Ordering::Relaxed);
            Ok(piece)
        });
        Ok(match reading {
            Reading::Honest => honest.boxed(),
            Reading::FailsAt(place, error) => {
                honest.take(pieces_before(place)).chain(stream::once(async move { Err(error()) })).boxed()
            }
            Reading::StallsAt(place) => honest.take(pieces_before(place)).chain(stream::pending()).boxed(),
            Reading::EndsAt(place) => honest.take(pieces_before(place)).boxed(),
            Reading::RunsOver => honest.chain(stream::once(async { Ok(Bytes::from_static(b"more")) })).boxed(),
        })
    }
}

fn pieces_before(place: u64) -> usize {
    (place / PIECE) as usize
}

/// A community: names with resources, or with the error that opening them gives.
#[derive(Default)]
pub(crate) struct FakePages {
    pub(crate) sites: BTreeMap<String, Arc<FakeSite>>,
    pub(crate) errors: BTreeMap<String, fn(SiteName) -> OpenError>,
}

impl FakePages {
    pub(crate) fn site(mut self, name: &str, site: FakeSite) -> Self {
        self.sites.insert(name.into(), Arc::new(site));
        self
    }

    pub(crate) fn error(mut self, name: &str, error: fn(SiteName) -> OpenError) -> Self {
        self.errors.insert(name.into(), error);
        self
    }

    pub(crate) fn proxy(self) -> Proxy {
        Proxy::new(Arc::new(self), Limits::default())
    }

    pub(crate) fn app(self) -> Router {
        app(Arc::new(self.proxy()), PORT)
    }
}

#[async_trait]
impl Pages for FakePages {
    async fn open(&self, name: &SiteName) -> Result<Arc<dyn Site>, OpenError> {
        if let Some(error) = self.errors.get(name.as_str()) {
            return Err(error(name.clone()));
        }
        let site = self.sites.get(name.as_str()).ok_or_else(|| OpenError::NoSuchName { name: name.clone() })?;
        Ok(Arc::clone(site) as Arc<dyn Site>)
    }
}

/// A `GET` for a path of a site, as a command-line client sends it.
pub(crate) fn get(site: &str, path: &str) -> Builder {
    Request::get(path).header("host", format!("{site}.kith.localhost:{PORT}"))
}

/// The same as a browser sends it from the address bar.
pub(crate) fn navigate(site: &str, path: &str) -> Builder {
    get(site, path)
        .header("sec-fetch-site", "none")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header("accept", "text/html,*/*;q=0.8")
}

/// Sends one request.
pub(crate) async fn send(app: &Router, request: Builder) -> Response<Body> {
    send_body(app, request, Body::empty()).await
}

pub(crate) async fn send_body(app: &Router, request: Builder, body: Body) -> Response<Body> {
    app.clone().oneshot(request.body(body).unwrap()).await.unwrap()
}

/// The whole body, which must arrive.
pub(crate) async fn bytes(response: Response<Body>) -> Bytes {
    to_bytes(response.into_body(), usize::MAX).await.unwrap()
}

pub(crate) async fn text(response: Response<Body>) -> String {
    String::from_utf8(bytes(response).await.to_vec()).unwrap()
}

/// A header's text, which must be there.
pub(crate) fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    let value = response.headers().get(name).unwrap_or_else(|| panic!("no header {name} in {:?}", response.headers()));
    value.to_str().unwrap()
}

/// Bytes that differ from place to place.
pub(crate) fn sample(length: usize) -> Vec<u8> {
    (0..length).map(|n| ((n * 31) ^ (n >> 8)) as u8).collect()
}
