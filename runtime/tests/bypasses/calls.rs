// SPDX-License-Identifier: Apache-2.0
//! The calls that are tried: those of the constitution alone, and those that only a member makes.

use kith_primitives::{
    content_id::ContentId,
    custody::Commitment,
    device::{binding_payload, DeviceId},
    parameters::Parameter,
    resource::{Kind, Visibility},
};
use kith_runtime::{Membership, Runtime, RuntimeCall};
use pallet_kith_constitution::OverrideAction;
use pallet_kith_membership::ProposalFor;
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{Dave, Eve},
};
use sp_runtime::DispatchError;

use crate::{account, ALICE, BOB, CHARLIE};

type Membered = pallet_kith_membership::Call<Runtime>;
type Constitutional = pallet_kith_constitution::Call<Runtime>;
type Held = pallet_kith_resources::Call<Runtime>;

/// A call that anybody may make, and that changes nothing.
pub(crate) fn remark() -> RuntimeCall {
    frame_system::Call::<Runtime>::remark { remark: Vec::new() }.into()
}

/// The calls whose origin must be the contract that governs.
pub(crate) fn of_the_constitution() -> [RuntimeCall; 3] {
    [
        Membered::force_remove { person: CHARLIE }.into(),
        Constitutional::set_parameter { parameter: Parameter::EraPot(7) }.into(),
        Constitutional::set_doug { doug: account(Eve) }.into(),
    ]
}

pub(crate) fn vouch() -> RuntimeCall {
    pallet_kith_vouching::Call::<Runtime>::vouch { subject: BOB }.into()
}

/// Calls that a member could make, each with what Dave, who is none, is refused with.
pub(crate) fn of_members() -> Vec<(RuntimeCall, DispatchError)> {
    let of_membership = DispatchError::from(pallet_kith_membership::Error::<Runtime>::NotMember);
    let of_resources = DispatchError::from(pallet_kith_resources::Error::<Runtime>::NotMember);
    let content = ContentId::parse(&[&[1, 0x70, 0x12, 32][..], &[7; 32]].concat()).expect("it is a CID of version 1");
    let commitment = Commitment { root: [9; 32].into(), chunks: 1 };
    let action = OverrideAction::RemoveMember(CHARLIE);
    vec![
        (bind_device(), of_membership),
        (Membered::open_motion { person: ALICE, proposal: ProposalFor::Freeze }.into(), of_membership),
        (Membered::leave {}.into(), pallet_kith_membership::Error::<Runtime>::NotFound.into()),
        (vouch(), pallet_kith_vouching::Error::<Runtime>::NotMember.into()),
        (
            pallet_kith_validators::Call::<Runtime>::stand {}.into(),
            pallet_kith_validators::Error::<Runtime>::NotMember.into(),
        ),
        (Held::init { kind: Kind::Site, visibility: Visibility::Private, name: None }.into(), of_resources),
        (Held::publish { resource: 0, number: 1, epoch: 0, content, commitment }.into(), of_resources),
        (
            pallet_kith_incentives::Call::<Runtime>::pledge { resource: 0, version: 1 }.into(),
            pallet_kith_incentives::Error::<Runtime>::NotMember.into(),
        ),
        (
            Constitutional::propose_override { action }.into(),
            pallet_kith_constitution::Error::<Runtime>::NotMember.into(),
        ),
    ]
}

/// Binds a device to Dave, by its own key.
fn bind_device() -> RuntimeCall {
    let key = Ed25519Keyring::Dave;
    let signature = key.sign(&binding_payload(&Membership::genesis(), &account(Dave)));
    Membered::bind_device { device: DeviceId(key.to_raw_public()), signature }.into()
}
