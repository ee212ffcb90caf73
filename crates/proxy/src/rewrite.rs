// SPDX-License-Identifier: Apache-2.0
//! How does a page get the trusted script, and a private one the policy that keeps it in? The only place that knows
//! `kith-inject`.

use std::sync::LazyLock;

use bytes::Bytes;
use futures::{stream, Stream, StreamExt, TryStreamExt};
use http::{header::CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue};
use kith_inject::{media, policy, Injector, Outcome, ScriptTag};

use crate::{assets::SCRIPT, body::Broken, LOG_TARGET};

static TAG: LazyLock<ScriptTag> = LazyLock::new(|| {
    ScriptTag::new(&SCRIPT.path, &SCRIPT.integrity).expect("a path of hexadecimal digits and a base64 hash fit a tag")
});

/// Whether a media type is that of a page.
pub(crate) fn is_html(media_type: &str) -> bool {
    media::html(media_type).is_some()
}

/// The pieces of a page with the script first.
pub(crate) fn rewritten(
    pieces: impl Stream<Item = Result<Bytes, Broken>> + Send + 'static,
    media_type: &str,
) -> impl Stream<Item = Result<Bytes, Broken>> + Send + 'static {
    let charset = media::html(media_type).and_then(|html| html.charset);
    let mut injector = Some(Injector::new(&TAG, charset));
    let end = stream::once(async { Ok(None) });
    let rewritten = pieces.map_ok(Some).chain(end).map_ok(move |piece| {
        let mut out = Vec::new();
        match (piece, injector.as_mut()) {
            (Some(piece), Some(injector)) => injector.write(piece, |bytes| out.push(bytes)),
            (Some(piece), None) => out.push(piece),
            (None, _) => injector.take().into_iter().for_each(|injector| note(injector.end(|bytes| out.push(bytes)))),
        }
        stream::iter(out.into_iter().map(Ok))
    });
    rewritten.try_flatten()
}

/// A page that cannot take the script is shown without it.
fn note(outcome: Outcome) {
    if let Outcome::Untouched(cause) = outcome {
        tracing::warn!(target: LOG_TARGET, %cause, "a page is shown without the trusted script");
    }
}

/// Adds what keeps private content in: no copy in the browser, and no request to another origin.
pub(crate) fn keep_in(headers: &mut HeaderMap) {
    for (name, value) in policy::PRIVATE_HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy::PRIVATE_POLICY));
}
