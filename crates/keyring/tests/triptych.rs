// SPDX-License-Identifier: Apache-2.0
//! Are our accounts and signatures those of every Substrate wallet?
//!
//! Accounts, addresses and the signature were computed with polkadot-js (`@polkadot/keyring` 13.5.9).

use kith_keyring::{Address, AddressError, Unlocked, UriError, Words, DEV_PHRASE};
use proptest::prelude::*;
use rand::{rngs::StdRng, SeedableRng};
use schnorrkel::{signing_context, PublicKey, Signature};

const TWELVE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const TWENTY_FOUR: &str =
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor \
                           acoustic avoid letter advice cage absurd amount doctor acoustic bless";
/// By polkadot-js, of the twelve words, over `<Bytes>hello</Bytes>`.
const WALLET_SIGNATURE: [u8; 64] = [
    0x20, 0x61, 0x11, 0x13, 0x4b, 0x46, 0x2b, 0xcd, 0xdf, 0xa7, 0x44, 0xcb, 0x19, 0xa4, 0xef, 0x57, 0x62, 0x22, 0xf7,
    0x26, 0x2f, 0xc4, 0x89, 0x67, 0x9b, 0xca, 0x1a, 0x7e, 0xf9, 0x81, 0x94, 0x29, 0xf2, 0xa5, 0x01, 0x07, 0x7c, 0x9f,
    0xfa, 0x74, 0x74, 0xd1, 0x6d, 0x3d, 0xf4, 0x76, 0x4e, 0x40, 0xe2, 0x22, 0x25, 0x0b, 0x89, 0x60, 0xd8, 0xfc, 0x80,
    0x7c, 0xd5, 0x84, 0x2b, 0x61, 0xe7, 0x8d,
];

fn keys(uri: &str) -> Unlocked {
    uri.parse().unwrap()
}

fn verifies(keys: &Unlocked, message: &[u8], signature: &[u8; 64]) -> bool {
    let public = PublicKey::from_bytes(&keys.account_id()).unwrap();
    let signature = Signature::from_bytes(signature).unwrap();
    public.verify(signing_context(b"substrate").bytes(message), &signature).is_ok()
}

#[test]
fn accounts_are_those_of_the_wallets() {
    let long = format!("{TWELVE}//a very long junction name that is longer than thirty-two bytes/0");
    for (uri, generic, polkadot, two_bytes) in [
        (
            TWELVE,
            "5EHgWw2Af1pnoc7f1A8bfmM97W3DAYW8xr82RfhLL9oAabAe",
            "13DyfGHEWo6GF98AxoBbovBHy82rrr4H3LrWaxggtEpgku8o",
            "fhBvhESg7QMjQzLrZmCxoYPbXqJGLFmphY4bWnc9RdqHYTnbb",
        ),
        (
            TWENTY_FOUR,
            "5DqrYQvokrzYkioJSFc6RWd2gnBibZSsKALyXZV3XJ1V8rAv",
            "12n9gkBsceG2CFopPtf6ZfTBYQBNHs11Pf5TgrUQ5P31KDXm",
            "fhBUsFvakWCuAwTYDCJSJJ8sRQaQqgnmRtNpTtVw8pyVs2Hh1",
        ),
        (
            "//Alice",
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5",
            "fhEVxe5tBqLSDCpztuuScgqkpnuS1KecNwsB1ZL4U6xkho6cS",
        ),
        (
            "//Bob",
            "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty",
            "14E5nqKAp3oAJcmzgZhUD2RcptBeUBScxKHgJKU4HPNcKVf3",
            "fhCvoN1i3hcSK3pWPUyUfwVqrh4R7s7D3T32gVxvo2yqU27nC",
        ),
        (
            "//Alice//stash",
            "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY",
            "15Jbynf3EcRqdHV1K14LXYh7PQFTbp5wiXfrc4kbMReR9KxA",
            "fhE1KYy3v8B4zNVDQ7QqYG27MFaUvzjrNDFQroiDL727Gr6L2",
        ),
        (
            "/soft",
            "5F4g82upwXKNJWdotdSwkALpdNRNnuNBLQeZ6YUYBoSK3rcj",
            "13zyGNAtoJaqk3eKrGVwtKAyUzR2VCvKQuP3FqTtjtTqE1dz",
            "fhChgqYZmgsDzVFNiegH9cnbDMAeVt8gjud83TUvdVUvgvt6f",
        ),
        (
            "//1",
            "5GBNeWRhZc2jXu7D55rBimKYDk8PGk8itRYFTPfC8RJLKG5o",
            "157fnqgmRPJCyS7j2iuBrv9h5N82y3grxvGjcgeYgWKrVZVh",
            "fhDpPN25eJwwMidr7q8gPbPZvwYMWMyTHTe1jpL7HS6niC8nj",
        ),
        (
            long.as_str(),
            "5GpyN7SfJjtmq57aaAAXe3vbqk5NEVrfEqZWBqE8mnqbk2eH",
            "15mGWShjAXAFGc86XoDXnCkkhN51voQoKLHzM8DVKss7vVRC",
            "fhETz5d6c45oQ1orVLCzjWgAzZYJVKjBDp42zYmgE5UKyd87F",
        ),
        (
            DEV_PHRASE,
            "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV",
            "12bzRJfh7arnnfPPUZHeJUaE62QLEwhK48QnH9LXeK2m1iZU",
            "fhBJhzV4a19VwXs7nGy4r2wzTxCdodsTjYr9nUnoGPuVcibox",
        ),
    ] {
        let account = keys(uri).account_id();
        for (prefix, text) in [(42, generic), (0, polkadot), (7007, two_bytes)] {
            let address = Address::new(prefix, account).unwrap();
            assert_eq!(address.to_string(), text, "{uri}");
            assert_eq!(text.parse(), Ok(address));
            assert_eq!((address.prefix(), address.account()), (prefix, account));
        }
    }
}

#[test]
fn a_password_gives_another_account() {
    // By polkadot-js, of the development phrase and the password "Password".
    assert_ne!(keys(&format!("{DEV_PHRASE}///Password")).account_id(), keys(DEV_PHRASE).account_id());
    assert_ne!(keys("//Alice///a").account_id(), keys("//Alice///b").account_id());
}

#[test]
fn the_phrase_can_be_shown_where_it_alone_brings_the_account_back() {
    assert_eq!(keys(TWELVE).phrase().as_deref().map(String::as_str), Some(TWELVE));
    assert_eq!(
        keys(&format!("  {}\n", TWELVE.to_uppercase().replace(' ', "   "))).account_id(),
        keys(TWELVE).account_id()
    );
    for uri in ["//Alice", "/soft", &format!("{TWELVE}///password")] {
        assert!(keys(uri).phrase().is_none(), "{uri}");
    }
}

#[test]
fn new_keys_come_back_from_their_phrase() {
    let mut rng = StdRng::seed_from_u64(1);
    for (words, count) in [(Words::Twelve, 12), (Words::TwentyFour, 24)] {
        let new = Unlocked::generate(words, &mut rng);
        let phrase = new.phrase().unwrap();
        assert_eq!(phrase.split(' ').count(), count);
        let again = keys(&phrase);
        assert_eq!(again.account_id(), new.account_id());
        assert_eq!(again.encryption_public(), new.encryption_public());
    }
    assert_ne!(
        Unlocked::generate(Words::Twelve, &mut rng).account_id(),
        Unlocked::generate(Words::Twelve, &mut rng).account_id()
    );
}

#[test]
fn encryption_keys_are_a_pair_and_a_persons_own() {
    let (alice, bob) = (keys("//Alice"), keys("//Bob"));
    let secret = x25519_dalek::StaticSecret::from(*alice.encryption_secret());
    assert_eq!(x25519_dalek::PublicKey::from(&secret).to_bytes(), alice.encryption_public());
    assert_ne!(alice.encryption_public(), bob.encryption_public());
    assert_ne!(alice.encryption_public(), alice.account_id());
    // Soft derivation draws a random nonce seed; the encryption key must not depend on it.
    assert_eq!(keys("/soft").encryption_public(), keys("/soft").encryption_public());
}

#[test]
fn the_encryption_key_of_a_phrase_never_changes() {
    // Computed apart from this crate, from the documented derivation.
    assert_eq!(
        data_encoding::HEXLOWER.encode(&keys(TWELVE).encryption_public()),
        "4feb378d850bddd3da97046a2015f9d002e0dc31df20a07345bddd05cf269226"
    );
}

#[test]
fn phrases_with_a_mistake_are_refused_with_its_place() {
    let refused = |uri: &str| uri.parse::<Unlocked>().unwrap_err();
    let misspelt = TWELVE.replace("wave", "wafe");
    let exchanged = TWELVE.replace("legal winner thank year", "winner legal thank year");
    for (uri, error) in [
        ("", UriError::WordCount { words: 0 }),
        ("legal winner", UriError::WordCount { words: 2 }),
        (&misspelt, UriError::UnknownWord { position: 5 }),
        (&exchanged, UriError::Checksum),
        ("//", UriError::EmptyJunction),
        ("//Alice/", UriError::EmptyJunction),
        (&"legal ".repeat(1000), UriError::TooLong),
    ] {
        assert_eq!(refused(uri), error, "{uri}");
    }
}

#[test]
fn a_wallets_signature_verifies_and_so_does_ours() {
    let vroni = keys(TWELVE);
    assert!(verifies(&vroni, b"<Bytes>hello</Bytes>", &WALLET_SIGNATURE));
    let payload = [7; 256];
    assert!(verifies(&vroni, &payload, &vroni.sign(&payload)));
    assert!(!verifies(&vroni, &[8; 256], &vroni.sign(&payload)));
    assert!(!verifies(&keys("//Alice"), &payload, &vroni.sign(&payload)));
}

#[test]
fn a_message_is_never_signed_bare() {
    let vroni = keys(TWELVE);
    let signature = vroni.sign_message(b"hello");
    assert!(verifies(&vroni, b"<Bytes>hello</Bytes>", &signature));
    assert!(!verifies(&vroni, b"hello", &signature));
    for message in [b"<Bytes>hello".as_slice(), b"hello</Bytes>", b"<Bytes>", b"", b"<Bytes></Byte>"] {
        assert!(!verifies(&vroni, message, &vroni.sign_message(message)));
    }
    let wrapped = b"<Bytes>hello</Bytes>";
    assert!(verifies(&vroni, wrapped, &vroni.sign_message(wrapped)));
}

#[test]
fn addresses_with_a_mistake_are_refused() {
    let good = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    for (text, error) in [
        ("", AddressError::Malformed),
        (&good[3..], AddressError::Malformed),
        (&good.replace('G', "0"), AddressError::Malformed),
        (&good.replace("utQY", "utQZ"), AddressError::Checksum),
        (&good.repeat(1000), AddressError::Malformed),
        // A prefix of one byte, spelt with two.
        (
            &bs58::encode([&[0x40 | (42 >> 2), (42 & 3) << 6], [0u8; 34].as_slice()].concat()).into_string(),
            AddressError::Malformed,
        ),
    ] {
        assert_eq!(text.parse::<Address>(), Err(error), "{text}");
    }
    assert_eq!(Address::new(16_384, [0; 32]), Err(AddressError::Prefix { prefix: 16_384 }));
}

#[test]
fn debug_and_errors_show_nothing_secret() {
    let vroni = keys(TWELVE);
    let shown = format!("{vroni:?}");
    let secret = vroni.encryption_secret();
    let listed = secret.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    assert!(!shown.contains(&listed) && !shown.contains("legal") && !shown.contains("yellow"), "{shown}");
    let refused = format!("{TWELVE} canary").parse::<Unlocked>().unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("canary"));
}

proptest! {
    #[test]
    fn any_address_round_trips(prefix in 0..16_384u16, account in any::<[u8; 32]>()) {
        let address = Address::new(prefix, account).unwrap();
        prop_assert_eq!(address.to_string().parse(), Ok(address));
    }

    #[test]
    fn any_text_is_an_address_in_one_spelling_or_none(text in "[1-9A-HJ-NP-Za-km-z]{0,52}") {
        if let Ok(address) = text.parse::<Address>() {
            prop_assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn any_text_is_a_phrase_or_refused(text in ".{0,80}") {
        let _ = text.parse::<Unlocked>();
    }
}
