// SPDX-License-Identifier: Apache-2.0
//! Who may make which call of membership.

use kith_primitives::device::{binding_payload, DeviceId};
use kith_runtime::{Membership, Runtime, RuntimeCall, System};
use pallet_kith_membership::{CertificateFor, ProposalFor};
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{Bob, Charlie, Dave, Two},
};
use sp_runtime::DispatchResult;

use crate::{
    people::{
        agree, application, device, new_key, open, revocation, rules, signature, wait,
        Who::{
            self, Candidate, Device, Doug, Former, Frozen, Guardian, Lapsed, Member, Person, Removed, Root, Stranger,
            Unsigned,
        },
        CANDIDATE, FROZEN, GUARDIAN, LAPSED, MEMBER, PERSON, REMOVED,
    },
    table::{anyone, constitution_only, hold, no, table, Table, Tables, BAD_ORIGIN},
};

type Call = pallet_kith_membership::Call<Runtime>;
type Error = pallet_kith_membership::Error<Runtime>;

pub(crate) const TABLES: Tables = &[
    sponsor,
    bind_device,
    unbind_ones_own_device,
    unbind_the_members_device,
    leave,
    force_remove,
    prune_candidate,
    submit_certificate,
    choose_guardians,
    open_motion_to_freeze,
    open_motion_for_a_new_key,
    approve_motion,
    complete_motion,
    veto_motion,
    close_motion,
    revoke_key,
    as_former,
    as_former_what_is_not_allowed,
];

#[test]
fn everybody_gets_what_the_tables_say() {
    hold(TABLES);
}

/// What everybody gets for a call that a member makes.
fn members_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Removed | Former | Device | Doug => no(Error::NotMember),
        Frozen => no(Error::KeyFrozen),
        Member | Guardian | Person => Ok(()),
    }
}

/// What everybody gets for a call that those make who guard the person's key.
fn guardians_only(who: Who) -> DispatchResult {
    match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Candidate | Lapsed | Removed | Former | Device | Doug => no(Error::NotMember),
        Frozen => no(Error::KeyFrozen),
        Member | Person => no(Error::NotGuardian),
        Guardian => Ok(()),
    }
}

fn sponsor() -> Table {
    let (application, signature) = application(Two);
    table(move |_| Call::sponsor { application: application.clone(), signature: signature.clone() }, members_only)
}

fn bind_device() -> Table {
    let key = Ed25519Keyring::Two;
    let made = move |who: Who| Call::bind_device {
        device: DeviceId(key.to_raw_public()),
        signature: key.sign(&binding_payload(&Membership::genesis(), &who.account())),
    };
    table(made, members_only)
}

fn unbind_ones_own_device() -> Table {
    let of = |who| match who {
        Lapsed => device(LAPSED),
        Frozen => device(FROZEN),
        Removed => device(REMOVED),
        Member => device(MEMBER),
        Guardian => device(GUARDIAN),
        Person => device(PERSON),
        // They have none.
        Unsigned | Root | Stranger | Candidate | Former | Device | Doug => device(CANDIDATE),
    };
    table(
        move |who| Call::unbind_device { device: of(who) },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Former | Device | Doug => no(Error::NotFound),
            Frozen => no(Error::KeyFrozen),
            Lapsed | Removed | Member | Guardian | Person => Ok(()),
        },
    )
}

fn unbind_the_members_device() -> Table {
    table(
        |_| Call::unbind_device { device: device(MEMBER) },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Removed | Guardian | Person | Former | Device | Doug => no(Error::NotFound),
            Frozen => no(Error::KeyFrozen),
            Member => Ok(()),
        },
    )
}

fn leave() -> Table {
    table(
        |_| Call::leave {},
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Former | Device | Doug => no(Error::NotFound),
            Frozen => no(Error::KeyFrozen),
            Removed => no(Error::AlreadyRemoved),
            Candidate | Lapsed | Member | Guardian | Person => Ok(()),
        },
    )
}

fn force_remove() -> Table {
    table(|_| Call::force_remove { person: PERSON }, constitution_only)
}

fn prune_candidate() -> Table {
    wait(rules().candidate_lifetime);
    table(|_| Call::prune_candidate { person: CANDIDATE }, anyone)
}

fn submit_certificate() -> Table {
    let (application, application_signature) = application(Two);
    let certificate = CertificateFor { application, nonce: [0; 16], expires: System::block_number() + 10 };
    let payload = certificate.signing_payload();
    let signatures = [Bob, Charlie, Dave].map(|key| (key.to_account_id(), signature(key, &payload)));
    let made = move |_| Call::submit_certificate {
        certificate: certificate.clone(),
        application_signature: application_signature.clone(),
        signatures: signatures.to_vec().try_into().expect("they are few"),
    };
    table(made, anyone)
}

fn choose_guardians() -> Table {
    table(|_| Call::choose_guardians { guardians: Default::default() }, members_only)
}

fn open_motion_to_freeze() -> Table {
    table(|_| Call::open_motion { person: PERSON, proposal: ProposalFor::Freeze }, guardians_only)
}

fn open_motion_for_a_new_key() -> Table {
    table(|_| Call::open_motion { person: PERSON, proposal: new_key(Two) }, guardians_only)
}

fn approve_motion() -> Table {
    let motion = open(ProposalFor::Freeze);
    table(move |_| Call::approve_motion { person: PERSON, motion }, guardians_only)
}

fn complete_motion() -> Table {
    let motion = agree(Two);
    table(move |_| Call::complete_motion { person: PERSON, motion }, anyone)
}

fn veto_motion() -> Table {
    let motion = open(new_key(Two));
    table(
        move |_| Call::veto_motion { motion },
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Candidate | Lapsed | Removed | Member | Guardian | Former | Device | Doug => no(Error::NotFound),
            Frozen => no(Error::KeyFrozen),
            Person => Ok(()),
        },
    )
}

fn close_motion() -> Table {
    let motion = open(ProposalFor::Freeze);
    wait(rules().recovery_period);
    table(move |_| Call::close_motion { person: PERSON, motion }, anyone)
}

fn revoke_key() -> Table {
    table(|_| Call::revoke_key { account: Member.account(), signature: revocation(Member.key()) }, anyone)
}

/// A call as the person's former account.
fn as_the_former_account(call: impl Into<RuntimeCall>) -> Call {
    Call::as_former { former: Former.account(), call: Box::new(call.into()) }
}

fn remark() -> frame_system::Call<Runtime> {
    frame_system::Call::remark { remark: Vec::new() }
}

fn as_former() -> Table {
    let made = |_| {
        let (other_signatories, call) = (vec![Stranger.account()], Box::new(remark().into()));
        as_the_former_account(pallet_multisig::Call::<Runtime>::as_multi_threshold_1 { other_signatories, call })
    };
    table(made, |who| match who {
        Unsigned | Root => BAD_ORIGIN,
        Stranger | Former | Device | Doug => no(Error::NotFound),
        Frozen => no(Error::KeyFrozen),
        Removed => no(Error::AlreadyRemoved),
        Candidate | Lapsed | Member | Guardian => no(Error::NotFormer),
        Person => Ok(()),
    })
}

fn as_former_what_is_not_allowed() -> Table {
    table(
        |_| as_the_former_account(remark()),
        |who| match who {
            Unsigned | Root => BAD_ORIGIN,
            Stranger | Former | Device | Doug => no(Error::NotFound),
            Frozen => no(Error::KeyFrozen),
            Removed => no(Error::AlreadyRemoved),
            Candidate | Lapsed | Member | Guardian => no(Error::NotFormer),
            Person => no(Error::CallNotAllowed),
        },
    )
}
