// SPDX-License-Identifier: Apache-2.0
//! What do clients need to know of the built contract? Writes `doug.json`, the ink metadata with the code's hash, and
//! `doug.selectors.json`.
//!
//! Usage: `describe <optimised wasm> <output folder>`

use std::{error::Error, fs, path::Path};

// Links the crate, and with it the function that its ink macros generate.
use doug::Rules;
use ink::{env::hash::Blake2x256, metadata::InkProject, scale::Encode};
use serde_json::{json, Map, Value};

extern "Rust" {
    fn __ink_generate_metadata() -> InkProject;
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(wasm), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: describe <optimised wasm> <output folder>".into());
    };
    let folder = Path::new(&folder);
    let code_hash = hash(&fs::read(wasm)?);
    // SAFETY: `#[ink::contract]` defines this function in the crate `doug`, of the same build, with this signature.
    let project = unsafe { __ink_generate_metadata() };
    let mut metadata = serde_json::to_value(&project)?;
    let selectors = selectors(&metadata, &code_hash)?;
    let head = json!({
        "source": { "hash": code_hash, "language": "ink! 5.1.1", "compiler": "rustc 1.95.0" },
        "contract": { "name": "doug", "version": env!("CARGO_PKG_VERSION"), "authors": ["The Kith authors"] },
    });
    let fields = metadata.as_object_mut().ok_or("the metadata is no object")?;
    fields.extend(head.as_object().cloned().unwrap_or_default());
    write(&folder.join("doug.json"), &metadata)?;
    write(&folder.join("doug.selectors.json"), &selectors)
}

fn selectors(metadata: &Value, code_hash: &str) -> Result<Value, Box<dyn Error>> {
    let list = |kind: &str| -> Result<Map<String, Value>, Box<dyn Error>> {
        let entries = metadata["spec"][kind].as_array().ok_or("the metadata has no such list")?;
        let pairs = entries.iter().map(|entry| {
            let label = entry["label"].as_str().ok_or("an entry has no label")?;
            Ok((label.to_owned(), entry["selector"].clone()))
        });
        pairs.collect()
    };
    let constructors = list("constructors")?;
    let new = constructors["new"].as_str().ok_or("no constructor `new`")?;
    let genesis = format!("{new}{}", hex::encode(Rules::default().encode()));
    Ok(json!({
        "contract": "doug",
        "code_hash": code_hash,
        "constructors": constructors,
        "messages": list("messages")?,
        "new_with_default_rules": genesis,
    }))
}

fn hash(bytes: &[u8]) -> String {
    let mut hash = [0; 32];
    ink::env::hash_bytes::<Blake2x256>(bytes, &mut hash);
    format!("0x{}", hex::encode(hash))
}

fn write(path: &Path, value: &Value) -> Result<(), Box<dyn Error>> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(fs::write(path, text)?)
}
