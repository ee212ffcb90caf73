// SPDX-License-Identifier: Apache-2.0
//! Who signs, and which of all there is a call is about: picked by number, so that a history means the same each time.

use kith_primitives::{
    glue::{self, Community},
    member::MemberId,
    parameters::Parameters,
    recovery::MotionId,
    resource::ResourceId,
    EraIndex,
};
use kith_runtime::{AccountId, Constitution, Membership, Runtime};
use pallet_kith_constitution::{ApprovedBy, Doug, OverrideId, Overrides};
use pallet_kith_incentives::{Credits, Providers};
use pallet_kith_membership::{FormerAccounts, Frozen, Motions};
use pallet_kith_resources::{types::Resource, Grants, Resources, Subscriptions};
use pallet_kith_vouching::{Requests, Vouches};

use crate::{
    keys::{account, device, STRANGER},
    kinds::{Kind, Numbers},
};

/// Who signs a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    /// Who would most likely make it.
    Concerned,
    /// This person, in whatever standing.
    Person(MemberId),
    /// Whoever has this key: a person, or someone who gave it up, or a stranger.
    Key(u8),
    /// A device, bound or not.
    Device(u8),
    /// The account that governs.
    Doug,
}

impl By {
    pub(crate) fn account(self, kind: Kind, numbers: Numbers) -> AccountId {
        let account_of = match self {
            Self::Concerned => kind.concerned(numbers),
            Self::Person(person) => Membership::account(person),
            Self::Key(n) => Some(account(n)),
            Self::Device(n) => Some(device(n).account()),
            Self::Doug => doug(),
        };
        account_of.unwrap_or_else(|| account(STRANGER))
    }
}

pub(crate) fn rules() -> Parameters {
    <Constitution as glue::Constitution>::parameters()
}

pub(crate) fn doug() -> Option<AccountId> {
    Doug::<Runtime>::get()
}

fn nth<T>(items: impl Iterator<Item = T>, n: u32) -> Option<T> {
    let mut items: Vec<T> = items.collect();
    let n = n as usize % items.len().max(1);
    (n < items.len()).then(|| items.swap_remove(n))
}

/// A person, in whatever standing, or nobody yet.
pub(crate) fn person(n: u32) -> MemberId {
    n % (Membership::people() + 1)
}

/// Members, from this one on, whose keys are not frozen.
pub(crate) fn able(n: u32) -> Vec<MemberId> {
    let people = Membership::people();
    let all = (0..people).map(|i| (n + i) % people);
    all.filter(|person| Membership::is_member(*person) && !Membership::is_frozen(*person)).collect()
}

/// Issuer and subject of a vouch.
pub(crate) fn vouch(n: u32) -> (MemberId, MemberId) {
    nth(Vouches::<Runtime>::iter_keys(), n).map_or((0, 1), |(subject, issuer)| (issuer, subject))
}

/// Somebody about whom referees are asked.
pub(crate) fn requested(n: u32) -> MemberId {
    nth(Requests::<Runtime>::iter_keys(), n).unwrap_or(0)
}

/// One who guards the person's key.
pub(crate) fn guardian(person: MemberId, n: u32) -> Option<MemberId> {
    nth((0..Membership::people()).filter(|other| Membership::is_guardian(person, *other)), n)
}

/// A motion that is open, and about whose key.
pub(crate) fn motion(n: u32) -> (MemberId, MotionId) {
    nth(Motions::<Runtime>::iter_keys(), n).unwrap_or((0, 0))
}

pub(crate) fn frozen(n: u32) -> Option<MemberId> {
    nth(Frozen::<Runtime>::iter_keys(), n)
}

/// An account that was given up, and whose it was.
pub(crate) fn former(n: u32) -> Option<(AccountId, MemberId)> {
    nth(FormerAccounts::<Runtime>::iter(), n).map(|(account, former)| (account, former.person))
}

pub(crate) fn resource(n: u32) -> ResourceId {
    nth(Resources::<Runtime>::iter_keys(), n).unwrap_or(0)
}

pub(crate) fn record(resource: ResourceId) -> Option<Resource> {
    Resources::<Runtime>::get(resource)
}

/// One who may read the resource.
pub(crate) fn reader(resource: ResourceId, n: u32) -> Option<MemberId> {
    nth(Grants::<Runtime>::iter_key_prefix(resource), n)
}

/// A resource, and one who follows it.
pub(crate) fn subscription(n: u32) -> Option<(ResourceId, MemberId)> {
    nth(Subscriptions::<Runtime>::iter_keys(), n)
}

pub(crate) fn provider(n: u32) -> Option<MemberId> {
    nth(Providers::<Runtime>::iter_keys(), n)
}

/// An era, and one who may have earned something in it.
pub(crate) fn credit(n: u32) -> Option<(EraIndex, MemberId)> {
    nth(Credits::<Runtime>::iter_keys(), n)
}

pub(crate) fn an_override(n: u32) -> OverrideId {
    nth(Overrides::<Runtime>::iter_keys(), n).unwrap_or(0)
}

/// A member who approves of overrides.
pub(crate) fn approver(n: u32) -> Option<MemberId> {
    nth(ApprovedBy::<Runtime>::iter_keys(), n)
}
