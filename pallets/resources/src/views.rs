// SPDX-License-Identifier: Apache-2.0
//! What a node answers about resources without a transaction.

use alloc::vec::Vec;
use kith_primitives::{
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, ResourceId, Version},
    runtime_api::{ResourceView, VersionView},
    BlockNumber,
};

use crate::{Config, Grants, Names, NextResource, Pallet, Versions, WrappedKeys, MAX_PAGE};

impl<T: Config> Pallet<T> {
    /// The resource, unless it is retired or its lease and grace are over.
    pub fn view(id: ResourceId) -> Option<ResourceView> {
        let resource = Self::existing(id).ok()?;
        let latest = resource.latest.and_then(|number| Versions::<T>::get(id, number));
        Some(ResourceView {
            id,
            owner: resource.owner,
            kind: resource.kind,
            visibility: resource.visibility,
            name: resource.name.map(|name| name.as_bytes().to_vec()),
            key_epoch: resource.key_epoch,
            latest: latest.map(|stored| version_view(stored.version)),
            lease_until: resource.lease_until,
        })
    }

    /// The resource with exactly this name.
    pub fn view_by_name(name: &[u8]) -> Option<ResourceView> {
        let name = ResourceName::parse(name).ok()?;
        Names::<T>::get(name).and_then(Self::view)
    }

    /// The first `limit` resources, at most [`MAX_PAGE`], whose numbers are `from` or greater, in order. None means that there
    /// are no more. Reads once for each number passed.
    pub fn page(from: ResourceId, limit: u32) -> Vec<ResourceView> {
        let limit = usize::try_from(limit).unwrap_or(MAX_PAGE).min(MAX_PAGE);
        (from..NextResource::<T>::get()).filter_map(Self::view).take(limit).collect()
    }

    /// Everyone with a grant, also those who departed and whose grants are about to be ended.
    pub fn readers(id: ResourceId) -> Vec<MemberId> {
        match Self::existing(id) {
            Ok(_) => Grants::<T>::iter_key_prefix(id).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// The content key of the epoch, wrapped for the reader.
    pub fn wrapped_key(id: ResourceId, reader: MemberId, epoch: KeyEpoch) -> Option<Vec<u8>> {
        Self::existing(id).ok()?;
        WrappedKeys::<T>::get((id, reader, epoch)).map(|stored| stored.key.into_inner())
    }
}

fn version_view(version: Version<BlockNumber>) -> VersionView {
    VersionView {
        number: version.number,
        key_epoch: version.key_epoch,
        content: version.content.as_bytes().to_vec(),
        commitment: version.commitment.root.0,
        chunks: version.commitment.chunks,
        published: version.published,
    }
}
