// SPDX-License-Identifier: Apache-2.0
//! A public resource: a folder or file in clear, as any IPFS implementation stores it.

use std::{ops::Range, path::Path, sync::Arc};

use async_trait::async_trait;
use futures::StreamExt;
use kith_proxy::{
    ports::{About, ByteStream, Entry, File, ReadError},
    Site,
};
use kith_store::{read, Cid, Store};

use super::{store_failed, Listed};
use crate::{companion::Companion, publishing::media_type};

/// A tree of blocks.
pub(super) struct OpenTree {
    store: Store,
    root: Cid,
    about: About,
}

impl OpenTree {
    pub(super) fn site(companion: &Companion, root: Cid, about: About) -> Arc<dyn Listed> {
        Arc::new(Self { store: companion.store.clone(), root, about })
    }
}

#[async_trait]
impl Site for OpenTree {
    fn about(&self) -> About {
        self.about
    }

    async fn entry(&self, path: &str) -> Result<Entry, ReadError> {
        let found = self.store.resolve(&self.root, path).await.map_err(|cause| store_failed(self.root, path, cause))?;
        Ok(match found.kind {
            read::Kind::Folder => Entry::Folder,
            read::Kind::File => Entry::File(File {
                path: path.to_owned(),
                size: found.bytes,
                media_type: media_type(Path::new(path)),
                tag: found.cid.to_string(),
            }),
        })
    }

    async fn read(&self, file: &File, range: Range<u64>) -> Result<ByteStream, ReadError> {
        let (root, path) = (self.root, file.path.clone());
        let failed = move |cause| store_failed(root, &path, cause);
        let found = self.store.resolve(&root, &file.path).await.map_err(&failed)?;
        let bytes = self.store.read(&found.cid, range).await.map_err(&failed)?;
        Ok(bytes.map(move |piece| piece.map_err(&failed)).boxed())
    }
}

#[async_trait]
impl Listed for OpenTree {
    async fn files(&self) -> Result<Vec<String>, ReadError> {
        let (mut files, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            let failed = |cause| store_failed(self.root, &folder, cause);
            let found = self.store.resolve(&self.root, &folder).await.map_err(failed)?;
            for listed in self.store.list(&found.cid).await.map_err(failed)? {
                let path = if folder.is_empty() { listed.name } else { format!("{folder}/{}", listed.name) };
                match self.entry(&path).await? {
                    Entry::Folder => folders.push(path),
                    Entry::File(_) => files.push(path),
                }
            }
        }
        Ok(files)
    }
}
