// SPDX-License-Identifier: Apache-2.0
//! How is a file answered: whole, in part, unchanged, or rewritten?

use std::{ops::Range, sync::Arc};

use axum::{body::Body, response::Response};
use http::{
    header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, VARY,
    },
    request::Parts,
    HeaderMap, HeaderValue, Method, StatusCode,
};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    assets::SCRIPT,
    body, origin,
    ports::{ByteStream, File, Site, Visibility},
    range::{self, Selection},
    respond::Failure,
    rewrite, Limits,
};

const UNKNOWN_TYPE: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Answers a `GET` or `HEAD` for a file. `slot` stands for the request among those under way.
pub(crate) async fn answer(
    site: Arc<dyn Site>,
    file: File,
    request: &Parts,
    limits: &Limits,
    slot: OwnedSemaphorePermit,
) -> Result<Response, Failure> {
    let is_public = site.about().visibility == Visibility::Public;
    let is_rewritten = rewrite::is_html(&file.media_type) && origin::is_top_level(&request.headers);
    let tag = if is_public { entity_tag(&file.tag, is_rewritten) } else { None };

    let mut response = Response::new(Body::empty());
    *response.headers_mut() = headers(&file, is_public, is_rewritten, tag.as_ref());
    if tag.as_ref().is_some_and(|tag| is_unchanged(&request.headers, tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let has_ranges = request.method == Method::GET && !is_rewritten && is_range_wanted(&request.headers, tag.as_ref());
    let selection = if has_ranges { range::select(&request.headers, file.size) } else { Selection::Whole };
    let bytes = match selection {
        Selection::Whole => 0..file.size,
        Selection::Part(bytes) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let part = format!("bytes {}-{}/{}", bytes.start, bytes.end - 1, file.size);
            set(response.headers_mut(), CONTENT_RANGE, part);
            bytes
        }
        Selection::Unsatisfiable => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set(response.headers_mut(), CONTENT_RANGE, format!("bytes */{}", file.size));
            response.headers_mut().remove(CONTENT_TYPE);
            return Ok(response);
        }
    };
    if !is_rewritten {
        set(response.headers_mut(), CONTENT_LENGTH, (bytes.end - bytes.start).to_string());
    }
    *response.body_mut() = if request.method == Method::HEAD {
        // Of unknown length, like the rewritten page it stands for.
        Body::from_stream(futures::stream::empty::<Result<bytes::Bytes, body::Broken>>())
    } else {
        content(site.as_ref(), &file, bytes, is_rewritten, limits, slot).await?
    };
    Ok(response)
}

async fn content(
    site: &dyn Site,
    file: &File,
    bytes: Range<u64>,
    is_rewritten: bool,
    limits: &Limits,
    slot: OwnedSemaphorePermit,
) -> Result<Body, Failure> {
    if bytes.is_empty() && !is_rewritten {
        return Ok(Body::empty());
    }
    let length = bytes.end - bytes.start;
    let stream: ByteStream =
        if length == 0 { Box::pin(futures::stream::empty()) } else { site.read(file, bytes).await? };
    let begun = body::begin(stream, length).await?;
    let pieces = body::pieces(begun, limits.stall, slot);
    Ok(if is_rewritten { body::streamed(rewrite::rewritten(pieces, &file.media_type)) } else { body::streamed(pieces) })
}

fn headers(file: &File, is_public: bool, is_rewritten: bool, tag: Option<&HeaderValue>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&file.media_type).unwrap_or(UNKNOWN_TYPE));
    if is_public {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    } else {
        rewrite::keep_in(&mut headers);
    }
    if rewrite::is_html(&file.media_type) {
        // The same page comes with the script in a tab and without it in a frame.
        headers.insert(VARY, HeaderValue::from_static("Sec-Fetch-Dest"));
    }
    if !is_rewritten {
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    headers.extend(tag.map(|tag| (ETAG, tag.clone())));
    headers
}

/// A strong entity tag; that of a rewritten page also names the script in it.
fn entity_tag(tag: &str, is_rewritten: bool) -> Option<HeaderValue> {
    let is_plain = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    let script = if is_rewritten { format!("+{}", SCRIPT.mark) } else { String::new() };
    is_plain.then(|| HeaderValue::from_str(&format!("\"{tag}{script}\"")).ok()).flatten()
}

/// `If-None-Match`, compared weakly (RFC 9110, section 13.1.2).
fn is_unchanged(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    let mut known = lists.flat_map(|list| list.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag.as_bytes())
}

/// `If-Range`, compared strongly (section 13.1.5). A date never matches: no file of ours has one.
fn is_range_wanted(headers: &HeaderMap, tag: Option<&HeaderValue>) -> bool {
    headers.get(IF_RANGE).is_none_or(|wanted| tag == Some(wanted))
}

fn set(headers: &mut HeaderMap, name: http::HeaderName, ascii: String) {
    headers.insert(name, HeaderValue::from_str(&ascii).expect("digits and ASCII words are a header value"));
}
