// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of vouching.

use kith_primitives::distance::{Step, Witness};
use kith_runtime::Runtime;
use sp_runtime::DispatchResult;

use crate::{
    people::{
        Who::{
            self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
        CANDIDATE, FROZEN, LAPSED, SPONSOR,
    },
    table::{anyone, hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_vouching::Call<Runtime>;
type Error = pallet_kith_vouching::Error<Runtime>;

pub(crate) const TABLES: Tables = &[vouch, renew, withdraw, reconsider, request_distance, prove_distance];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

/// What everybody gets for a call that a member makes.
fn members_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
        Member | Guardian | Person => Ok(()),
    }
}

fn vouch() -> Table {
    table(|_| Call::vouch { subject: CANDIDATE }, members_only)
}

/// All founders gave this vouch: also those who are refused.
fn renew() -> Table {
    table(|_| Call::renew { subject: SPONSOR }, members_only)
}

/// As above.
fn withdraw() -> Table {
    table(|_| Call::withdraw { subject: SPONSOR }, members_only)
}

/// Nobody vouches for whose key is frozen, and no grace runs.
fn reconsider() -> Table {
    table(|_| Call::reconsider { subject: FROZEN }, anyone)
}

fn request_distance() -> Table {
    table(
        |_| Call::request_distance { person: LAPSED },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Frozen | Removed | Former | Device | Doug => no(Error::NotConcerned),
            Lapsed | Member | Guardian | Person => Ok(()),
        },
    )
}

/// The sponsor is the only referee, and vouches for the candidate.
fn prove_distance() -> Table {
    let witness = Witness::try_from(vec![Step { member: SPONSOR, parent: 0 }]).expect("it is short");
    table(move |_| Call::prove_distance { person: CANDIDATE, witness: witness.clone() }, anyone)
}
