// SPDX-License-Identifier: Apache-2.0
//! Do accounts travel between us and the wallets people have?
//!
//! The files were exported by polkadot-js (`@polkadot/keyring` 13.5.9) under the password `grias di`.

use data_encoding::BASE64;
use kith_keyring::polkadot_js::{export, import, ImportError};
use kith_keyring::{AddressError, Unlocked};
use rand::{rngs::StdRng, SeedableRng};
use serde_json::{json, Value};

const PASSWORD: &str = "grias di";
const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const ADDRESS: &str = "5EHgWw2Af1pnoc7f1A8bfmM97W3DAYW8xr82RfhLL9oAabAe";
const ENCODED: &str = "p2HwlvG9LydO10iR4UuLUAMRb6h43ZQFmwI0PMlumjAAAAIAAQAAAAgAAABRFNVFMOxjb0klb6gwTuF1rtptJCKGgWz4Njm5Oqm95pW/0wCUjIYCaQymoBI4XHG69m9OoEkWQx3xFh98abd4cCFwsWQ8t+io+xqtogA9TsLZVD1H68BCHIyvwk9QeN1IAML13cBhcMas3XbF+V6giqTcxbn9wXI6Ti8XaQdXKxmTjJvrHikSwp1wvqyt1EDbrBerZOUlVX0kDBtO";

fn wallet_file() -> Value {
    json!({
        "encoded": ENCODED,
        "encoding": { "content": ["pkcs8", "sr25519"], "type": ["scrypt", "xsalsa20-poly1305"], "version": "3" },
        "address": ADDRESS,
        "meta": { "name": "Vroni", "genesisHash": null, "whenCreated": 1 },
    })
}

fn with(field: &str, value: impl Into<Value>) -> String {
    let mut file = wallet_file();
    *file.pointer_mut(field).unwrap() = value.into();
    file.to_string()
}

/// The file with other bytes in `encoded`.
fn with_encoded(change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut encoded = BASE64.decode(ENCODED.as_bytes()).unwrap();
    change(&mut encoded);
    with("/encoded", BASE64.encode(&encoded))
}

#[test]
fn a_wallets_file_gives_the_same_keys_as_its_phrase() {
    let imported = import(&wallet_file().to_string(), PASSWORD).unwrap();
    let keys: Unlocked = PHRASE.parse().unwrap();
    assert_eq!(imported.account_id(), keys.account_id());
    // What was wrapped to the owner of the phrase opens with the imported account.
    assert_eq!(imported.encryption_public(), keys.encryption_public());
    assert!(imported.phrase().is_none());
}

#[test]
fn our_file_comes_back_and_looks_like_a_wallets() {
    let keys: Unlocked = "//Alice".parse().unwrap();
    let text = export(&keys, "Alice", 42, PASSWORD, &mut StdRng::seed_from_u64(1)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["address"], "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    assert_eq!(file["encoding"], wallet_file()["encoding"]);
    assert_eq!(file["meta"]["name"], "Alice");
    assert_eq!(file["encoded"].as_str().unwrap().len(), ENCODED.len());
    assert_eq!(import(&text, PASSWORD).unwrap().account_id(), keys.account_id());
    let refused = export(&keys, "Alice", 16_384, PASSWORD, &mut StdRng::seed_from_u64(1));
    assert_eq!(refused, Err(AddressError::Prefix { prefix: 16_384 }));
}

#[test]
fn another_password_or_an_altered_file_is_refused() {
    assert!(matches!(import(&wallet_file().to_string(), "grias"), Err(ImportError::WrongPassword)));
    let last = with_encoded(|encoded| *encoded.last_mut().unwrap() ^= 1);
    assert!(matches!(import(&last, PASSWORD), Err(ImportError::WrongPassword)));
    let cut = with_encoded(|encoded| encoded.truncate(70));
    assert!(matches!(import(&cut, PASSWORD), Err(ImportError::WrongPassword)));
}

#[test]
fn scrypt_costs_no_wallet_writes_are_refused_before_they_are_paid() {
    let at = |place: usize, number: u32| {
        with_encoded(|encoded| encoded[place..place + 4].copy_from_slice(&number.to_le_bytes()))
    };
    for file in [
        at(32, 1 << 30),
        at(32, 1 << 18),
        at(32, 1 << 12),
        at(32, (1 << 15) + 1),
        at(32, 0),
        at(36, 11),
        at(36, 0),
        at(36, u32::MAX),
        at(40, 9),
        at(40, u32::MAX),
    ] {
        assert!(matches!(import(&file, PASSWORD), Err(ImportError::Cost { .. })));
    }
}

#[test]
fn files_of_another_kind_are_refused() {
    for file in [
        with("/encoding/version", "2"),
        with("/encoding/content", json!(["pkcs8", "ed25519"])),
        with("/encoding/type", json!(["none"])),
        with("/encoding/type", json!([])),
        with("/encoded", "not base64"),
        with_encoded(|encoded| encoded.truncate(67)),
    ] {
        assert!(matches!(import(&file, PASSWORD), Err(ImportError::Unsupported)), "{file}");
    }
    for file in ["", "{}", "[]", &with("/encoded", 5), &with("/encoding", "3")] {
        assert!(matches!(import(file, PASSWORD), Err(ImportError::Json(_))), "{file}");
    }
    assert!(matches!(import(&" ".repeat(100_000), PASSWORD), Err(ImportError::TooLarge)));
}

#[test]
fn a_key_of_another_address_is_refused() {
    for address in ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "nonsense"] {
        assert!(matches!(import(&with("/address", address), PASSWORD), Err(ImportError::WrongKey)));
    }
}
