// SPDX-License-Identifier: Apache-2.0
//! Whether the first block of a chain is made of what its genesis says.

#[path = "support/genesis.rs"]
mod genesis;

use kith_runtime::Runtime;

/// Blocks, and no default of any preset.
const VALIDITY: u32 = 4_321;

#[test]
fn a_founders_vouch_expires_when_the_genesis_says() {
    let mut chain = genesis::chain(|genesis| {
        genesis["constitution"]["parameters"]["vouch_validity"] = VALIDITY.into();
    });
    chain.execute_with(|| {
        let vouches: Vec<u32> =
            pallet_kith_vouching::Vouches::<Runtime>::iter_prefix(0).map(|(_, vouch)| vouch.expires).collect();
        assert_eq!(vouches, [VALIDITY, VALIDITY]);
    });
}
