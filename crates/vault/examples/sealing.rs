// SPDX-License-Identifier: Apache-2.0
//! How fast are sealing and opening beside the bare AEAD on the same bytes?
//!
//! `cargo run --release -p kith-vault --example sealing [MiB]`

use std::hint::black_box;
use std::time::{Duration, Instant};

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce, Tag};
use kith_vault::{Binding, ContentKey, Opener, Sealer, CHUNK_LEN, PREFIX_LEN, TAG_LEN};
use rand::rngs::OsRng;

/// Rounds of each measurement; the fastest counts, which leaves the scheduler's noise out.
const ROUNDS: usize = 5;
const DEFAULT_MIB: usize = 256;
/// What a file is read in, in bytes.
const READ_LEN: usize = 256 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mib = std::env::args().nth(1).map_or(Ok(DEFAULT_MIB), |arg| arg.parse())?;
    let plaintext: Vec<u8> = (0..mib * 1024 * 1024).map(|at| (at * 31 % 251) as u8).collect();
    let (bare_seal, bare_open) = bare(&plaintext);
    let (seal, open) = vault(&plaintext)?;
    let rate = |time: Duration| mib as f64 / time.as_secs_f64();
    for (what, ours, bare) in [("seal", seal, bare_seal), ("open", open, bare_open)] {
        let ratio = bare.as_secs_f64() / ours.as_secs_f64();
        println!("{what}: {:.0} MiB/s, bare AEAD {:.0} MiB/s, ratio {ratio:.2}", rate(ours), rate(bare));
    }
    Ok(())
}

fn fastest(mut round: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

/// The library alone, in place, in chunks of the same length.
fn bare(plaintext: &[u8]) -> (Duration, Duration) {
    let cipher = ChaCha20Poly1305::new(&Key::default());
    let mut buffer = plaintext.to_vec();
    let mut tags: Vec<Tag> = Vec::new();
    let seal = fastest(|| {
        tags.clear();
        let start = Instant::now();
        for chunk in buffer.chunks_mut(CHUNK_LEN) {
            tags.push(cipher.encrypt_in_place_detached(&Nonce::default(), b"", chunk).expect("a short chunk"));
        }
        start.elapsed()
    });
    let sealed = buffer.clone();
    let open = fastest(|| {
        buffer.copy_from_slice(&sealed);
        let start = Instant::now();
        for (chunk, tag) in buffer.chunks_mut(CHUNK_LEN).zip(&tags) {
            cipher.decrypt_in_place_detached(&Nonce::default(), b"", chunk, tag).expect("what was sealed");
        }
        start.elapsed()
    });
    (seal, open)
}

fn vault(plaintext: &[u8]) -> Result<(Duration, Duration), Box<dyn std::error::Error>> {
    let key = ContentKey::generate(&mut OsRng);
    let binding = Binding { resource: 1, version: 1 };
    let mut out = Vec::with_capacity(READ_LEN + 2 * (CHUNK_LEN + TAG_LEN));
    let seal = fastest(|| {
        let mut sealer = Sealer::new(&key, binding, plaintext.len() as u64, &mut OsRng).expect("a length in bounds");
        let start = Instant::now();
        for read in plaintext.chunks(READ_LEN) {
            out.clear();
            sealer.update(read, &mut out).expect("as announced");
            black_box(&out);
        }
        sealer.finish(&mut out).expect("all bytes came");
        start.elapsed()
    });

    let mut sealer = Sealer::new(&key, binding, plaintext.len() as u64, &mut OsRng)?;
    let mut sealed = Vec::with_capacity(sealer.sealed_len() as usize);
    sealer.update(plaintext, &mut sealed)?;
    sealer.finish(&mut sealed)?;
    let prefix: [u8; PREFIX_LEN] = sealed[..PREFIX_LEN].try_into()?;
    let opener = Opener::new(&key, binding, sealed.len() as u64, &prefix)?;
    let mut buffer = sealed.clone();
    let open = fastest(|| {
        buffer.copy_from_slice(&sealed);
        let start = Instant::now();
        for (index, chunk) in buffer[PREFIX_LEN..].chunks_mut(CHUNK_LEN + TAG_LEN).enumerate() {
            black_box(opener.open(index as u64, chunk).expect("what was sealed"));
        }
        start.elapsed()
    });
    Ok((seal, open))
}
