// SPDX-License-Identifier: Apache-2.0
//! How does every page get one trusted script, before any script of its own, without a byte of it changed?
//!
//! [`Injector`] streams a page through and puts one `<script>` tag at the one place where a browser runs it first.
//! It reads the page only up to there, one byte of state at a time: whitespace, comments, doctype and the `<html>` and
//! `<head>` tags may come before, and none of them has to be kept in memory, however long it is. Everything after is
//! passed on untouched and unread.
//!
//! [`policy`] says which Content-Security-Policy such a page is sent with, [`media`] which responses are pages.
//!
//! The crate is pure: bytes in, bytes out.

mod charset;
mod injector;
pub mod media;
pub mod policy;
mod preamble;
mod script;

pub use injector::{Injector, Outcome, Untouched};
pub use script::{ScriptFault, ScriptTag};
