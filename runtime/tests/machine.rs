// SPDX-License-Identifier: Apache-2.0
//! Random histories of the whole chain: every call of our pallets, by members, guardians, candidates, strangers, devices,
//! people who lapsed, left or whose keys are frozen or given up, and by the account that governs, between real blocks in
//! which sessions end, eras begin, vouches and leases run out, and parameters change.
//!
//! Whatever happens, a refused call leaves no trace, no call that says what it weighed says more than it declared, nothing
//! is minted but what is claimed, and the invariants of all our pallets hold. Most calls do not say what they weighed, and
//! what they really cost is not measured here.
//!
//! A run tries a few histories. `PROPTEST_CASES=1000 cargo test -p kith-runtime --test machine -- --nocapture` tries a
//! thousand, and asks of so many that every call succeed in one of them.

#[path = "support/application.rs"]
mod application;
#[path = "machine/blocks.rs"]
mod blocks;
#[path = "machine/calls.rs"]
mod calls;
#[path = "support/genesis.rs"]
mod genesis;
#[path = "machine/keys.rs"]
mod keys;
#[path = "machine/kinds.rs"]
mod kinds;
#[path = "machine/parameters.rs"]
mod parameters;
#[path = "machine/picks.rs"]
mod picks;
#[path = "support/soundness.rs"]
mod soundness;
#[path = "support/state.rs"]
mod state;
#[path = "machine/watch.rs"]
mod watch;

use std::{cell::RefCell, collections::BTreeSet, iter};

use frame_support::traits::{GetCallMetadata, PalletsInfoAccess};
use keys::{DEVICES, KEYS};
use kinds::{Kind, Numbers, KINDS};
use kith_primitives::BlockNumber;
use kith_runtime::{AllPalletsWithSystem, RuntimeCall};
use picks::By;
use proptest::{prelude::*, test_runner::TestRunner};
use watch::{Name, Watch};

/// Histories that are tried unless the environment says otherwise.
const CASES: u32 = 8;
/// In so many histories each call succeeds once at least, save [`RARE`].
const MANY: u32 = 500;
/// A claim wants a version kept, directed, proven in its era, and the era ended: the incentives' own machine gets there.
const RARE: Name = ("Incentives", "claim");

/// What happens next.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Call { by: By, kind: Kind, numbers: Numbers },
    Pass { blocks: BlockNumber, full: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let by = prop_oneof![
        6 => Just(By::Concerned),
        4 => (0u32..12).prop_map(By::Person),
        1 => (0..KEYS).prop_map(By::Key),
        1 => (0..DEVICES).prop_map(By::Device),
        1 => Just(By::Doug),
    ];
    let kinds: Vec<_> = KINDS.iter().flat_map(|(weight, kind)| iter::repeat_n(*kind, *weight)).collect();
    let kind = proptest::sample::select(kinds);
    let numbers = (0u32..1_000, 0u32..1_000);
    prop_oneof![
        3 => (by, kind, numbers).prop_map(|(by, kind, numbers)| Step::Call { by, kind, numbers }),
        1 => (1u32..10, any::<bool>()).prop_map(|(blocks, full)| Step::Pass { blocks, full }),
    ]
}

/// Lives through a history, and some blocks more. Returns the calls that succeeded.
fn live(history: Vec<Step>) -> BTreeSet<Name> {
    let mut chain = keys::founded();
    let mut watch = chain.execute_with(Watch::begin);
    for step in history.into_iter().chain([Step::Pass { blocks: 12, full: false }]) {
        chain.execute_with(|| watch.take(step));
        chain.commit_all().expect("no transaction is open");
    }
    watch.succeeded
}

/// All calls of our pallets.
fn all_calls() -> BTreeSet<Name> {
    let infos = AllPalletsWithSystem::infos().into_iter();
    let ours = infos.filter(|pallet| pallet.module_name.starts_with("pallet_kith_")).map(|pallet| pallet.name);
    ours.flat_map(|pallet| RuntimeCall::get_call_names(pallet).iter().map(move |call| (pallet, *call))).collect()
}

#[test]
fn every_history_keeps_the_rules() {
    let cases = std::env::var("PROPTEST_CASES").map_or(CASES, |cases| cases.parse().expect("it is a number"));
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 500, ..ProptestConfig::default() };
    let succeeded = RefCell::new(BTreeSet::new());
    let histories = proptest::collection::vec(step(), 1..160);
    let lived = TestRunner::new(config).run(&histories, |history| {
        let names = live(history);
        succeeded.borrow_mut().extend(names);
        Ok(())
    });
    if let Err(broken) = lived {
        panic!("{broken}");
    }
    let (all, succeeded) = (all_calls(), succeeded.into_inner());
    let never: Vec<_> = all.difference(&succeeded).collect();
    println!("succeeded in no history: {never:?}");
    if cases >= MANY {
        assert!(never.iter().all(|name| **name == RARE), "so many histories, and these never succeed: {never:?}");
    } else if cases >= CASES {
        assert!(never.len() * 3 < all.len() * 2, "more than two thirds of the calls never succeed: {never:?}");
    }
}

#[test]
fn every_call_of_our_pallets_may_be_among_them() {
    let made: BTreeSet<Name> = keys::founded().execute_with(|| {
        blocks::begin();
        let made = |kind: Kind| kind.call((0, 0), &keys::account(0)).get_call_metadata();
        KINDS.iter().map(|(_, kind)| made(*kind)).map(|call| (call.pallet_name, call.function_name)).collect()
    });
    assert_eq!(all_calls().difference(&made).collect::<Vec<_>>(), Vec::<&Name>::new());
}
