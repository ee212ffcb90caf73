// SPDX-License-Identifier: Apache-2.0
//! What a node answers of the community: views joined from several pallets.

use alloc::vec::Vec;
use frame_support::weights::Weight;
use kith_primitives::{
    certificate::Certificate,
    device::DeviceId,
    distance::{self, Graph, Witness},
    glue::{Community, Constitution as _, Quota},
    member::MemberId,
    resource::{KeyEpoch, ResourceId},
    runtime_api::{DistanceView, HolderView, KeysView, MemberView, MotionAim, MotionView, ValidatorView, VouchView},
    BlockNumber, Signature,
};
use pallet_kith_membership::{Devices, FormerAccounts, Frozen, MotionKind, Motions, People};
use pallet_kith_resources::{types::StoredKey, ReadableBy, WrappedKeys};
use pallet_kith_validators::{Penance, Standing};
use pallet_kith_vouching::{Error as VouchingError, Graces, Stored, Vouches};

use crate::{
    configs::BlockWeights, validator::Validator, AccountId, Constitution, Incentives, Membership, Runtime,
    RuntimeOrigin, Session, Vouching,
};

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
        frozen: Frozen::<Runtime>::contains_key(id),
        keyed_at: person.keyed_at,
        lapses_at: Graces::<Runtime>::get(id),
    })
}

/// The devices of all active members whose keys are not frozen.
pub(crate) fn devices() -> Vec<DeviceId> {
    let counts = |owner: MemberId| Membership::is_member(owner) && !Membership::is_frozen(owner);
    Devices::<Runtime>::iter().filter(|(_, owner)| counts(*owner)).map(|(device, _)| device).collect()
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

/// Where a person's keys stand.
pub(crate) fn keys(person: MemberId) -> Option<KeysView> {
    let frozen = Frozen::<Runtime>::get(person);
    let delay = Constitution::parameters().recovery_delay;
    People::<Runtime>::get(person).map(|_| KeysView {
        guardians: guardians(person),
        frozen_since: frozen.map(|freeze| freeze.since),
        revoked: frozen.is_some_and(|freeze| freeze.revoked),
        motions: Motions::<Runtime>::iter_prefix(person)
            .map(|(id, motion)| MotionView {
                id,
                aim: match motion.kind {
                    MotionKind::Freeze => MotionAim::Freeze,
                    MotionKind::Unfreeze => MotionAim::Unfreeze,
                    MotionKind::NewKey { account, .. } => MotionAim::NewKey(account),
                },
                opened_by: motion.opened_by,
                approvals: motion.approvals.into(),
                closes: motion.closes,
                due: motion.agreed_at.map(|at| at.saturating_add(delay)),
            })
            .collect(),
    })
}

/// Whom the person chose, or else those on whose word they became a member.
fn guardians(person: MemberId) -> Vec<MemberId> {
    let chosen = Membership::chosen_guardians(person);
    let mut able = if chosen.is_empty() { Stored::<Runtime>::default().issuers(person) } else { chosen.into() };
    able.retain(|guardian| Membership::is_guardian(person, *guardian));
    able
}

/// The person whose account this was.
pub(crate) fn former(account: &AccountId) -> Option<MemberId> {
    FormerAccounts::<Runtime>::get(account).map(|former| former.person)
}

/// What the person lacks of the rule of distance.
pub(crate) fn distance(person: MemberId) -> Option<DistanceView> {
    People::<Runtime>::contains_key(person).then_some(())?;
    let asked = Vouching::asked(person).unwrap_or_default();
    let nothing_pends = matches!(
        Vouching::check_pending(person),
        Err(VouchingError::AlreadyMember | VouchingError::AlreadyProven | VouchingError::NothingToProve)
    );
    Some(DistanceView { proven: nothing_pends, needed: needed(person, &asked), asked })
}

/// How many of the referees asked must be linked to the person.
fn needed(person: MemberId, asked: &[MemberId]) -> u32 {
    distance::needed(Vouching::percent(person), u32::try_from(asked.len()).unwrap_or(u32::MAX))
}

/// Vouches that link the person to enough referees: none, if there is no referee; nothing while they are to be drawn.
pub(crate) fn witness(person: MemberId) -> Option<Witness> {
    let asked = Vouching::asked(person).ok()?;
    let steps = Constitution::parameters().distance_steps;
    distance::find_witness(&Stored::<Runtime>::default(), person, &asked, steps, needed(person, &asked))
}

/// Who a newcomer would be whose certificate were submitted now, and vouches that would link them to enough referees. It is
/// submitted, and what it changed forgotten, as all that a view changes.
pub(crate) fn certified(
    certificate: Certificate<AccountId, BlockNumber>,
    application_signature: Signature,
    signatures: Vec<(AccountId, Signature)>,
) -> Option<(MemberId, Witness)> {
    let (account, signatures) = (certificate.application.account.clone(), signatures.try_into().ok()?);
    let anyone = RuntimeOrigin::signed(account.clone());
    Membership::submit_certificate(anyone, certificate, application_signature, signatures).ok()?;
    let person = Membership::person(&account)?;
    Some((person, witness(person)?))
}

/// The resources the person was granted.
pub(crate) fn readable(person: MemberId) -> Vec<ResourceId> {
    ReadableBy::<Runtime>::iter_key_prefix(person).collect()
}

/// The wrapped keys of a resource that their readers cannot open.
pub(crate) fn stale_keys(resource: ResourceId) -> Vec<(MemberId, KeyEpoch)> {
    let keys = WrappedKeys::<Runtime>::iter_prefix((resource,));
    let is_stale = |reader: MemberId, stored: &StoredKey| {
        stored.rejected || Membership::keyed_at(reader).is_some_and(|keyed| stored.wrapped < keyed)
    };
    keys.filter(|((reader, _), stored)| is_stale(*reader, stored)).map(|(key, _)| key).collect()
}

/// Who validates or stands for it.
pub(crate) fn validators() -> Vec<ValidatorView> {
    let seated: Vec<MemberId> = Session::validators().into_iter().map(|Validator(person)| person).collect();
    let mut people: Vec<MemberId> =
        seated.iter().copied().chain(Standing::<Runtime>::iter_keys()).chain(Penance::<Runtime>::iter_keys()).collect();
    people.sort_unstable();
    people.dedup();
    people
        .into_iter()
        .map(|person| ValidatorView {
            person,
            seated: seated.contains(&person),
            stands: Standing::<Runtime>::contains_key(person),
            penance_until: Penance::<Runtime>::get(person),
        })
        .collect()
}
