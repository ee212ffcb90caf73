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
use pallet_kith_vouching::{ProofEnds, Requests};
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
