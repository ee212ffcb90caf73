// SPDX-License-Identifier: Apache-2.0
//! What is measured: each call at its worst, and what it must have brought about.

use frame_support::{dispatch::GetDispatchInfo, traits::Hooks, weights::Weight};
use kith_primitives::{
    application::Application,
    certificate::{Certificate, MAX_SIGNATURES},
    glue::Community,
    member::MemberId,
    Signature,
};
use kith_runtime::{Membership, Runtime, RuntimeCall, RuntimeOrigin, Vouching};
use pallet_kith_constitution::InForce;
use pallet_kith_membership::SignaturesFor;
use pallet_kith_vouching::{Cursor, Graces, Requests, Vouches};
use sp_core::Pair;
use sp_io::TestExternalities;
use sp_runtime::traits::Dispatchable;

use crate::{
    cast::{cast, ending, lay_witness, witness, Part, DUE},
    town::{account, encryption_key, pair, Town, NOW},
};

type VouchingCall = pallet_kith_vouching::Call<Runtime>;
type MembershipCall = pallet_kith_membership::Call<Runtime>;

/// What is measured; returns what it is declared to weigh.
pub(crate) type Job = Box<dyn FnOnce() -> Weight>;

/// One thing the chain does.
pub(crate) struct Act {
    pub(crate) name: &'static str,
    /// What it needs in the state that no other act does.
    pub(crate) stage: Option<fn(&mut TestExternalities)>,
    /// Prepares a turn.
    pub(crate) job: fn(Town, u32) -> Job,
    /// Whether the turn did what it is made for.
    pub(crate) is_done: fn(Town, u32) -> bool,
}

pub(crate) const ACTS: [Act; 9] = [
    Act {
        name: "`vouch`, the first: referees are asked for",
        stage: None,
        job: |town, turn| by(town.member(4 * turn), VouchingCall::vouch { subject: cast(Part::Newcomer, turn) }),
        is_done: |_, turn| Requests::<Runtime>::contains_key(cast(Part::Newcomer, turn)),
    },
    Act {
        name: "`vouch` that admits: 64 vouches are looked at",
        stage: None,
        job: |town, turn| by(town.member(2 * turn), VouchingCall::vouch { subject: cast(Part::Crowded, turn) }),
        is_done: |_, turn| Membership::is_member(cast(Part::Crowded, turn)),
    },
    Act {
        name: "`renew`",
        stage: None,
        job: |town, turn| by(upholder(town, turn), VouchingCall::renew { subject: upheld(town, turn) }),
        is_done: |town, turn| {
            let vouch = Vouches::<Runtime>::get(upheld(town, turn), upholder(town, turn));
            vouch.is_some_and(|vouch| vouch.expires == NOW + InForce::<Runtime>::get().vouch_validity)
        },
    },
    Act {
        name: "`withdraw` that starts a grace",
        stage: None,
        job: |town, turn| by(upholder(town, turn), VouchingCall::withdraw { subject: upheld(town, turn) }),
        is_done: |town, turn| Graces::<Runtime>::contains_key(upheld(town, turn)),
    },
    Act {
        name: "a block's start: 2 lapses, 2 ends of vouches, 4 vouches of who lapsed",
        stage: None,
        job: |_, turn| {
            Cursor::<Runtime>::put(DUE + turn);
            Box::new(|| Vouching::on_initialize(NOW))
        },
        is_done: |town, turn| {
            let lapsed = [0, 1].iter().all(|place| !Membership::is_member(town.member(4 * turn + place)));
            let short = ending(town, turn).iter().all(|(_, subject)| Graces::<Runtime>::contains_key(subject));
            lapsed && short
        },
    },
    Act {
        name: "`submit_certificate`, 32 signatures: admits",
        stage: None,
        job: certificate,
        is_done: |_, turn| Membership::member(&account(cast(Part::Applicant, turn))).is_some(),
    },
    Act {
        name: "`request_distance`",
        stage: None,
        job: |town, turn| by(town.member(4 * turn), VouchingCall::request_distance { person: cast(Part::Asker, turn) }),
        is_done: |_, turn| Requests::<Runtime>::get(cast(Part::Asker, turn)).is_some_and(|request| request.at == NOW),
    },
    Act {
        name: "`force_remove`: 4 motions, 16 approvals",
        stage: None,
        job: |town, turn| by(cast(Part::Doug, 0), MembershipCall::force_remove { person: town.member(4 * turn) }),
        is_done: |town, turn| !Membership::is_member(town.member(4 * turn)),
    },
    Act {
        name: "`prove_distance`, 640 steps: 1,024 people are looked at, and who is linked is admitted",
        stage: Some(lay_witness),
        job: |town, turn| {
            let person = cast(Part::Linked, 0);
            by(town.member(4 * turn), VouchingCall::prove_distance { person, witness: witness() })
        },
        is_done: |_, _| Membership::is_member(cast(Part::Linked, 0)),
    },
];

/// A call, made by a person.
fn by(who: MemberId, call: impl Into<RuntimeCall>) -> Job {
    let (origin, call) = (RuntimeOrigin::signed(account(who)), call.into());
    let declared = call.get_dispatch_info().call_weight;
    Box::new(move || {
        let outcome = call.dispatch(origin);
        assert!(outcome.is_ok(), "{outcome:?}");
        declared
    })
}

/// Who renews or withdraws a vouch, and whose it is.
fn upholder(town: Town, turn: u32) -> MemberId {
    town.member(4 * turn + 1)
}

fn upheld(town: Town, turn: u32) -> MemberId {
    town.subject(upholder(town, turn), 1)
}

/// Where no distance is asked for, so that the last signature admits.
fn certificate(town: Town, turn: u32) -> Job {
    InForce::<Runtime>::mutate(|rules| rules.distance_percent = 0);
    let newcomer = cast(Part::Applicant, turn);
    let application = Application {
        genesis: Membership::genesis(),
        account: account(newcomer),
        encryption_key: encryption_key(newcomer),
        expires: NOW,
    };
    let application_signature = Signature::Sr25519(pair(newcomer).sign(&application.signing_payload()));
    let certificate = Certificate { application, nonce: [7; 16], expires: NOW };
    let payload = certificate.signing_payload();
    let signers = (0..MAX_SIGNATURES).map(|k| town.member(2 * turn + k));
    let signatures = signers.map(|id| (account(id), Signature::Sr25519(pair(id).sign(&payload))));
    let signatures = SignaturesFor::truncate_from(signatures.collect());
    by(town.member(4 * turn), MembershipCall::submit_certificate { certificate, application_signature, signatures })
}
