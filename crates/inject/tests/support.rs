// SPDX-License-Identifier: Apache-2.0
//! What the tests of the injector share: one tag, and injection in one call.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use bytes::Bytes;
use kith_inject::{Injector, Outcome, ScriptTag};

pub const TAG: &str = "<script src=\"/.well-known/kith/s.js\" integrity=\"sha384-AAAA\"></script>";

pub fn script() -> ScriptTag {
    ScriptTag::new("/.well-known/kith/s.js", "sha384-AAAA").unwrap()
}

/// The page as sent, from the pieces it came in.
pub fn inject(pieces: impl IntoIterator<Item = Vec<u8>>, charset: Option<&str>) -> (Vec<u8>, Outcome) {
    let mut injector = Injector::new(&script(), charset);
    let mut out = Vec::new();
    for piece in pieces {
        injector.write(Bytes::from(piece), |bytes| {
            assert!(!bytes.is_empty());
            out.extend_from_slice(&bytes);
        });
    }
    let outcome = injector.end(|bytes| out.extend_from_slice(&bytes));
    (out, outcome)
}

/// The page where the tag is in it; `None` where it is not.
pub fn without_tag(sent: &[u8]) -> Option<Vec<u8>> {
    let at = sent.windows(TAG.len()).position(|window| window == TAG.as_bytes())?;
    Some([&sent[..at], &sent[at + TAG.len()..]].concat())
}
