// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of the validators' pallet. The person is the one who stands from the first block on.

use frame_support::assert_ok;
use kith_runtime::{Runtime, Session, Validators};
use sp_keyring::Ed25519Keyring;

use crate::{
    people::Who::{
        self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
        Unsigned,
    },
    session::{proof, session_keys},
    table::{hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_validators::Call<Runtime>;
type Error = pallet_kith_validators::Error<Runtime>;

pub(crate) const TABLES: Tables = &[stand, stand_again, stand_down];

/// Whom the session pallet takes keys from: everybody the chain knows by number, but for whom it has some of already.
const KEYS: [(Who, Ed25519Keyring); 5] = [
    (Candidate, Ed25519Keyring::Bob),
    (Lapsed, Ed25519Keyring::Charlie),
    (Removed, Ed25519Keyring::Dave),
    (Member, Ed25519Keyring::Eve),
    (Guardian, Ed25519Keyring::Ferdie),
];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

fn set_keys() {
    for (who, grandpa) in KEYS {
        let (keys, proof) = (session_keys(who.key(), grandpa), proof(who.key(), grandpa, who.key()));
        assert_ok!(Session::set_keys(who.origin(), keys, proof));
    }
}

fn stand() -> Table {
    set_keys();
    assert_ok!(Validators::stand_down(Person.origin()));
    table(
        |_| Call::stand {},
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Guardian | Person => Ok(()),
        },
    )
}

fn stand_again() -> Table {
    table(
        |_| Call::stand {},
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Guardian => no(Error::NoSessionKeys),
            Person => no(Error::AlreadyStands),
        },
    )
}

fn stand_down() -> Table {
    table(
        |_| Call::stand_down {},
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Guardian => no(Error::NotStanding),
            Person => Ok(()),
        },
    )
}
