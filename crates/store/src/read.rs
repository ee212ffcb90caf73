// SPDX-License-Identifier: Apache-2.0
//! How content is read by path and by range, touching only the blocks it needs.

mod cursor;

use crate::{
    blocks::Block,
    content_id::{self, CidError},
    exchange::{Keep, ObtainError},
    unixfs::{
        node::{self, Link, Node},
        NodeError, MAX_DEPTH,
    },
    Store,
};
use bytes::Bytes;
use cid::Cid;
use cursor::Cursor;
use futures::{stream::BoxStream, StreamExt, TryStreamExt};
use std::ops::Range;
use thiserror::Error;

/// Leaves fetched ahead of the reader, within the range asked for: 2 MiB.
const READ_AHEAD: usize = 8;

/// Why something could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The root is not an accepted identifier.
    #[error(transparent)]
    Root(#[from] CidError),
    /// A block could not be had.
    #[error(transparent)]
    Block(#[from] ObtainError),
    /// A block is not a node.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The folder has no such entry.
    #[error("there is no {path:?} under {root}")]
    NotFound {
        /// Where the search began.
        root: Cid,
        /// What was looked for.
        path: String,
    },
    /// A folder was read as a file.
    #[error("{cid} is a folder; name a file in it")]
    NotAFile {
        /// The folder.
        cid: Cid,
    },
    /// A file was listed, or a path leads through it.
    #[error("{cid} is a file, not a folder")]
    NotAFolder {
        /// The file.
        cid: Cid,
    },
    /// The range begins after the end.
    #[error("the range begins at byte {start}, but the file has {bytes}")]
    BeyondEnd {
        /// Where the range begins.
        start: u64,
        /// Bytes of the file.
        bytes: u64,
    },
}

impl ReadError {
    /// Whether the content exists but no peer could deliver it now: worth trying again.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Block(error) if error.is_unavailable())
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identifier.
    pub cid: Cid,
    /// File or folder.
    pub kind: Kind,
    /// Bytes of the file; 0 for a folder.
    pub bytes: u64,
}

/// What an identifier stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A sequence of bytes.
    File,
    /// A list of names.
    Folder,
}

/// A name in a folder, as the folder's own block tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: String,
    /// What it stands for; [`Store::resolve`] tells the kind.
    pub cid: Cid,
    /// Bytes of all blocks below it, as the folder declares.
    pub tree_bytes: u64,
}

/// The bytes of a file, in order, in pieces of at most a block.
pub type ByteStream = BoxStream<'static, Result<Bytes, ReadError>>;

impl Store {
    /// Follows `path`, parts separated by `/`, from `root`. An empty path is the root itself.
    pub async fn resolve(&self, root: &Cid, path: &str) -> Result<Entry, ReadError> {
        let root = content_id::check(root)?;
        let not_found = || ReadError::NotFound { root, path: path.to_owned() };
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        if parts.len() > MAX_DEPTH {
            return Err(not_found());
        }
        let mut at = root;
        for part in parts {
            let link = self.links(at).await?.into_iter().find(|link| link.name == part);
            at = link.ok_or_else(not_found)?.cid;
        }
        match node::decode(&self.block(at).await?)? {
            Node::File { bytes, .. } => Ok(Entry { cid: at, kind: Kind::File, bytes }),
            Node::Directory(_) => Ok(Entry { cid: at, kind: Kind::Folder, bytes: 0 }),
        }
    }

    /// The entries of a folder, in the order of their names' bytes. Only the folder's own block is touched.
    pub async fn list(&self, folder: &Cid) -> Result<Vec<Listed>, ReadError> {
        let links = self.links(content_id::check(folder)?).await?;
        let listed = |Link { cid, name, tree_bytes }| Listed { name, cid, tree_bytes };
        Ok(links.into_iter().map(listed).collect())
    }

    /// The bytes of `range` of a file; the end is cut to the file's. Blocks that are not here come from peers.
    ///
    /// An error in the stream ends it: what came before is right, but not all.
    pub async fn read(&self, file: &Cid, range: Range<u64>) -> Result<ByteStream, ReadError> {
        let file = content_id::check(file)?;
        let exchange = self.inner().exchange.clone();
        let cursor = Cursor::open(exchange.clone(), self.block(file).await?, range)?;
        let pieces = futures::stream::try_unfold(cursor, |mut cursor| async move {
            Ok(cursor.next().await?.map(|piece| (piece, cursor)))
        });
        let bytes = pieces.map_ok(move |piece| piece.bytes(exchange.clone())).try_buffered(READ_AHEAD);
        Ok(bytes.boxed())
    }

    async fn links(&self, cid: Cid) -> Result<Vec<Link>, ReadError> {
        match node::decode(&self.block(cid).await?)? {
            Node::Directory(links) => Ok(links),
            Node::File { .. } => Err(ReadError::NotAFolder { cid }),
        }
    }

    async fn block(&self, cid: Cid) -> Result<Block, ReadError> {
        Ok(self.inner().exchange.obtain(cid, Keep::Try).await?.0)
    }
}
