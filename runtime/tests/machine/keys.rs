// SPDX-License-Identifier: Apache-2.0
//! The keys there are, by number, and the community that the owners of the first found.

use std::{ops::Range, sync::LazyLock};

use codec::Encode;
use kith_primitives::{
    device::{binding_payload, DeviceId},
    member::EncryptionKey,
    parameters::UNIT,
};
use kith_runtime::{validator::Validator, AccountId, Membership, SessionKeys};
use serde_json::json;
use sp_core::{ed25519, proof_of_possession::statement_of_ownership, sr25519, Pair};
use sp_io::TestExternalities;
use sp_runtime::MultiSignature;

use crate::genesis;

/// Every account has some money.
pub(crate) const KEYS: u8 = 40;
/// Those who found have the first keys.
pub(crate) const FOUNDERS: u8 = 6;
/// With these people apply.
pub(crate) const NEWCOMERS: Range<u8> = FOUNDERS..20;
/// These are given to who lost theirs.
pub(crate) const NEW: Range<u8> = 20..36;
/// This one is nobody's.
pub(crate) const STRANGER: u8 = KEYS - 1;
/// Each founder has one, the others are bound to nobody at first.
pub(crate) const DEVICES: u8 = 12;

/// Small numbers, so that terms end within a history.
const PARAMETERS: [(&str, u32); 25] = [
    ("admission_threshold", 3),
    ("vouch_stock", 12),
    ("vouch_interval", 1),
    ("vouch_validity", 90),
    ("renewal_window", 60),
    ("lapse_grace", 12),
    ("candidate_lifetime", 40),
    ("max_devices", 2),
    ("lease_period", 40),
    ("name_grace", 10),
    ("era_length", 18),
    ("claim_period", 30),
    ("override_period", 30),
    ("misses_allowed", 2),
    ("distance_steps", 2),
    ("distance_percent", 50),
    ("distance_interval", 10),
    ("recovery_threshold", 2),
    ("recovery_delay", 4),
    ("recovery_period", 20),
    ("max_validators", 4),
    ("absence_allowed", 1),
    ("validator_penance", 10),
    ("proof_validity", 70),
    ("renewal_percent", 30),
];

static PAIRS: LazyLock<Vec<(AccountId, sr25519::Pair)>> = LazyLock::new(|| {
    let pairs = (0..KEYS).map(|n| sr25519::Pair::from_seed(&[n + 1; 32]));
    pairs.map(|pair| (AccountId::new(pair.public().0), pair)).collect()
});

pub(crate) fn pair(n: u8) -> &'static sr25519::Pair {
    &PAIRS[usize::from(n % KEYS)].1
}

pub(crate) fn account(n: u8) -> AccountId {
    PAIRS[usize::from(n % KEYS)].0.clone()
}

/// The number of the account's key.
pub(crate) fn number(account: &AccountId) -> Option<u8> {
    (0..KEYS).zip(PAIRS.iter()).find(|(_, (of, _))| of == account).map(|(n, _)| n)
}

pub(crate) fn sign(n: u8, payload: &[u8]) -> MultiSignature {
    MultiSignature::Sr25519(pair(n).sign(payload))
}

/// An encryption key nobody has the secret of.
pub(crate) fn encryption_key(n: u8) -> EncryptionKey {
    EncryptionKey([n + 2; 32])
}

fn device_pair(n: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[n % DEVICES + 101; 32])
}

pub(crate) fn device(n: u8) -> DeviceId {
    DeviceId(device_pair(n).public().0)
}

/// The device's signature that it belongs to the account.
pub(crate) fn binding(n: u8, owner: &AccountId) -> ed25519::Signature {
    device_pair(n).sign(&binding_payload(&Membership::genesis(), owner))
}

fn grandpa(n: u8) -> ed25519::Pair {
    ed25519::Pair::from_seed(&[n + 151; 32])
}

/// The session keys that go with an account's, and the proof that the owner has them.
pub(crate) fn session_keys(n: u8, owner: &AccountId) -> (SessionKeys, Vec<u8>) {
    let keys = SessionKeys { babe: pair(n).public().into(), grandpa: grandpa(n).public().into() };
    let statement = statement_of_ownership(&owner.encode());
    (keys, (pair(n).sign(&statement), grandpa(n).sign(&statement)).encode())
}

/// The founders vouch for each other, the first validates, and an epoch has eight blocks.
pub(crate) fn founded() -> TestExternalities {
    let founders: Vec<_> = (0..FOUNDERS).map(|n| (account(n), encryption_key(n), vec![device(n)])).collect();
    let numbers = 0..u32::from(FOUNDERS);
    let pairs = numbers.clone().flat_map(|by| numbers.clone().map(move |of| (by, of)));
    let vouches: Vec<_> = pairs.filter(|(by, of)| by != of).collect();
    let balances: Vec<_> = (0..KEYS).map(|n| (account(n), 1_000 * UNIT)).collect();
    let validators = vec![(account(0), Validator(0), session_keys(0, &account(0)).0)];
    genesis::chain(|genesis| {
        genesis["membership"]["founders"] = serde_json::to_value(founders).expect("it is plain data");
        genesis["balances"]["balances"] = serde_json::to_value(balances).expect("it is plain data");
        genesis["session"]["keys"] = serde_json::to_value(validators).expect("it is plain data");
        genesis["vouching"]["vouches"] = json!(vouches);
        genesis["constitution"]["epochLength"] = json!(8);
        for (parameter, value) in PARAMETERS {
            genesis["constitution"]["parameters"][parameter] = json!(value);
        }
    })
}
