// SPDX-License-Identifier: Apache-2.0
//! Genesis for development: `development` is one validator, `local_testnet` two.
//!
//! A real community's genesis is not a preset: `kith community new` makes it from the community's own file.

use alloc::vec::Vec;
use frame_support::build_struct_json_patch;
use kith_primitives::{
    doug::DougRules,
    member::{EncryptionKey, MemberId},
    parameters::{Parameters, UNIT},
};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

use crate::{
    apis::BABE_CONFIGURATION, validator::Validator, AccountId, BabeConfig, BalancesConfig, ConstitutionConfig,
    MembershipConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys, ValidatorsConfig, VouchingConfig,
};

/// The presets there are.
pub const NAMES: [&str; 2] = [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET];

/// The contract that governs a development chain.
const DOUG: &[u8] = include_bytes!("../../ink-contracts/artifacts/doug.wasm");
/// Milliseconds.
const SLOT: u64 = 1_000;
/// Slots.
const EPOCH: u64 = 60;

/// A minute of voting, ten seconds of delay and an hour to execute; more than half, 67 %, 75 %.
const DEVELOPMENT_RULES: DougRules = DougRules {
    voting_period: 60,
    delay: 10,
    expiry: 3_600,
    ordinary_above: 50,
    extraordinary: 67,
    constitutional: 75,
};

/// The patch of the preset with this name.
pub fn get(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_str() {
        DEV_RUNTIME_PRESET => development(),
        LOCAL_TESTNET_RUNTIME_PRESET => local_testnet(),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// The patch of a chain with one validator.
pub fn development() -> serde_json::Value {
    patch(&[(Sr25519Keyring::Alice, Ed25519Keyring::Alice)])
}

/// The patch of a chain with two.
pub fn local_testnet() -> serde_json::Value {
    patch(&[(Sr25519Keyring::Alice, Ed25519Keyring::Alice), (Sr25519Keyring::Bob, Ed25519Keyring::Bob)])
}

fn patch(validators: &[(Sr25519Keyring, Ed25519Keyring)]) -> serde_json::Value {
    let founders = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    let endowed: Vec<(AccountId, u128)> =
        Sr25519Keyring::well_known().map(|key| (key.to_account_id(), 1_000_000 * UNIT)).collect();
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances: endowed },
        babe: BabeConfig { epoch_config: BABE_CONFIGURATION },
        session: SessionConfig {
            keys: (0..)
                .zip(validators)
                .map(|(person, (babe, grandpa))| session_keys(person, *babe, *grandpa))
                .collect::<Vec<_>>(),
        },
        validators: ValidatorsConfig {
            validators: (0..).zip(validators).map(|(person, _)| person).collect::<Vec<_>>()
        },
        membership: MembershipConfig {
            founders: founders
                .iter()
                .map(|key| (key.to_account_id(), nobodys_key(*key), Vec::new()))
                .collect::<Vec<_>>(),
        },
        vouching: VouchingConfig {
            vouches: (0..3u32)
                .flat_map(|a| (0..3u32).filter(move |b| *b != a).map(move |b| (a, b)))
                .collect::<Vec<_>>(),
        },
        constitution: ConstitutionConfig {
            parameters: development_parameters(),
            slot_duration: SLOT,
            epoch_length: EPOCH,
            doug_code: DOUG.to_vec(),
            doug_rules: DEVELOPMENT_RULES,
            name: "development".into(),
        },
    })
}

fn session_keys(
    person: MemberId,
    babe: Sr25519Keyring,
    grandpa: Ed25519Keyring,
) -> (AccountId, Validator, SessionKeys) {
    (
        babe.to_account_id(),
        Validator(person),
        SessionKeys { babe: babe.public().into(), grandpa: grandpa.public().into() },
    )
}

/// An encryption key whose secret nobody has: private resources cannot be granted to a development founder.
fn nobodys_key(founder: Sr25519Keyring) -> EncryptionKey {
    let mut key = sp_io::hashing::blake2_256(&founder.public().0);
    // X25519 keys are numbers below 2^255 - 19.
    if let Some(highest) = key.last_mut() {
        *highest &= 0x3f;
    }
    EncryptionKey(key)
}

/// The defaults, at the pace of one block a second.
fn development_parameters() -> Parameters {
    Parameters {
        admission_threshold: 2,
        recovery_threshold: 2,
        recovery_delay: 60,
        recovery_period: 3_600,
        distance_interval: 60,
        validator_penance: 600,
        vouch_interval: 0,
        candidate_lifetime: 3_600,
        lease_period: 86_400,
        era_length: 120,
        claim_period: 3_600,
        ..Default::default()
    }
}
