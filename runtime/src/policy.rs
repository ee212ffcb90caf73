// SPDX-License-Identifier: Apache-2.0
//! What is asked of more than one pallet: views joined from several.

use alloc::vec::Vec;
use frame_support::weights::Weight;
use kith_primitives::{
    device::DeviceId,
    glue::{Community, EpochRandomness, OnDeparture, Quota},
    member::MemberId,
    resource::ResourceId,
    runtime_api::{HolderView, MemberView, VouchView},
};

use pallet_kith_membership::{Devices, People};
use pallet_kith_vouching::Vouches;

use crate::{configs::BlockWeights, AccountId, Constitution, Incentives, Membership, Runtime, Vouching};

/// The most entries of one page.
pub(crate) const PAGE: u32 = 100;

/// What a dry run of a contract may use when the caller does not say.
pub(crate) fn dry_run_weight() -> Weight {
    BlockWeights::get().max_block
}

/// The person whose account or device this is.
pub(crate) fn person_behind(account: &AccountId) -> Option<MemberId> {
    Membership::person(account).or_else(|| Membership::member_of_device(account))
}

/// The person as the outside sees them.
pub(crate) fn member_view(id: MemberId) -> Option<MemberView> {
    let person = People::<Runtime>::get(id)?;
    Some(MemberView {
        id,
        account: person.account,
        encryption_key: person.encryption_key,
        standing: person.standing,
        vouches: Vouching::received(id),
        devices: Membership::devices_of(id),
        quota: Membership::available(id),
    })
}

/// The devices of all active members.
pub(crate) fn devices() -> Vec<DeviceId> {
    Devices::<Runtime>::iter().filter(|(_, owner)| Membership::is_member(*owner)).map(|(device, _)| device).collect()
}

/// Who promised to keep the resource, with their devices.
pub(crate) fn holders(resource: ResourceId) -> Vec<HolderView> {
    Incentives::holders(resource)
        .into_iter()
        .map(|(provider, version)| HolderView { provider, version, devices: Membership::devices_of(provider) })
        .collect()
}

/// The vouches a person has received.
pub(crate) fn vouches(subject: MemberId) -> Vec<VouchView> {
    Vouches::<Runtime>::iter_prefix(subject)
        .map(|(issuer, vouch)| VouchView { issuer, expires: vouch.expires })
        .collect()
}

/// The seed of the epoch to come: collected in the epoch before this one, announced at this one's start, and known to nobody
/// while what it is drawn over was settled.
#[derive(Debug)]
pub struct EpochSeed;

impl EpochRandomness for EpochSeed {
    fn seed() -> [u8; 32] {
        pallet_babe::NextRandomness::<Runtime>::get()
    }
}

/// Whoever left neither vouches nor decides.
#[derive(Debug)]
pub struct Departures;

impl OnDeparture for Departures {
    fn departed(person: MemberId) {
        Vouching::departed(person);
        Constitution::departed(person);
    }
}
