// SPDX-License-Identifier: Apache-2.0
//! How is a resource kept private from everyone but its readers?
//!
//! Every private resource has a random [`ContentKey`] per key epoch. A version of the resource is one stream, sealed
//! under a data key that only that content key, resource, version and the stream's own salt give:
//!
//! ```text
//! sealed stream = salt (32) || commitment (32) || chunk 0 || chunk 1 || … || last chunk
//! chunk         = ChaCha20-Poly1305(up to 65,536 bytes of plaintext) || tag (16)
//! plaintext     = archive header || manifest || the files' bytes || zeros up to the padded length
//! ```
//!
//! The salt is random, so that a publication repeated after a crash never meets an earlier nonce. The commitment pins
//! the one key the stream opens under, so that two readers can never be shown two texts. Chunk index and last-chunk
//! flag stand in nonce and associated data, so that a chunk moved, dropped or taken from another version is refused. [`Sealer`] writes such a stream, [`Opener`] reads any range of it, [`archive`] says what
//! is in it and [`WrappedKey`] is the content key sealed to one reader.
//!
//! The crate is pure: no file, no network, no clock, and randomness is passed in.

pub mod archive;
mod key;
mod open;
mod pad;
mod seal;
mod shape;
mod wrap;

pub use key::{Binding, ContentKey};
pub use open::{ChunkRead, OpenError, Opener, ReadPlan};
pub use pad::{padded_len, MAX_PLAINTEXT_LEN, MIN_PADDED_LEN};
pub use seal::{SealError, Sealer};
pub use shape::{sealed_len, CHUNK_LEN, PREFIX_LEN, TAG_LEN};
pub use wrap::{ReaderSecret, UnwrapError, WrapContext, WrapError, WrappedKey};
