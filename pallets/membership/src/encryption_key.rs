// SPDX-License-Identifier: Apache-2.0
//! Which X25519 public keys a secret can be wrapped to.
//!
//! RFC 7748 lets a key be written in several ways and lets a few keys agree on the same all-zero secret with everyone.
//! Two spellings of one key would pass for two people's, and what is wrapped to a weak key is open to all: both are
//! refused.

use kith_primitives::member::EncryptionKey;

/// The canonical u-coordinates of the points whose order divides eight, but for 0, 1 and p - 1: the two of order eight.
const ORDER_EIGHT: [[u8; 32]; 2] = [
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

/// p - 1 = 2^255 - 20, little endian: the greatest canonical coordinate, and a point of order four.
const P_LESS_ONE: [u8; 32] = [
    0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
];

/// Whether the key is canonical and contributes to a shared secret.
pub(crate) fn is_usable(key: &EncryptionKey) -> bool {
    let is_0_or_1 = matches!(key.0, [0 | 1, rest @ ..] if rest == [0; 31]);
    // Coordinates are little endian: compared from the last byte.
    let is_below = key.0.iter().rev().lt(P_LESS_ONE.iter().rev());
    is_below && !is_0_or_1 && !ORDER_EIGHT.contains(&key.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use x25519_dalek::{x25519, PublicKey, StaticSecret};

    fn contributes(key: [u8; 32]) -> bool {
        StaticSecret::from([77; 32]).diffie_hellman(&PublicKey::from(key)).was_contributory()
    }

    fn plus(mut key: [u8; 32], n: u8) -> [u8; 32] {
        key[0] += n;
        key
    }

    #[test]
    fn each_weak_key_is_weak_and_refused_in_every_spelling() {
        let (mut zero, mut one) = ([0; 32], [0; 32]);
        one[0] = 1;
        // p and p + 1 are 0 and 1 again.
        let mut weak =
            vec![zero, one, ORDER_EIGHT[0], ORDER_EIGHT[1], P_LESS_ONE, plus(P_LESS_ONE, 1), plus(P_LESS_ONE, 2)];
        for key in weak.clone() {
            let mut high = key;
            high[31] |= 0x80;
            weak.push(high);
        }
        for key in weak {
            assert!(!contributes(key), "{key:?}");
            assert!(!is_usable(&EncryptionKey(key)), "{key:?}");
        }
        (zero[0], one[1]) = (2, 1);
        assert!(is_usable(&EncryptionKey(zero)) && is_usable(&EncryptionKey(one)));
    }

    #[test]
    fn a_second_spelling_of_a_good_key_is_refused() {
        let mut base = [0; 32];
        base[0] = 9;
        let mut high = base;
        high[31] |= 0x80;
        let over = plus(P_LESS_ONE, 10);
        for other in [high, over] {
            assert_eq!(x25519([77; 32], base), x25519([77; 32], other));
            assert!(is_usable(&EncryptionKey(base)) && !is_usable(&EncryptionKey(other)));
        }
    }

    proptest! {
        #[test]
        fn keys_made_from_secrets_are_usable(secret: [u8; 32]) {
            let key = PublicKey::from(&StaticSecret::from(secret)).to_bytes();
            prop_assert!(is_usable(&EncryptionKey(key)));
        }

        #[test]
        fn whatever_is_usable_contributes(key: [u8; 32]) {
            prop_assert!(!is_usable(&EncryptionKey(key)) || contributes(key));
        }
    }
}
