// SPDX-License-Identifier: Apache-2.0
//! How a name becomes bytes: chain, key, blocks, decryption, in that order, for the proxy and for `kith get`.

mod doubts;
mod open_tree;
mod sealed;

pub(crate) use doubts::Doubts;
pub(crate) use sealed::fits;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use kith_chain::{View, ViewError};
use kith_primitives::{
    member::MemberId,
    resource::Visibility,
    runtime_api::{ResourceView, VersionView},
    AccountId,
};
use kith_proxy::{
    ports::{self, About, OpenError, ReadError},
    Pages, Site, SiteName,
};
use kith_store::{content_id, exchange::ObtainError, read, Cid};
use kith_vault::ContentKey;
use sealed::SiteError;
use tokio::sync::Mutex;

use crate::{
    companion::{Companion, Held},
    daemon::link::LinkError,
};

/// Versions kept open: their lists of files need not be fetched again for each page.
const OPEN_SITES: usize = 32;

/// A site that can also list what is in it.
#[async_trait]
pub(crate) trait Listed: Site {
    /// The paths of all files.
    async fn files(&self) -> Result<Vec<String>, ReadError>;
}

/// Opens resources by name for one person.
pub(crate) struct Reader {
    companion: Arc<Companion>,
    open: Mutex<HashMap<(u64, u32), Arc<dyn Listed>>>,
}

impl Reader {
    pub(crate) fn new(companion: Arc<Companion>) -> Self {
        Self { companion, open: Mutex::default() }
    }

    /// Opens one version; the right to read it was checked at this moment's view.
    pub(crate) async fn site(&self, name: &SiteName) -> Result<Arc<dyn Listed>, OpenError> {
        let companion = &self.companion;
        let not_asked = |cause| not_asked(companion.link.url(), cause);
        let view = companion.link.view().await.map_err(|cause| link(companion.link.url(), cause))?;
        let no_such_name = || OpenError::NoSuchName { name: name.clone() };
        let resource = view.resource_by_name(name.as_str()).await.map_err(not_asked)?.ok_or_else(no_such_name)?;
        let version = resource.latest.clone().filter(|_| resource.lease_until > view.block().number);
        let version = version.ok_or_else(no_such_name)?;
        let Some(me) = companion.me(&view).await.map_err(not_asked)? else { return Err(self.nobody(&view).await) };
        let root = content_id::from_bytes(&version.content).map_err(internal)?;
        let about = about(&resource, &version);
        if resource.visibility == Visibility::Public {
            return self.kept(&about, async { Ok(open_tree::OpenTree::site(companion, root, about)) }).await;
        }
        let epoch = version.key_epoch;
        let held = companion.content_key(&view, me.id, resource.id, epoch).await.map_err(not_asked)?;
        let readers = match held {
            Held::Nothing => view.readers(resource.id).await.map_err(not_asked)?,
            Held::Sealed | Held::Key(_) => Vec::new(),
        };
        let key = usable(held, name, &resource, me.id, &readers)?;
        let opened = async {
            sealed::Sealed::site(companion, root, about, &key).await.map_err(|cause| {
                if matches!(cause, SiteError::OtherKey) {
                    companion.doubts.raise(resource.id, epoch);
                }
                sealed_to(name, cause)
            })
        };
        self.kept(&about, opened).await
    }

    /// Why the person at this machine may open nothing.
    async fn nobody(&self, view: &View) -> OpenError {
        let is_barred = view.is_barred(&AccountId::new(self.companion.person.account())).await;
        nobody(self.companion.link.url(), is_barred)
    }

    /// The site as it was opened before, or as it opens now.
    async fn kept(
        &self,
        about: &About,
        open: impl std::future::Future<Output = Result<Arc<dyn Listed>, OpenError>>,
    ) -> Result<Arc<dyn Listed>, OpenError> {
        let at = (about.resource, about.version);
        if let Some(site) = self.open.lock().await.get(&at) {
            return Ok(Arc::clone(site));
        }
        let site = open.await?;
        let mut sites = self.open.lock().await;
        if sites.len() >= OPEN_SITES {
            sites.clear();
        }
        sites.insert(at, Arc::clone(&site));
        Ok(site)
    }
}

#[async_trait]
impl Pages for Reader {
    async fn open(&self, name: &SiteName) -> Result<Arc<dyn Site>, OpenError> {
        Ok(self.site(name).await?)
    }
}

fn about(resource: &ResourceView, version: &VersionView) -> About {
    let visibility = match resource.visibility {
        Visibility::Private => ports::Visibility::Private,
        Visibility::Members => ports::Visibility::Members,
        Visibility::Public => ports::Visibility::Public,
    };
    About { resource: resource.id, version: version.number, visibility }
}

/// Why someone who is no member may open nothing.
fn nobody(node: &str, is_barred: Result<bool, ViewError>) -> OpenError {
    match is_barred {
        Ok(true) => OpenError::Barred,
        Ok(false) => OpenError::NotMember,
        Err(cause) => not_asked(node, cause),
    }
}

/// The key of a version, if this member has it; `readers` are those with a grant, asked for only if they have none. That one
/// may read is no secret to oneself.
fn usable(
    held: Held,
    name: &SiteName,
    resource: &ResourceView,
    me: MemberId,
    readers: &[MemberId],
) -> Result<ContentKey, OpenError> {
    let name = name.clone();
    match held {
        Held::Key(key) => Ok(key),
        Held::Sealed => Err(OpenError::KeyAwaited { name }),
        Held::Nothing => {
            let everyone = resource.visibility == Visibility::Members;
            let may_read = everyone || resource.owner == me || readers.contains(&me);
            Err(if may_read { OpenError::KeyAwaited { name } } else { OpenError::NotGranted { name } })
        }
    }
}

/// Why a sealed version does not open with the key there is.
fn sealed_to(name: &SiteName, cause: SiteError) -> OpenError {
    match cause {
        SiteError::Read(cause) => cannot_open(cause),
        SiteError::OtherKey => OpenError::OtherKey { name: name.clone() },
    }
}

fn internal(source: impl std::error::Error + Send + Sync + 'static) -> OpenError {
    OpenError::Internal { source: Box::new(source) }
}

fn link(node: &str, cause: LinkError) -> OpenError {
    match cause {
        LinkError::Disconnected { url } => OpenError::NodeAway { url: url.to_string() },
        LinkError::Stale { seconds } => OpenError::Stale { seconds },
        LinkError::View(cause) => not_asked(node, cause),
    }
}

/// Why the chain does not say. A node that goes in the middle of it is away, as one that went before.
fn not_asked(node: &str, cause: ViewError) -> OpenError {
    match cause {
        ViewError::Node(_) => {
            tracing::warn!("{cause}");
            OpenError::NodeAway { url: node.to_owned() }
        }
        other => internal(other),
    }
}

/// A list of files that cannot be read is a resource that cannot be opened.
fn cannot_open(cause: ReadError) -> OpenError {
    match cause {
        ReadError::Corrupt { cid } => OpenError::Corrupt { cid },
        ReadError::Unavailable { peers, seconds } => OpenError::Unavailable { peers, seconds },
        ReadError::Locked => OpenError::Locked,
        other => internal(other),
    }
}

/// What the store's failure means to a reader.
fn store_failed(root: Cid, path: &str, cause: read::ReadError) -> ReadError {
    match cause {
        read::ReadError::Block(ObtainError::NotFound { peers, seconds, .. }) => {
            ReadError::Unavailable { peers, seconds }
        }
        read::ReadError::Node(_) => ReadError::Corrupt { cid: root.to_string() },
        read::ReadError::NotFound { .. } | read::ReadError::NotAFile { .. } | read::ReadError::NotAFolder { .. } => {
            ReadError::NoSuchPath { path: path.to_owned() }
        }
        other => ReadError::Internal { source: Box::new(other) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{companion::tests::alone, publishing::readers::tests::resource};

    fn garden() -> SiteName {
        SiteName::try_from("garden").unwrap()
    }

    /// Where the node is that is away.
    const NODE: &str = "ws://nowhere:1";

    fn gone() -> ViewError {
        ViewError::node(std::io::Error::other("the connection was closed"))
    }

    fn missing() -> ViewError {
        ViewError::Missing { what: "the account", block: 7 }
    }

    #[test]
    fn a_barred_key_is_told_from_a_stranger_and_from_a_node_that_does_not_say() {
        let nobody = |is_barred| nobody(NODE, is_barred);
        assert!(matches!(nobody(Ok(true)), OpenError::Barred));
        assert!(nobody(Ok(true)).to_string().contains("kith recover"));
        assert!(matches!(nobody(Ok(false)), OpenError::NotMember));
        assert!(matches!(nobody(Err(missing())), OpenError::Internal { .. }));
        assert!(matches!(nobody(Err(gone())), OpenError::NodeAway { url } if url == NODE));
    }

    #[test]
    fn whoever_may_read_waits_for_their_key_and_nobody_else_learns_of_it() {
        let key = ContentKey::generate(&mut rand::rngs::OsRng);
        let (private, for_all) = (resource(Visibility::Private, Some(0), 0), resource(Visibility::Members, Some(0), 0));
        assert!(usable(Held::Key(key), &garden(), &private, 5, &[]).is_ok());
        // Nothing was wrapped: for a reader, for any member, for the owner, who is member 1.
        let cases: [(&ResourceView, MemberId, &[MemberId]); 3] =
            [(&private, 5, &[3, 5]), (&for_all, 5, &[]), (&private, 1, &[])];
        for (resource, me, readers) in cases {
            let refused = usable(Held::Nothing, &garden(), resource, me, readers);
            assert!(matches!(refused, Err(OpenError::KeyAwaited { name }) if name == garden()), "{me}");
        }
        let former = usable(Held::Sealed, &garden(), &private, 5, &[]).unwrap_err();
        assert!(matches!(former, OpenError::KeyAwaited { .. }) && former.to_string().contains("owner"), "{former}");
        let refused = usable(Held::Nothing, &garden(), &private, 5, &[3]);
        assert!(matches!(refused, Err(OpenError::NotGranted { .. })));
    }

    #[test]
    fn another_key_and_damage_are_told_apart() {
        assert!(matches!(sealed_to(&garden(), SiteError::OtherKey), OpenError::OtherKey { name } if name == garden()));
        let damaged = ReadError::Corrupt { cid: "bafy".into() };
        assert!(matches!(sealed_to(&garden(), damaged.into()), OpenError::Corrupt { cid } if cid == "bafy"));
        let away = ReadError::Unavailable { peers: 3, seconds: 20 };
        assert!(matches!(cannot_open(away), OpenError::Unavailable { peers: 3, seconds: 20 }));
        assert!(matches!(cannot_open(ReadError::Locked), OpenError::Locked));
        let gone = ReadError::NoSuchPath { path: "a".into() };
        assert!(matches!(cannot_open(gone), OpenError::Internal { .. }));
    }

    #[test]
    fn an_old_view_is_told_from_a_node_that_is_away() {
        let link = |cause| link(NODE, cause);
        assert!(matches!(link(LinkError::Stale { seconds: 200 }), OpenError::Stale { seconds: 200 }));
        for away in [LinkError::Disconnected { url: NODE.into() }, LinkError::View(gone())] {
            let away = link(away);
            assert!(matches!(&away, OpenError::NodeAway { url } if url == NODE));
            assert!(away.to_string().contains("start it") && away.to_string().contains("--node"), "{away}");
        }
        assert!(matches!(link(LinkError::View(missing())), OpenError::Internal { .. }));
    }

    #[tokio::test]
    async fn without_a_node_a_site_is_not_opened_and_the_node_is_named() {
        let (_dir, companion) = alone().await;
        let refused = Reader::new(Arc::new(companion)).site(&garden()).await;
        assert!(matches!(refused, Err(OpenError::NodeAway { url }) if url == NODE));
    }
}
