// SPDX-License-Identifier: Apache-2.0
//! What a running companion does when it is asked to, each operation with the words it answers in.

mod get;
mod state;

pub(crate) use get::get;
pub(crate) use state::{person, state, status, words};

use std::path::Path;

use kith_chain::Call;
use kith_primitives::{
    resource::Visibility,
    runtime_api::{MemberView, ResourceView, VersionView},
};
use kith_proxy::SiteName;
use kith_store::content_id;
use kith_vault::WrapContext;
use serde_json::json;

use crate::{
    companion::Companion,
    daemon::Parts,
    progress::Progress,
    publishing,
    report::{Done, Failure},
};

/// What the pins of followed resources begin with.
pub(crate) const FOLLOWED: &str = "follow/";
/// A DAG's blocks take little more than the content they hold.
const OVERHEAD: u64 = 2;

/// Why an operation was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OperationError {
    #[error("no resource is called `{0}`, or its lease is over. Check the spelling, or ask its publisher")]
    NoSuchName(String),
    #[error("`{0}` has no version yet")]
    NoVersion(String),
    #[error("you are not a member of this community yet. `kith status` says what is missing")]
    NotMember,
    #[error("`{0}` is not yours to grant: ask its owner")]
    NotOwner(String),
    #[error("`{0}` is public: everyone can read it already")]
    Public(String),
    #[error("there is no person {0} in this community")]
    NoSuchPerson(u32),
    #[error("you hold no key of `{0}`. Was it published with other keys?")]
    NoKey(String),
}

/// Publishes a folder.
pub(crate) async fn publish(
    companion: &Companion,
    path: &Path,
    name: &str,
    public: bool,
    progress: &Progress,
) -> Result<Done, Failure> {
    let visibility = if public { Visibility::Public } else { Visibility::Private };
    let published = publishing::publish(companion, path, name, visibility, progress).await?;
    let closed = if public { "in clear, for anyone" } else { "encrypted; nobody else can read it until you grant it" };
    let text = format!(
        "Published {} files as version {} of {name}, {closed}.\nOpen it at {}",
        published.files,
        published.version,
        address(companion, name),
    );
    Ok(Done::new(text, serde_json::to_value(published)?))
}

/// The address of a resource in this machine's browser, if its person may open it.
pub(crate) async fn link(parts: &Parts, name: &str) -> Result<Done, Failure> {
    let site = parts.pages.site(&SiteName::try_from(name)?).await?;
    let url = address(&parts.companion, name);
    Ok(Done::new(url.clone(), json!({ "url": url, "about": site.about() })))
}

/// Grants the latest version's key, and the key in force, to a reader.
pub(crate) async fn grant(companion: &Companion, name: &str, reader: u32) -> Result<Done, Failure> {
    let view = companion.link.view().await?;
    let me = companion.me(&view).await?.ok_or(OperationError::NotMember)?;
    let resource = named(&view, name).await?;
    if resource.owner != me.id {
        return Err(Failure::refused(OperationError::NotOwner(name.to_owned())));
    }
    if resource.visibility == Visibility::Public {
        return Err(Failure::usage(OperationError::Public(name.to_owned())));
    }
    let person: MemberView = view.member(reader).await?.ok_or(OperationError::NoSuchPerson(reader))?;
    let epoch = resource.key_epoch;
    let key = companion.content_key(&view, &me, &resource, epoch).await?;
    let key = key.ok_or_else(|| OperationError::NoKey(name.to_owned()))?;
    let context = WrapContext { community: companion.genesis, resource: resource.id, epoch, reader };
    publishing::grant(companion, &key, &resource, &person, context).await?;
    let behind = resource.latest.as_ref().is_some_and(|latest| latest.key_epoch != epoch);
    let hint =
        if behind { ". Publish again: the version there is was encrypted before the last revocation" } else { "" };
    let data = json!({ "resource": resource.id, "reader": reader, "epoch": epoch, "publish_again": behind });
    Ok(Done::new(format!("Member {reader} may read {name}{hint}"), data))
}

/// Subscribes on chain, and keeps the version there is.
pub(crate) async fn follow(companion: &Companion, name: &str, progress: &Progress) -> Result<Done, Failure> {
    let view = companion.link.view().await?;
    let resource = named(&view, name).await?;
    let latest = resource.latest.clone().ok_or_else(|| OperationError::NoVersion(name.to_owned()))?;
    match companion.submit(&Call::Subscribe(resource.id)).await {
        Err(cause) if !cause.is_refusal("AlreadyExists") && !cause.is_refusal("AlreadySubscribed") => {
            return Err(cause.into())
        }
        _ => {}
    }
    let root = content_id::from_bytes(&latest.content)?;
    progress.start("fetching", u64::from(latest.chunks) * 1024);
    let fetched = companion.store.fetch(&root, limit(&latest), |at| progress.set(at.bytes)).await?;
    companion.store.pin(&format!("{FOLLOWED}{}", resource.id), &root).await?;
    drop(fetched);
    let data = json!({ "resource": resource.id, "version": latest.number });
    Ok(Done::new(format!("Following {name}: version {} is here, and later ones will be", latest.number), data))
}

/// Bytes a version may take on disk: what the chain says it has, and room for the tree above it.
pub(crate) fn limit(version: &VersionView) -> u64 {
    u64::from(version.chunks).saturating_mul(1024).saturating_mul(OVERHEAD)
}

/// The resource with this name.
pub(crate) async fn named(view: &kith_chain::View, name: &str) -> Result<ResourceView, Failure> {
    let found = view.resource_by_name(name).await?;
    found.ok_or_else(|| Failure::usage(OperationError::NoSuchName(name.to_owned())))
}

fn address(companion: &Companion, name: &str) -> String {
    format!("http://{name}.kith.localhost:{}/", companion.port)
}
