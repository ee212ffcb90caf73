// SPDX-License-Identifier: Apache-2.0
//! What the tests of every topic are written with.

mod deposits;
mod former_keys;
mod grants;
mod leases;
mod leaving;
mod names;
mod origins;
mod ownership;
mod properties;
mod reaping;
mod returning;
mod subscriptions;
mod threats;
mod versions;
mod views;

use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult, traits::Hooks};
use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    glue::{Community, Now, OnDeparture},
    member::MemberId,
    name::ResourceName,
    resource::{KeyEpoch, Kind, ResourceId, VersionNumber, Visibility, WrappedKey},
    Balance,
};

use crate::{mock::*, Event, HoldReason, Resources as Stored};

const ALICE: MemberId = 0;
const BOB: MemberId = 1;
const CAROL: MemberId = 2;

fn signed(person: MemberId) -> RuntimeOrigin {
    RuntimeOrigin::signed(People::account(person).unwrap())
}

fn name(text: &str) -> ResourceName {
    ResourceName::parse(text.as_bytes()).unwrap()
}

/// A name as a transaction may bring it: decoded, not checked.
fn unchecked_name(text: &str) -> ResourceName {
    ResourceName::decode(&mut &text.as_bytes().to_vec().encode()[..]).unwrap()
}

fn content(byte: u8) -> ContentId {
    ContentId::parse(&[&[1, 0x70, 0x12, 32][..], &[byte; 32]].concat()).unwrap()
}

fn commitment(chunks: u32) -> Commitment {
    Commitment { root: [9; 32].into(), chunks }
}

fn key(byte: u8) -> WrappedKey {
    WrappedKey::try_from(vec![byte; 80]).unwrap()
}

/// A private resource of Alice's without a name.
fn resource() -> ResourceId {
    made(ALICE, Visibility::Private, None)
}

fn made(owner: MemberId, visibility: Visibility, name: Option<ResourceName>) -> ResourceId {
    let id = crate::NextResource::<Test>::get();
    assert_ok!(Resources::init(signed(owner), Kind::Site, visibility, name));
    id
}

fn publish(owner: MemberId, id: ResourceId, number: VersionNumber) -> DispatchResult {
    let epoch = Stored::<Test>::get(id).map(|resource| resource.key_epoch).unwrap_or_default();
    Resources::publish(signed(owner), id, number, epoch, content(1), commitment(1))
}

fn grant(owner: MemberId, id: ResourceId, reader: MemberId, epoch: KeyEpoch) -> DispatchResult {
    Resources::grant(signed(owner), id, reader, epoch, key(7))
}

fn stored(id: ResourceId) -> crate::types::Resource {
    Stored::<Test>::get(id).unwrap()
}

fn depart(person: MemberId) {
    Departed::mutate(|departed| departed.insert(person));
    Resources::departed(person);
}

/// The person is a member again.
fn come_back(person: MemberId) {
    Departed::mutate(|departed| departed.remove(&person));
}

/// The person gets new keys, in the next block.
fn rekey(person: MemberId) {
    System::set_block_number(System::block_number() + 1);
    KeyedAt::mutate(|blocks| blocks.insert(person, People::now()));
    Resources::rekeyed(person);
}

/// A block begins.
fn next_block() {
    System::set_block_number(System::block_number() + 1);
    Resources::on_initialize(System::block_number());
}

/// The epochs for which the reader has keys, in order.
fn epochs(id: ResourceId, reader: MemberId) -> Vec<KeyEpoch> {
    let mut epochs: Vec<_> = crate::WrappedKeys::<Test>::iter_key_prefix((id, reader)).collect();
    epochs.sort_unstable();
    epochs
}

/// The reader's key as it was wrapped.
fn wrapped(id: ResourceId, reader: MemberId, epoch: KeyEpoch) -> Option<WrappedKey> {
    crate::WrappedKeys::<Test>::get((id, reader, epoch)).map(|stored| stored.key)
}

fn on_hold(person: MemberId) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    Balances::balance_on_hold(&HoldReason::Deposit.into(), &People::account(person).unwrap())
}

/// The pallet's events since the block before, in order.
fn events() -> Vec<Event<Test>> {
    let events = System::events().into_iter().filter_map(|record| match record.event {
        RuntimeEvent::Resources(event) => Some(event),
        _ => None,
    });
    let events = events.collect();
    System::reset_events();
    events
}

/// Lets idle time pass until nothing is left of ended resources.
fn reap_all() {
    while crate::Reaping::<Test>::iter_keys().next().is_some() {
        assert!(Resources::reap(1000) > 0);
    }
}

/// How many entries of the pallet's maps mention the resource.
fn entries_of(id: ResourceId) -> usize {
    usize::from(Stored::<Test>::contains_key(id))
        + crate::Versions::<Test>::iter_prefix(id).count()
        + crate::Grants::<Test>::iter_prefix(id).count()
        + crate::WrappedKeys::<Test>::iter_prefix((id,)).count()
        + crate::Subscriptions::<Test>::iter_prefix(id).count()
        + usize::from(crate::Readers::<Test>::contains_key(id))
        + usize::from(crate::Reaping::<Test>::contains_key(id))
        + crate::ReadableBy::<Test>::iter_keys().filter(|(_, read)| *read == id).count()
        + crate::OwnedBy::<Test>::iter_keys().filter(|(_, owned)| *owned == id).count()
        + crate::Names::<Test>::iter_values().filter(|named| *named == id).count()
}
