// SPDX-License-Identifier: Apache-2.0
//! How a provider shows that it holds bytes: a Merkle tree over their 1 KiB chunks.
//!
//! Leaves are `blake2_256(0 || chunk)`, nodes `blake2_256(1 || left || right)`; a node without a sibling rises unchanged. The
//! last chunk may be shorter. No bytes at all are one empty chunk. The builder keeps one hash a level, so memory is O(log n).

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_crypto_hashing::blake2_256;
use sp_runtime::BoundedVec;

/// Bytes of a leaf.
pub const CHUNK_BYTES: usize = 1024;
/// [`CHUNK_BYTES`] as a bound.
pub type ChunkBound = ConstU32<1024>;
/// The longest path: one hash a level for 2^32 chunks.
pub const MAX_PATH: u32 = 32;

const LEAF: u8 = 0;
const NODE: u8 = 1;

/// What a version's stored bytes hash to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Commitment {
    /// The root of the tree.
    pub root: H256,
    /// How many chunks there are: at least 1.
    pub chunks: u32,
}

/// The answer to a challenge: one chunk and the hashes beside its path, from the leaf up.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ChunkProof {
    /// Which chunk, counted from 0.
    pub index: u32,
    /// Its bytes.
    pub chunk: BoundedVec<u8, ChunkBound>,
    /// Siblings from the leaf up; levels at which there is none are left out.
    pub path: BoundedVec<H256, ConstU32<MAX_PATH>>,
}

impl ChunkProof {
    /// Whether the chunk is the one at `index` of the bytes committed to.
    pub fn proves(&self, commitment: &Commitment) -> bool {
        if self.index >= commitment.chunks {
            return false;
        }
        let (mut hash, mut at, mut width) = (leaf(&self.chunk), self.index, commitment.chunks);
        let mut siblings = self.path.iter();
        while width > 1 {
            let alone = at % 2 == 0 && at.saturating_add(1) == width;
            if !alone {
                let Some(sibling) = siblings.next() else { return false };
                hash = if at % 2 == 0 { node(&hash, sibling) } else { node(sibling, &hash) };
            }
            (at, width) = (at / 2, width.div_ceil(2));
        }
        siblings.next().is_none() && hash == commitment.root
    }
}

/// Computes a commitment from bytes that arrive in pieces of any size.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    partial: Vec<u8>,
    /// At level `n`, the finished node that waits for its right sibling.
    waiting: Vec<Option<H256>>,
    chunks: u32,
    target: Option<Target>,
}

/// The chunk being proven, and what has been gathered of its path.
#[derive(Clone, Debug)]
struct Target {
    index: u32,
    chunk: Vec<u8>,
    path: Vec<H256>,
}

/// More bytes than 2^32 - 1 chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyChunks;

impl Builder {
    /// Computes the commitment only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gathers the proof of the chunk at `index` as well.
    pub fn proving(index: u32) -> Self {
        Self { target: Some(Target { index, chunk: Vec::new(), path: Vec::new() }), ..Self::default() }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) -> Result<(), TooManyChunks> {
        while !bytes.is_empty() {
            let room = CHUNK_BYTES.saturating_sub(self.partial.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.partial.extend_from_slice(now);
            bytes = later;
            if self.partial.len() == CHUNK_BYTES {
                self.close_chunk()?;
            }
        }
        Ok(())
    }

    /// The commitment to all bytes taken.
    pub fn finish(self) -> Result<Commitment, TooManyChunks> {
        self.finish_with_proof().map(|(commitment, _)| commitment)
    }

    /// The commitment, and the proof asked for if there is such a chunk.
    pub fn finish_with_proof(mut self) -> Result<(Commitment, Option<ChunkProof>), TooManyChunks> {
        if !self.partial.is_empty() || self.chunks == 0 {
            self.close_chunk()?;
        }
        let mut risen: Option<(H256, u32)> = None;
        let mut width = self.chunks;
        for (level, waiting) in (0u32..).zip(core::mem::take(&mut self.waiting)) {
            let position = width.saturating_sub(1);
            risen = match (waiting, risen) {
                (Some(left), Some((right, _))) => {
                    let parent = self.join(level, &left, &right, position / 2);
                    Some((parent, position / 2))
                }
                (Some(alone), None) => Some((alone, position / 2)),
                (None, Some((hash, _))) => Some((hash, position / 2)),
                (None, None) => None,
            };
            width = width.div_ceil(2);
        }
        let root = risen.map(|(hash, _)| hash).unwrap_or_default();
        let commitment = Commitment { root, chunks: self.chunks };
        Ok((commitment, self.target.and_then(|target| target.into_proof(&commitment))))
    }

    fn close_chunk(&mut self) -> Result<(), TooManyChunks> {
        let index = self.chunks;
        self.chunks = index.checked_add(1).ok_or(TooManyChunks)?;
        let mut hash = leaf(&self.partial);
        match &mut self.target {
            Some(target) if target.index == index => target.chunk = core::mem::take(&mut self.partial),
            _ => self.partial.clear(),
        }
        let (mut level, mut position) = (0u32, index);
        while position % 2 == 1 {
            let left = usize::try_from(level).ok().and_then(|l| self.waiting.get_mut(l)).and_then(Option::take);
            hash = self.join(level, &left.unwrap_or_default(), &hash, position / 2);
            (level, position) = (level.saturating_add(1), position / 2);
        }
        let level = usize::try_from(level).unwrap_or_default();
        if self.waiting.len() <= level {
            self.waiting.resize(level.saturating_add(1), None);
        }
        if let Some(slot) = self.waiting.get_mut(level) {
            *slot = Some(hash);
        }
        Ok(())
    }

    /// Joins two nodes of `level` into the one at `parent` of the next, and notes the target's sibling on the way.
    fn join(&mut self, level: u32, left: &H256, right: &H256, parent: u32) -> H256 {
        if let Some(target) = &mut self.target {
            let at = target.index.checked_shr(level).unwrap_or_default();
            if at / 2 == parent && target.index < self.chunks {
                target.path.push(if at % 2 == 0 { *right } else { *left });
            }
        }
        node(left, right)
    }
}

impl Target {
    fn into_proof(self, commitment: &Commitment) -> Option<ChunkProof> {
        (self.index < commitment.chunks).then_some(())?;
        Some(ChunkProof {
            index: self.index,
            chunk: BoundedVec::try_from(self.chunk).ok()?,
            path: BoundedVec::try_from(self.path).ok()?,
        })
    }
}

fn leaf(chunk: &[u8]) -> H256 {
    let mut bytes = Vec::with_capacity(chunk.len().saturating_add(1));
    bytes.push(LEAF);
    bytes.extend_from_slice(chunk);
    H256(blake2_256(&bytes))
}

fn node(left: &H256, right: &H256) -> H256 {
    let mut bytes = [NODE; 65];
    let (_, hashes) = bytes.split_at_mut(1);
    let (l, r) = hashes.split_at_mut(32);
    l.copy_from_slice(left.as_bytes());
    r.copy_from_slice(right.as_bytes());
    H256(blake2_256(&bytes))
}

#[cfg(test)]
mod tests;
