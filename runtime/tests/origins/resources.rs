// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of resources. The person owns the one in question, the guardian reads and follows it, and it
//! is offered to the member.

use frame_support::assert_ok;
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    name::ResourceName,
    resource::{Kind, ResourceId, Visibility, WrappedKey},
};
use kith_runtime::{Resources, Runtime};
use sp_runtime::DispatchResult;

use crate::{
    people::{
        resource_of,
        Who::{
            self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
        GUARDIAN, MEMBER, PERSON, SPONSOR,
    },
    table::{hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_resources::Call<Runtime>;
type Error = pallet_kith_resources::Error<Runtime>;

pub(crate) const TABLES: Tables = &[
    init,
    publish,
    refresh,
    subscribe,
    unsubscribe,
    grant,
    revoke_grant,
    transfer,
    retire_ones_own,
    set_name,
    accept_transfer,
    return_key,
    reject_key,
];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

/// The person's resource, as it is described above.
fn scene() -> ResourceId {
    let resource = resource_of(Person);
    assert_ok!(Resources::grant(Person.origin(), resource, GUARDIAN, 0, key()));
    assert_ok!(Resources::subscribe(Guardian.origin(), resource));
    assert_ok!(Resources::transfer(Person.origin(), resource, Some(MEMBER)));
    resource
}

fn key() -> WrappedKey {
    vec![7; 80].try_into().expect("a wrapped key has 80 bytes")
}

pub(crate) fn content() -> ContentId {
    ContentId::parse(&[&[1, 0x70, 0x12, 32][..], &[7; 32]].concat()).expect("it is a CID of version 1")
}

/// What everybody gets for a call that the owner makes.
fn owner_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
        Member | Guardian => no(Error::NotOwner),
        Person => Ok(()),
    }
}

fn init() -> Table {
    table(
        |_| Call::init { kind: Kind::Site, visibility: Visibility::Private, name: None },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Guardian | Person => Ok(()),
        },
    )
}

fn publish() -> Table {
    let resource = scene();
    let commitment = Commitment { root: [9; 32].into(), chunks: 1 };
    table(move |_| Call::publish { resource, number: 1, epoch: 0, content: content(), commitment }, owner_only)
}

fn refresh() -> Table {
    let resource = scene();
    table(
        move |_| Call::refresh { resource },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member => no(Error::NotReader),
            Guardian | Person => Ok(()),
        },
    )
}

fn subscribe() -> Table {
    let resource = scene();
    table(
        move |_| Call::subscribe { resource },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Guardian => no(Error::AlreadyExists),
            Member | Person => Ok(()),
        },
    )
}

fn unsubscribe() -> Table {
    let resource = scene();
    table(
        move |_| Call::unsubscribe { resource },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Person => no(Error::NotSubscribed),
            Guardian => Ok(()),
        },
    )
}

fn grant() -> Table {
    let resource = scene();
    table(move |_| Call::grant { resource, reader: SPONSOR, epoch: 0, wrapped_key: key() }, owner_only)
}

fn revoke_grant() -> Table {
    let resource = scene();
    table(move |_| Call::revoke_grant { resource, reader: GUARDIAN }, owner_only)
}

fn transfer() -> Table {
    let resource = scene();
    table(move |_| Call::transfer { resource, new_owner: None }, owner_only)
}

/// Who is out of standing may still give up what is theirs, unless their key is frozen.
fn retire_ones_own() -> Table {
    table(
        |who| Call::retire { resource: resource_of(who) },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Frozen | Former | Device | Doug => no(Error::NotMember),
            Candidate | Member | Guardian => no(Error::NotOwner),
            Lapsed | Removed | Person => Ok(()),
        },
    )
}

fn set_name() -> Table {
    let resource = scene();
    let name = || Some(ResourceName::parse(b"garden").expect("it is a name"));
    table(move |_| Call::set_name { resource, name: name() }, owner_only)
}

fn accept_transfer() -> Table {
    let resource = scene();
    table(
        move |_| Call::accept_transfer { resource },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Guardian | Person => no(Error::NotOffered),
            Member => Ok(()),
        },
    )
}

fn return_key() -> Table {
    let resource = scene();
    table(
        move |_| Call::return_key { resource, reader: PERSON, epoch: 0, wrapped_key: key() },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Person => no(Error::NotHolder),
            Guardian => Ok(()),
        },
    )
}

fn reject_key() -> Table {
    let resource = scene();
    table(
        move |_| Call::reject_key { resource, epoch: 0 },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Frozen | Removed | Former | Device | Doug => no(Error::NotMember),
            Member | Person => no(Error::NotGranted),
            Guardian => Ok(()),
        },
    )
}
