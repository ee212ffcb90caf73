// SPDX-License-Identifier: Apache-2.0
//! Is the format on disk and on chain still the one first published?
//!
//! The expected bytes were computed apart from this crate, from the documented format alone, with another
//! implementation of HKDF, X25519 and ChaCha20-Poly1305.

mod support;

use kith_vault::{Binding, ContentKey, Opener, ReaderSecret, Sealer, WrapContext, WrappedKey, PREFIX_LEN};
use sha2::{Digest, Sha256};
use support::CountingRng;
use zeroize::Zeroizing;

const BINDING: Binding = Binding { resource: 7, version: 3 };
const STREAM_SHA256: &str = "b69de61f03590c1641f881184924466f44aa5e0cca658f6345c46bda085fd982";
const STREAM_LEN: usize = 71_776;
const COMMITMENT: &str = "1ae900ce99fdd7770df3fca6be74289cb17f693c81b0ecd1621d218f93c0a66b";
const READER_PUBLIC: &str = "0faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20";
const WRAPPED: &str =
    "7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f139f499e859867b1d16af205a9dc8ded20\
                       fe03c775619e33c3245bd6f4229aaf945ed6c75807b57891d490087233de3c8f";

fn plaintext() -> Vec<u8> {
    (0..70_000).map(|at| (at * 31 % 251) as u8).collect()
}

fn context() -> WrapContext {
    WrapContext { community: [0x33; 32], resource: 7, epoch: 2, reader: 9 }
}

#[test]
fn sealed_stream_is_byte_for_byte_the_published_format() {
    // Key bytes 0..32, salt bytes 32..64.
    let mut rng = CountingRng(0);
    let key = ContentKey::generate(&mut rng);
    let mut sealer = Sealer::new(&key, BINDING, 70_000, &mut rng).unwrap();
    let mut sealed = Vec::new();
    sealer.update(&plaintext(), &mut sealed).unwrap();
    sealer.finish(&mut sealed).unwrap();
    assert_eq!(sealed.len(), STREAM_LEN);
    assert_eq!(hex::encode(&sealed[32..PREFIX_LEN]), COMMITMENT);
    assert_eq!(hex::encode(Sha256::digest(&sealed)), STREAM_SHA256);
}

#[test]
fn key_wrapped_by_another_implementation_opens() {
    assert_eq!(
        READER_PUBLIC,
        hex::encode(x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from([0x22; 32])))
    );
    let wrapped = WrappedKey(hex::decode(WRAPPED).unwrap().try_into().unwrap());
    let key = wrapped.unwrap(&ReaderSecret::new(Zeroizing::new([0x22; 32])), &context()).unwrap();
    let mut prefix: [u8; PREFIX_LEN] = std::array::from_fn(|at| at as u8 + 32);
    prefix[32..].copy_from_slice(&hex::decode(COMMITMENT).unwrap());
    assert!(Opener::new(&key, BINDING, STREAM_LEN as u64, &prefix).is_ok());
}
