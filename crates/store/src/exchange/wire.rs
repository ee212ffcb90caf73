// SPDX-License-Identifier: Apache-2.0
//! What goes over a stream of `/kith/blocks/1.0.0`.
//!
//! The asker writes wants, one after the other: a byte of length and the binary identifier. The other side answers each in
//! the order it came: four bytes of length, most significant first, and the block; or [`ABSENT`] for "not here". Nothing
//! else is ever sent, so any number of wants can be on their way.

use crate::content_id::{self, MAX_BLOCK_BYTES};
use bytes::Bytes;
use cid::Cid;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;
use std::io;
use thiserror::Error;

/// The protocol's name.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/kith/blocks/1.0.0");
/// The length that says "not here".
const ABSENT: u32 = u32::MAX;

/// Why a stream cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub(crate) enum WireError {
    #[error("the stream broke: {0}")]
    Io(#[from] io::Error),
    #[error("a block of {bytes} bytes was announced")]
    TooLarge { bytes: u32 },
}

pub(crate) async fn write_want(to: &mut (impl AsyncWrite + Unpin), cid: &Cid) -> io::Result<()> {
    let cid = cid.to_bytes();
    // Accepted identifiers have at most 38 bytes.
    to.write_all(&[cid.len() as u8]).await?;
    to.write_all(&cid).await
}

/// The next want: `None` at the end of the stream, an inner `None` for an identifier that is not accepted.
pub(crate) async fn read_want(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Option<Cid>>> {
    let mut length = [0];
    if from.read(&mut length).await? == 0 {
        return Ok(None);
    }
    let mut cid = [0; u8::MAX as usize];
    let cid = &mut cid[..usize::from(length[0])];
    from.read_exact(cid).await?;
    Ok(Some(content_id::from_bytes(cid).ok()))
}

pub(crate) async fn write_answer(to: &mut (impl AsyncWrite + Unpin), block: Option<&Bytes>) -> io::Result<()> {
    let length = block.map_or(ABSENT, |block| block.len() as u32);
    to.write_all(&length.to_be_bytes()).await?;
    to.write_all(block.map(|block| &block[..]).unwrap_or_default()).await
}

/// The next answer; the bytes are not verified yet.
pub(crate) async fn read_answer(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<Bytes>, WireError> {
    let mut length = [0; 4];
    from.read_exact(&mut length).await?;
    match u32::from_be_bytes(length) {
        ABSENT => Ok(None),
        bytes if bytes as usize > MAX_BLOCK_BYTES => Err(WireError::TooLarge { bytes }),
        bytes => {
            let mut block = vec![0; bytes as usize];
            from.read_exact(&mut block).await?;
            Ok(Some(block.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use content_id::{of, RAW};
    use futures::executor::block_on;
    use proptest::prelude::*;

    #[test]
    fn wants_and_answers_come_back() {
        let (cid, block) = (of(RAW, b"x"), Bytes::from_static(b"x"));
        block_on(async {
            let mut stream = Vec::new();
            write_want(&mut stream, &cid).await.unwrap();
            let mut stream = &stream[..];
            assert_eq!(read_want(&mut stream).await.unwrap(), Some(Some(cid)));
            assert_eq!(read_want(&mut stream).await.unwrap(), None);
            let mut stream = Vec::new();
            write_answer(&mut stream, Some(&block)).await.unwrap();
            write_answer(&mut stream, None).await.unwrap();
            let mut stream = &stream[..];
            assert_eq!(read_answer(&mut stream).await.unwrap(), Some(block));
            assert_eq!(read_answer(&mut stream).await.unwrap(), None);
            assert!(matches!(read_answer(&mut stream).await, Err(WireError::Io(_))));
        });
    }

    #[test]
    fn a_huge_length_is_refused_before_anything_is_read() {
        let length = (MAX_BLOCK_BYTES as u32 + 1).to_be_bytes();
        let refused = block_on(read_answer(&mut &length[..]));
        assert!(matches!(refused, Err(WireError::TooLarge { bytes }) if bytes as usize == MAX_BLOCK_BYTES + 1));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = block_on(read_want(&mut &bytes[..]));
            let _ = block_on(read_answer(&mut &bytes[..]));
        }
    }
}
