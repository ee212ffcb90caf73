// SPDX-License-Identifier: Apache-2.0
//! Every call of our pallets, made from two numbers and what there is.

use kith_primitives::{
    content_id::ContentId,
    custody::{Builder, ChunkProof, Commitment},
    distance::{find_witness, needed, Witness},
    glue::Community,
    member::MemberId,
    name::ResourceName,
    recovery::{revocation_payload, NewKey},
    resource::{Kind as ResourceKind, ResourceId, Visibility, WrappedKey},
};
use kith_runtime::{AccountId, Incentives, Membership, Runtime, RuntimeCall, System, Vouching};
use pallet_kith_constitution::{ApprovedBy, OverrideAction};
use pallet_kith_membership::{ApplicationFor, CertificateFor, ProposalFor};
use sp_runtime::MultiSignature;

use crate::{
    application,
    keys::{
        account, binding, device, encryption_key, number, pair, session_keys, sign, KEYS, NEW, NEWCOMERS, STRANGER,
    },
    kinds::{Kind, Numbers},
    parameters::parameter,
    picks::{
        able, an_override, approver, credit, doug, former, frozen, guardian, motion, person, provider, reader, record,
        requested, resource, rules, subscription, vouch,
    },
};

type Membered = pallet_kith_membership::Call<Runtime>;
type Vouched = pallet_kith_vouching::Call<Runtime>;
type Validates = pallet_kith_validators::Call<Runtime>;
type Holds = pallet_kith_resources::Call<Runtime>;
type Provides = pallet_kith_incentives::Call<Runtime>;
type Decides = pallet_kith_constitution::Call<Runtime>;

impl Kind {
    /// The account of who would most likely make the call.
    pub(crate) fn concerned(self, (a, b): Numbers) -> Option<AccountId> {
        let person = match self {
            Self::ForceRemove | Self::SetParameter | Self::SetDoug => return doug(),
            Self::UnbindDevice => pallet_kith_membership::Devices::<Runtime>::get(device(a as u8)),
            Self::OpenMotion => guardian(about((a, b)), b),
            Self::ApproveMotion => guardian(motion(a).0, b),
            Self::VetoMotion => Some(motion(a).0),
            Self::AsFormer => former(a).map(|(_, person)| person),
            Self::Renew | Self::Withdraw => Some(vouch(a).0),
            Self::Publish
            | Self::Refresh
            | Self::Grant
            | Self::RevokeGrant
            | Self::Transfer
            | Self::Retire
            | Self::SetName => record(resource(a)).map(|record| record.owner),
            Self::AcceptTransfer => record(resource(a)).and_then(|record| record.offered_to),
            Self::ReturnKey | Self::RejectKey => reader(resource(a), b),
            Self::Release | Self::ProveCustody => provider(a),
            Self::Unsubscribe => subscription(b).map(|(_, subscriber)| subscriber),
            Self::Claim => credit(a).map(|(_, provider)| provider),
            Self::WithdrawApproval => approver(a),
            _ => Some(person(a)),
        };
        person.and_then(Membership::account)
    }

    /// The call, to be signed by this account.
    pub(crate) fn call(self, (a, b): Numbers, signer: &AccountId) -> RuntimeCall {
        match self {
            Self::Sponsor => {
                let (application, signature) = application(a);
                Membered::sponsor { application, signature }.into()
            }
            Self::SubmitCertificate => certificate(a, b).into(),
            Self::BindDevice => {
                Membered::bind_device { device: device(b as u8), signature: binding(b as u8, signer) }.into()
            }
            Self::UnbindDevice => Membered::unbind_device { device: device(a as u8) }.into(),
            Self::Leave => Membered::leave {}.into(),
            Self::ForceRemove => Membered::force_remove { person: person(a) }.into(),
            Self::PruneCandidate => Membered::prune_candidate { person: person(b) }.into(),
            Self::ChooseGuardians => {
                let guardians: Vec<_> = able(b).into_iter().take(b as usize % 4).collect();
                Membered::choose_guardians { guardians: guardians.try_into().expect("they are few") }.into()
            }
            Self::OpenMotion => Membered::open_motion { person: about((a, b)), proposal: proposal(a, b) }.into(),
            Self::ApproveMotion => Membered::approve_motion { person: motion(a).0, motion: motion(a).1 }.into(),
            Self::CompleteMotion => Membered::complete_motion { person: motion(a).0, motion: motion(a).1 }.into(),
            Self::VetoMotion => Membered::veto_motion { motion: motion(a).1 }.into(),
            Self::CloseMotion => Membered::close_motion { person: motion(a).0, motion: motion(a).1 }.into(),
            Self::RevokeKey => revocation((b % u32::from(KEYS)) as u8).into(),
            Self::AsFormer => as_former(a).into(),
            Self::Vouch => Vouched::vouch { subject: person(b) }.into(),
            Self::Renew => Vouched::renew { subject: vouch(a).1 }.into(),
            Self::Withdraw => Vouched::withdraw { subject: vouch(a).1 }.into(),
            Self::Reconsider => Vouched::reconsider { subject: person(b) }.into(),
            Self::RequestDistance => Vouched::request_distance { person: person(a) }.into(),
            Self::ProveDistance => {
                Vouched::prove_distance { person: requested(b), witness: witness(requested(b)) }.into()
            }
            Self::Stand => Validates::stand {}.into(),
            Self::StandDown => Validates::stand_down {}.into(),
            Self::SetKeys => {
                let (keys, proof) = session_keys(number(signer).unwrap_or(STRANGER), signer);
                pallet_session::Call::<Runtime>::set_keys { keys, proof }.into()
            }
            Self::Init => Holds::init { kind: ResourceKind::Site, visibility: visibility(b), name: name(b) }.into(),
            Self::Publish => publish(resource(a)).into(),
            Self::Refresh => Holds::refresh { resource: resource(a) }.into(),
            Self::Subscribe => Holds::subscribe { resource: resource(b) }.into(),
            Self::Unsubscribe => Holds::unsubscribe { resource: subscription(b).map_or(0, |(one, _)| one) }.into(),
            Self::Grant => {
                let (epoch, wrapped_key) = (epoch(resource(a)), wrapped(b));
                Holds::grant { resource: resource(a), reader: person(b), epoch, wrapped_key }.into()
            }
            Self::RevokeGrant => {
                let reader = reader(resource(a), b).unwrap_or(0);
                Holds::revoke_grant { resource: resource(a), reader }.into()
            }
            Self::Transfer => {
                let new_owner = (b % 8 > 0).then(|| person(b));
                Holds::transfer { resource: resource(a), new_owner }.into()
            }
            Self::Retire => Holds::retire { resource: resource(a) }.into(),
            Self::SetName => Holds::set_name { resource: resource(a), name: name(b) }.into(),
            Self::AcceptTransfer => Holds::accept_transfer { resource: resource(a) }.into(),
            Self::ReturnKey => {
                let (resource, wrapped_key) = (resource(a), wrapped(b));
                let reader = if b % 2 == 0 {
                    record(resource).map_or(0, |record| record.owner)
                } else {
                    reader(resource, b / 2).unwrap_or(0)
                };
                Holds::return_key { resource, reader, epoch: epoch(resource), wrapped_key }.into()
            }
            Self::RejectKey => Holds::reject_key { resource: resource(a), epoch: epoch(resource(a)) }.into(),
            Self::Pledge => {
                let version = record(resource(b)).and_then(|record| record.latest).unwrap_or(1);
                Provides::pledge { resource: resource(b), version }.into()
            }
            Self::Release => {
                let pledge =
                    provider(a).and_then(|provider| pallet_kith_incentives::Pledges::<Runtime>::get(provider, 0));
                Provides::release { resource: pledge.map_or(0, |pledge| pledge.resource) }.into()
            }
            Self::ProveCustody => Provides::prove_custody { proof: answer(signer) }.into(),
            Self::Claim => Provides::claim { era: credit(a).map_or(0, |(era, _)| era) }.into(),
            Self::ReportMiss => Provides::report_miss { provider: provider(b).unwrap_or(0) }.into(),
            Self::SetParameter => Decides::set_parameter { parameter: parameter((a, b)) }.into(),
            Self::SetDoug => Decides::set_doug { doug: account(STRANGER - 1) }.into(),
            Self::ProposeOverride => Decides::propose_override { action: action(a, b) }.into(),
            Self::ApproveOverride => Decides::approve_override { id: an_override(b) }.into(),
            Self::WithdrawApproval => {
                let approved = approver(a).map(ApprovedBy::<Runtime>::get).unwrap_or_default();
                Decides::withdraw_approval { id: approved.first().copied().unwrap_or(0) }.into()
            }
            Self::PruneOverride => Decides::prune_override { id: an_override(b) }.into(),
        }
    }
}

/// One of the keys with these numbers.
fn one_of(keys: std::ops::Range<u8>, n: u32) -> u8 {
    let some = keys.end - keys.start;
    keys.start + (n % u32::from(some)) as u8
}

fn application(n: u32) -> (ApplicationFor, MultiSignature) {
    let newcomer = one_of(NEWCOMERS, n);
    application::signed(pair(newcomer), encryption_key(newcomer), System::block_number() + 10)
}

/// Signed by as many as it takes, or now and then by one less.
fn certificate(a: u32, b: u32) -> Membered {
    let (application, application_signature) = application(a);
    let expires = System::block_number() + 5;
    let certificate = CertificateFor { application, nonce: [b as u8; 16], expires };
    let payload = certificate.signing_payload();
    let enough = rules().admission_threshold - u32::from(b.is_multiple_of(4));
    let signers = able(b).into_iter().filter_map(Membership::account).take(enough as usize);
    let signatures: Vec<_> = signers
        .map(|signer| {
            let signature = sign(number(&signer).unwrap_or(STRANGER), &payload);
            (signer, signature)
        })
        .collect();
    let signatures = signatures.try_into().expect("they are few");
    Membered::submit_certificate { certificate, application_signature, signatures }
}

/// Whose key a motion is about.
fn about((a, b): Numbers) -> MemberId {
    match b % 4 {
        0 => frozen(a).unwrap_or(0),
        _ => person(a),
    }
}

/// To unfreeze the key, to freeze it, or to give a new one.
fn proposal(a: u32, b: u32) -> ProposalFor {
    match b % 4 {
        0 => ProposalFor::Unfreeze,
        1 => ProposalFor::Freeze,
        _ => {
            let to = one_of(NEW, b / 4);
            let key = NewKey {
                genesis: Membership::genesis(),
                person: about((a, b)),
                account: account(to),
                encryption_key: encryption_key(to),
                expires: System::block_number() + 10,
            };
            let signature = sign(to, &key.signing_payload());
            ProposalFor::NewKey { key, signature }
        }
    }
}

fn revocation(n: u8) -> Membered {
    let signature = sign(n, &revocation_payload(&Membership::genesis(), &account(n)));
    Membered::revoke_key { account: account(n), signature }
}

/// A call as one of two whose common account one alone may use.
fn as_former(n: u32) -> Membered {
    let remark = frame_system::Call::<Runtime>::remark { remark: Vec::new() };
    let other_signatories = vec![account(STRANGER)];
    let call =
        pallet_multisig::Call::<Runtime>::as_multi_threshold_1 { other_signatories, call: Box::new(remark.into()) };
    let former = former(n).map_or_else(|| account(0), |(account, _)| account);
    Membered::as_former { former, call: Box::new(call.into()) }
}

/// The best witness there is, or else one that names nobody.
fn witness(person: MemberId) -> Witness {
    let Ok(asked) = Vouching::asked(person) else { return Witness::new() };
    let needed = needed(Vouching::percent(person), asked.len() as u32);
    let stored = pallet_kith_vouching::Stored::<Runtime>::default();
    find_witness(&stored, person, &asked, rules().distance_steps, needed).unwrap_or_default()
}

fn visibility(n: u32) -> Visibility {
    match n % 3 {
        0 => Visibility::Public,
        1 => Visibility::Members,
        _ => Visibility::Private,
    }
}

/// One of a few names, or none.
fn name(n: u32) -> Option<ResourceName> {
    let names = ["alpha", "bravo", "charlie", "delta"];
    names.get(n as usize % 6).map(|name| ResourceName::parse(name.as_bytes()).expect("it is a name"))
}

/// What is stored of the resource, in every version: two chunks.
fn bytes(resource: ResourceId) -> Vec<u8> {
    vec![resource as u8; 1_500]
}

/// The commitment to what is stored, and the proof of the chunk.
fn committed(resource: ResourceId, chunk: u32) -> (Commitment, Option<ChunkProof>) {
    let mut builder = Builder::proving(chunk);
    builder.update(&bytes(resource)).expect("they are few");
    builder.finish_with_proof().expect("they are few")
}

fn publish(resource: ResourceId) -> Holds {
    let number = record(resource).and_then(|record| record.latest).unwrap_or(0) + 1;
    let content = ContentId::parse(&[&[1, 0x70, 0x12, 32][..], &[number as u8; 32]].concat()).expect("it is a CID");
    Holds::publish { resource, number, epoch: epoch(resource), content, commitment: committed(resource, 0).0 }
}

/// The epoch whose key is in force.
fn epoch(resource: ResourceId) -> u32 {
    record(resource).map_or(0, |record| record.key_epoch)
}

fn wrapped(n: u32) -> WrappedKey {
    vec![n as u8; 80].try_into().expect("a wrapped key has 80 bytes")
}

/// What answers the challenge of who signs.
fn answer(signer: &AccountId) -> ChunkProof {
    let challenge = Membership::responsible(signer).and_then(Incentives::challenge);
    let (resource, chunk) = challenge.map_or((0, 0), |asked| (asked.resource, asked.chunk));
    committed(resource, chunk).1.expect("there are two chunks")
}

fn action(a: u32, b: u32) -> OverrideAction<AccountId> {
    match b % 3 {
        0 => OverrideAction::SetParameter(parameter((a, b / 3))),
        1 => OverrideAction::SetDoug(account(STRANGER - 1)),
        _ => OverrideAction::RemoveMember(person(b / 3)),
    }
}
