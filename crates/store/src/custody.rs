// SPDX-License-Identifier: Apache-2.0
//! How a provider shows that it holds a tree: proofs over its stored bytes.
//!
//! The stored bytes of a root are the bytes of its blocks, in the order of [`crate::dag`], each distinct block once. Both
//! functions read the whole tree from this disk and verify every block on the way; memory does not grow with its bytes.

use crate::{
    blocking,
    content_id::{self, CidError},
    dag::{self, Leaves, WalkError},
    Store,
};
use cid::Cid;
use kith_primitives::custody::{Builder, ChunkProof, Commitment, TooManyChunks};
use thiserror::Error;

/// Why there is no commitment or proof.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CustodyError {
    /// The root is not an accepted identifier.
    #[error(transparent)]
    Root(#[from] CidError),
    /// Not all of the tree is here and sound.
    #[error(transparent)]
    Tree(#[from] WalkError),
    /// More than 2^32 - 1 chunks of 1 KiB.
    #[error("the tree is larger than 4 TiB; split the content over several roots")]
    TooLarge,
    /// The challenge names a chunk that does not exist.
    #[error("there is no chunk {index}: the tree has {chunks}")]
    NoSuchChunk {
        /// The chunk asked for.
        index: u32,
        /// Chunks of the tree.
        chunks: u32,
    },
}

impl From<TooManyChunks> for CustodyError {
    fn from(_: TooManyChunks) -> Self {
        Self::TooLarge
    }
}

impl Store {
    /// The commitment to the stored bytes of `root`, to be compared with the one on chain.
    pub async fn commitment(&self, root: &Cid) -> Result<Commitment, CustodyError> {
        Ok(self.stored_bytes(root, Builder::new()).await?.finish()?)
    }

    /// The proof that this store holds chunk `index` (of 1 KiB) of the stored bytes of `root`.
    pub async fn prove(&self, root: &Cid, index: u32) -> Result<ChunkProof, CustodyError> {
        let builder = self.stored_bytes(root, Builder::proving(index)).await?;
        let (commitment, proof) = builder.finish_with_proof()?;
        proof.ok_or(CustodyError::NoSuchChunk { index, chunks: commitment.chunks })
    }

    async fn stored_bytes(&self, root: &Cid, mut builder: Builder) -> Result<Builder, CustodyError> {
        let (root, blocks) = (content_id::check(root)?, self.inner().blocks.clone());
        blocking::run(move || {
            dag::walk(&blocks, &root, Leaves::Read, |_, block| {
                let bytes = block.map(|block| &block.bytes()[..]).unwrap_or_default();
                Ok::<(), CustodyError>(builder.update(bytes)?)
            })?;
            Ok(builder)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_chunks_than_can_be_counted_are_a_tree_too_large() {
        let refused = CustodyError::from(TooManyChunks);
        assert!(matches!(refused, CustodyError::TooLarge), "{refused:?}");
        assert!(refused.to_string().contains("split the content"));
    }
}
