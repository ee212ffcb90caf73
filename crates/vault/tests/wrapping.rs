// SPDX-License-Identifier: Apache-2.0
//! Does a wrapped key open for its reader only?

mod support;

use kith_vault::{ContentKey, ReaderSecret, UnwrapError, WrapContext, WrapError, WrappedKey};
use rand::{rngs::StdRng, SeedableRng};
use support::{key, opener, seal};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const CONTEXT: WrapContext = WrapContext { community: [8; 32], resource: 7, epoch: 2, reader: 9 };
const BINDING: kith_vault::Binding = kith_vault::Binding { resource: 7, version: 1 };

fn secret(byte: u8) -> ReaderSecret {
    ReaderSecret::new(Zeroizing::new([byte; 32]))
}

fn public(byte: u8) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from([byte; 32])).to_bytes()
}

fn wrap(key: &ContentKey) -> WrappedKey {
    key.wrap(&public(5), &CONTEXT, &mut StdRng::seed_from_u64(1)).unwrap()
}

#[test]
fn the_reader_gets_the_key_that_was_wrapped() {
    let unwrapped = wrap(&key(1)).unwrap(&secret(5), &CONTEXT).unwrap();
    let sealed = seal(&key(1), BINDING, b"for you");
    assert!(opener(&unwrapped, BINDING, &sealed).is_ok());
}

#[test]
fn nobody_else_gets_it() {
    assert_eq!(wrap(&key(1)).unwrap(&secret(6), &CONTEXT).unwrap_err(), UnwrapError::NotForThisReader);
}

#[test]
fn another_place_is_refused() {
    let wrapped = wrap(&key(1));
    for context in [
        WrapContext { community: [9; 32], ..CONTEXT },
        WrapContext { resource: 8, ..CONTEXT },
        WrapContext { epoch: 3, ..CONTEXT },
        WrapContext { reader: 10, ..CONTEXT },
    ] {
        assert_eq!(wrapped.unwrap(&secret(5), &context).unwrap_err(), UnwrapError::NotForThisReader);
    }
}

#[test]
fn every_changed_byte_is_refused() {
    let good = wrap(&key(1));
    for at in 0..WrappedKey::LEN {
        let mut bad = good;
        bad.0[at] ^= 1;
        assert_eq!(bad.unwrap(&secret(5), &CONTEXT).unwrap_err(), UnwrapError::NotForThisReader, "byte {at}");
    }
}

#[test]
fn two_wrappings_share_nothing() {
    let mut rng = StdRng::seed_from_u64(1);
    let mut wrap = || key(1).wrap(&public(5), &CONTEXT, &mut rng).unwrap();
    let (one, two) = (wrap(), wrap());
    assert_ne!(one.0[..32], two.0[..32]);
    assert_ne!(one.0[32..], two.0[32..]);
}

/// All points whose order divides 8, canonical and not, with and without the ignored top bit.
fn points_of_small_order() -> Vec<[u8; 32]> {
    let order_8 = [
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ];
    let p = "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let p_minus_1 = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let p_plus_1 = "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let mut points: Vec<[u8; 32]> = order_8
        .into_iter()
        .chain([p, p_minus_1, p_plus_1])
        .map(|point| hex::decode(point).unwrap().try_into().unwrap())
        .collect();
    points.push([0; 32]);
    let mut one = [0; 32];
    one[0] = 1;
    points.push(one);
    let with_top_bit = points.clone().into_iter().map(|mut point| {
        point[31] |= 0x80;
        point
    });
    points.extend(with_top_bit.collect::<Vec<_>>());
    points
}

#[test]
fn keys_of_small_order_are_refused() {
    for point in points_of_small_order() {
        let refused = key(1).wrap(&point, &CONTEXT, &mut StdRng::seed_from_u64(1));
        assert_eq!(refused, Err(WrapError::WeakPublicKey), "{}", hex::encode(point));
    }
}

#[test]
fn an_encapsulated_key_of_small_order_is_refused() {
    for point in points_of_small_order() {
        let mut bad = wrap(&key(1));
        bad.0[..32].copy_from_slice(&point);
        assert_eq!(bad.unwrap(&secret(5), &CONTEXT).unwrap_err(), UnwrapError::NotForThisReader);
    }
}

#[test]
fn debug_shows_no_byte_of_the_secret() {
    assert_eq!(format!("{:?}", secret(0xAB)), "ReaderSecret(redacted)");
}
