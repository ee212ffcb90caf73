// SPDX-License-Identifier: Apache-2.0
//! How fast is the store: a file added in one process, read and fetched in others?

use crate::{
    numbers::Numbers,
    part::{answers, Outcome, Part, Transfer, Usage},
};
use futures::StreamExt as _;
use kith_store::{identity::load_or_create_identity, Access, Cid, Multiaddr, PeerId, Store, StoreConfig};
use libp2p::multiaddr::Protocol;
use std::{path::Path, time::Instant};
use tokio::{sync::watch, task::spawn_blocking};

/// What the parts measured.
pub(crate) struct Measured {
    /// Adding the file and pinning it: afterwards it survives the machine.
    pub(crate) add_seconds: f64,
    /// From asking for a range at nine tenths of the file to its first byte, with nothing of the file at hand.
    pub(crate) first_byte_seconds: f64,
    pub(crate) fetch: Transfer,
    pub(crate) provider: Usage,
    pub(crate) fetcher: Usage,
    pub(crate) reader: Usage,
}

/// Runs the parts one after the other, with their stores below `dir`.
pub(crate) fn measure(dir: &Path, bytes: u64) -> Outcome<Measured> {
    let path = |name: &str| dir.join(name).display().to_string();
    let peer = |name: &str| identity(&dir.join(name)).map(|peer| peer.to_string());

    let (fetcher, reader) = (peer("fetch")?, peer("range")?);
    let mut provider = Part::start(&["kith", "add", &path("add"), &bytes.to_string(), &fetcher, &reader])?;
    let add_seconds = provider.hear()?.parse()?;
    let (root, address) = (provider.hear()?, provider.hear()?);

    let at = (bytes / 10 * 9).to_string();
    let mut reader = Part::start(&["kith", "range", &path("range"), &address, &root, &at])?;
    let first_byte_seconds = reader.hear()?.parse()?;
    let reader = reader.usage()?;

    let before = provider.usage()?;
    let mut fetcher = Part::start(&["kith", "fetch", &path("fetch"), &address, &root])?;
    let (seconds, fetched) = (fetcher.hear()?.parse()?, fetcher.hear()?.parse::<f64>()?);
    let (provider, fetcher) = (provider.usage()?, fetcher.usage()?);
    let fetch = Transfer { seconds, processor: fetched + provider.processor - before.processor };
    Ok(Measured { add_seconds, first_byte_seconds, fetch, provider, fetcher, reader })
}

/// Is one of the parts.
pub(crate) async fn part(arguments: &[&str]) -> Outcome<()> {
    match arguments {
        ["add", dir, bytes, admitted @ ..] => add(Path::new(dir), bytes.parse()?, admitted).await?,
        ["fetch", dir, address, root] => fetch(Path::new(dir), address.parse()?, root.parse()?).await?,
        ["range", dir, address, root, at] => {
            range(Path::new(dir), address.parse()?, root.parse()?, at.parse()?).await?;
        }
        _ => return Err("a part that does not exist".into()),
    }
    Ok(())
}

fn identity(dir: &Path) -> Outcome<PeerId> {
    Ok(load_or_create_identity(&dir.join("key"))?.peer_id())
}

async fn store(dir: &Path, admitted: &[PeerId], listen: bool) -> Outcome<(Store, watch::Sender<Access>)> {
    let access = watch::Sender::new(Access { peers: admitted.iter().copied().collect(), fresh: true });
    let mut config = StoreConfig::new(dir.join("store"), load_or_create_identity(&dir.join("key"))?);
    if listen {
        config.listen = vec!["/ip4/127.0.0.1/tcp/0".parse()?];
    }
    Ok((Store::open(config, access.subscribe()).await?, access))
}

async fn connected(dir: &Path, address: Multiaddr) -> Outcome<(Store, watch::Sender<Access>)> {
    let Some(Protocol::P2p(peer)) = address.iter().last() else { return Err("an address without its peer".into()) };
    let (store, access) = store(dir, &[peer], false).await?;
    store.connect(address).await?;
    Ok((store, access))
}

async fn add(dir: &Path, bytes: u64, admitted: &[&str]) -> Outcome<()> {
    let admitted: Vec<PeerId> = admitted.iter().map(|peer| peer.parse()).collect::<Result<_, _>>()?;
    let (store, _access) = store(dir, &admitted, true).await?;
    let begun = Instant::now();
    let added = store.add_file(Numbers::new(bytes)).await?;
    store.pin("example", &added.root).await?;
    println!("{}\n{}\n{}", begun.elapsed().as_secs_f64(), added.root, store.listen_addrs()[0]);
    spawn_blocking(answers).await?
}

async fn fetch(dir: &Path, address: Multiaddr, root: Cid) -> Outcome<()> {
    let (store, _access) = connected(dir, address).await?;
    let (begun, before) = (Instant::now(), Usage::own()?);
    let _fetched = store.fetch(&root, u64::MAX, |_| ()).await?;
    println!("{}\n{}", begun.elapsed().as_secs_f64(), Usage::own()?.processor - before.processor);
    spawn_blocking(answers).await?
}

async fn range(dir: &Path, address: Multiaddr, root: Cid, at: u64) -> Outcome<()> {
    let (store, _access) = connected(dir, address).await?;
    let begun = Instant::now();
    let mut bytes = store.read(&root, at..at + 1).await?;
    bytes.next().await.ok_or("an empty range")??;
    println!("{}", begun.elapsed().as_secs_f64());
    spawn_blocking(answers).await?
}
