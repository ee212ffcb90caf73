// SPDX-License-Identifier: Apache-2.0
//! How the command line talks to a running companion: a Unix socket only its owner can open, one JSON line each way and a
//! line for each step in between.

pub(crate) mod client;
pub(crate) mod server;

use std::path::PathBuf;

use kith_primitives::resource::Visibility;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{progress::Step, report::Kind};

/// A line is never longer: paths and names.
const MAX_LINE: u64 = 64 * 1024;

/// What is asked of the companion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Request {
    /// How are you?
    Status,
    /// Publish a folder or file.
    Publish {
        /// Absolute.
        path: PathBuf,
        name: String,
        visibility: Visibility,
    },
    /// Fetch a resource, or one of its files, to a folder.
    Get {
        name: String,
        path: Option<String>,
        /// Absolute.
        out: PathBuf,
    },
    /// The address of a resource in the browser.
    Link { name: String },
    /// Let someone read.
    Grant { name: String, reader: u32 },
    /// Keep a resource's new versions.
    Follow { name: String },
}

/// What the companion says back; the last line is `Done` or `Failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// How far it has come.
    Step(Step),
    /// It is done.
    Done {
        /// For people.
        text: String,
        /// For programs.
        data: Value,
    },
    /// It was not done.
    Failed {
        /// What sort of failure it is: the exit code of whoever asked.
        kind: Kind,
        /// Cause and fix.
        message: String,
    },
}
