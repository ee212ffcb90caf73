// SPDX-License-Identifier: Apache-2.0
//! Which blocks a root reaches, as far as they are on this disk.
//!
//! The order is the one custody proofs use: depth first, a node before its children, children in order of their links, each
//! distinct block once.

use crate::{
    blocks::{Block, Blocks, GetError},
    content_id::RAW,
    unixfs::{node, NodeError},
};
use cid::Cid;
use std::collections::HashSet;
use thiserror::Error;

/// Blocks of one tree: 1 TiB in leaves of 256 KiB. Bounds the memory of a walk to some 400 MiB.
pub const MAX_TREE_BLOCKS: usize = 1 << 22;

/// Why a tree could not be walked to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WalkError {
    /// A block is not on this disk.
    #[error("block {cid} is not here; fetch the whole tree first")]
    Missing {
        /// The first block found missing.
        cid: Cid,
    },
    /// A block cannot be read, or is damaged.
    #[error(transparent)]
    Get(#[from] GetError),
    /// A block is not a node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// More blocks than a tree may have.
    #[error("the tree has more than {MAX_TREE_BLOCKS} blocks; split the content over several roots")]
    TooMany,
}

/// What is done with raw leaves, which have no links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// Named, not looked at.
    Named,
    /// Must be on disk.
    Present,
    /// Read and verified.
    Read,
}

/// Visits every block of the tree; blocks that were read are handed over.
pub(crate) fn walk<E: From<WalkError>>(
    blocks: &Blocks,
    root: &Cid,
    leaves: Leaves,
    mut visit: impl FnMut(&Cid, Option<&Block>) -> Result<(), E>,
) -> Result<(), E> {
    let (mut seen, mut ahead) = (HashSet::new(), vec![*root]);
    while let Some(cid) = ahead.pop() {
        if !seen.insert(cid) {
            continue;
        }
        if seen.len() > MAX_TREE_BLOCKS || ahead.len() > MAX_TREE_BLOCKS {
            return Err(WalkError::TooMany.into());
        }
        if cid.codec() == RAW && leaves != Leaves::Read {
            if leaves == Leaves::Present && !blocks.has(&cid) {
                return Err(WalkError::Missing { cid }.into());
            }
            visit(&cid, None)?;
            continue;
        }
        let block = blocks.get(&cid).map_err(WalkError::from)?.ok_or(WalkError::Missing { cid })?;
        visit(&cid, Some(&block))?;
        ahead.extend(node::links(&block).map_err(WalkError::from)?.into_iter().rev());
    }
    Ok(())
}
