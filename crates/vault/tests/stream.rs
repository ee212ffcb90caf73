// SPDX-License-Identifier: Apache-2.0
//! Does a sealed stream give back what went in, by any range, and refuse everything else?

mod support;

use kith_vault::{
    padded_len, Binding, OpenError, Opener, SealError, Sealer, CHUNK_LEN, MAX_PLAINTEXT_LEN, PREFIX_LEN, TAG_LEN,
};
use proptest::prelude::*;
use support::{key, opener, read, seal, CountingRng};

const BINDING: Binding = Binding { resource: 41, version: 5 };
const SEALED_CHUNK: usize = CHUNK_LEN + TAG_LEN;

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8).collect()
}

/// Three chunks, the last one shorter.
fn three_chunks() -> Vec<u8> {
    let sealed = seal(&key(1), BINDING, &bytes(2 * CHUNK_LEN + 5000));
    assert!(sealed.len() > PREFIX_LEN + 2 * SEALED_CHUNK && sealed.len() < PREFIX_LEN + 3 * SEALED_CHUNK);
    sealed
}

fn open_all(sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let opener = opener(&key(1), BINDING, sealed)?;
    read(&opener, sealed, 0..opener.plaintext_len())
}

#[test]
fn lengths_around_chunk_borders_round_trip() {
    for len in [0, 1, 4095, 4096, CHUNK_LEN - 1, CHUNK_LEN, CHUNK_LEN + 1, 2 * CHUNK_LEN, 3 * CHUNK_LEN - 1] {
        let plaintext = bytes(len);
        let opened = open_all(&seal(&key(1), BINDING, &plaintext)).unwrap();
        assert_eq!(opened.len() as u64, padded_len(len as u64));
        assert_eq!(opened[..len], plaintext);
        assert!(opened[len..].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn the_same_text_sealed_twice_shares_no_chunk() {
    let plaintext = bytes(100);
    let mut rng = CountingRng(3);
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut sealer = Sealer::new(&key(1), BINDING, 100, &mut rng).unwrap();
        let mut out = Vec::new();
        sealer.update(&plaintext, &mut out).unwrap();
        sealer.finish(&mut out).unwrap();
        streams.push(out);
    }
    assert_ne!(streams[0][PREFIX_LEN..PREFIX_LEN + 32], streams[1][PREFIX_LEN..PREFIX_LEN + 32]);
}

#[test]
fn a_flipped_bit_of_every_kind_of_byte_is_refused() {
    let good = three_chunks();
    let first = PREFIX_LEN;
    let second = first + SEALED_CHUNK;
    let third = second + SEALED_CHUNK;
    let chunks = [(0, first, second), (1, second, third), (2, third, good.len())];
    for at in [0, 31, 32, PREFIX_LEN - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(open_all(&bad), Err(OpenError::NotThisVersion { binding: BINDING }), "prefix byte {at}");
    }
    for (index, start, end) in chunks {
        for at in [start, start + 1, (start + end) / 2, end - TAG_LEN - 1, end - TAG_LEN, end - 1] {
            for bit in [0x01, 0x80] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                assert_eq!(open_all(&bad), Err(OpenError::Tampered { index }), "byte {at}");
            }
        }
    }
}

#[test]
fn a_failed_chunk_is_not_decrypted() {
    let mut sealed = three_chunks();
    let opener = opener(&key(1), BINDING, &sealed).unwrap();
    let chunk = &mut sealed[PREFIX_LEN..PREFIX_LEN + SEALED_CHUNK];
    chunk[0] ^= 1;
    let before = chunk.to_vec();
    assert!(opener.open(0, chunk).is_err());
    assert_eq!(chunk, before);
}

#[test]
fn truncation_at_any_place_is_refused() {
    let good = three_chunks();
    let borders = [PREFIX_LEN + SEALED_CHUNK, PREFIX_LEN + 2 * SEALED_CHUNK];
    for len in borders.into_iter().flat_map(|at| [at - 1, at, at + 1, at + TAG_LEN, at + TAG_LEN + 1]) {
        assert!(open_all(&good[..len]).is_err(), "cut to {len}");
    }
    assert!(open_all(&good[..good.len() - 1]).is_err());
}

#[test]
fn appended_bytes_are_refused() {
    let mut bad = three_chunks();
    bad.push(0);
    assert_eq!(open_all(&bad), Err(OpenError::Tampered { index: 2 }));
}

#[test]
fn reordered_and_repeated_chunks_are_refused() {
    let good = three_chunks();
    let (first, second) =
        (PREFIX_LEN..PREFIX_LEN + SEALED_CHUNK, PREFIX_LEN + SEALED_CHUNK..PREFIX_LEN + 2 * SEALED_CHUNK);
    let mut swapped = good.clone();
    swapped[first.clone()].copy_from_slice(&good[second.clone()]);
    swapped[second.clone()].copy_from_slice(&good[first.clone()]);
    assert_eq!(open_all(&swapped), Err(OpenError::Tampered { index: 0 }));
    let mut repeated = good.clone();
    repeated[second].copy_from_slice(&good[first]);
    assert_eq!(open_all(&repeated), Err(OpenError::Tampered { index: 1 }));
}

#[test]
fn another_resource_version_or_key_is_refused() {
    let sealed = three_chunks();
    for binding in
        [Binding { resource: 42, ..BINDING }, Binding { version: 6, ..BINDING }, Binding { version: 4, ..BINDING }]
    {
        let refused = opener(&key(1), binding, &sealed).unwrap_err();
        assert_eq!(refused, OpenError::NotThisVersion { binding });
    }
    assert_eq!(opener(&key(2), BINDING, &sealed).unwrap_err(), OpenError::NotThisVersion { binding: BINDING });
}

#[test]
fn a_chunk_of_another_version_is_refused() {
    let old = seal(&key(1), Binding { version: 4, ..BINDING }, &bytes(2 * CHUNK_LEN + 5000));
    let mut bad = three_chunks();
    bad[PREFIX_LEN..PREFIX_LEN + SEALED_CHUNK].copy_from_slice(&old[PREFIX_LEN..PREFIX_LEN + SEALED_CHUNK]);
    assert_eq!(open_all(&bad), Err(OpenError::Tampered { index: 0 }));
}

#[test]
fn wrong_calls_are_refused_with_their_cause() {
    let sealed = three_chunks();
    let opener = opener(&key(1), BINDING, &sealed).unwrap();
    let plaintext_len = opener.plaintext_len();
    assert_eq!(opener.open(3, &mut []), Err(OpenError::NoSuchChunk { index: 3, chunks: 3 }));
    assert_eq!(
        opener.open(0, &mut [0; 20]),
        Err(OpenError::ChunkLength { index: 0, expected: SEALED_CHUNK, found: 20 })
    );
    let (start, end) = (1, plaintext_len + 1);
    assert_eq!(opener.plan(start..end).unwrap_err(), OpenError::Range { start, end, plaintext_len });
    let (start, end) = (2, 1);
    assert_eq!(opener.plan(start..end).unwrap_err(), OpenError::Range { start, end, plaintext_len });
    assert_eq!(Opener::new(&key(1), BINDING, 70, &[0; PREFIX_LEN]).unwrap_err(), OpenError::Length { sealed_len: 70 });
}

#[test]
fn content_that_changed_while_it_was_read_is_refused() {
    let sealer = |len| Sealer::new(&key(1), BINDING, len, &mut CountingRng(0));
    let mut out = Vec::new();
    let mut grown = sealer(10).unwrap();
    grown.update(&[0; 8], &mut out).unwrap();
    assert_eq!(grown.update(&[0; 5], &mut out), Err(SealError::Longer { announced: 10, excess: 3 }));
    let mut shrunk = sealer(10).unwrap();
    shrunk.update(&[0; 8], &mut out).unwrap();
    assert_eq!(shrunk.finish(&mut out), Err(SealError::Shorter { announced: 10, missing: 2 }));
    let len = MAX_PLAINTEXT_LEN + 1;
    assert_eq!(sealer(len).unwrap_err(), SealError::TooLong { len });
}

#[test]
fn a_small_range_costs_one_chunk_however_long_the_resource() {
    let opener = {
        // A stream of 1 GiB is only described, never made: the prefix is all an opener needs.
        let mut out = Vec::new();
        let mut sealer = Sealer::new(&key(1), BINDING, 1 << 30, &mut CountingRng(9)).unwrap();
        sealer.update(&[1], &mut out).unwrap();
        let prefix: [u8; PREFIX_LEN] = out[..PREFIX_LEN].try_into().unwrap();
        Opener::new(&key(1), BINDING, sealer.sealed_len(), &prefix).unwrap()
    };
    let plan = opener.plan(900_000_000..900_000_010).unwrap();
    assert_eq!(plan.clone().count(), 1);
    let range = plan.ciphertext_range();
    assert_eq!(range.end - range.start, SEALED_CHUNK as u64);
    assert_eq!(opener.plan(5..5).unwrap().ciphertext_range(), 0..0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_split_of_the_input_seals_to_the_same_bytes(
        len in 0..200_000usize,
        pieces in proptest::collection::vec(0..70_000usize, 0..8),
    ) {
        let plaintext = bytes(len);
        let whole = seal(&key(1), BINDING, &plaintext);
        let mut sealer = Sealer::new(&key(1), BINDING, len as u64, &mut CountingRng(99)).unwrap();
        let mut out = Vec::new();
        let mut rest = plaintext.as_slice();
        for piece in pieces {
            let (now, later) = rest.split_at(piece.min(rest.len()));
            sealer.update(now, &mut out).unwrap();
            rest = later;
        }
        sealer.update(rest, &mut out).unwrap();
        sealer.finish(&mut out).unwrap();
        prop_assert!(out == whole);
    }

    #[test]
    fn any_range_reads_the_same_bytes(len in 1..200_000usize, a in 0.0..=1.0f64, b in 0.0..=1.0f64) {
        let plaintext = bytes(len);
        let sealed = seal(&key(1), BINDING, &plaintext);
        let opener = opener(&key(1), BINDING, &sealed).unwrap();
        let place = |part: f64| (part * len as f64) as usize;
        let (start, end) = (place(a.min(b)), place(a.max(b)));
        let got = read(&opener, &sealed, start as u64..end as u64).unwrap();
        prop_assert!(got == plaintext[start..end]);
        let fetched = opener.plan(start as u64..end as u64).unwrap().ciphertext_range();
        let chunks_touched = if start == end { 0 } else { end.div_ceil(CHUNK_LEN) - start / CHUNK_LEN };
        prop_assert!(fetched.end - fetched.start <= (chunks_touched * SEALED_CHUNK) as u64);
    }

    #[test]
    fn any_changed_byte_is_refused(at in 0.0..1.0f64, xor in 1..=255u8) {
        let mut sealed = seal(&key(1), BINDING, &bytes(70_000));
        let at = (at * sealed.len() as f64) as usize;
        sealed[at] ^= xor;
        prop_assert!(open_all(&sealed).is_err());
    }
}
