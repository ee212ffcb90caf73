// SPDX-License-Identifier: Apache-2.0
//! A validator gets a new key: the seat and the session keys stay the person's.

use frame_support::assert_ok;
use kith_runtime::{validator::Validator, Runtime, Session, SessionKeys, System};
use pallet_session::{ExternallySetKeys, NextKeys, QueuedKeys, SessionInterface};
use serde_json::json;
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{Alice, Bob, Ferdie, One, Two},
};
use sp_runtime::traits::OpaqueKeys;

use crate::{
    account, changed, development, is_named_in_state, origin, rekey,
    session::{proof, session_keys},
    ALICE,
};

/// Whose each of these keys is.
fn owners(keys: &SessionKeys) -> Vec<Option<Validator>> {
    SessionKeys::key_ids().iter().map(|id| Session::key_owner(*id, keys.get_raw(*id))).collect()
}

/// Duniter 327.
#[test]
fn a_validators_seat_and_session_keys_follow() {
    development().execute_with(|| {
        let (old, new) = (session_keys(Two, Ed25519Keyring::Two), session_keys(Ferdie, Ed25519Keyring::Ferdie));
        let queued = QueuedKeys::<Runtime>::get();
        assert!(Session::validators().contains(&Validator(ALICE)));
        assert_eq!(queued, [(Validator(ALICE), old.clone())]);
        assert_eq!(owners(&old), [Some(Validator(ALICE)); 2]);

        rekey(One);
        assert!(Session::validators().contains(&Validator(ALICE)));
        assert_eq!(QueuedKeys::<Runtime>::get(), queued);
        assert_eq!(NextKeys::<Runtime>::get(Validator(ALICE)).as_ref(), Some(&old));
        assert_eq!(owners(&old), [Some(Validator(ALICE)); 2]);

        assert_ok!(Session::set_keys(origin(One), new.clone(), proof(Ferdie, Ed25519Keyring::Ferdie, One)));
        assert_eq!(NextKeys::<Runtime>::get(Validator(ALICE)).as_ref(), Some(&new));
        assert_eq!((owners(&new), owners(&old)), (vec![Some(Validator(ALICE)); 2], vec![None; 2]));
        assert!(Session::validators().contains(&Validator(ALICE)));
        assert!(!is_named_in_state(&account(Alice)));
    });
}

/// Another pallet may set session keys for an account. The session pallet marks the account then, so that it counts one
/// use of the account once its owner sets keys themselves.
#[test]
fn the_mark_of_session_keys_set_from_outside_follows() {
    // Bob validates, so that Alice has no session keys before.
    let mut chain = changed(|genesis| {
        genesis["session"]["keys"][0][0] = serde_json::to_value(account(Bob)).expect("it is plain data");
        genesis["session"]["keys"][0][1] = json!(1);
        genesis["validators"]["validators"] = json!([1]);
    });
    chain.execute_with(|| {
        let keys = session_keys(Ferdie, Ed25519Keyring::Ferdie);
        assert_ok!(<Session as SessionInterface>::set_keys(&account(Alice), keys.clone()));
        assert!(ExternallySetKeys::<Runtime>::contains_key(account(Alice)));
        let uses = System::consumers(&account(Alice));

        rekey(One);
        assert!(ExternallySetKeys::<Runtime>::contains_key(account(One)));
        assert_eq!(owners(&keys), [Some(Validator(ALICE)); 2]);
        assert_eq!(System::consumers(&account(One)), uses);
        assert!(!is_named_in_state(&account(Alice)));

        assert_ok!(Session::set_keys(origin(One), keys, proof(Ferdie, Ed25519Keyring::Ferdie, One)));
        assert!(!ExternallySetKeys::<Runtime>::contains_key(account(One)));
        assert_eq!(System::consumers(&account(One)), uses + 1);
    });
}
