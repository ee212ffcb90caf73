// SPDX-License-Identifier: Apache-2.0
//! How does content reach the browser: whole, in time, or visibly broken?
//!
//! The first piece is awaited before the answer begins, so that what fails at once has a status. What fails later ends the
//! body with an error, and [`crate::serve`] then resets the connection: no part ever passes for the whole.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{stream, Stream, StreamExt};
use http_body_util::{BodyExt, Limited};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use crate::{
    ports::{ByteStream, ReadError},
    respond::Refusal,
    Limits,
};

/// Why a body ended before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("no content arrived for {seconds} s")]
    Stalled { seconds: u64 },
    #[error("the content has not the {promised} bytes that were promised")]
    WrongLength { promised: u64 },
}

/// Content whose first piece is here.
pub(crate) struct Begun {
    first: Option<Bytes>,
    rest: ByteStream,
    promised: u64,
}

/// Awaits the first piece of `promised` bytes.
pub(crate) async fn begin(mut content: ByteStream, promised: u64) -> Result<Begun, ReadError> {
    if promised == 0 {
        return Ok(Begun { first: None, rest: content, promised });
    }
    loop {
        match content.next().await {
            Some(piece) => {
                let piece = piece?;
                if !piece.is_empty() {
                    return Ok(Begun { first: Some(piece), rest: content, promised });
                }
            }
            None => return Err(ReadError::Internal { source: Box::new(Broken::WrongLength { promised }) }),
        }
    }
}

/// The pieces as they come, each within `stall` of the one before, exactly as many bytes as promised. `slot` is held until
/// the last.
pub(crate) fn pieces(
    begun: Begun,
    stall: Duration,
    slot: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Bytes, Broken>> + Send + 'static {
    let left = begun.promised;
    stream::try_unfold((begun, left, slot), move |(mut begun, left, slot)| async move {
        let piece = match begun.first.take() {
            Some(first) => Some(first),
            None => match timeout(stall, begun.rest.next()).await {
                Ok(next) => next.transpose()?,
                Err(_) => return Err(Broken::Stalled { seconds: stall.as_secs() }),
            },
        };
        let promised = begun.promised;
        let arrived = piece.as_ref().map_or(0, |piece| piece.len() as u64);
        match (piece, left.checked_sub(arrived)) {
            (None, Some(0)) => Ok(None),
            (Some(piece), Some(left)) => Ok(Some((piece, (begun, left, slot)))),
            _ => Err(Broken::WrongLength { promised }),
        }
    })
}

/// Makes a body of pieces, and notes in the log when it breaks.
pub(crate) fn streamed(pieces: impl Stream<Item = Result<Bytes, Broken>> + Send + 'static) -> Body {
    Body::from_stream(pieces.inspect(|piece| {
        if let Err(broken) = piece {
            crate::respond::log_broken(broken);
        }
    }))
}

/// Reads the whole body of a request to an API.
pub(crate) async fn collect(body: Body, limits: &Limits) -> Result<Bytes, Refusal> {
    match timeout(limits.body_read, Limited::new(body, limits.body_bytes).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::BodyTooLarge),
        Ok(Err(_)) | Err(_) => Err(Refusal::BodyTooSlow),
    }
}
