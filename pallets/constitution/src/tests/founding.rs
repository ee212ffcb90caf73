// SPDX-License-Identifier: Apache-2.0
//! What a genesis may say.

use super::*;
use frame_support::traits::Get;
use kith_primitives::doug::DougRules;

fn with(change: impl FnOnce(&mut GenesisConfig<Test>)) -> ExtBuilder {
    let mut builder = ExtBuilder::members(3);
    change(&mut builder.genesis);
    builder
}

#[test]
fn the_genesis_is_in_force_from_the_start() {
    let builder = with(|genesis| {
        genesis.parameters.admission_threshold = 3;
        genesis.slot_duration = 1_000;
        genesis.epoch_length = 10;
        genesis.name = "Garten".into();
        genesis.charter = "Wir teilen.".into();
    });
    builder.build_and_execute(|| {
        assert_eq!(Constitution::parameters().admission_threshold, 3);
        assert_eq!(SlotDuration::<Test>::get(), 1_000);
        assert_eq!(EpochLength::<Test>::get(), 10);
        assert_eq!(Name::<Test>::get().to_vec(), b"Garten");
        assert_eq!(Charter::<Test>::get().to_vec(), b"Wir teilen.");
        assert_eq!(Doug::<Test>::get(), Some(DOUG));
    });
}

#[test]
fn without_code_there_is_no_doug() {
    with(|genesis| genesis.doug_code.clear()).build_and_execute(|| assert_eq!(Doug::<Test>::get(), None));
}

#[test]
fn the_doug_is_founded_with_the_rules_of_the_genesis() {
    let rules = DougRules { voting_period: 7, constitutional: 100, ..Default::default() };
    with(|genesis| genesis.doug_rules = rules).build_and_execute(|| assert_eq!(FoundedWith::get(), Some(rules)));
}

#[test]
#[should_panic(expected = "extraordinary is 50; choose a value from 51 to 100")]
fn a_rule_of_the_vote_out_of_bounds_is_refused() {
    with(|genesis| genesis.doug_rules.extraordinary = 50).build();
}

#[test]
fn the_genesis_reads_from_json_as_a_person_writes_it() {
    let json = r#"{ "parameters": { "admission_threshold": 2 }, "slotDuration": 1000, "epochLength": 20, "dougCode": "0x0061736d",
        "dougRules": { "voting_period": 9 }, "name": "Garten", "charter": "Wir teilen." }"#;
    let genesis: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    assert_eq!((genesis.parameters.admission_threshold, genesis.parameters.vouch_stock), (2, 24));
    assert_eq!((genesis.slot_duration, genesis.epoch_length), (1_000, 20));
    assert_eq!(genesis.doug_code, b"\0asm");
    assert_eq!(genesis.doug_rules, DougRules { voting_period: 9, ..Default::default() });
    assert_eq!(genesis.name, "Garten");
    let again: GenesisConfig<Test> = serde_json::from_str(&serde_json::to_string(&genesis).unwrap()).unwrap();
    assert_eq!(again.doug_code, genesis.doug_code);
}

#[test]
#[should_panic(expected = "vouch_stock is 0; choose a value from 1 to 100")]
fn a_parameter_out_of_bounds_is_refused() {
    with(|genesis| genesis.parameters.vouch_stock = 0).build();
}

#[test]
#[should_panic(expected = "admission_threshold is 4, but there are 3 founders")]
fn a09_a_threshold_above_the_founders_is_refused() {
    with(|genesis| genesis.parameters.admission_threshold = 4).build();
}

#[test]
#[should_panic(expected = "slot_duration is 1001 ms")]
fn an_odd_slot_is_refused() {
    with(|genesis| genesis.slot_duration = 1_001).build();
}

#[test]
#[should_panic(expected = "slot_duration is 0 ms")]
fn a_slot_of_no_time_is_refused() {
    with(|genesis| genesis.slot_duration = 0).build();
}

#[test]
#[should_panic(expected = "epoch_length is 3 slots")]
fn an_epoch_too_short_is_refused() {
    with(|genesis| genesis.epoch_length = 3).build();
}

#[test]
#[should_panic(expected = "the governing contract cannot be founded: not a contract")]
fn code_that_is_no_contract_is_refused() {
    with(|genesis| genesis.doug_code = b"?".to_vec()).build();
}

#[test]
fn a04_a_name_and_a_charter_may_be_as_long_as_their_bounds() {
    let builder = with(|genesis| {
        genesis.name = "n".repeat(64);
        genesis.charter = "c".repeat(16_384);
    });
    builder.build_and_execute(|| assert_eq!(Charter::<Test>::get().len(), 16_384));
}

#[test]
#[should_panic(expected = "name has 65 bytes")]
fn a04_a_name_beyond_its_bound_is_refused() {
    with(|genesis| genesis.name = "n".repeat(65)).build();
}

#[test]
#[should_panic(expected = "charter has 16385 bytes")]
fn a04_a_charter_beyond_its_bound_is_refused() {
    with(|genesis| genesis.charter = "c".repeat(16_385)).build();
}
