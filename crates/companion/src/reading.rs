// SPDX-License-Identifier: Apache-2.0
//! How a name becomes bytes: chain, key, blocks, decryption, in that order, for the proxy and for `kith get`.

mod doubts;
mod open_tree;
mod sealed;

pub(crate) use doubts::Doubts;
pub(crate) use sealed::fits;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use kith_chain::View;
use kith_primitives::{
    resource::Visibility,
    runtime_api::{ResourceView, VersionView},
    AccountId,
};
use kith_proxy::{
    ports::{self, About, OpenError, ReadError},
    Pages, Site, SiteName,
};
use kith_store::{content_id, exchange::ObtainError, read, Cid};
use tokio::sync::Mutex;

use crate::{
    companion::{Companion, Held},
    daemon::link::LinkError,
};

/// Versions kept open: their lists of files need not be fetched again for each page.
const OPEN_SITES: usize = 32;

/// Why what was granted does not open, or nobody is there to open it for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum KeyError {
    #[error("your key is frozen, or you have another by now: this one opens nothing. Your guardians can unfreeze it, or give you a new one: `kith recover`")]
    Barred,
    #[error("the content key was wrapped for keys you no longer have. Its owner, or another reader, returns it as soon as their companion runs")]
    Former,
    #[error("the content key you were given is not the one this version was sealed with. Your companion asks for it anew; if that does not help, ask the publisher")]
    Other,
}

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
        let view = companion.link.view().await.map_err(link)?;
        let no_such_name = || OpenError::NoSuchName { name: name.clone() };
        let resource = view.resource_by_name(name.as_str()).await.map_err(internal)?.ok_or_else(no_such_name)?;
        let version = resource.latest.clone().filter(|_| resource.lease_until > view.block().number);
        let version = version.ok_or_else(no_such_name)?;
        let Some(me) = companion.me(&view).await.map_err(internal)? else { return Err(self.nobody(&view).await) };
        let root = content_id::from_bytes(&version.content).map_err(internal)?;
        let about = about(&resource, &version);
        if resource.visibility == Visibility::Public {
            return self.kept(&about, async { Ok(open_tree::OpenTree::site(companion, root, about)) }).await;
        }
        let epoch = version.key_epoch;
        let key = match companion.content_key(&view, me.id, resource.id, epoch).await.map_err(internal)? {
            Held::Key(key) => key,
            Held::Sealed => return Err(internal(KeyError::Former)),
            Held::Nothing => return Err(OpenError::NotGranted { name: name.clone() }),
        };
        let opened = async {
            sealed::Sealed::site(companion, root, about, &key).await.map_err(|cause| match cause {
                sealed::SiteError::Read(cause) => cannot_open(cause),
                sealed::SiteError::OtherKey => {
                    companion.doubts.raise(resource.id, epoch);
                    internal(KeyError::Other)
                }
            })
        };
        self.kept(&about, opened).await
    }

    /// Why the person at this machine may open nothing.
    async fn nobody(&self, view: &View) -> OpenError {
        match view.is_barred(&AccountId::new(self.companion.person.account())).await {
            Ok(true) => internal(KeyError::Barred),
            Ok(false) => OpenError::NotMember,
            Err(cause) => internal(cause),
        }
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

fn internal(source: impl std::error::Error + Send + Sync + 'static) -> OpenError {
    OpenError::Internal { source: Box::new(source) }
}

fn link(cause: LinkError) -> OpenError {
    match cause {
        LinkError::Stale { seconds } => OpenError::Stale { seconds },
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
