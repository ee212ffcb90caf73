// SPDX-License-Identifier: Apache-2.0
//! Which leaves a range of a file needs, found by walking only the nodes that lie above them.

use super::ReadError;
use crate::{
    blocks::Block,
    content_id::RAW,
    exchange::{Exchange, Keep},
    unixfs::{
        node::{self, Child, Node},
        NodeError, MAX_DEPTH,
    },
};
use bytes::Bytes;
use cid::Cid;
use std::{ops::Range, sync::Arc};

/// A part of the range: bytes at hand, or a leaf and what of it is wanted.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Here(Bytes),
    Leaf { cid: Cid, bytes: u64, wanted: Range<u64> },
}

impl Piece {
    /// Fetches the leaf if need be. A leaf of another length than its parent told is refused: every later byte would be
    /// out of place.
    pub(super) async fn bytes(self, exchange: Arc<Exchange>) -> Result<Bytes, ReadError> {
        match self {
            Self::Here(bytes) => Ok(bytes),
            Self::Leaf { cid, bytes, wanted } => {
                let (block, _) = exchange.obtain(cid, Keep::Try).await?;
                if block.bytes().len() as u64 != bytes {
                    return Err(NodeError::Malformed { cid }.into());
                }
                Ok(slice(block.bytes(), wanted))
            }
        }
    }
}

/// A walk over a file's tree, from the left, skipping what is outside the range.
#[derive(Debug)]
pub(super) struct Cursor {
    exchange: Arc<Exchange>,
    range: Range<u64>,
    ahead: Vec<Ahead>,
}

#[derive(Debug)]
enum Ahead {
    Bytes { start: u64, bytes: Bytes },
    Child { start: u64, child: Child, depth: usize },
}

impl Cursor {
    pub(super) fn open(exchange: Arc<Exchange>, root: Block, range: Range<u64>) -> Result<Self, ReadError> {
        let cid = *root.cid();
        let Node::File { data, children, bytes } = node::decode(&root)? else {
            return Err(ReadError::NotAFile { cid });
        };
        if range.start > bytes {
            return Err(ReadError::BeyondEnd { start: range.start, bytes });
        }
        let mut cursor = Self { exchange, range: range.start..range.end.min(bytes), ahead: Vec::new() };
        cursor.enter(0, data, children, 0);
        Ok(cursor)
    }

    /// The next piece of the range; `None` at its end.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, ReadError> {
        while let Some(ahead) = self.ahead.pop() {
            match ahead {
                Ahead::Bytes { start, bytes } => {
                    let wanted = overlap(&self.range, start, bytes.len() as u64);
                    return Ok(Some(Piece::Here(slice(&bytes, wanted))));
                }
                Ahead::Child { start, child: Child { cid, bytes }, .. } if cid.codec() == RAW => {
                    let wanted = overlap(&self.range, start, bytes);
                    return Ok(Some(Piece::Leaf { cid, bytes, wanted }));
                }
                Ahead::Child { start, child, depth } => self.descend(start, child, depth).await?,
            }
        }
        Ok(None)
    }

    async fn descend(&mut self, start: u64, child: Child, depth: usize) -> Result<(), ReadError> {
        let malformed = NodeError::Malformed { cid: child.cid };
        let (block, _) = self.exchange.obtain(child.cid, Keep::Try).await?;
        match node::decode(&block)? {
            Node::File { data, children, bytes } if bytes == child.bytes && depth < MAX_DEPTH => {
                self.enter(start, data, children, depth);
                Ok(())
            }
            _ => Err(malformed.into()),
        }
    }

    /// Puts what of a node lies within the range on the stack, the first on top.
    fn enter(&mut self, start: u64, data: Bytes, children: Vec<Child>, depth: usize) {
        let (from, mut at) = (self.ahead.len(), start);
        let length = data.len() as u64;
        if !overlap(&self.range, at, length).is_empty() {
            self.ahead.push(Ahead::Bytes { start: at, bytes: data });
        }
        at += length;
        for child in children {
            if !overlap(&self.range, at, child.bytes).is_empty() {
                self.ahead.push(Ahead::Child { start: at, child, depth: depth + 1 });
            }
            at += child.bytes;
        }
        self.ahead[from..].reverse();
    }
}

/// What of `range` lies in the `bytes` bytes from `start`, counted from there.
fn overlap(range: &Range<u64>, start: u64, bytes: u64) -> Range<u64> {
    let from = range.start.saturating_sub(start).min(bytes);
    let to = range.end.saturating_sub(start).min(bytes);
    from..to
}

fn slice(bytes: &Bytes, wanted: Range<u64>) -> Bytes {
    // Both ends are at most the length of a block.
    bytes.slice(wanted.start as usize..(wanted.end.max(wanted.start)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_counted_from_the_part() {
        assert_eq!(overlap(&(5..15), 0, 10), 5..10);
        assert_eq!(overlap(&(5..15), 10, 10), 0..5);
        assert!(overlap(&(5..15), 15, 10).is_empty());
        assert!(overlap(&(5..15), 0, 5).is_empty());
        assert!(overlap(&(5..5), 0, 10).is_empty());
    }
}
