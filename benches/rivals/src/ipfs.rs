// SPDX-License-Identifier: Apache-2.0
//! How fast is rust-ipfs, with its default behaviours and a repository on disk: a file added in one process, read in another?
//!
//! The file is fetched by reading it to its end: of the ways it offers, that one asks for several blocks at a time. What was
//! read stays in the repository.

use crate::{
    numbers::Numbers,
    part::{answers, Outcome, Part, Transfer, Usage},
};
use futures::StreamExt as _;
use rust_ipfs::{
    builder::DefaultIpfsBuilder,
    unixfs::{AddOpt, UnixfsStatus},
    Ipfs, IpfsPath, Multiaddr, PeerId,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio::{task::spawn_blocking, time::sleep};
use tokio_util::io::ReaderStream;

/// Bytes handed over at once when adding: as large as a leaf.
const PIECE_BYTES: usize = 256 * 1024;

/// What the parts measured.
pub(crate) struct Measured {
    pub(crate) add_seconds: f64,
    pub(crate) fetch: Transfer,
    pub(crate) provider: Usage,
    pub(crate) fetcher: Usage,
}

/// Runs the parts one after the other, with their repositories below `dir`.
pub(crate) fn measure(dir: &Path, bytes: u64) -> Outcome<Measured> {
    let path = |name: &str| dir.join(name).display().to_string();
    let mut provider = Part::start(&["ipfs", "add", &path("add"), &bytes.to_string()])?;
    let add_seconds = provider.hear()?.parse()?;
    let (root, peer, address) = (provider.hear()?, provider.hear()?, provider.hear()?);

    let before = provider.usage()?;
    let mut fetcher = Part::start(&["ipfs", "fetch", &path("fetch"), &address, &peer, &root])?;
    let (seconds, fetched) = (fetcher.hear()?.parse()?, fetcher.hear()?.parse::<f64>()?);
    let (provider, fetcher) = (provider.usage()?, fetcher.usage()?);
    let fetch = Transfer { seconds, processor: fetched + provider.processor - before.processor };
    Ok(Measured { add_seconds, fetch, provider, fetcher })
}

/// Is one of the parts.
pub(crate) async fn part(arguments: &[&str]) -> Outcome<()> {
    match arguments {
        ["add", dir, bytes] => add(Path::new(dir), bytes.parse()?).await,
        ["fetch", dir, address, peer, root] => {
            fetch(Path::new(dir), address.parse()?, peer.parse()?, root.parse()?).await
        }
        _ => Err("a part that does not exist".into()),
    }
}

async fn node(dir: &Path) -> Outcome<Ipfs> {
    let builder = DefaultIpfsBuilder::new().with_default().enable_tcp().set_path(dir);
    Ok(builder.add_listening_addr("/ip4/127.0.0.1/tcp/0".parse()?).start().await?)
}

async fn add(dir: &Path, bytes: u64) -> Outcome<()> {
    let node = node(dir).await?;
    let address = loop {
        match node.listening_addresses().await?.pop() {
            Some(address) => break address,
            None => sleep(Duration::from_millis(10)).await,
        }
    };
    let begun = Instant::now();
    let pieces = ReaderStream::with_capacity(Numbers::new(bytes), PIECE_BYTES).boxed();
    let mut adding = node.add_unixfs(AddOpt::Stream(pieces));
    let root = loop {
        match adding.next().await.ok_or("adding ended early")? {
            UnixfsStatus::ProgressStatus { .. } => {}
            UnixfsStatus::CompletedStatus { path, .. } => break path,
            UnixfsStatus::FailedStatus { error, .. } => return Err(error.into()),
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    println!("{seconds}\n{root}\n{}\n{address}", node.keypair().public().to_peer_id());
    spawn_blocking(answers).await?
}

async fn fetch(dir: &Path, address: Multiaddr, peer: PeerId, root: IpfsPath) -> Outcome<()> {
    let node = node(dir).await?;
    node.connect(address).await?;
    while !node.is_connected(peer).await? {
        sleep(Duration::from_millis(10)).await;
    }
    let (begun, before) = (Instant::now(), Usage::own()?);
    let mut pieces = node.cat_unixfs(root).provider(peer);
    while let Some(piece) = pieces.next().await {
        piece?;
    }
    println!("{}\n{}", begun.elapsed().as_secs_f64(), Usage::own()?.processor - before.processor);
    spawn_blocking(answers).await?
}
