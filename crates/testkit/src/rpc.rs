// SPDX-License-Identifier: Apache-2.0
//! Plain HTTP by hand, so that a test decides every byte of what it sends.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};

/// Longer than any answer takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// An HTTP answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// The body, chunks joined.
    pub body: Vec<u8>,
    /// Whether the body came whole.
    pub whole: bool,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Asks `127.0.0.1:port` with these header lines; `head` begins with the request line.
pub fn get(port: u16, head: &str) -> Result<Answer> {
    send(port, head, b"")
}

/// Calls a JSON-RPC method of a node.
pub(crate) fn call(port: u16, method: &str, params: Value) -> Result<Value> {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    let answer = send(port, &head, body.as_bytes())?;
    let value: Value = serde_json::from_slice(&answer.body).with_context(|| answer.text())?;
    ensure!(value["error"].is_null(), "{method}: {}", value["error"]);
    Ok(value["result"].clone())
}

fn send(port: u16, head: &str, body: &[u8]) -> Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(stream, "{}\r\nConnection: close\r\n\r\n", head.trim_end())?;
    stream.write_all(body)?;
    let mut raw = Vec::new();
    let ended = stream.read_to_end(&mut raw);
    let split = raw.windows(4).position(|w| w == b"\r\n\r\n").context("no answer")?;
    let top = String::from_utf8_lossy(&raw[..split]).into_owned();
    let mut lines = top.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &raw[split + 4..];
    let (body, whole) = match headers.get("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => (rest.to_vec(), rest.len() == length),
        None if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") => unchunk(rest),
        None => (rest.to_vec(), ended.is_ok()),
    };
    Ok(Answer { status: status.context("no status")?, headers, body, whole })
}

/// Joins chunks; whether the last one came.
fn unchunk(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|w| w == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|text| usize::from_str_radix(text.trim(), 16).ok());
        let Some(size) = size else { return (body, false) };
        let from = end + 2;
        if size == 0 {
            return (body, true);
        }
        if rest.len() < from + size + 2 {
            body.extend_from_slice(&rest[from.min(rest.len())..]);
            return (body, false);
        }
        body.extend_from_slice(&rest[from..from + size]);
        rest = &rest[from + size + 2..];
    }
    (body, false)
}
