// SPDX-License-Identifier: Apache-2.0
//! The local HTTP pipeline: how does a browser open a resource by name, and what is refused on the way?
//!
//! One request walks through [`app`] in this order, and none goes back:
//!
//! 1. `host`: which origin was asked? Only `localhost:PORT` and `<name>.kith.localhost:PORT`, to the letter.
//! 2. `origin`: who asks? No other origin changes or embeds anything, and no `GET` has an effect.
//! 3. `dashboard`, or `site`: path, then [`Pages`], then `file` with its conditions and ranges.
//! 4. `body` and `rewrite`: bytes within their deadlines; HTML with the trusted script first.
//! 5. `respond`: whatever failed becomes one status, one code and one short text.
//!
//! The crate holds no keys, knows no chain and touches no disk: [`ports`] says what it needs.

mod assets;
mod body;
mod dashboard;
mod file;
mod host;
mod limits;
mod name;
mod origin;
mod path;
mod pipeline;
pub mod ports;
mod range;
mod respond;
mod rewrite;
mod serve;
mod site;

pub use limits::Limits;
pub use name::{SiteName, SiteNameError};
pub use pipeline::{app, Proxy};
pub use ports::{Pages, Site};
pub use serve::{serve, ServeError};

/// The target of every line the proxy logs.
const LOG_TARGET: &str = "kith::proxy";
