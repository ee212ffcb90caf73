// SPDX-License-Identifier: Apache-2.0
//! Where a member's things are kept.
//!
//! ```text
//! <home>/                 0700
//!   keys.json             the encrypted keys
//!   settings.toml         the community, the node
//!   store/                blocks, pins, the device's identity
//!   control.sock          0600, while the companion runs
//!   api-token             0600, while the companion runs
//! ```

use std::{
    io,
    path::{Path, PathBuf},
};

/// A member's folder.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// The folder given, or the one the desktop's conventions say.
    pub(crate) fn locate(given: Option<PathBuf>) -> Self {
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
        let fallback = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
        Self(given.unwrap_or_else(|| data.or_else(fallback).unwrap_or_else(|| PathBuf::from(".")).join("kith")))
    }

    /// Makes the folder, readable by its owner only.
    pub(crate) fn create(&self) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.0.join("keys.json")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.0.join("settings.toml")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.0.join("store")
    }

    pub(crate) fn control_socket(&self) -> PathBuf {
        self.0.join("control.sock")
    }

    pub(crate) fn api_token(&self) -> PathBuf {
        self.0.join("api-token")
    }
}
