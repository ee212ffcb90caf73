// SPDX-License-Identifier: Apache-2.0
//! Who validates on the real session pallet: by standing, by the person's own choice, and not after two votes in one round
//! or two blocks for one slot.

#[path = "support/genesis.rs"]
mod genesis;
#[path = "support/session.rs"]
mod session;
#[path = "support/transaction.rs"]
mod transaction;
#[path = "validators/two_blocks.rs"]
mod two_blocks;

use frame_support::{
    assert_err, assert_noop, assert_ok,
    traits::{Get, KeyOwnerProofSystem},
};
use kith_primitives::member::MemberId;
use kith_runtime::{
    validator::Validator, Grandpa, Historical, Membership, Runtime, RuntimeOrigin, Session, System, Validators,
};
use pallet_kith_validators::{Error, Offences, Penance, Standing};
use serde_json::json;
use session::session_keys;
use sp_consensus_grandpa::{AuthorityId, Equivocation, EquivocationProof, KEY_TYPE};
use sp_io::TestExternalities;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Sessions until a choice made now is in force: one to plan it, one to begin.
const UNTIL_SEATED: u32 = 2;

/// The development chain with all three founders validating.
fn three_validators() -> TestExternalities {
    let people = [
        (Sr25519Keyring::Alice, Ed25519Keyring::Alice),
        (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        (Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
    ];
    let mut chain = genesis::chain(|genesis| {
        let keys: Vec<_> = (0..)
            .zip(people)
            .map(|(person, (babe, grandpa))| (babe.to_account_id(), Validator(person), session_keys(babe, grandpa)))
            .collect();
        genesis["session"]["keys"] = serde_json::to_value(keys).expect("it is plain data");
        genesis["validators"]["validators"] = json!([0, 1, 2]);
    });
    chain.execute_with(|| System::set_block_number(1));
    chain
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

/// Ends so many sessions, each an epoch later.
fn rotate(sessions: u32) {
    for _ in 0..sessions {
        pallet_babe::Initialized::<Runtime>::put(None::<sp_consensus_babe::digests::PreDigest>);
        let epoch = pallet_kith_constitution::EpochLength::<Runtime>::get();
        pallet_babe::CurrentSlot::<Runtime>::mutate(|slot| *slot = *slot + epoch);
        Session::rotate_session();
    }
}

fn seated() -> Vec<MemberId> {
    let mut seated: Vec<MemberId> = Session::validators().into_iter().map(MemberId::from).collect();
    seated.sort_unstable();
    seated
}

fn offences(person: MemberId) -> u32 {
    Offences::<Runtime>::get(person).map_or(0, |record| record.count)
}

/// Two votes of the person's in one round for different blocks.
fn two_votes(who: Ed25519Keyring) -> EquivocationProof<sp_core::H256, u32> {
    let set = Grandpa::current_set_id();
    let vote = |hash: u8| {
        let prevote = finality_grandpa::Prevote { target_hash: [hash; 32].into(), target_number: 7 };
        let message = finality_grandpa::Message::Prevote(prevote.clone());
        let payload = sp_consensus_grandpa::localized_payload(1, set, &message);
        (prevote, who.sign(&payload).into())
    };
    let votes = finality_grandpa::Equivocation {
        round_number: 1,
        identity: who.public().into(),
        first: vote(1),
        second: vote(2),
    };
    EquivocationProof::new(set, Equivocation::Prevote(votes))
}

#[test]
fn who_votes_twice_in_a_round_loses_the_seat_and_no_money() {
    three_validators().execute_with(|| {
        rotate(3);
        assert_eq!(seated(), [0, 1, 2]);
        let issued = kith_runtime::Balances::total_issuance();
        let owner = Historical::prove((KEY_TYPE, AuthorityId::from(Ed25519Keyring::Bob.public()))).expect("he sits");
        let proof = two_votes(Ed25519Keyring::Bob);
        assert_ok!(Grandpa::report_equivocation_unsigned(
            RuntimeOrigin::none(),
            Box::new(proof.clone()),
            owner.clone()
        ));
        assert_eq!(offences(1), 1);
        assert!(Penance::<Runtime>::contains_key(1) && !Standing::<Runtime>::contains_key(1));
        assert_eq!(kith_runtime::Balances::total_issuance(), issued);
        assert_err!(
            Grandpa::report_equivocation_unsigned(RuntimeOrigin::none(), Box::new(proof), owner),
            pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport
        );
        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0, 2]);
        assert_noop!(Validators::stand(origin(Sr25519Keyring::Bob)), Error::<Runtime>::InPenance);
    });
}

#[test]
fn a_vote_of_someone_else_convicts_nobody() {
    three_validators().execute_with(|| {
        rotate(3);
        let owner = Historical::prove((KEY_TYPE, AuthorityId::from(Ed25519Keyring::Bob.public()))).expect("he sits");
        let forged = two_votes(Ed25519Keyring::Dave);
        assert!(Grandpa::report_equivocation_unsigned(RuntimeOrigin::none(), Box::new(forged), owner).is_err());
        assert_eq!(offences(1), 0);
    });
}

#[test]
fn an_expelled_validator_goes_and_the_last_one_stays() {
    three_validators().execute_with(|| {
        assert_ok!(Membership::leave(origin(Sr25519Keyring::Charlie)));
        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0, 1]);
        assert_ok!(Validators::stand_down(origin(Sr25519Keyring::Bob)));
        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0]);
        assert_ok!(Validators::stand_down(origin(Sr25519Keyring::Alice)));
        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0], "a chain without a validator would stand still");
    });
}

#[test]
fn a_member_with_session_keys_comes_in_without_anybodys_leave() {
    genesis::chain(|_| ()).execute_with(|| {
        System::set_block_number(1);
        assert_noop!(Validators::stand(origin(Sr25519Keyring::Bob)), Error::<Runtime>::NoSessionKeys);
        let keys = session_keys(Sr25519Keyring::Bob, Ed25519Keyring::Bob);
        let forged = session::proof(Sr25519Keyring::Bob, Ed25519Keyring::Bob, Sr25519Keyring::Dave);
        assert!(Session::set_keys(origin(Sr25519Keyring::Bob), keys.clone(), forged).is_err());
        let proof = session::proof(Sr25519Keyring::Bob, Ed25519Keyring::Bob, Sr25519Keyring::Bob);
        assert_ok!(Session::set_keys(origin(Sr25519Keyring::Bob), keys, proof));
        assert_ok!(Validators::stand(origin(Sr25519Keyring::Bob)));
        rotate(UNTIL_SEATED);
        assert_eq!(seated(), [0, 1]);
    });
}

#[test]
fn nobody_gives_up_session_keys() {
    genesis::chain(|_| ()).execute_with(|| {
        System::set_block_number(1);
        let purge = pallet_session::Call::purge_keys {};
        let outcome = transaction::send(Sr25519Keyring::Alice, purge).expect("it is a valid transaction");
        assert_eq!(outcome, Err(frame_system::Error::<Runtime>::CallFiltered.into()));
    });
}
