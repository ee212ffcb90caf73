// SPDX-License-Identifier: Apache-2.0
//! What the tests of the vault share: a predictable generator and sealing in one call.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use kith_vault::{Binding, ContentKey, Opener, Sealer, PREFIX_LEN};
use rand::{CryptoRng, RngCore};

/// Gives the bytes n, n + 1, n + 2, …
#[derive(Debug)]
pub struct CountingRng(pub u8);

impl RngCore for CountingRng {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for CountingRng {}

pub fn key(seed: u8) -> ContentKey {
    ContentKey::generate(&mut CountingRng(seed))
}

pub fn seal(key: &ContentKey, binding: Binding, plaintext: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = Sealer::new(key, binding, plaintext.len() as u64, &mut CountingRng(99)).unwrap();
    let announced = sealer.sealed_len();
    sealer.update(plaintext, &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    assert_eq!(out.len() as u64, announced);
    out
}

pub fn opener(key: &ContentKey, binding: Binding, sealed: &[u8]) -> Result<Opener, kith_vault::OpenError> {
    let mut prefix = [0; PREFIX_LEN];
    prefix.copy_from_slice(&sealed[..PREFIX_LEN]);
    Opener::new(key, binding, sealed.len() as u64, &prefix)
}

/// Reads a range the way a client would: plan, fetch the chunks, open, keep what was asked for.
pub fn read(opener: &Opener, sealed: &[u8], range: std::ops::Range<u64>) -> Result<Vec<u8>, kith_vault::OpenError> {
    let mut out = Vec::new();
    for chunk in opener.plan(range)? {
        let mut bytes = sealed[chunk.ciphertext.start as usize..chunk.ciphertext.end as usize].to_vec();
        out.extend_from_slice(&opener.open(chunk.index, &mut bytes)?[chunk.keep]);
    }
    Ok(out)
}
