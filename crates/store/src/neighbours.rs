// SPDX-License-Identifier: Apache-2.0
//! How one peer tells another which admitted peers it is connected to, so that knowing one address is enough.
//!
//! On a stream of `/kith/peers/1.0.0` the accepting side writes one message and closes: peers (field 1), each with its id
//! (1) and addresses (2), all binary, as protobuf. What is told is hearsay: only admitted peers are dialled, and a dial
//! checks the key.

use crate::{
    protobuf::{self, Malformed},
    swarm::book::{MAX_ADDRESSES, MAX_ADDRESS_BYTES},
};
use futures::{AsyncRead, AsyncReadExt};
use libp2p::{Multiaddr, PeerId, StreamProtocol};
use std::io;
use thiserror::Error;

/// The protocol's name.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/kith/peers/1.0.0");
/// Peers told at once.
pub(crate) const MAX_PEERS: usize = 64;
/// Bytes of the longest message accepted: all peers with all their addresses fit.
const MAX_BYTES: u64 = (MAX_PEERS * (64 + MAX_ADDRESSES * (MAX_ADDRESS_BYTES + 4))) as u64;

const PEER: u64 = 1;
const ID: u64 = 1;
const ADDRESS: u64 = 2;

/// A peer and where it may be reached.
pub(crate) type Neighbour = (PeerId, Vec<Multiaddr>);

#[derive(Debug, Error)]
pub(crate) enum TellError {
    #[error("the stream broke: {0}")]
    Io(#[from] io::Error),
    #[error("not a list of peers")]
    Malformed,
}

impl From<Malformed> for TellError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

pub(crate) fn encode(neighbours: impl Iterator<Item = Neighbour>) -> Vec<u8> {
    let (mut message, mut entry) = (Vec::new(), Vec::new());
    for (peer, addresses) in neighbours.take(MAX_PEERS) {
        entry.clear();
        protobuf::put_bytes(&mut entry, ID, &peer.to_bytes());
        for address in addresses.iter().take(MAX_ADDRESSES).filter(|address| address.len() <= MAX_ADDRESS_BYTES) {
            protobuf::put_bytes(&mut entry, ADDRESS, &address.to_vec());
        }
        protobuf::put_bytes(&mut message, PEER, &entry);
    }
    message
}

/// Reads what a peer tells, up to its end.
pub(crate) async fn read(stream: impl AsyncRead + Unpin) -> Result<Vec<Neighbour>, TellError> {
    let mut message = Vec::new();
    stream.take(MAX_BYTES).read_to_end(&mut message).await?;
    decode(&message)
}

fn decode(message: &[u8]) -> Result<Vec<Neighbour>, TellError> {
    let mut neighbours = Vec::new();
    for field in protobuf::fields(message).take(MAX_PEERS) {
        let (mut id, mut addresses) = (None, Vec::new());
        for field in protobuf::fields(field?.1.bytes()?) {
            let (number, value) = field?;
            let bytes = value.bytes()?;
            match number {
                ID => id = Some(PeerId::from_bytes(bytes).map_err(|_| TellError::Malformed)?),
                ADDRESS if bytes.len() <= MAX_ADDRESS_BYTES && addresses.len() < MAX_ADDRESSES => {
                    addresses.push(Multiaddr::try_from(bytes.to_vec()).map_err(|_| TellError::Malformed)?);
                }
                _ => {}
            }
        }
        neighbours.push((id.ok_or(TellError::Malformed)?, addresses));
    }
    Ok(neighbours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn neighbour(addresses: usize) -> Neighbour {
        let address = |port| format!("/ip4/192.0.2.1/tcp/{port}").parse().unwrap();
        (PeerId::random(), (0..addresses).map(address).collect())
    }

    #[test]
    fn what_is_told_is_heard_and_bounded() {
        let told: Vec<Neighbour> = (0..MAX_PEERS + 5).map(|_| neighbour(MAX_ADDRESSES + 2)).collect();
        let message = encode(told.clone().into_iter());
        assert!((message.len() as u64) < MAX_BYTES);
        let heard = futures::executor::block_on(read(&message[..])).unwrap();
        assert_eq!(heard.len(), MAX_PEERS);
        assert_eq!(heard[3].0, told[3].0);
        assert_eq!(heard[3].1, told[3].1[..MAX_ADDRESSES]);
    }

    #[test]
    fn an_entry_without_a_peer_is_refused() {
        assert!(matches!(decode(&[0x0a, 0]), Err(TellError::Malformed)));
        assert!(matches!(decode(&[0x08, 0]), Err(TellError::Malformed)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_heard_or_refused(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
