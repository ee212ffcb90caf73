// SPDX-License-Identifier: Apache-2.0
//! How a community is founded: from one file to a chain specification.

mod file;
mod specification;

pub(crate) use file::{CommunityFile, FileError};
pub(crate) use specification::{found, FoundError, Founded};

/// The file `kith community example` prints; a test founds a community from it.
pub(crate) const EXAMPLE: &str = include_str!("community/example.toml");
