// SPDX-License-Identifier: Apache-2.0
//! Session keys of the keyrings, and the proof that their holder gives them to an account.

use codec::Encode;
use kith_runtime::SessionKeys;
use sp_core::proof_of_possession::statement_of_ownership;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

pub(crate) fn session_keys(babe: Sr25519Keyring, grandpa: Ed25519Keyring) -> SessionKeys {
    SessionKeys { babe: babe.public().into(), grandpa: grandpa.public().into() }
}

/// What the session pallet asks for: each key's signature over its new owner.
pub(crate) fn proof(babe: Sr25519Keyring, grandpa: Ed25519Keyring, owner: Sr25519Keyring) -> Vec<u8> {
    let statement = statement_of_ownership(&owner.to_account_id().encode());
    (babe.sign(&statement), grandpa.sign(&statement)).encode()
}
