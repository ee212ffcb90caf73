// SPDX-License-Identifier: Apache-2.0
//! What a running companion does when it is asked to, each operation with the words it answers in.

mod approvals;
mod get;
mod state;

pub(crate) use approvals::answer;
pub(crate) use get::get;
pub(crate) use state::{person, state, status, words};

use std::path::Path;

use kith_chain::Call;
use kith_primitives::{
    member::MemberId,
    resource::Visibility,
    runtime_api::{MemberView, ResourceView, VersionView},
};
use kith_proxy::SiteName;
use kith_store::content_id;
use serde_json::json;

use crate::{
    companion::Companion,
    daemon::Parts,
    progress::Progress,
    publishing::{self, readers},
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
    #[error("`{0}` has no version yet. Its owner has to publish one first")]
    NoVersion(String),
    #[error("you are not a member of this community yet. `kith status` says what is missing")]
    NotMember,
    #[error("`{0}` is not yours to grant: ask its owner")]
    NotOwner(String),
    #[error("`{0}` is public: everyone can read it already")]
    Public(String),
    #[error("there is no person {0} in this community")]
    NoSuchPerson(u32),
    #[error("you hold no key of `{0}`. Those who can read it return it to you while their companions run; or publish it anew")]
    NoKey(String),
    #[error("the key of person {0} is frozen, and may be a thief's. Grant it once they have a new one")]
    Frozen(u32),
    #[error("`{0}` is for every member, and nobody can be left out. Publish it under another name, and grant that person by person")]
    Everyone(String),
}

/// Publishes a folder.
pub(crate) async fn publish(
    companion: &Companion,
    path: &Path,
    name: &str,
    visibility: Visibility,
    progress: &Progress,
) -> Result<Done, Failure> {
    let published = publishing::publish(companion, path, name, visibility, progress).await?;
    let for_whom = match visibility {
        Visibility::Private => "encrypted; nobody else can read it until you grant it",
        Visibility::Members => "encrypted, for every member; newcomers get the key from your companion while it runs",
        Visibility::Public => "in clear, for anyone",
    };
    let text = format!(
        "Published {} files as version {} of {name}, {for_whom}.\nOpen it at {}",
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

/// Grants a reader the keys of the latest version and of the next.
pub(crate) async fn grant(companion: &Companion, name: &str, reader: u32) -> Result<Done, Failure> {
    let view = companion.link.view().await?;
    let me = companion.me(&view).await?.ok_or(OperationError::NotMember)?;
    let resource = named(&view, name).await?;
    ensure_mine_to_grant(&resource, me.id, name)?;
    let person = to_be_granted(view.member(reader).await?, reader)?;
    let (mut granted, mut calls) = (None, Vec::new());
    for epoch in readers::needed(&resource) {
        if let Some(key) = companion.content_key(&view, me.id, resource.id, epoch).await?.key() {
            calls.push(readers::wrapped(companion, &key, resource.id, epoch, &person)?);
            granted = Some(epoch);
        }
    }
    companion.submit(&together(calls, name)?).await?;
    let data = json!({ "resource": resource.id, "reader": reader, "epoch": granted });
    Ok(Done::new(format!("Member {reader} may read {name}"), data))
}

/// Refuses what is not `me`'s, or can be read by everyone.
fn ensure_mine_to_grant(resource: &ResourceView, me: MemberId, name: &str) -> Result<(), Failure> {
    if resource.owner != me {
        return Err(Failure::refused(OperationError::NotOwner(name.to_owned())));
    }
    if resource.visibility == Visibility::Public {
        return Err(Failure::usage(OperationError::Public(name.to_owned())));
    }
    Ok(())
}

/// The person with this number, if their key is theirs alone.
fn to_be_granted(found: Option<MemberView>, reader: MemberId) -> Result<MemberView, Failure> {
    let person = found.ok_or(OperationError::NoSuchPerson(reader)).map_err(Failure::usage)?;
    if person.frozen {
        return Err(Failure::refused(OperationError::Frozen(reader)));
    }
    Ok(person)
}

/// All these grants in one call.
fn together(grants: Vec<Call>, name: &str) -> Result<Call, OperationError> {
    if grants.is_empty() {
        return Err(OperationError::NoKey(name.to_owned()));
    }
    Ok(Call::All(grants))
}

/// Subscribes on chain, and keeps the version there is.
pub(crate) async fn follow(companion: &Companion, name: &str, progress: &Progress) -> Result<Done, Failure> {
    let view = companion.link.view().await?;
    let resource = named(&view, name).await?;
    let latest = latest(&resource, name)?;
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

/// The version in force.
fn latest(resource: &ResourceView, name: &str) -> Result<VersionView, OperationError> {
    resource.latest.clone().ok_or_else(|| OperationError::NoVersion(name.to_owned()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        publishing::readers::tests::{person, resource},
        report::Kind,
    };
    use kith_primitives::member::Standing;

    #[test]
    fn only_an_owner_grants_and_only_what_not_everyone_reads() {
        let private = resource(Visibility::Private, None, 0);
        assert!(ensure_mine_to_grant(&private, 1, "notes").is_ok());
        let other = ensure_mine_to_grant(&private, 2, "notes").unwrap_err();
        assert!(other.kind() == Kind::Refused && other.to_string().contains("not yours to grant"), "{other}");
        let public = ensure_mine_to_grant(&resource(Visibility::Public, None, 0), 1, "notes").unwrap_err();
        assert!(public.kind() != Kind::Refused && public.to_string().contains("`notes` is public"), "{public}");
    }

    #[test]
    fn keys_are_granted_to_persons_there_are_whose_key_is_not_frozen() {
        assert_eq!(to_be_granted(Some(person(3, Standing::Member, false)), 3).unwrap().id, 3);
        let nobody = to_be_granted(None, 9).unwrap_err();
        assert!(nobody.kind() != Kind::Refused && nobody.to_string().contains("no person 9"), "{nobody}");
        let frozen = to_be_granted(Some(person(3, Standing::Member, true)), 3).unwrap_err();
        assert!(frozen.kind() == Kind::Refused && frozen.to_string().contains("a thief's"), "{frozen}");
    }

    #[test]
    fn who_has_no_key_grants_none_and_is_told_who_has() {
        let one = Call::RevokeGrant { resource: 1, reader: 3 };
        assert_eq!(together(vec![one.clone()], "notes").unwrap(), Call::All(vec![one]));
        let none = together(Vec::new(), "notes").unwrap_err();
        assert!(matches!(&none, OperationError::NoKey(name) if name == "notes"));
        assert!(none.to_string().contains("return it to you"), "{none}");
    }

    #[test]
    fn a_name_without_a_version_cannot_be_followed() {
        assert_eq!(latest(&resource(Visibility::Private, Some(0), 0), "notes").unwrap().number, 1);
        let none = latest(&resource(Visibility::Private, None, 0), "notes").unwrap_err();
        assert!(matches!(&none, OperationError::NoVersion(name) if name == "notes"));
        assert!(none.to_string().contains("owner"), "{none}");
    }
}
