// SPDX-License-Identifier: Apache-2.0
use super::*;
use proptest::prelude::*;

/// The tree as its definition reads, over whole levels.
fn reference(bytes: &[u8]) -> Commitment {
    let mut level: Vec<H256> = bytes.chunks(CHUNK_BYTES).map(leaf).collect();
    if level.is_empty() {
        level.push(leaf(&[]));
    }
    let chunks = level.len() as u32;
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [l, r] = pair { node(l, r) } else { pair[0] }).collect();
    }
    Commitment { root: level[0], chunks }
}

fn prove(bytes: &[u8], index: u32) -> (Commitment, Option<ChunkProof>) {
    let mut builder = Builder::proving(index);
    builder.update(bytes).unwrap();
    builder.finish_with_proof().unwrap()
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i / 7 % 251) as u8).collect()
}

#[test]
fn every_chunk_of_every_small_size_is_proven() {
    for chunks in 1..40usize {
        let bytes = content(chunks * CHUNK_BYTES - 3);
        for index in 0..chunks as u32 {
            let (commitment, proof) = prove(&bytes, index);
            assert_eq!(commitment, reference(&bytes));
            assert!(proof.unwrap().proves(&commitment), "chunk {index} of {chunks}");
        }
    }
}

#[test]
fn no_bytes_are_one_empty_chunk() {
    let (commitment, proof) = prove(&[], 0);
    assert_eq!(commitment, reference(&[]));
    assert!(proof.unwrap().proves(&commitment));
}

#[test]
fn a_chunk_beyond_the_end_has_no_proof() {
    assert!(prove(&content(5000), 5).1.is_none());
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same_commitment(length in 0usize..20_000, piece in 1usize..3000) {
        let bytes = content(length);
        let mut builder = Builder::new();
        for part in bytes.chunks(piece) {
            builder.update(part).unwrap();
        }
        prop_assert_eq!(builder.finish().unwrap(), reference(&bytes));
    }

    #[test]
    fn an_altered_proof_is_refused(length in 1usize..20_000, seed in any::<u32>(), bit in 0usize..8, part in 0u8..4) {
        let bytes = content(length);
        let chunks = bytes.len().div_ceil(CHUNK_BYTES) as u32;
        let (commitment, proof) = prove(&bytes, seed % chunks);
        let mut proof = proof.unwrap();
        prop_assert!(proof.proves(&commitment));
        match part {
            0 => { let at = seed as usize % proof.chunk.len(); proof.chunk[at] ^= 1 << bit; },
            1 if !proof.path.is_empty() => { let at = seed as usize % proof.path.len(); proof.path[at].0[0] ^= 1 << bit; },
            2 if !proof.path.is_empty() => { proof.path.pop(); },
            _ => { proof.path.try_push(H256::zero()).unwrap(); },
        }
        prop_assert!(!proof.proves(&commitment));
    }

    #[test]
    fn a_chunk_is_proven_only_at_its_own_index(length in 3000usize..20_000, a in any::<u32>(), b in any::<u32>()) {
        let bytes: Vec<u8> = (0..length).map(|i| (i / CHUNK_BYTES) as u8).collect();
        let chunks = bytes.len().div_ceil(CHUNK_BYTES) as u32;
        let (a, b) = (a % chunks, b % chunks);
        prop_assume!(a != b);
        let (commitment, proof) = prove(&bytes, a);
        let mut proof = proof.unwrap();
        proof.index = b;
        prop_assert!(!proof.proves(&commitment));
    }
}
