// SPDX-License-Identifier: Apache-2.0
//! Entries of the chain's storage.
//!
//! subxt 0.50 takes a connection that breaks for the end of what there is to read (`backend/chain_head/storage_items.rs`):
//! an entry is then missing, or is its default, and a list is shorter. So a node that says of something that it is not
//! there is asked once more whether it is there itself.

use subxt::storage::{Address, PrefixOf};

use super::{View, ViewError};

impl View {
    /// An entry, if there is one. There are no defaults.
    pub(super) async fn entry<A: Address>(&self, address: A, key: A::KeyParts) -> Result<Option<A::Value>, ViewError> {
        let found = self.at.storage().try_fetch(address, key).await.map_err(ViewError::node)?;
        match found {
            Some(value) => value.decode().map(Some).map_err(ViewError::node),
            None => self.answers().await.map(|()| None),
        }
    }

    /// All entries whose keys begin so, with their keys.
    pub(super) async fn entries<A: Address, P: PrefixOf<A::KeyParts>>(
        &self,
        address: A,
        prefix: P,
    ) -> Result<Vec<(A::KeyParts, A::Value)>, ViewError> {
        let mut found = self.at.storage().iter(address, prefix).await.map_err(ViewError::node)?;
        let mut entries = Vec::new();
        while let Some(entry) = found.next().await {
            let entry = entry.map_err(ViewError::node)?;
            let key = entry.key().map_err(ViewError::node)?.decode().map_err(ViewError::node)?;
            entries.push((key, entry.value().decode().map_err(ViewError::node)?));
        }
        self.answers().await?;
        Ok(entries)
    }

    /// Fails if the node is gone.
    async fn answers(&self) -> Result<(), ViewError> {
        self.parameters().await.map(drop)
    }
}
