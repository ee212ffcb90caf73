// SPDX-License-Identifier: Apache-2.0
//! Does everything follow a person to a new key, and does the old key count for nothing?

#[path = "support/application.rs"]
mod application;
#[path = "rekeying/burden.rs"]
mod burden;
#[path = "rekeying/delegate.rs"]
mod delegate;
#[path = "rekeying/everything.rs"]
mod everything;
#[path = "support/genesis.rs"]
mod genesis;
#[path = "rekeying/paying.rs"]
mod paying;
#[path = "support/session.rs"]
mod session;
#[path = "support/soundness.rs"]
mod soundness;
#[path = "support/transaction.rs"]
mod transaction;
#[path = "rekeying/validator.rs"]
mod validator;

use frame_support::{
    assert_ok,
    dispatch::DispatchResultWithPostInfo,
    traits::{Hooks, UnfilteredDispatchable},
    weights::Weight,
};
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    glue::{self, Community},
    member::{EncryptionKey, MemberId},
    parameters::UNIT,
    recovery::NewKey,
    resource::{Kind, Visibility},
    BlockNumber,
};
use kith_runtime::{
    configs::ProxyType, AccountId, Balances, Constitution, Membership, Proxy, Resources, Runtime, RuntimeCall,
    RuntimeOrigin, System,
};
use pallet_kith_membership::{MotionProposal, Motions};
use serde_json::Value;
use session::session_keys;
use sp_io::TestExternalities;
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie, One, Two},
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    MultiSignature,
};
use transaction::send;

/// Alice is person 0: the first founder, and the validator.
const ALICE: MemberId = 0;
const REFUSED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::BadSigner);

/// The development chain, but that Alice's session keys are not her account's key.
fn development() -> TestExternalities {
    changed(|_| ())
}

/// The same, its genesis changed by `patch`.
fn changed(patch: impl FnOnce(&mut Value)) -> TestExternalities {
    let mut chain = genesis::chain(|genesis| {
        let keys = session_keys(Two, Ed25519Keyring::Two);
        genesis["session"]["keys"][0][2] = serde_json::to_value(keys).expect("it is plain data");
        patch(genesis);
    });
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn account(who: Sr25519Keyring) -> AccountId {
    who.to_account_id()
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(who))
}

fn wait(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

/// The motion the guardian opened last about Alice's key.
fn open(guardian: Sr25519Keyring, proposal: MotionProposal<AccountId, BlockNumber, MultiSignature>) -> u32 {
    assert_ok!(Membership::open_motion(origin(guardian), ALICE, proposal));
    Motions::<Runtime>::iter_key_prefix(ALICE).max().expect("it was opened")
}

/// Bob and Charlie agree that Alice's key be frozen.
fn freeze() {
    let motion = open(Bob, MotionProposal::Freeze);
    assert_ok!(Membership::approve_motion(origin(Charlie), ALICE, motion));
    assert!(Membership::is_frozen(ALICE));
}

/// Bob and Charlie give Alice the account of `to`, who signs for it.
fn rekey(to: Sr25519Keyring) {
    let motion = agreed(to);
    wait(<Constitution as glue::Constitution>::parameters().recovery_delay);
    assert_ok!(Membership::complete_motion(origin(Dave), ALICE, motion));
    assert_eq!(Membership::account(ALICE), Some(account(to)));
}

/// Bob and Charlie agree on the account of `to`; the delay runs.
fn agreed(to: Sr25519Keyring) -> u32 {
    let key = NewKey {
        genesis: Membership::genesis(),
        person: ALICE,
        account: account(to),
        encryption_key: EncryptionKey([to as u8 + 9; 32].map(|byte| byte & 0x3f)),
        expires: System::block_number() + 100,
    };
    let signature = MultiSignature::Sr25519(to.sign(&key.signing_payload()));
    let motion = open(Bob, MotionProposal::NewKey { key, signature });
    assert_ok!(Membership::approve_motion(origin(Charlie), ALICE, motion));
    motion
}

/// Whether any key of the state, but membership's record of given-up accounts, contains the account.
fn is_named_in_state(account: &AccountId) -> bool {
    let record = sp_io::hashing::twox_128(b"Membership");
    let record = [record, sp_io::hashing::twox_128(b"FormerAccounts")].concat();
    let bytes: &[u8] = account.as_ref();
    let mut key = Vec::new();
    while let Some(next) = sp_io::storage::next_key(&key) {
        if !next.starts_with(&record) && next.windows(32).any(|window| window == bytes) {
            println!("named in {}", hex(&next));
            return true;
        }
        key = next;
    }
    false
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first approval, with `other`, that their common account pays Ferdie.
fn first_approval(other: Sr25519Keyring) -> pallet_multisig::Call<Runtime> {
    pallet_multisig::Call::as_multi {
        threshold: 2,
        other_signatories: vec![account(other)],
        maybe_timepoint: None,
        call: Box::new(payment()),
        max_weight: Weight::zero(),
    }
}

fn agree(origin: RuntimeOrigin, other: Sr25519Keyring) -> DispatchResultWithPostInfo {
    RuntimeCall::from(first_approval(other)).dispatch_bypass_filter(origin)
}

/// When the open multisig operation began.
fn began() -> pallet_multisig::Timepoint<BlockNumber> {
    pallet_multisig::Multisigs::<Runtime>::iter_values().next().expect("one is open").when
}

fn payment() -> RuntimeCall {
    pallet_balances::Call::transfer_allow_death { dest: account(Ferdie).into(), value: UNIT }.into()
}

fn common_account() -> AccountId {
    let mut both = vec![account(Alice), account(Bob)];
    both.sort();
    kith_runtime::Multisig::multi_account_id(&both, 2)
}

#[test]
fn places_in_multisigs_stay_the_persons() {
    development().execute_with(|| {
        assert_ok!(Balances::transfer_allow_death(origin(Eve), common_account().into(), 10 * UNIT));
        assert_ok!(agree(origin(Alice), Bob));
        let deposit = Balances::reserved_balance(account(Alice));
        assert!(deposit > 0);
        rekey(One);
        assert_eq!(Balances::reserved_balance(account(One)), deposit);

        let paid = Balances::free_balance(account(Ferdie));
        assert_ok!(kith_runtime::Multisig::as_multi(
            origin(Bob),
            2,
            vec![account(Alice)],
            Some(began()),
            Box::new(payment()),
            Weight::MAX,
        ));
        assert_eq!(Balances::free_balance(account(Ferdie)), paid + UNIT);
        assert_eq!(Balances::reserved_balance(account(One)), 0, "the deposit came back to the person");

        let call = RuntimeCall::Multisig(first_approval(Bob));
        assert_ok!(Membership::as_former(origin(One), account(Alice), Box::new(call)));
        assert_eq!(Balances::reserved_balance(account(One)), deposit, "a new operation is the person's to pay");
        assert!(!is_named_in_state(&account(Alice)));
    });
}

#[test]
fn nobody_else_acts_as_the_former_account_and_nothing_else_is_done_by_it() {
    development().execute_with(|| {
        rekey(One);
        let call = Box::new(RuntimeCall::Multisig(first_approval(Bob)));
        assert!(Membership::as_former(origin(Bob), account(Alice), call).is_err());
        assert!(Membership::as_former(origin(One), account(Alice), Box::new(payment())).is_err());
    });
}

#[test]
fn a_delegates_place_stays_the_persons() {
    development().execute_with(|| {
        assert_ok!(Proxy::add_proxy(origin(Eve), account(Alice).into(), ProxyType::Any, 0));
        rekey(One);
        let paid = Balances::free_balance(account(Ferdie));
        let call =
            pallet_proxy::Call::proxy { real: account(Eve).into(), force_proxy_type: None, call: Box::new(payment()) };
        assert_ok!(Membership::as_former(origin(One), account(Alice), Box::new(call.into())));
        assert_eq!(Balances::free_balance(account(Ferdie)), paid + UNIT);
    });
}

#[test]
fn whom_a_frozen_key_named_is_forgotten_with_it() {
    development().execute_with(|| {
        let before = Balances::reserved_balance(account(Alice));
        assert_ok!(Proxy::add_proxy(origin(Alice), account(Dave).into(), ProxyType::Any, 0));
        freeze();
        rekey(One);
        assert!(pallet_proxy::Proxies::<Runtime>::get(account(One)).0.is_empty());
        assert_eq!(Balances::reserved_balance(account(One)), before);
        assert!(!Membership::is_frozen(ALICE));
    });
}

/// Whoever has the old keys reads nothing that is written after.
#[test]
fn what_the_old_keys_can_read_is_written_no_more() {
    development().execute_with(|| {
        assert_ok!(Resources::init(origin(Alice), Kind::Site, Visibility::Private, None));
        let wrapped = vec![7; 80].try_into().unwrap();
        assert_ok!(Resources::grant(origin(Alice), 0, ALICE, 0, wrapped));
        rekey(One);
        let published = |epoch| {
            let content = ContentId::parse(&[&[1, 0x70, 0x12, 32][..], &[1; 32]].concat()).unwrap();
            let commitment = Commitment { root: [9; 32].into(), chunks: 1 };
            Resources::publish(origin(One), 0, 1, epoch, content, commitment)
        };
        assert!(published(0).is_err());
        Resources::on_initialize(System::block_number() + 1);
        assert!(published(0).is_err());
        assert_ok!(published(1));
        assert_eq!(Resources::readers(0), [ALICE], "the right is theirs");
    });
}

/// Duniter 356: the fee of the transaction that changes a key is settled with whom it was taken from.
#[test]
fn a_fee_is_settled_when_the_payer_gets_a_new_key_in_the_same_transaction() {
    development().execute_with(|| {
        let delay = <Constitution as glue::Constitution>::parameters().recovery_delay;
        let motion = agreed(One);
        wait(delay);
        let issued = Balances::total_issuance();
        let complete = pallet_kith_membership::Call::complete_motion { person: ALICE, motion };
        assert_ok!(send(Alice, complete).expect("she may still sign"));
        assert_eq!(Membership::account(ALICE), Some(account(One)));
        assert!(!is_named_in_state(&account(Alice)));
        assert_eq!(Balances::total_issuance(), issued, "the quota paid: nothing was burnt or made");
    });
}

#[test]
fn from_the_block_of_the_freeze_on_the_key_signs_nothing_that_counts() {
    development().execute_with(|| {
        assert_ok!(Proxy::add_proxy(origin(Alice), account(Dave).into(), ProxyType::Any, 0));
        assert_ok!(send(Alice, payment()).expect("she is free to sign"));
        freeze();
        assert_eq!(send(Alice, payment()), Err(REFUSED));
        let by_delegate = pallet_proxy::Call::proxy {
            real: account(Alice).into(),
            force_proxy_type: None,
            call: Box::new(payment()),
        };
        assert_eq!(send(Dave, by_delegate.clone()), Err(REFUSED));
        let mut nested: RuntimeCall = by_delegate.into();
        for _ in 0..20 {
            nested = pallet_utility::Call::batch_all { calls: vec![payment(), nested] }.into();
        }
        assert_eq!(send(Dave, nested.clone()), Err(REFUSED));
        let in_multisig = pallet_multisig::Call::as_multi {
            threshold: 2,
            other_signatories: vec![account(Bob)],
            maybe_timepoint: None,
            call: Box::new(nested),
            max_weight: Weight::zero(),
        };
        assert_eq!(send(Dave, in_multisig), Err(REFUSED));
    });
}

#[test]
fn the_old_key_signs_nothing_after_the_new_one_is_given() {
    development().execute_with(|| {
        rekey(One);
        assert!(send(Alice, payment()).is_err(), "her account is gone");
        assert_ok!(Balances::transfer_allow_death(origin(Eve), account(Alice).into(), UNIT));
        assert_eq!(send(Alice, payment()), Err(REFUSED), "and nobody brings it back by paying into it");
        assert_ok!(send(One, payment()).expect("the new key signs"));
    });
}

#[test]
fn the_owner_vetoes_unless_the_key_is_frozen() {
    development().execute_with(|| {
        let motion = agreed(One);
        assert_ok!(send(Alice, pallet_kith_membership::Call::veto_motion { motion }).expect("her key is good"));
        assert!(!Motions::<Runtime>::contains_key(ALICE, motion));
        freeze();
        let motion = agreed(One);
        assert_eq!(send(Alice, pallet_kith_membership::Call::veto_motion { motion }), Err(REFUSED));
    });
}
