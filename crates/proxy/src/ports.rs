// SPDX-License-Identifier: Apache-2.0
//! What does the proxy need from the world? The companion implements these traits over chain, keyring, store and vault.

use std::{error::Error as StdError, ops::Range, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::SiteName;

/// Content as it arrives. Every byte in it has been verified; a stream that cannot go on ends with an error.
pub type ByteStream = BoxStream<'static, Result<Bytes, ReadError>>;

/// A cause whose text goes to the log and never to a page.
pub type Source = Box<dyn StdError + Send + Sync>;

/// Opens resources by name, from the finalised view of the chain.
#[async_trait]
pub trait Pages: Send + Sync + 'static {
    /// Decides whether this person may read the resource called `name`, now, and opens its version in force.
    async fn open(&self, name: &SiteName) -> Result<Arc<dyn Site>, OpenError>;
}

/// One version of a resource, open for reading. It never changes while it is open.
#[async_trait]
pub trait Site: Send + Sync + 'static {
    /// What the chain says about it.
    fn about(&self) -> About;

    /// Looks up a path: segments joined by `/`, with none before the first or after the last, decoded, as the publisher's
    /// file names. The empty path is the root: a folder, or the file itself if the resource is one file.
    async fn entry(&self, path: &str) -> Result<Entry, ReadError>;

    /// Streams the bytes of `range`, which lies within the file and is not empty, in order and in pieces of at most a few MiB.
    /// Dropping the stream cancels the work behind it.
    async fn read(&self, file: &File, range: Range<u64>) -> Result<ByteStream, ReadError>;
}

/// What the chain says about an open resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct About {
    /// Its number.
    pub resource: u64,
    /// The version that is open, from 1.
    pub version: u32,
    /// Who may read it.
    pub visibility: Visibility,
}

/// Who may read a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Those it is granted to.
    Private,
    /// Every member.
    Members,
    /// Anyone.
    Public,
}

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file.
    File(File),
    /// A folder; the proxy shows its `index.html`.
    Folder,
}

/// A file of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path, as it was looked up.
    pub path: String,
    /// Its length in bytes, exact.
    pub size: u64,
    /// Its media type, such as `text/html; charset=utf-8`.
    pub media_type: String,
    /// A text that changes whenever its bytes do, such as its CID; shown only for public resources.
    pub tag: String,
}

/// Why a name cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No resource has this name, or its lease is over.
    #[error("no resource is called {name}; check the spelling or ask its publisher")]
    NoSuchName {
        /// The name asked for.
        name: SiteName,
    },
    /// The resource exists and this person may not read it. A page cannot tell this from [`OpenError::NoSuchName`].
    #[error("{name} is not granted to this member; its owner can grant it")]
    NotGranted {
        /// The name asked for.
        name: SiteName,
    },
    /// This device belongs to nobody who is a member now.
    #[error("this device belongs to no active member; apply and be vouched for first")]
    NotMember,
    /// The key at this machine counts for nothing: it is frozen, or its person has another by now.
    #[error("your key is frozen, or you have another by now: this one opens nothing. Your guardians can unfreeze it, or give you a new one: `kith recover`")]
    Barred,
    /// This person may read it, and what opens it was not wrapped for the keys they have now.
    #[error("you may read {name}, and its content key has not reached you: it was not wrapped for you yet, or for keys you no longer have. Its owner's companion hands it over as soon as it runs, and so may another reader's")]
    KeyAwaited {
        /// The name asked for.
        name: SiteName,
    },
    /// The content key this person was given is another than the one it was encrypted with.
    #[error("the content key you were given is not the one {name} was sealed with. Your companion asks for it anew; if that does not help, ask the publisher")]
    OtherKey {
        /// The name asked for.
        name: SiteName,
    },
    /// The keys that open it are locked.
    #[error("the keys are locked; unlock the companion and try again")]
    Locked,
    /// The node, which says who may read what, does not answer.
    #[error("the node at {url} does not answer; start it, look into its log, or name another with --node")]
    NodeAway {
        /// Where it should be.
        url: String,
    },
    /// The finalised view of the chain is too old to decide on.
    #[error("the last finalised block is {seconds} s old; see that the node is running and in touch with its peers")]
    Stale {
        /// How old, in seconds.
        seconds: u64,
    },
    /// What describes the content did not match its content identifier.
    #[error("the block {cid} does not match its identifier and was discarded; try again to ask other providers")]
    Corrupt {
        /// The identifier asked for.
        cid: String,
    },
    /// Nobody delivered what describes the content.
    #[error(
        "none of {peers} peers delivered the resource's description within {seconds} s; see that a provider is online"
    )]
    Unavailable {
        /// How many peers were asked.
        peers: usize,
        /// For how long, in seconds.
        seconds: u64,
    },
    /// Something else failed.
    #[error("the resource could not be opened; see the source of this error")]
    Internal {
        /// What failed.
        #[source]
        source: Source,
    },
}

/// Why a file cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The resource has nothing at this path.
    #[error("the resource has nothing at {path:?}; check the link")]
    NoSuchPath {
        /// The path asked for.
        path: String,
    },
    /// Bytes did not match their content identifier, or did not decrypt. None of them is ever passed on.
    #[error("the block {cid} does not match its identifier and was discarded; try again to ask other providers")]
    Corrupt {
        /// The identifier asked for.
        cid: String,
    },
    /// Nobody delivered the bytes.
    #[error("none of {peers} peers delivered the content within {seconds} s; see that a provider is online")]
    Unavailable {
        /// How many peers were asked.
        peers: usize,
        /// For how long, in seconds.
        seconds: u64,
    },
    /// The keys were locked, or the right to read ended, since the resource was opened.
    #[error("the keys are locked; unlock the companion and try again")]
    Locked,
    /// Something else failed.
    #[error("the file could not be read; see the source of this error")]
    Internal {
        /// What failed.
        #[source]
        source: Source,
    },
}
