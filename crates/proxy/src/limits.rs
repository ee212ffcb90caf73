// SPDX-License-Identifier: Apache-2.0
//! How much, and how long? Every bound of the proxy.

use std::time::Duration;

/// Requests for resources that may be under way at once. A browser uses 6 per origin; this serves forty open sites.
const SITE_REQUESTS: usize = 256;
/// Requests to the dashboard that may be under way at once, counted apart so that busy sites never lock its user out.
const DASHBOARD_REQUESTS: usize = 32;
/// Open connections, idle ones included.
const CONNECTIONS: usize = 1024;
/// Bytes of a request's line and headers together. Browsers send 1 to 2 KiB.
const HEAD_BYTES: usize = 16 * 1024;
/// Headers of a request. Browsers send about 20.
const HEADERS: usize = 64;
/// Bytes of a request's body: calls of an API, never content.
const BODY_BYTES: usize = 64 * 1024;
/// From the first byte of a connection, or the end of an answer, to the end of the next request's headers.
const HEAD_READ: Duration = Duration::from_secs(20);
/// For a request's whole body.
const BODY_READ: Duration = Duration::from_secs(10);
/// From the end of a request to the first byte of a resource's content.
const FIRST_BYTE: Duration = Duration::from_secs(30);
/// Between two pieces of a resource's content.
const STALL: Duration = Duration::from_secs(30);
/// For the answer of a router that was handed in.
const API_ANSWER: Duration = Duration::from_secs(60);
/// How long a browser may read nothing, as it does while a film is paused, before its connection is reset.
const WRITE_STALL: Duration = Duration::from_secs(600);
/// How long answers under way may take to end after the proxy was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// The bounds in force. [`Limits::default`] is right for a person's machine; tests make them small.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Requests for resources under way at once, their bodies included; one more is answered 429.
    pub site_requests: usize,
    /// Requests to the dashboard under way at once; one more is answered 429.
    pub dashboard_requests: usize,
    /// Open connections of one listener; one more is closed at once.
    pub connections: usize,
    /// Bytes of a request's head; a larger one is answered 431.
    pub head_bytes: usize,
    /// Headers of a request; one more is answered 431.
    pub headers: usize,
    /// Bytes of a request's body; a larger one is answered 413.
    pub body_bytes: usize,
    /// Time for a request's head; after it the connection is closed.
    pub head_read: Duration,
    /// Time for a request's body; after it the answer is 408.
    pub body_read: Duration,
    /// Time to the first byte of content; after it the answer is 504.
    pub first_byte: Duration,
    /// Time between two pieces of content; after it the connection is reset.
    pub stall: Duration,
    /// Time for the answer of a router that was handed in; after it the answer is 504.
    pub api_answer: Duration,
    /// Time in which the browser takes no byte; after it the connection is reset.
    pub write_stall: Duration,
    /// Time for open answers to end when the proxy stops.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            site_requests: SITE_REQUESTS,
            dashboard_requests: DASHBOARD_REQUESTS,
            connections: CONNECTIONS,
            head_bytes: HEAD_BYTES,
            headers: HEADERS,
            body_bytes: BODY_BYTES,
            head_read: HEAD_READ,
            body_read: BODY_READ,
            first_byte: FIRST_BYTE,
            stall: STALL,
            api_answer: API_ANSWER,
            write_stall: WRITE_STALL,
            grace: GRACE,
        }
    }
}
