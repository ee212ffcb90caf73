// SPDX-License-Identifier: Apache-2.0
//! Whether what is off the chain sees the runtime as it is.

use std::path::Path;

use kith_runtime::Runtime;

/// The version of the metadata format that is checked in.
const VERSION: u32 = 15;

#[test]
fn metadata_is_the_one_checked_in() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts/metadata.scale");
    // Some constants are read from the state a community's genesis made; here there is none, and they have their defaults.
    let metadata = sp_io::TestExternalities::default()
        .execute_with(|| Runtime::metadata_at_version(VERSION).expect("the SDK makes this version"));
    if std::env::var_os("KITH_WRITE_METADATA").is_some() {
        std::fs::write(&file, &*metadata).expect("artifacts/ can be written");
    }
    let checked_in = std::fs::read(&file).unwrap_or_default();
    assert!(checked_in == *metadata, "artifacts/metadata.scale is not this runtime's: run `cargo xtask metadata`");
}

#[test]
fn clients_of_every_age_are_served() {
    assert_eq!(
        Runtime::metadata_versions().into_iter().filter(|version| *version <= 16).collect::<Vec<_>>(),
        [14, 15, 16]
    );
}
