// SPDX-License-Identifier: Apache-2.0
//! Which files does the proxy bring along? What `npm run build` leaves in `web/dist`.

use std::sync::LazyLock;

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};

pub(crate) const DASHBOARD_HTML: &[u8] = include_bytes!("../../../web/dist/index.html");
pub(crate) const DASHBOARD_JS: &[u8] = include_bytes!("../../../web/dist/dashboard.js");
pub(crate) const DASHBOARD_CSS: &[u8] = include_bytes!("../../../web/dist/dashboard.css");
const SCRIPT_JS: &[u8] = include_bytes!("../../../web/dist/script.js");

/// Bytes of the hash that go into the script's path: a new script has a new path, so that it may be cached for good.
const PATH_HASH_BYTES: usize = 8;

/// The trusted script of every page.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) bytes: &'static [u8],
    /// The first hexadecimal digits of its SHA-256.
    pub(crate) mark: String,
    /// Where it is served, on every site.
    pub(crate) path: String,
    /// What browsers compare it with (Subresource Integrity).
    pub(crate) integrity: String,
}

pub(crate) static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let hash = Sha256::digest(SCRIPT_JS);
    let mark = HEXLOWER.encode(&hash[..PATH_HASH_BYTES]);
    Script {
        bytes: SCRIPT_JS,
        path: format!("/.well-known/kith/script-{mark}.js"),
        integrity: format!("sha256-{}", BASE64.encode(&hash)),
        mark,
    }
});
