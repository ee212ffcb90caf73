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
    visit: impl FnMut(&Cid, Option<&Block>) -> Result<(), E>,
) -> Result<(), E> {
    walk_at_most(MAX_TREE_BLOCKS, blocks, root, leaves, visit)
}

fn walk_at_most<E: From<WalkError>>(
    limit: usize,
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
        if seen.len() > limit || ahead.len() > limit {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content_id::{self, DAG_PB},
        unixfs::node::{encode_file, Part},
    };
    use bytes::Bytes;

    /// A node above so many distinct leaves; the leaves are only named.
    fn stored(leaves: u8) -> (tempfile::TempDir, Blocks, Cid) {
        let dir = tempfile::tempdir().unwrap();
        let blocks = Blocks::open(dir.path().join("blocks")).unwrap();
        let leaf = |byte| Part::leaf(&Block::new(RAW, Bytes::from(vec![byte])).unwrap());
        let (node, _) = encode_file(&(0..leaves).map(leaf).collect::<Vec<_>>());
        let root = Block::new(DAG_PB, node).unwrap();
        blocks.put(&root).unwrap();
        (dir, blocks, *root.cid())
    }

    fn count(limit: usize, blocks: &Blocks, root: &Cid) -> Result<usize, WalkError> {
        let mut count = 0;
        walk_at_most(limit, blocks, root, Leaves::Named, |_, _| {
            count += 1;
            Ok::<(), WalkError>(())
        })?;
        Ok(count)
    }

    #[test]
    fn a_tree_of_too_many_blocks_is_given_up() {
        let (_dir, blocks, root) = stored(5);
        assert_eq!(count(6, &blocks, &root).unwrap(), 6);
        for limit in [1, 4, 5] {
            let refused = count(limit, &blocks, &root).unwrap_err();
            assert!(matches!(refused, WalkError::TooMany), "{refused}");
        }
    }

    #[test]
    fn a_leaf_that_is_not_here_is_named() {
        let (_dir, blocks, root) = stored(1);
        let absent = content_id::of(RAW, &[0]);
        for leaves in [Leaves::Present, Leaves::Read] {
            let refused = walk(&blocks, &root, leaves, |_, _| Ok::<(), WalkError>(())).unwrap_err();
            assert!(matches!(refused, WalkError::Missing { cid } if cid == absent), "{refused}");
        }
    }
}
