// SPDX-License-Identifier: Apache-2.0
//! What is gained by having a call made by another, or by a contract: nothing.

#[path = "../support/genesis.rs"]
mod genesis;
#[path = "../support/transaction.rs"]
mod transaction;

mod authority;
mod calls;
mod contracts;
mod depth;
mod fees;
mod frozen;
mod relay;
mod wrappers;

use frame_support::{storage::unhashed, traits::PalletsInfoAccess};
use kith_primitives::member::MemberId;
use kith_runtime::{AccountId, AllPalletsWithSystem, RuntimeCall, RuntimeEvent, RuntimeOrigin, System};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, DispatchError};

/// The development chain's members, by number; everybody else is a stranger with funds.
const ALICE: MemberId = 0;
const BOB: MemberId = 1;
const CHARLIE: MemberId = 2;

/// Runs a test over the development chain in its first block.
fn development(test: impl FnOnce()) {
    genesis::chain(|_| ()).execute_with(|| {
        System::set_block_number(1);
        test();
    });
}

fn account(who: Sr25519Keyring) -> AccountId {
    who.to_account_id()
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

/// What the call, or the first that fails of those it makes, is refused with.
fn refusal(who: Sr25519Keyring, call: RuntimeCall) -> Option<DispatchError> {
    System::reset_events();
    match call.dispatch(origin(who)) {
        Err(refused) => Some(refused.error),
        Ok(_) => System::events().into_iter().find_map(|record| told(record.event)),
    }
}

/// The refusal that an event tells of.
fn told(event: RuntimeEvent) -> Option<DispatchError> {
    use pallet_multisig::Event::MultisigExecuted;
    use pallet_proxy::Event::ProxyExecuted;
    use pallet_utility::Event::{BatchInterrupted, DispatchedAs, IfElseFallbackCalled, ItemFailed};
    match event {
        RuntimeEvent::Utility(
            BatchInterrupted { error, .. } | ItemFailed { error } | IfElseFallbackCalled { main_error: error },
        ) => Some(error),
        RuntimeEvent::Utility(DispatchedAs { result })
        | RuntimeEvent::Proxy(ProxyExecuted { result })
        | RuntimeEvent::Multisig(MultisigExecuted { result, .. }) => result.err(),
        _ => None,
    }
}

/// All that our pallets store.
fn community() -> Vec<(Vec<u8>, Vec<u8>)> {
    let pallets = AllPalletsWithSystem::infos().into_iter();
    let ours = pallets.filter(|pallet| pallet.module_name.starts_with("pallet_kith_"));
    ours.flat_map(|pallet| stored(&sp_io::hashing::twox_128(pallet.name.as_bytes()))).collect()
}

/// What is stored under the prefix.
fn stored(prefix: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let next = |key: &Vec<u8>| sp_io::storage::next_key(key).filter(|next| next.starts_with(prefix));
    let keys = std::iter::successors(next(&prefix.to_vec()), next);
    keys.map(|key| (key.clone(), unhashed::get_raw(&key).unwrap_or_default())).collect()
}

/// Does it, and asserts that nothing of the community has changed.
fn in_vain<R>(act: impl FnOnce() -> R) -> R {
    let before = community();
    assert!(!before.is_empty());
    let outcome = act();
    assert!(community() == before, "the community has changed");
    outcome
}
