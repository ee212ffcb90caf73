// SPDX-License-Identifier: Apache-2.0
//! How a folder becomes a version: walk, seal, store, sign.
//!
//! Every step can be repeated. A resource made by an attempt that died is found again by its name, a content key that was
//! granted is taken from the chain, and what was stored but never published is a cache.

mod sealed;
mod walk;

use std::path::Path;

use kith_chain::{Call, SubmitError, View, ViewError};
use kith_primitives::{
    content_id::ContentId,
    name::{NameError, ResourceName},
    resource::{Kind, ResourceId, Visibility, WrappedKey},
    runtime_api::{MemberView, ResourceView},
};
use kith_store::{add, custody, pins, Cid};
use kith_vault::{Binding, ContentKey, WrapContext, WrapError};

use crate::{
    companion::Companion,
    daemon::link::LinkError,
    progress::{Counted, Progress},
};
pub(crate) use walk::media_type;
use walk::Found;

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

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    #[error("`{name}` cannot be a name: {}", why(*cause))]
    Name { name: String, cause: NameError },
    #[error("`{name}` belongs to member {owner}. Choose another name")]
    Taken { name: String, owner: u32 },
    #[error("`{name}` is {is:?}, and cannot become {asked:?}. Publish under another name")]
    OtherVisibility { name: String, is: Visibility, asked: Visibility },
    #[error("the lease of `{name}` has ended. Extend it with `kith refresh {name}`, then publish again")]
    LeaseEnded { name: String },
    #[error("you are not a member of this community yet. `kith status` says what is missing")]
    NotMember,
    #[error(transparent)]
    Walk(#[from] walk::WalkError),
    #[error(transparent)]
    Sealing(#[from] sealed::SealingError),
    #[error(transparent)]
    Add(#[from] add::AddError),
    #[error(transparent)]
    Custody(#[from] custody::CustodyError),
    #[error(transparent)]
    Pin(#[from] pins::PinError),
    #[error(transparent)]
    Wrap(#[from] WrapError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Submit(#[from] SubmitError),
    #[error("the publication was interrupted")]
    Interrupted,
    #[error("{0} is not a content identifier the chain accepts")]
    Content(Cid),
}

impl From<ViewError> for PublishError {
    fn from(cause: ViewError) -> Self {
        Self::Link(cause.into())
    }
}

fn why(cause: NameError) -> &'static str {
    match cause {
        NameError::TooShort => "it has fewer than 3 characters",
        NameError::TooLong => "it has more than 63 characters",
        NameError::BadCharacter => "only a-z, 0-9 and single hyphens inside are allowed",
        NameError::Reserved => "it means something already, or looks like a name that does",
    }
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
    let files =
        tokio::task::spawn_blocking(move || walk::walk(&folder)).await.map_err(|_| PublishError::Interrupted)??;
    let bytes = files.iter().map(|found| found.size).sum();
    let view = companion.link.view().await?;
    let me = companion.me(&view).await?.ok_or(PublishError::NotMember)?;
    let resource = resource(companion, &view, &me, name, parsed, visibility, path).await?;
    let number = resource.latest.as_ref().map_or(1, |latest| latest.number.saturating_add(1));
    let count = files.len();
    let added = match visibility {
        Visibility::Public => open_tree(companion, files, progress).await?,
        _ => {
            let key = content_key(companion, &view, &me, &resource).await?;
            sealed_stream(companion, files, key, Binding { resource: resource.id, version: number }, progress).await?
        }
    };
    companion.store.pin(&own_pin(resource.id), &added.root).await?;
    progress.say("computing the custody commitment");
    let commitment = companion.store.commitment(&added.root).await?;
    let content = ContentId::parse(&added.root.to_bytes()).ok_or(PublishError::Content(added.root))?;
    progress.say("waiting until the version is final");
    let call = Call::Publish { resource: resource.id, number, content, commitment };
    companion.submit(&call).await?;
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

/// The name under which one's own versions are pinned.
pub(crate) fn own_pin(resource: ResourceId) -> String {
    format!("own/{resource}")
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
        if found.owner != me.id {
            return Err(PublishError::Taken { name: name.to_owned(), owner: found.owner });
        }
        if found.visibility != visibility {
            let (is, asked) = (found.visibility, visibility);
            return Err(PublishError::OtherVisibility { name: name.to_owned(), is, asked });
        }
        if found.lease_until <= view.block().number {
            return Err(PublishError::LeaseEnded { name: name.to_owned() });
        }
        return Ok(found);
    }
    let kind = if path.is_dir() { Kind::Site } else { Kind::File };
    companion.submit(&Call::Init { kind, visibility, name: Some(parsed) }).await?;
    let view = companion.link.view().await?;
    let made = view.resource_by_name(name).await?;
    let missing = ViewError::Missing { what: "the resource just made", block: view.block().number };
    made.ok_or_else(|| missing.into())
}

/// The content key of the epoch in force: one's own, made and granted to oneself and to every reader where it is missing.
async fn content_key(
    companion: &Companion,
    view: &View,
    me: &MemberView,
    resource: &ResourceView,
) -> Result<ContentKey, PublishError> {
    let context =
        |reader| WrapContext { community: companion.genesis, resource: resource.id, epoch: resource.key_epoch, reader };
    let key = match companion.content_key(view, me, resource, resource.key_epoch).await? {
        Some(key) => key,
        None => {
            let key = ContentKey::generate(&mut rand::rngs::OsRng);
            grant(companion, &key, resource, me, context(me.id)).await?;
            key
        }
    };
    for reader in view.readers(resource.id).await? {
        let has = reader == me.id || view.wrapped_key(resource.id, reader, resource.key_epoch).await?.is_some();
        if let (false, Some(reader)) = (has, view.member(reader).await?) {
            let context = context(reader.id);
            grant(companion, &key, resource, &reader, context).await?;
        }
    }
    Ok(key)
}

/// Wraps the key for a reader and grants it.
pub(crate) async fn grant(
    companion: &Companion,
    key: &ContentKey,
    resource: &ResourceView,
    reader: &MemberView,
    context: WrapContext,
) -> Result<(), PublishError> {
    let wrapped = key.wrap(&reader.encryption_key.0, &context, &mut rand::rngs::OsRng)?;
    let wrapped_key = WrappedKey::truncate_from(wrapped.0.to_vec());
    let call = Call::Grant { resource: resource.id, reader: reader.id, epoch: context.epoch, wrapped_key };
    companion.submit(&call).await?;
    Ok(())
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
    // The sealer knows why a stream broke off; the store only that it did.
    sealing.outcome.await.map_err(|_| PublishError::Interrupted)??;
    Ok(added?)
}
