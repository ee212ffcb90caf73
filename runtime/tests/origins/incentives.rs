// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of the incentives. What is to be kept is the person's, and the member keeps it.

use frame_support::{assert_ok, traits::Hooks};
use kith_primitives::custody::{Builder, ChunkProof};
use kith_runtime::{Incentives, Membership, Resources, Runtime, System};
use pallet_kith_incentives::SETTLING;

use crate::{
    people::{
        resource_of, rules, sponsor, wait,
        Who::{
            Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
        SPONSOR,
    },
    resources::content,
    table::{anyone, hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_incentives::Call<Runtime>;
type Error = pallet_kith_incentives::Error<Runtime>;

pub(crate) const TABLES: Tables = &[pledge, release, prove_custody, claim, report_miss];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

/// The person publishes a version of one chunk; the chunk's proof.
fn publish() -> ChunkProof {
    let mut builder = Builder::proving(0);
    builder.update(&[7; 100]).expect("it is one chunk");
    let (commitment, proof) = builder.finish_with_proof().expect("it is one chunk");
    assert_ok!(Resources::publish(Person.origin(), resource_of(Person), 1, 0, content(), commitment));
    proof.expect("there is a first chunk")
}

/// What the incentives do when a block begins.
fn begin_block() {
    Incentives::on_initialize(System::block_number());
}

/// The member pledged in good time, and the first era's challenges are drawn; what answers the member's.
fn challenge() -> ChunkProof {
    let proof = publish();
    begin_block();
    assert_ok!(Incentives::pledge(Member.origin(), resource_of(Person), 1));
    wait(SETTLING);
    pallet_babe::NextRandomness::<Runtime>::put([7; 32]);
    begin_block();
    proof
}

fn pledge() -> Table {
    publish();
    table(
        |_| Call::pledge { resource: resource_of(Person), version: 1 },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Doug => no(Error::NotMember),
            Member | Guardian | Person | Device => Ok(()),
        },
    )
}

fn release() -> Table {
    publish();
    assert_ok!(Incentives::pledge(Member.origin(), resource_of(Person), 1));
    table(
        |_| Call::release { resource: resource_of(Person) },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Doug => no(Error::NotMember),
            Guardian | Person => no(Error::NotFound),
            Member | Device => Ok(()),
        },
    )
}

fn prove_custody() -> Table {
    let proof = challenge();
    table(
        move |_| Call::prove_custody { proof: proof.clone() },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Doug => no(Error::NotMember),
            Guardian | Person => no(Error::NothingAsked),
            Member | Device => Ok(()),
        },
    )
}

fn claim() -> Table {
    let proof = challenge();
    assert_ok!(Incentives::prove_custody(Member.origin(), proof));
    wait(rules().era_length);
    begin_block();
    table(
        |_| Call::claim { era: 0 },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Doug => no(Error::NotMember),
            Guardian | Person => no(Error::NotFound),
            Member | Device => Ok(()),
        },
    )
}

/// The sponsor pledged and was expelled.
fn report_miss() -> Table {
    publish();
    assert_ok!(Incentives::pledge(sponsor(), resource_of(Person), 1));
    assert_ok!(Membership::force_remove(Doug.origin(), SPONSOR));
    table(|_| Call::report_miss { provider: SPONSOR }, anyone)
}
