// SPDX-License-Identifier: Apache-2.0
//! How a folder becomes a version: walk, seal, store, sign.
//!
//! Every step can be repeated. A resource made by an attempt that died is found again by its name, a content key that was
//! granted is taken from the chain, and what was stored but never published is a cache. What is in force stays pinned
//! until the chain shows the new version in force.

mod error;
pub(crate) mod keys;
pub(crate) mod pending;
pub(crate) mod readers;
mod sealed;
mod walk;

use std::path::Path;

use kith_chain::{Call, View, ViewError};
use kith_primitives::{
    content_id::ContentId,
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, Kind, ResourceId, Visibility},
    runtime_api::{MemberView, ResourceView},
    BlockNumber,
};
use kith_store::{add, Cid};
use kith_vault::{Binding, ContentKey};

use crate::{
    companion::Companion,
    progress::{Counted, Progress},
};
pub(crate) use error::PublishError;
pub(crate) use readers::GrantError;
pub(crate) use walk::media_type;
use walk::Found;

/// Final blocks that are awaited, at most, until the chain has ended the rights of those who departed: it ends sixteen in
/// each.
const SETTLING: usize = 8;

/// What was published.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Published {
    pub(crate) resource: ResourceId,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) root: String,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    pub(crate) visibility: Visibility,
}

/// What is to be published.
struct Draft<'a> {
    path: &'a Path,
    name: &'a str,
    parsed: ResourceName,
    visibility: Visibility,
}

/// Publishes a folder or a file under a name.
pub(crate) async fn publish(
    companion: &Companion,
    path: &Path,
    name: &str,
    visibility: Visibility,
    progress: &Progress,
) -> Result<Published, PublishError> {
    let parsed =
        ResourceName::parse(name.as_bytes()).map_err(|cause| PublishError::Name { name: name.to_owned(), cause })?;
    let folder = path.to_owned();
    let files = tokio::task::spawn_blocking(move || walk::walk(&folder)).await??;
    let draft = Draft { path, name, parsed, visibility };
    match attempt(companion, &draft, files.clone(), progress).await {
        Err(cause) if cause.is_outrun() => {
            tracing::info!("publishing {name} anew: {cause}");
            progress.say("who may read it has just changed; encrypting anew");
            settle(companion, name).await?;
            attempt(companion, &draft, files, progress).await
        }
        outcome => outcome,
    }
}

/// Waits until those who departed can read nothing more of a resource, or for a while.
async fn settle(companion: &Companion, name: &str) -> Result<(), PublishError> {
    let mut heads = companion.link.heads();
    let before = companion.link.view().await?.resource_by_name(name).await?.map(|resource| resource.key_epoch);
    for _ in 0..SETTLING {
        let now = companion.link.view().await?.resource_by_name(name).await?.map(|resource| resource.key_epoch);
        if now != before || heads.changed().await.is_err() {
            break;
        }
    }
    Ok(())
}

/// Makes a version by the chain as it is now, and publishes it.
async fn attempt(
    companion: &Companion,
    draft: &Draft<'_>,
    files: Vec<Found>,
    progress: &Progress,
) -> Result<Published, PublishError> {
    let Draft { path, name, visibility, .. } = *draft;
    let (count, bytes) = (files.len(), files.iter().map(|found| found.size).sum());
    let view = companion.link.view().await?;
    let me = companion.me(&view).await?.ok_or(PublishError::NotMember)?;
    let resource = resource(companion, &view, &me, name, draft.parsed.clone(), visibility, path).await?;
    let number = resource.latest.as_ref().map_or(1, |latest| latest.number.saturating_add(1));
    let (epoch, added) = match visibility {
        Visibility::Public => (resource.key_epoch, open_tree(companion, files, progress).await?),
        _ => {
            let (epoch, key) = content_key(companion, &me, resource.id).await?;
            let binding = Binding { resource: resource.id, version: number };
            (epoch, sealed_stream(companion, files, key, binding, progress).await?)
        }
    };
    progress.say("computing the custody commitment");
    let commitment = companion.store.commitment(&added.root).await?;
    let content = content(added.root)?;
    let announced = pending::pin(companion, resource.id, &added.root).await?;
    progress.say("waiting until the version is final");
    let call = Call::Publish { resource: resource.id, number, epoch, content, commitment };
    let outcome = companion.submit(&call).await;
    pending::conclude(companion, resource.id, announced, &outcome).await;
    outcome?;
    Ok(Published {
        resource: resource.id,
        name: name.to_owned(),
        version: number,
        root: added.root.to_string(),
        files: count,
        bytes,
        visibility,
    })
}

/// A root as the chain names it.
fn content(root: Cid) -> Result<ContentId, PublishError> {
    ContentId::parse(&root.to_bytes()).ok_or(PublishError::Content(root))
}

/// What the pins of one's own versions in force begin with.
pub(crate) const OWN: &str = "own/";

/// The name under which one's own version in force is pinned.
pub(crate) fn own_pin(resource: ResourceId) -> String {
    format!("{OWN}{resource}")
}

/// The resource of this name: the one there is, or a new one.
async fn resource(
    companion: &Companion,
    view: &View,
    me: &MemberView,
    name: &str,
    parsed: ResourceName,
    visibility: Visibility,
    path: &Path,
) -> Result<ResourceView, PublishError> {
    if let Some(found) = view.resource_by_name(name).await? {
        check(&found, name, me.id, visibility, view.block().number)?;
        return Ok(found);
    }
    let kind = if path.is_dir() { Kind::Site } else { Kind::File };
    companion.submit(&Call::Init { kind, visibility, name: Some(parsed) }).await?;
    let view = companion.link.view().await?;
    let made = view.resource_by_name(name).await?;
    let missing = ViewError::Missing { what: "the resource just made", block: view.block().number };
    made.ok_or_else(|| missing.into())
}

/// Refuses a resource under which `me` cannot publish a version of this visibility now.
fn check(
    found: &ResourceView,
    name: &str,
    me: MemberId,
    asked: Visibility,
    now: BlockNumber,
) -> Result<(), PublishError> {
    let name = name.to_owned();
    if found.owner != me {
        return Err(PublishError::Taken { name, owner: found.owner });
    }
    if found.visibility != asked {
        return Err(PublishError::OtherVisibility { name, is: found.visibility, asked });
    }
    if found.lease_until <= now {
        return Err(PublishError::LeaseEnded { name });
    }
    Ok(())
}

/// The epoch in force and its content key: one's own, made where it is missing, and granted to whoever may read and lacks it.
async fn content_key(
    companion: &Companion,
    me: &MemberView,
    resource: ResourceId,
) -> Result<(KeyEpoch, ContentKey), PublishError> {
    let (epoch, key) = keys::in_force(companion, me, resource).await?;
    let view = companion.link.view().await?;
    let missing = ViewError::Missing { what: "the resource", block: view.block().number };
    let resource = view.resource(resource).await?.ok_or(missing)?;
    let (people, of) = (view.members().await?, view.readers(resource.id).await?);
    let entitled = readers::entitled(&people, me.id, &resource, &of);
    let stale = view.stale_keys(resource.id).await?;
    let owed = readers::owed(&view, &resource, &entitled, &stale).await?;
    readers::grant_owed(companion, &view, me.id, resource.id, &owed).await?;
    Ok((epoch, key))
}

/// Stores files in clear, as any IPFS implementation would.
async fn open_tree(companion: &Companion, files: Vec<Found>, progress: &Progress) -> Result<add::Added, PublishError> {
    progress.start("storing", files.iter().map(|found| found.size).sum());
    let files = files.into_iter().map(|found| {
        let progress = progress.clone();
        let open = move || -> futures::future::BoxFuture<'static, std::io::Result<add::Source>> {
            Box::pin(async move {
                let file = tokio::fs::File::open(&found.file).await?;
                Ok(Box::new(Counted::new(file, progress)) as add::Source)
            })
        };
        add::FolderFile { path: found.path, open: Box::new(open) }
    });
    Ok(companion.store.add_directory(files.collect()).await?)
}

/// Stores files as one sealed stream.
async fn sealed_stream(
    companion: &Companion,
    files: Vec<Found>,
    key: ContentKey,
    binding: Binding,
    progress: &Progress,
) -> Result<add::Added, PublishError> {
    let sealing = sealed::seal(files, key, binding)?;
    progress.start("encrypting and storing", sealing.length);
    let added = companion.store.add_file(Counted::new(sealing.stream, progress.clone())).await;
    // The sealer knows why a stream broke off, and the store why it was not taken.
    match (sealing.outcome.await?, added) {
        (Err(sealed::SealingError::Abandoned) | Ok(()), added) => Ok(added?),
        (Err(cause), _) => Err(cause.into()),
    }
}

#[cfg(test)]
mod tests;
