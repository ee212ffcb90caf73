// SPDX-License-Identifier: Apache-2.0
//! Embedded IPFS: a private swarm, blocks on disk, UnixFS, pins, cache and custody proofs.
//!
//! [`Store`] is the handle. Blocks are plain files, so the file system is the index; what must never be lost is named by
//! pins; everything else is a cache that is emptied from its oldest end. Only peers in [`Access`] are ever talked to.
//!
//! Every operation stands in a module of its own, with its error beside it.

pub mod access;
pub mod add;
mod blocking;
pub mod blocks;
pub mod content_id;
pub mod custody;
pub mod dag;
pub mod exchange;
pub mod fetch;
pub mod gc;
pub mod holds;
pub mod identity;
mod neighbours;
pub mod pins;
mod protobuf;
pub mod read;
pub mod store;
pub mod swarm;
pub mod unixfs;

pub use access::Access;
pub use cid::Cid;
pub use identity::Identity;
pub use libp2p::{Multiaddr, PeerId};
pub use store::{OpenError, Store, StoreConfig};
