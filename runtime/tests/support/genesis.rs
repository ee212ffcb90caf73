// SPDX-License-Identifier: Apache-2.0
//! The development chain, changed for a test.

use kith_runtime::{presets, RuntimeGenesisConfig};
use serde_json::Value;
use sp_io::TestExternalities;
use sp_runtime::BuildStorage;

/// The development chain before its first block, its genesis changed by `patch`.
pub(crate) fn chain(patch: impl FnOnce(&mut Value)) -> TestExternalities {
    let preset = presets::get(&sp_genesis_builder::DEV_RUNTIME_PRESET.into()).expect("there is such a preset");
    let mut genesis = serde_json::to_value(RuntimeGenesisConfig::default()).expect("it is plain data");
    merge(&mut genesis, serde_json::from_slice(&preset).expect("a preset is JSON"));
    patch(&mut genesis);
    let genesis: RuntimeGenesisConfig = serde_json::from_value(genesis).expect("the preset fits the configuration");
    TestExternalities::new(genesis.build_storage().expect("the genesis can be built"))
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            from.into_iter().for_each(|(key, value)| merge(into.entry(key).or_insert(Value::Null), value));
        }
        (into, from) => *into = from,
    }
}
