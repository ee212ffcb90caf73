// SPDX-License-Identifier: Apache-2.0
//! How a community is founded: from one file to a chain specification.

mod file;
mod specification;

pub(crate) use file::CommunityFile;
pub(crate) use specification::found;

/// The file `kith community example` prints; a test founds a community from it.
pub(crate) const EXAMPLE: &str = include_str!("community/example.toml");
