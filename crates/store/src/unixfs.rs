// SPDX-License-Identifier: Apache-2.0
//! How files and directories become blocks, so that the identifiers equal those of `ipfs add --cid-version=1 --raw-leaves`.
//!
//! Formats: <https://specs.ipfs.tech/unixfs/> and <https://ipld.io/specs/codecs/dag-pb/spec/>.

pub(crate) mod layout;
pub(crate) mod node;

pub use node::NodeError;

/// Bytes of a leaf: Kubo's default chunker.
pub const CHUNK_BYTES: usize = 256 * 1024;
/// Children of an inner node: Kubo's balanced layout.
pub const MAX_CHILDREN: usize = 174;
/// Bytes of names and identifiers in one directory; beyond, Kubo shards the directory, which is not supported here.
pub const MAX_DIRECTORY_BYTES: usize = 256 * 1024;
/// Levels of directories, and levels of a file's tree (174^8 leaves are more than 2^59).
pub const MAX_DEPTH: usize = 64;
