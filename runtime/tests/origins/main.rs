// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of our pallets, over the composed runtime: every call, by everybody there is.
//!
//! Each pallet has a file of tables, one for each call or more. A table says what everybody gets for the call: that it
//! succeeds, or the very error. Whatever is refused leaves the state as it was. A frozen key and one that was given up
//! may pass a call's own checks; the transaction that would bring it is refused all the same.

#[path = "../support/application.rs"]
mod application;
#[path = "../support/genesis.rs"]
mod genesis;
#[path = "../support/session.rs"]
mod session;
#[path = "../support/state.rs"]
mod state;
#[path = "../support/transaction.rs"]
mod transaction;

mod constitution;
mod incentives;
mod membership;
mod people;
mod resources;
mod table;
mod validators;
mod vouching;

use std::collections::BTreeSet;

use frame_support::traits::{GetCallMetadata, PalletsInfoAccess};
use kith_runtime::{AllPalletsWithSystem, RuntimeCall};
use people::everybody;
use table::{undone, Tables};

/// The tables of each pallet.
const TABLES: [(&str, Tables); 6] = [
    ("Membership", membership::TABLES),
    ("Vouching", vouching::TABLES),
    ("Validators", validators::TABLES),
    ("Resources", resources::TABLES),
    ("Incentives", incentives::TABLES),
    ("Constitution", constitution::TABLES),
];

#[test]
fn every_pallet_of_ours_has_tables() {
    let infos = AllPalletsWithSystem::infos().into_iter();
    let ours = infos.filter(|pallet| pallet.module_name.starts_with("pallet_kith_")).map(|pallet| pallet.name);
    assert_eq!(ours.collect::<BTreeSet<_>>(), BTreeSet::from(TABLES.map(|(pallet, _)| pallet)));
}

#[test]
fn every_call_of_theirs_has_a_table() {
    everybody(|| {
        for (pallet, tables) in TABLES {
            let named = tables.iter().map(|table| undone(|| table().name()));
            let calls = RuntimeCall::get_call_names(pallet).iter().map(|call| (pallet, *call));
            assert_eq!(named.collect::<BTreeSet<_>>(), calls.collect::<BTreeSet<_>>());
        }
    });
}
