// SPDX-License-Identifier: Apache-2.0
//! A private resource: one sealed stream, of which only the chunks asked for are fetched and opened.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use kith_proxy::{
    ports::{About, ByteStream, Entry, File, ReadError},
    Site,
};
use kith_store::{read, Cid, Store};
use kith_vault::{
    archive::{Manifest, HEADER_LEN},
    Binding, ChunkRead, ContentKey, Opener, PREFIX_LEN,
};

use super::{store_failed, Listed};
use crate::companion::Companion;

/// Why a sealed resource is not opened.
#[derive(Debug)]
pub(super) enum SiteError {
    /// It cannot be had, or is damaged.
    Read(ReadError),
    /// The content key is another than the one it was sealed with.
    OtherKey,
}

impl From<ReadError> for SiteError {
    fn from(cause: ReadError) -> Self {
        Self::Read(cause)
    }
}

/// Whether a version was sealed with this key; an error if its first bytes cannot be had now.
pub(crate) async fn fits(store: &Store, root: Cid, binding: Binding, key: &ContentKey) -> Result<bool, ReadError> {
    let (length, prefix) = beginning(store, root).await?;
    Ok(!is_other_key(&Opener::new(key, binding, length, &prefix)))
}

fn is_other_key(opened: &Result<Opener, kith_vault::OpenError>) -> bool {
    matches!(opened, Err(kith_vault::OpenError::NotThisVersion { .. }))
}

/// The length of a sealed stream, and its first bytes.
async fn beginning(store: &Store, root: Cid) -> Result<(u64, [u8; PREFIX_LEN]), ReadError> {
    let length = store.resolve(&root, "").await.map_err(|cause| store_failed(root, "", cause))?.bytes;
    let mut prefix = [0; PREFIX_LEN];
    let sealed = store.read(&root, 0..PREFIX_LEN as u64).await.map_err(|cause| store_failed(root, "", cause))?;
    fill(&mut prefix, sealed, root).await?;
    Ok((length, prefix))
}

/// A sealed stream and the list of its files.
pub(super) struct Sealed {
    stream: Arc<Stream>,
    manifest: Manifest,
    about: About,
}

/// What opens any part of it.
struct Stream {
    store: Store,
    root: Cid,
    opener: Opener,
}

impl Sealed {
    /// Fetches and opens the list of files.
    pub(super) async fn site(
        companion: &Companion,
        root: Cid,
        about: About,
        key: &ContentKey,
    ) -> Result<Arc<dyn Listed>, SiteError> {
        let store = companion.store.clone();
        let (length, prefix) = beginning(&store, root).await?;
        let binding = Binding { resource: about.resource, version: about.version };
        let opened = Opener::new(key, binding, length, &prefix);
        if is_other_key(&opened) {
            return Err(SiteError::OtherKey);
        }
        let opener = opened.map_err(|_| corrupt(root))?;
        let stream = Arc::new(Stream { store, root, opener });
        let header = stream.plain(0..HEADER_LEN as u64).await?;
        let header: [u8; HEADER_LEN] = header.try_into().map_err(|_| corrupt(root))?;
        let listed = Manifest::encoded_len_in(&header).map_err(internal)? as u64;
        let listed = stream.plain(HEADER_LEN as u64..HEADER_LEN as u64 + listed).await?;
        let manifest = Manifest::parse(&listed, stream.opener.plaintext_len()).map_err(internal)?;
        Ok(Arc::new(Self { stream, manifest, about }))
    }
}

#[async_trait]
impl Site for Sealed {
    fn about(&self) -> About {
        self.about
    }

    async fn entry(&self, path: &str) -> Result<Entry, ReadError> {
        // A resource that is one file is opened at its root.
        let only = match self.manifest.entries() {
            [only] if path.is_empty() && !only.path.contains('/') && only.path != "index.html" => Some(only),
            _ => None,
        };
        if let Some(entry) = only.or_else(|| self.manifest.get(path)) {
            return Ok(Entry::File(File {
                path: entry.path.clone(),
                size: entry.size,
                media_type: entry.media_type.clone(),
                tag: format!("{}-{}-{}", self.about.resource, self.about.version, entry.offset),
            }));
        }
        let inside = |entry: &kith_vault::archive::Entry| {
            entry.path.strip_prefix(path).is_some_and(|rest| path.is_empty() || rest.starts_with('/'))
        };
        if self.manifest.entries().iter().any(inside) {
            return Ok(Entry::Folder);
        }
        Err(ReadError::NoSuchPath { path: path.to_owned() })
    }

    async fn read(&self, file: &File, range: Range<u64>) -> Result<ByteStream, ReadError> {
        let entry = self.manifest.get(&file.path).ok_or_else(|| ReadError::NoSuchPath { path: file.path.clone() })?;
        let plain = entry.plaintext_range(range).map_err(internal)?;
        Stream::open(&self.stream, plain).await
    }
}

#[async_trait]
impl Listed for Sealed {
    async fn files(&self) -> Result<Vec<String>, ReadError> {
        Ok(self.manifest.entries().iter().map(|entry| entry.path.clone()).collect())
    }
}

impl Stream {
    /// The plaintext of a range, chunk by chunk.
    async fn open(self: &Arc<Self>, plain: Range<u64>) -> Result<ByteStream, ReadError> {
        let plan = self.opener.plan(plain).map_err(internal)?;
        let sealed = self.store.read(&self.root, plan.ciphertext_range()).await;
        let sealed = sealed.map_err(|cause| store_failed(self.root, "", cause))?;
        let state = Opening { stream: Arc::clone(self), sealed, chunks: plan.collect(), pending: BytesMut::new() };
        Ok(futures::stream::try_unfold(state, |mut state| async move {
            Ok(state.next().await?.map(|piece| (piece, state)))
        })
        .boxed())
    }

    /// A short range, whole.
    async fn plain(self: &Arc<Self>, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        let mut stream = self.open(range).await?;
        let mut all = Vec::new();
        while let Some(piece) = stream.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all)
    }
}

/// Chunks being opened, in order.
struct Opening {
    stream: Arc<Stream>,
    sealed: read::ByteStream,
    chunks: VecDeque<ChunkRead>,
    pending: BytesMut,
}

impl Opening {
    async fn next(&mut self) -> Result<Option<Bytes>, ReadError> {
        let Some(chunk) = self.chunks.pop_front() else { return Ok(None) };
        let root = self.stream.root;
        let length = usize::try_from(chunk.ciphertext.end - chunk.ciphertext.start).map_err(internal)?;
        while self.pending.len() < length {
            let piece = self.sealed.next().await.ok_or_else(|| corrupt(root))?;
            self.pending.extend_from_slice(&piece.map_err(|cause| store_failed(root, "", cause))?);
        }
        let mut sealed = self.pending.split_to(length);
        let plain = self.stream.opener.open(chunk.index, &mut sealed).map_err(|_| corrupt(root))?;
        let kept = plain.get(chunk.keep).ok_or_else(|| corrupt(root))?;
        Ok(Some(Bytes::copy_from_slice(kept)))
    }
}

/// Fills a buffer from a stream.
async fn fill(into: &mut [u8], mut from: read::ByteStream, root: Cid) -> Result<(), ReadError> {
    let mut at = 0;
    while at < into.len() {
        let piece = from.next().await.ok_or_else(|| corrupt(root))?.map_err(|cause| store_failed(root, "", cause))?;
        let taken = piece.len().min(into.len() - at);
        into[at..at + taken].copy_from_slice(&piece[..taken]);
        at += taken;
    }
    Ok(())
}

fn corrupt(root: Cid) -> ReadError {
    ReadError::Corrupt { cid: root.to_string() }
}

fn internal(source: impl std::error::Error + Send + Sync + 'static) -> ReadError {
    ReadError::Internal { source: Box::new(source) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_vault::Sealer;

    #[test]
    fn another_key_is_told_from_damaged_bytes() {
        let mut rng = rand::rngs::OsRng;
        let (key, other) = (ContentKey::generate(&mut rng), ContentKey::generate(&mut rng));
        let binding = Binding { resource: 1, version: 1 };
        let mut sealed = Vec::new();
        let mut sealer = Sealer::new(&key, binding, 3, &mut rng).unwrap();
        sealer.update(b"abc", &mut sealed).unwrap();
        sealer.finish(&mut sealed).unwrap();
        let prefix: [u8; PREFIX_LEN] = sealed[..PREFIX_LEN].try_into().unwrap();
        let length = sealed.len() as u64;
        assert!(!is_other_key(&Opener::new(&key, binding, length, &prefix)));
        assert!(is_other_key(&Opener::new(&other, binding, length, &prefix)));
        assert!(!is_other_key(&Opener::new(&key, binding, 1, &prefix)));
    }
}
