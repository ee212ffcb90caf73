// SPDX-License-Identifier: Apache-2.0
//! How files and folders come into the store, as streams: never a whole file in memory.

mod tree;

use crate::{
    blocking,
    blocks::{Block, PutError},
    content_id::{BlockError, DAG_PB, RAW},
    gc::Cache,
    holds::Hold,
    unixfs::{
        layout::Layout,
        node::{encode_directory, Part},
        CHUNK_BYTES,
    },
    Store,
};
use bytes::{BufMut, Bytes, BytesMut};
use cid::Cid;
use futures::{future::BoxFuture, stream::FuturesOrdered, StreamExt};
use std::{fmt, io, sync::Arc};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
pub use tree::PathError;

/// Leaves hashed and written at the same time: enough to keep the disk and the reader busy, 1 MiB of memory.
const LEAVES_IN_FLIGHT: usize = 4;

/// What was added.
#[derive(Debug)]
#[must_use = "the blocks may be collected once the hold is dropped: pin the root"]
pub struct Added {
    /// The identifier of the file or folder.
    pub root: Cid,
    /// Bytes of content: of all files together.
    pub bytes: u64,
    /// Distinct blocks that make it up.
    pub blocks: usize,
    /// Keeps the blocks until the root is pinned.
    pub hold: Hold,
}

/// Why nothing was added.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AddError {
    /// The source failed.
    #[error("cannot read {path:?}: {source}")]
    Read {
        /// Path inside the folder; empty for a single file.
        path: String,
        /// What the source said.
        source: io::Error,
    },
    /// A path inside the folder cannot be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A node became too large to be a block.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// The disk is full or refused.
    #[error(transparent)]
    Write(#[from] PutError),
}

/// The stream of a file to add.
pub type Source = Box<dyn AsyncRead + Send + Unpin>;

/// A file of a folder: where it goes, and how to open it when its turn comes.
pub struct FolderFile {
    /// Path inside the folder, parts separated by `/`.
    pub path: String,
    /// Opens the file; called once.
    pub open: Box<dyn FnOnce() -> BoxFuture<'static, io::Result<Source>> + Send>,
}

impl fmt::Debug for FolderFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FolderFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Adds one file. The same bytes give the same root, which is that of `ipfs add --cid-version=1 --raw-leaves`.
    pub async fn add_file(&self, source: impl AsyncRead + Send + Unpin) -> Result<Added, AddError> {
        let mut import = Import::new(self);
        let part = import.file("", source).await?;
        Ok(import.done(part.cid, part.bytes))
    }

    /// Adds a folder. The order of `files` does not matter; folders are made as the paths ask for them.
    pub async fn add_directory(&self, files: Vec<FolderFile>) -> Result<Added, AddError> {
        let mut import = Import::new(self);
        let (mut tree, mut bytes) = (tree::Tree::default(), 0);
        for path in files.iter().map(|file| file.path.as_str()) {
            tree.reserve(path)?;
        }
        for FolderFile { path, open } in files {
            let read = |source| AddError::Read { path: path.clone(), source };
            let part = import.file(&path, open().await.map_err(read)?).await?;
            bytes += part.bytes;
            tree.fill(&path, part);
        }
        let mut nodes = Vec::new();
        let root = tree.encode(&mut |entries| {
            let (node, part) = encode_directory(entries);
            nodes.push(node);
            part
        })?;
        import.nodes(nodes).await?;
        Ok(import.done(root.cid, bytes))
    }
}

/// An import in progress: every block it stores or finds is held.
struct Import {
    cache: Arc<Cache>,
    hold: Hold,
}

impl Import {
    fn new(store: &Store) -> Self {
        Self { cache: store.inner().cache.clone(), hold: store.hold() }
    }

    fn done(self, root: Cid, bytes: u64) -> Added {
        Added { root, bytes, blocks: self.hold.len(), hold: self.hold }
    }

    async fn file(&mut self, path: &str, mut source: impl AsyncRead + Send + Unpin) -> Result<Part, AddError> {
        let read = |source| AddError::Read { path: path.to_owned(), source };
        let (mut layout, mut leaves, mut bytes, mut ended) = (Layout::default(), FuturesOrdered::new(), 0, false);
        loop {
            if !ended && leaves.len() < LEAVES_IN_FLIGHT {
                let chunk = next_chunk(&mut source).await.map_err(read)?;
                ended = chunk.len() < CHUNK_BYTES;
                // An empty file is one empty leaf; otherwise an empty chunk is only the end.
                if !chunk.is_empty() || bytes == 0 {
                    bytes += chunk.len() as u64;
                    leaves.push_back(blocking::run(move || Block::new(RAW, chunk)));
                }
                continue;
            }
            let Some(leaf) = leaves.next().await else { break };
            let leaf = leaf?;
            let nodes = layout.push(Part::leaf(&leaf));
            self.store(leaf).await?;
            self.nodes(nodes).await?;
        }
        let (nodes, root) = layout.finish().expect("a file has at least one leaf");
        self.nodes(nodes).await?;
        Ok(root)
    }

    async fn nodes(&mut self, nodes: Vec<Bytes>) -> Result<(), AddError> {
        for node in nodes {
            let block = blocking::run(move || Block::new(DAG_PB, node)).await?;
            self.store(block).await?;
        }
        Ok(())
    }

    async fn store(&mut self, block: Block) -> Result<(), AddError> {
        self.hold.keep(*block.cid());
        let cache = self.cache.clone();
        Ok(blocking::run(move || cache.put(&block)).await?)
    }
}

/// The next [`CHUNK_BYTES`] of the source; fewer only at its end.
async fn next_chunk(source: &mut (impl AsyncRead + Unpin)) -> io::Result<Bytes> {
    let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
    while chunk.len() < CHUNK_BYTES {
        let room = CHUNK_BYTES - chunk.len();
        if source.read_buf(&mut (&mut chunk).limit(room)).await? == 0 {
            break;
        }
    }
    Ok(chunk.freeze())
}
