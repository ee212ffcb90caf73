// SPDX-License-Identifier: Apache-2.0
//! What the chain offers companions as proof that somebody is near.

#[path = "support/genesis.rs"]
mod genesis;

use frame_support::{assert_ok, traits::Hooks};
use kith_primitives::{
    distance::{Witness, ENUMERATED},
    member::MemberId,
    runtime_api::runtime_decl_for_kith_api::KithApiV1,
};
use kith_runtime::{Block, Runtime, RuntimeOrigin, System, Vouching};
use pallet_babe::{EpochIndex, NextRandomness};
use pallet_kith_vouching::{Error, ProofEnds, Requests};
use sp_keyring::Sr25519Keyring::Alice;

/// Alice, the first founder.
const ALICE: MemberId = 0;

fn witness() -> Option<Witness> {
    <Runtime as KithApiV1<Block>>::witness(ALICE)
}

/// Has referees asked about her among so many people.
fn ask_among(bound: u32) {
    Requests::<Runtime>::mutate(ALICE, |request| request.as_mut().expect("it was requested").bound = bound);
}

#[test]
fn an_empty_witness_is_offered_where_nobody_is_a_referee_and_none_while_they_are_to_be_drawn() {
    let mut chain = genesis::chain(|genesis| genesis["vouching"]["vouches"] = serde_json::json!([]));
    chain.execute_with(|| {
        // Records the epoch's seed.
        Vouching::on_initialize(0);
        let ends = ProofEnds::<Runtime>::get(ALICE).expect("founders have a term");
        System::set_block_number(ends);
        assert_eq!(witness(), None);
        let alice = || RuntimeOrigin::signed(Alice.to_account_id());
        assert_ok!(Vouching::request_distance(alice(), ALICE));
        ask_among(ENUMERATED + 1);
        assert_eq!(witness(), None);

        ask_among(3);
        assert_eq!(witness(), Some(Witness::new()));
        assert_ok!(Vouching::prove_distance(alice(), ALICE, Witness::new()));
        assert!(ProofEnds::<Runtime>::get(ALICE) > Some(ends));
    });
}

/// Begins an epoch, whose first block announces what was collected in the one before.
fn begin(epoch: u64) {
    EpochIndex::<Runtime>::put(epoch);
    NextRandomness::<Runtime>::put([u8::try_from(epoch).expect("a small number"); 32]);
    Vouching::on_initialize(0);
}

#[test]
fn a14_referees_are_not_drawn_by_what_was_collected_in_the_epoch_of_the_request() {
    let mut chain = genesis::chain(|_| {});
    chain.execute_with(|| {
        begin(5);
        System::set_block_number(ProofEnds::<Runtime>::get(ALICE).expect("founders have a term"));
        assert_ok!(Vouching::request_distance(RuntimeOrigin::signed(Alice.to_account_id()), ALICE));
        ask_among(ENUMERATED + 1);
        // The author of the last block of epoch 5 knew this seed while requests could still be made.
        begin(6);
        assert!(matches!(Vouching::asked(ALICE), Err(Error::TooEarlyToProve)));
        begin(7);
        // Drawn: among two others there are no eight referees.
        assert!(matches!(Vouching::asked(ALICE), Err(Error::TooFewReferees)));
    });
}
