// SPDX-License-Identifier: Apache-2.0
//! What does the plaintext of a private resource look like, and where in it is each file?
//!
//! ```text
//! header   = "KITH-ARC" || format version (u32) || manifest length in bytes (u32)
//! manifest = entry count (u32) || entries, sorted by path
//! entry    = path length (u16) || path || file size (u64) || media type length (u8) || media type
//! ```
//!
//! Integers are little-endian. The files' bytes follow in the order of the entries without gaps, so offsets are sums
//! and two entries cannot overlap. A plaintext has exactly one encoding; any other is refused.

mod manifest;
mod path;

pub use manifest::{ArchiveError, Entry, FileSpec, Manifest};
pub use path::PathFault;

/// Bytes of the header at the start of the plaintext.
pub const HEADER_LEN: usize = 16;
/// The longest manifest in bytes: it is read whole before a file can be, so it bounds memory and first byte.
pub const MAX_MANIFEST_LEN: usize = 16 * 1024 * 1024;
/// Files in one resource: what a manifest of [`MAX_MANIFEST_LEN`] holds at some 250 bytes an entry.
pub const MAX_ENTRIES: usize = 65_536;
/// Bytes of one path: what ordinary file systems take with room for the folder it is unpacked to.
pub const MAX_PATH_LEN: usize = 1024;
/// Bytes of one path segment: the limit of ordinary file systems.
pub const MAX_SEGMENT_LEN: usize = 255;
/// Bytes of a media type with its parameters.
pub const MAX_MEDIA_TYPE_LEN: usize = 127;
