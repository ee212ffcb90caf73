// SPDX-License-Identifier: Apache-2.0
//! Whether the first block of a chain is made of what its genesis says.

use kith_runtime::{presets, Runtime, RuntimeGenesisConfig};
use serde_json::Value;
use sp_runtime::BuildStorage;

/// Blocks, and no default of any preset.
const VALIDITY: u32 = 4_321;

#[test]
fn a_founders_vouch_expires_when_the_genesis_says() {
    let preset = presets::get(&sp_genesis_builder::DEV_RUNTIME_PRESET.into()).expect("there is such a preset");
    let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it is plain data");
    merge(&mut genesis, serde_json::from_slice(&preset).expect("a preset is JSON"));
    genesis["constitution"]["parameters"]["vouch_validity"] = VALIDITY.into();
    let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("the preset fits the configuration");
    let storage = genesis.build_storage().expect("a chain can be founded so");
    sp_io::TestExternalities::new(storage).execute_with(|| {
        let vouches: Vec<u32> =
            pallet_kith_vouching::Vouches::<Runtime>::iter_prefix(0).map(|(_, vouch)| vouch.expires).collect();
        assert_eq!(vouches, [VALIDITY, VALIDITY]);
    });
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            from.into_iter().for_each(|(key, value)| merge(into.entry(key).or_insert(Value::Null), value));
        }
        (into, from) => *into = from,
    }
}
