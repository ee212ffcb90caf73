// SPDX-License-Identifier: Apache-2.0
//! The bytes that are added: no two leaves are alike, and making them costs little more than copying.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes between two numbers; a leaf holds several.
const PAGE_BYTES: usize = 64 * 1024;

/// So many bytes.
pub(crate) struct Numbers {
    left: u64,
    page: Vec<u8>,
    at: usize,
    number: u64,
}

impl Numbers {
    pub(crate) fn new(bytes: u64) -> Self {
        let mut state = 1u64;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        });
        Self { left: bytes, page: noise.take(PAGE_BYTES).collect(), at: 0, number: 0 }
    }
}

impl AsyncRead for Numbers {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.left > 0 && buffer.remaining() > 0 {
            if self.at == PAGE_BYTES {
                let number = self.number + 1;
                self.page[..8].copy_from_slice(&number.to_le_bytes());
                (self.number, self.at) = (number, 0);
            }
            let now =
                (PAGE_BYTES - self.at).min(buffer.remaining()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
            buffer.put_slice(&self.page[self.at..self.at + now]);
            self.at += now;
            self.left -= now as u64;
        }
        Poll::Ready(Ok(()))
    }
}
