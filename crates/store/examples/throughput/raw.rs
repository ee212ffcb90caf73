// SPDX-License-Identifier: Apache-2.0
//! How fast is libp2p alone: one stream over TCP, Noise and Yamux as they come, from one process to another?

use crate::part::{answers, Outcome, Part, Transfer, Usage};
use futures::{AsyncReadExt as _, AsyncWriteExt as _, StreamExt as _};
use libp2p::{
    multiaddr::Protocol, noise, swarm::SwarmEvent, tcp, yamux, Multiaddr, StreamProtocol, Swarm, SwarmBuilder,
};
use std::{
    io,
    time::{Duration, Instant},
};
use tokio::task::spawn_blocking;

const PROTOCOL: StreamProtocol = StreamProtocol::new("/kith/raw-example");
/// Bytes of one write and one read: as large as a leaf.
const PIECE_BYTES: usize = 256 * 1024;

/// Runs both sides.
pub(crate) fn measure(bytes: u64) -> Outcome<Transfer> {
    let mut sender = Part::start(&["raw", "send", &bytes.to_string()])?;
    let address = sender.hear()?;
    let before = sender.usage()?;
    let mut receiver = Part::start(&["raw", "receive", &address])?;
    let (seconds, received) = (receiver.hear()?.parse()?, receiver.hear()?.parse::<f64>()?);
    Ok(Transfer { seconds, processor: received + sender.usage()?.processor - before.processor })
}

/// Is one of the sides.
pub(crate) async fn part(arguments: &[&str]) -> Outcome<()> {
    match arguments {
        ["send", bytes] => send(bytes.parse()?).await,
        ["receive", address] => receive(address.parse()?).await,
        _ => Err("a part that does not exist".into()),
    }
}

fn swarm() -> Outcome<Swarm<libp2p_stream::Behaviour>> {
    Ok(SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)?
        .with_behaviour(|_| libp2p_stream::Behaviour::new())?
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(60)))
        .build())
}

async fn send(bytes: u64) -> Outcome<()> {
    let mut swarm = swarm()?;
    let mut streams = swarm.behaviour().new_control().accept(PROTOCOL)?;
    swarm.listen_on("/ip4/127.0.0.1/tcp/0".parse()?)?;
    tokio::spawn(async move {
        while let Some((_, mut stream)) = streams.next().await {
            let (piece, mut left) = (vec![7; PIECE_BYTES], bytes);
            while left > 0 {
                let now = left.min(PIECE_BYTES as u64);
                stream.write_all(&piece[..now as usize]).await?;
                left -= now;
            }
            stream.close().await?;
        }
        Ok::<_, io::Error>(())
    });
    let mut asked = spawn_blocking(answers);
    loop {
        tokio::select! {
            event = swarm.select_next_some() => if let SwarmEvent::NewListenAddr { address, .. } = event {
                println!("{}", address.with(Protocol::P2p(*swarm.local_peer_id())));
            },
            ended = &mut asked => return ended?,
        }
    }
}

async fn receive(address: Multiaddr) -> Outcome<()> {
    let Some(Protocol::P2p(peer)) = address.iter().last() else { return Err("an address without its peer".into()) };
    let mut swarm = swarm()?;
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
    let mut stream = control.open_stream(peer, PROTOCOL).await?;
    let (begun, before, mut piece) = (Instant::now(), Usage::own()?, vec![0; PIECE_BYTES]);
    while stream.read(&mut piece).await? > 0 {}
    println!("{}\n{}", begun.elapsed().as_secs_f64(), Usage::own()?.processor - before.processor);
    Ok(())
}
