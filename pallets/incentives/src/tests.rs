// SPDX-License-Identifier: Apache-2.0
//! What is shown of the incentives, by topic.

mod access;
mod custody;
mod eras;
mod machine;
mod maths;
mod pledges;
mod rewards;
mod simulation;

use crate::{mock::*, *};
use frame_support::{
    assert_noop, assert_ok,
    traits::{Hooks, UnfilteredDispatchable},
    weights::Weight,
};
use kith_primitives::{
    custody::ChunkProof,
    resource::{ResourceId, VersionNumber},
    Balance, EraIndex,
};

fn signed(account: impl Into<u64>) -> RuntimeOrigin {
    RuntimeOrigin::signed(account.into())
}

/// The next block, hooks and all.
pub(crate) fn next_block() {
    System::set_block_number(System::block_number() + 1);
    Incentives::on_initialize(System::block_number());
    Incentives::on_idle(System::block_number(), Weight::MAX);
}

fn pass(blocks: u32) {
    (0..blocks).for_each(|_| next_block());
}

/// A new epoch: a seed that nobody knew before.
fn reseed() {
    Seed::mutate(|seed| *seed = sp_io::hashing::blake2_256(seed));
    next_block();
}

/// To the first block of the next era.
fn next_era() {
    let era = era();
    while self::era() == era {
        next_block();
    }
}

fn era() -> EraIndex {
    CurrentEra::<Test>::get().unwrap().index
}

fn resource(id: ResourceId, owner: MemberId, chunks: u32) {
    let kept = Kept { owner, version: 1, chunks, leased: true };
    Resources::mutate(|resources| resources.insert(id, kept));
}

fn publish(id: ResourceId) {
    Resources::mutate(|resources| resources.get_mut(&id).unwrap().version += 1);
}

fn end_lease(id: ResourceId) {
    Resources::mutate(|resources| resources.get_mut(&id).unwrap().leased = false);
}

fn pledge(provider: MemberId, resource: ResourceId) {
    let version = kept(resource).unwrap().version;
    assert_ok!(Incentives::pledge(signed(provider), resource, version));
}

/// Lets the pledges settle and the challenges of the current era be drawn.
fn settle_and_draw() {
    pass(SETTLING);
    reseed();
}

/// The right answer to what the provider is asked.
fn answer(provider: MemberId) -> ChunkProof {
    let asked = Incentives::state(provider).unwrap().asked.unwrap();
    let Pledge { resource, version, commitment } = asked.pledge;
    proof(resource, version, commitment.chunks, asked.chunk).1.unwrap()
}

fn prove(provider: MemberId) {
    assert_ok!(Incentives::prove_custody(signed(provider), answer(provider)));
}

fn claim(provider: MemberId, era: EraIndex) -> Balance {
    let before = Balances::total_issuance();
    assert_ok!(Incentives::claim(signed(provider), era));
    Balances::total_issuance() - before
}

fn misses(provider: MemberId) -> u32 {
    Incentives::state(provider).unwrap().misses
}

/// The events of this pallet since the last time it was asked.
fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}

/// Makes the call as the runtime does: what fails is undone.
fn dispatch(origin: RuntimeOrigin, call: Call<Test>) -> sp_runtime::DispatchResult {
    call.dispatch_bypass_filter(origin).map(|_| ()).map_err(|failure| failure.error)
}
