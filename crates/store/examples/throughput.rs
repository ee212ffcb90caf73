// SPDX-License-Identifier: Apache-2.0
//! How fast is the store, next to a raw libp2p stream of as many bytes in the same run?
//!
//! `cargo run --release -p kith-store --example throughput [MiB]` (256 unless told otherwise). Every part is a process of
//! its own on loopback, over TCP, Noise and Yamux: a sender and a receiver of a raw stream; a store that adds a file; one that
//! fetches it; and one that reads a range at nine tenths of it. Prints one line a figure.

use futures::{AsyncReadExt as _, AsyncWriteExt as _, StreamExt as _};
use kith_store::{identity::load_or_create_identity, Access, Cid, Multiaddr, PeerId, Store, StoreConfig};
use libp2p::{multiaddr::Protocol, noise, swarm::SwarmEvent, tcp, yamux, StreamProtocol, Swarm, SwarmBuilder};
use std::{
    error::Error,
    io::{self, BufRead, BufReader, Write},
    path::Path,
    pin::Pin,
    process::{Child, ChildStdout, Command, Stdio},
    task::{Context, Poll},
    time::Instant,
};
use tokio::{
    io::{AsyncRead, ReadBuf},
    sync::watch,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const MIB: u64 = 1 << 20;
const RAW: StreamProtocol = StreamProtocol::new("/kith/raw-example");
/// Bytes of one write of the raw sender: as large as a leaf.
const RAW_WRITE_BYTES: usize = 256 * 1024;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["raw-send", bytes] => raw_send(bytes.parse()?).await,
        ["raw-receive", address] => raw_receive(address.parse()?).await,
        ["add", dir, bytes, ref admitted @ ..] => add(Path::new(dir), bytes.parse()?, admitted).await,
        ["fetch", dir, address, root] => fetch(Path::new(dir), address.parse()?, root).await,
        ["range", dir, address, root, at] => range(Path::new(dir), address.parse()?, root, at.parse()?).await,
        [] => measure(256),
        [mib] => measure(mib.parse()?),
        _ => Err("usage: throughput [MiB]".into()),
    }
}

/// Runs the parts one after the other and prints what they measured.
fn measure(mib: u64) -> Outcome<()> {
    let (dir, bytes) = (tempfile::tempdir()?, mib * MIB);
    let rate = |seconds: f64| mib as f64 / seconds;

    let mut sender = Part::start(&["raw-send", &bytes.to_string()])?;
    let address = sender.hear()?;
    let raw: f64 = Part::start(&["raw-receive", &address])?.hear()?.parse()?;
    drop(sender);

    let path = |name: &str| dir.path().join(name).display().to_string();
    let peer =
        |name: &str| Ok::<_, Box<dyn Error>>(load_or_create_identity(&dir.path().join(name).join("key"))?.peer_id());
    let admitted = [peer("fetch")?.to_string(), peer("range")?.to_string()];
    peer("add")?;
    let mut adder = Part::start(&["add", &path("add"), &bytes.to_string(), &admitted[0], &admitted[1]])?;
    let added: f64 = adder.hear()?.parse()?;
    let (root, address) = (adder.hear()?, adder.hear()?);

    let at = (bytes / 10 * 9).to_string();
    let first: f64 = Part::start(&["range", &path("range"), &address, &root, &at])?.hear()?.parse()?;
    let mut fetcher = Part::start(&["fetch", &path("fetch"), &address, &root])?;
    let fetched: f64 = fetcher.hear()?.parse()?;
    let fetch_peak = fetcher.hear()?;
    adder.say()?;
    let add_peak = adder.hear()?;

    println!("raw stream        {:8.0} MiB/s", rate(raw));
    println!("store, add        {:8.0} MiB/s", rate(added));
    println!("store, fetch      {:8.0} MiB/s   {:.2} of raw", rate(fetched), raw / fetched);
    println!("first byte at 90% {:8.1} ms", first * 1000.0);
    println!("peak memory       provider {add_peak}, fetcher {fetch_peak}");
    Ok(())
}

/// A child process that tells its figures line by line.
struct Part {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Part {
    fn start(arguments: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?);
        Ok(Self { child, lines })
    }

    fn hear(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            return Err("a part ended early; its error is above".into());
        }
        Ok(line.trim().to_owned())
    }

    /// Lets the part go on.
    fn say(&mut self) -> Outcome<()> {
        Ok(self.child.stdin.as_mut().ok_or("no input")?.write_all(b"\n")?)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // A part that ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn store(dir: &Path, admitted: &[PeerId], listen: bool) -> Outcome<(Store, watch::Sender<Access>)> {
    let access = watch::Sender::new(Access { peers: admitted.iter().copied().collect(), fresh: true });
    let mut config = StoreConfig::new(dir.join("store"), load_or_create_identity(&dir.join("key"))?);
    if listen {
        config.listen = vec!["/ip4/127.0.0.1/tcp/0".parse()?];
    }
    Ok((Store::open(config, access.subscribe()).await?, access))
}

async fn add(dir: &Path, bytes: u64, admitted: &[&str]) -> Outcome<()> {
    let admitted: Vec<PeerId> = admitted.iter().map(|peer| peer.parse()).collect::<Result<_, _>>()?;
    let (store, _access) = store(dir, &admitted, true).await?;
    let begun = Instant::now();
    let added = store.add_file(Numbers { left: bytes, state: 1 }).await?;
    store.pin("example", &added.root).await?;
    println!("{}\n{}\n{}", begun.elapsed().as_secs_f64(), added.root, store.listen_addrs()[0]);
    tokio::task::spawn_blocking(|| io::stdin().read_line(&mut String::new())).await??;
    println!("{}", peak_memory()?);
    Ok(())
}

async fn connected(dir: &Path, address: Multiaddr) -> Outcome<(Store, watch::Sender<Access>)> {
    let Some(Protocol::P2p(peer)) = address.iter().last() else { return Err("an address without its peer".into()) };
    let (store, access) = store(dir, &[peer], false).await?;
    store.connect(address).await?;
    Ok((store, access))
}

async fn fetch(dir: &Path, address: Multiaddr, root: &str) -> Outcome<()> {
    let (store, _access) = connected(dir, address).await?;
    let begun = Instant::now();
    let _fetched = store.fetch(&root.parse::<Cid>()?, u64::MAX, |_| ()).await?;
    println!("{}\n{}", begun.elapsed().as_secs_f64(), peak_memory()?);
    Ok(())
}

async fn range(dir: &Path, address: Multiaddr, root: &str, at: u64) -> Outcome<()> {
    let (store, _access) = connected(dir, address).await?;
    let begun = Instant::now();
    let mut bytes = store.read(&root.parse::<Cid>()?, at..at + 1).await?;
    bytes.next().await.ok_or("an empty range")??;
    println!("{}", begun.elapsed().as_secs_f64());
    Ok(())
}

fn raw_swarm() -> Outcome<Swarm<libp2p_stream::Behaviour>> {
    Ok(SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)?
        .with_behaviour(|_| libp2p_stream::Behaviour::new())?
        .with_swarm_config(|config| config.with_idle_connection_timeout(std::time::Duration::from_secs(60)))
        .build())
}

async fn raw_send(bytes: u64) -> Outcome<()> {
    let mut swarm = raw_swarm()?;
    let mut streams = swarm.behaviour().new_control().accept(RAW).map_err(|error| error.to_string())?;
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse()?)?;
    tokio::spawn(async move {
        while let Some((_, mut stream)) = streams.next().await {
            let piece = vec![7; RAW_WRITE_BYTES];
            let mut left = bytes;
            while left > 0 {
                let now = left.min(RAW_WRITE_BYTES as u64);
                stream.write_all(&piece[..now as usize]).await?;
                left -= now;
            }
            stream.close().await?;
        }
        Ok::<_, io::Error>(())
    });
    loop {
        if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
            println!("{}", address.with(Protocol::P2p(*swarm.local_peer_id())));
        }
    }
}

async fn raw_receive(address: Multiaddr) -> Outcome<()> {
    let Some(Protocol::P2p(peer)) = address.iter().last() else { return Err("an address without its peer".into()) };
    let mut swarm = raw_swarm()?;
    let mut control = swarm.behaviour().new_control();
    swarm.dial(address)?;
    while !swarm.is_connected(&peer) {
        swarm.select_next_some().await;
    }
    tokio::spawn(async move {
        loop {
            swarm.select_next_some().await;
        }
    });
    let mut stream = control.open_stream(peer, RAW).await?;
    let (begun, mut piece) = (Instant::now(), vec![0; RAW_WRITE_BYTES]);
    while stream.read(&mut piece).await? > 0 {}
    println!("{}", begun.elapsed().as_secs_f64());
    Ok(())
}

/// The kernel's own record of the most memory this process had.
fn peak_memory() -> Outcome<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(peak.trim().to_owned())
}

/// Bytes that repeat in no leaf, made as they are read.
struct Numbers {
    left: u64,
    state: u64,
}

impl AsyncRead for Numbers {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while buffer.remaining() >= 8 && self.left >= 8 {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            buffer.put_slice(&self.state.to_le_bytes());
            self.left -= 8;
        }
        let rest = self.left.min(7).min(buffer.remaining() as u64);
        if buffer.filled().is_empty() && rest > 0 {
            buffer.put_slice(&[0; 7][..rest as usize]);
            self.left -= rest;
        }
        Poll::Ready(Ok(()))
    }
}
