// SPDX-License-Identifier: Apache-2.0
//! Random histories of every call and of time, held against a model that knows only what the rules promise.

mod model;

use std::collections::BTreeSet;

use kith_primitives::{
    glue::{Admission, Community},
    parameters::Parameters,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sp_runtime::DispatchResult;

use crate::{mock::guarded::*, mock::*, *};
use model::Model;

const FOUNDERS: u8 = 6;

#[derive(Clone, Debug)]
enum Op {
    Sponsor { by: u8, n: u8 },
    Certify { signers: Vec<u8>, n: u8 },
    Admit { person: MemberId },
    Lapse { person: MemberId },
    Leave { by: u8 },
    Expel { person: MemberId },
    Prune { person: MemberId },
    Bind { by: u8, n: u8 },
    Unbind { by: u8, n: u8 },
    Choose { by: u8, guardians: Vec<MemberId> },
    Vouch { issuer: MemberId, subject: MemberId, gives: bool },
    OpenFreeze { by: u8, person: MemberId },
    OpenUnfreeze { by: u8, pick: usize },
    OpenNewKey { by: u8, person: MemberId, n: u8 },
    Approve { by: u8, pick: usize },
    Complete { pick: usize },
    Veto { pick: usize },
    Close { pick: usize },
    Revoke { n: u8 },
    AsFormer { by: u8, n: u8 },
    Threshold { to: u32 },
    Pass { blocks: BlockNumber },
}

fn op() -> impl Strategy<Value = Op> {
    let n = || 0u8..24;
    let id = || 0u32..12;
    // Most often founders, who have guardians and are guardians; and as often, whoever guards the key it is about.
    let (who, whose) = (|| 0u8..2 * (FOUNDERS + 1), || 0u32..u32::from(FOUNDERS) + 1);
    prop_oneof![
        3 => (n(), n()).prop_map(|(by, n)| Op::Sponsor { by, n }),
        1 => (proptest::collection::vec(0..FOUNDERS, 0..5), n()).prop_map(|(signers, n)| Op::Certify { signers, n }),
        4 => id().prop_map(|person| Op::Admit { person }),
        1 => id().prop_map(|person| Op::Lapse { person }),
        1 => n().prop_map(|by| Op::Leave { by }),
        1 => id().prop_map(|person| Op::Expel { person }),
        3 => (u32::from(FOUNDERS)..12).prop_map(|person| Op::Prune { person }),
        2 => (0..FOUNDERS, 0u8..4).prop_map(|(by, n)| Op::Bind { by, n }),
        1 => (0..FOUNDERS, 0u8..4).prop_map(|(by, n)| Op::Unbind { by, n }),
        2 => (who(), proptest::collection::vec(id(), 0..5)).prop_map(|(by, guardians)| Op::Choose { by, guardians }),
        6 => (id(), id(), any::<bool>()).prop_map(|(issuer, subject, gives)| Op::Vouch { issuer, subject, gives }),
        4 => (who(), whose()).prop_map(|(by, person)| Op::OpenFreeze { by, person }),
        6 => (who(), any::<usize>()).prop_map(|(by, pick)| Op::OpenUnfreeze { by, pick }),
        12 => (who(), whose(), n()).prop_map(|(by, person, n)| Op::OpenNewKey { by, person, n }),
        30 => (who(), any::<usize>()).prop_map(|(by, pick)| Op::Approve { by, pick }),
        10 => any::<usize>().prop_map(|pick| Op::Complete { pick }),
        1 => any::<usize>().prop_map(|pick| Op::Veto { pick }),
        2 => any::<usize>().prop_map(|pick| Op::Close { pick }),
        1 => n().prop_map(|n| Op::Revoke { n }),
        3 => (who(), n()).prop_map(|(by, n)| Op::AsFormer { by, n }),
        1 => (1u32..4).prop_map(|to| Op::Threshold { to }),
        12 => (1u32..8).prop_map(|blocks| Op::Pass { blocks }),
    ]
}

fn total() -> Balance {
    pallet_balances::TotalIssuance::<Test>::get()
}

/// The nth person's account, or the nth account that is nobody's.
fn by(n: u8) -> RuntimeOrigin {
    let theirs = Membership::account(n.into()).filter(|_| n < 12);
    RuntimeOrigin::signed(theirs.unwrap_or_else(|| account(n)))
}

/// Person `n`, or one of the person's guardians.
fn about(n: u8, person: MemberId) -> RuntimeOrigin {
    let mut guardians = (0..Membership::people()).filter(|other| Membership::is_guardian(person, *other));
    match n.checked_sub(FOUNDERS + 1).and_then(|nth| guardians.nth(usize::from(nth) % 3)) {
        Some(guardian) => by(guardian as u8),
        None => by(n),
    }
}

impl Model {
    fn run(&mut self, op: Op) {
        let made = match op {
            Op::Sponsor { by: who, n } => {
                let application = application(n);
                call(by(who), Call::sponsor { signature: sign(n, &application), application })
            }
            Op::Certify { signers, n } => certify(&signers, n),
            Op::Admit { person } => {
                Membership::admit(person);
                Ok(())
            }
            Op::Lapse { person } => {
                Membership::lapse(person);
                Ok(())
            }
            Op::Leave { by: who } => call(by(who), Call::leave {}),
            Op::Expel { person } => call(RuntimeOrigin::root(), Call::force_remove { person }),
            Op::Prune { person } => call(signed(77), Call::prune_candidate { person }),
            Op::Bind { by: who, n } => {
                let owner = Membership::account(who.into()).unwrap_or_else(|| account(who));
                let (device, signature) = device_of(n, &owner);
                call(by(who), Call::bind_device { device, signature })
            }
            Op::Unbind { by: who, n } => call(by(who), Call::unbind_device { device: device(n, 0).0 }),
            Op::Choose { by: who, guardians } => {
                let guardians = guardians.try_into().unwrap();
                call(by(who), Call::choose_guardians { guardians })
            }
            Op::Vouch { issuer, subject, gives } => {
                FirstVouches::mutate(|vouches| {
                    vouches.retain(|vouch| *vouch != (issuer, subject));
                    vouches.extend(gives.then_some((issuer, subject)));
                });
                Ok(())
            }
            Op::OpenFreeze { by, person } => {
                call(about(by, person), Call::open_motion { person, proposal: ProposalFor::Freeze })
            }
            Op::OpenUnfreeze { by, pick } => {
                let person = *self.frozen.keys().nth(pick % self.frozen.len().max(1)).unwrap_or(&0);
                call(about(by, person), Call::open_motion { person, proposal: ProposalFor::Unfreeze })
            }
            Op::OpenNewKey { by, person, n } => {
                call(about(by, person), Call::open_motion { person, proposal: new_key(person, 100 + n) })
            }
            Op::Approve { by, pick } => {
                let (person, motion) = self.pick(pick);
                call(about(by, person), Call::approve_motion { person, motion })
            }
            Op::Complete { pick } => {
                let (person, motion) = self.pick(pick);
                complete(person, motion)
            }
            Op::Veto { pick } => {
                let (person, motion) = self.pick(pick);
                let origin = Membership::account(person).map_or(RuntimeOrigin::none(), RuntimeOrigin::signed);
                call(origin, Call::veto_motion { motion })
            }
            Op::Close { pick } => {
                let (person, motion) = self.pick(pick);
                close(person, motion)
            }
            Op::Revoke { n } => revoke_any(n),
            Op::AsFormer { by: who, n } => self.act_as_former(who, n),
            Op::Threshold { to } => {
                Params::mutate(|parameters| parameters.recovery_threshold = to);
                Ok(())
            }
            Op::Pass { blocks } => {
                pass(blocks);
                Ok(())
            }
        };
        assert!(made.is_ok() || System::events().is_empty(), "a refused call left an event");
        self.observe();
    }

    /// Only the person whose account it was may, and not while their key is frozen.
    fn act_as_former(&self, who: u8, n: u8) -> DispatchResult {
        let former = self.dead.iter().nth(usize::from(n) % self.dead.len().max(1)).cloned();
        let Some(former) = former else { return Ok(()) };
        let remark = frame_system::Call::<Test>::remark_with_event { remark: vec![] };
        let made = call(by(who), Call::as_former { former: former.clone(), call: Box::new(remark.into()) });
        if made.is_ok() {
            let person = FormerAccounts::<Test>::get(&former).unwrap().person;
            assert_eq!(frame_system::ensure_signed(by(who)).ok(), self.accounts.get(&person).cloned());
            assert!(!self.frozen.contains_key(&person));
        }
        made
    }
}

fn certify(signers: &[u8], n: u8) -> DispatchResult {
    let certificate =
        CertificateFor { application: application(n), nonce: [n; 16], expires: System::block_number() + 9 };
    let payload = certificate.signing_payload();
    let signatures: Vec<_> = signers.iter().map(|n| (account(*n), signature(*n, &payload))).collect();
    let signatures = signatures.try_into().unwrap();
    let application_signature = sign(n, &certificate.application);
    call(signed(77), Call::submit_certificate { certificate, application_signature, signatures })
}

/// Submits the document of the `n`th account, which may be somebody's, be former, or be nobody's.
fn revoke_any(n: u8) -> DispatchResult {
    let n = if n < 12 { n } else { 100 + n };
    revoke(n)
}

fn device_of(n: u8, owner: &AccountId) -> (DeviceId, ed25519::Signature) {
    use sp_core::Pair;
    let (device, _) = device(n, 0);
    let pair = ed25519::Pair::from_seed_slice(&codec::Encode::encode(&(n, [200u8; 31]))).unwrap();
    (device, pair.sign(&kith_primitives::device::binding_payload(&Membership::genesis(), owner)))
}

/// Lives through a history, and until everything that was opened had its time. Returns the kinds of events there were.
fn live(history: Vec<Op>) -> BTreeSet<String> {
    Params::set(Parameters {
        recovery_threshold: 2,
        recovery_delay: 6,
        recovery_period: 12,
        candidate_lifetime: 20,
        admission_threshold: 2,
        max_devices: 2,
        ..rules()
    });
    // Everybody stands by the next two.
    let next = |n: u8, by: u8| u32::from((n + by) % FOUNDERS);
    FirstVouches::set((0..FOUNDERS).flat_map(|n| [(n.into(), next(n, 1)), (n.into(), next(n, 2))]).collect());
    let mut kinds = BTreeSet::new();
    execute_founded(FOUNDERS, || {
        (0..FOUNDERS).for_each(|n| fund(n, 10 * FUNDS));
        System::reset_events();
        let (mut model, issued) = (Model::founded(), total());
        for op in history {
            model.run(op);
        }
        pass(100);
        for (person, motion) in model.open.clone() {
            close(person, motion).unwrap();
        }
        model.observe();
        // No deposit is lost.
        assert_eq!(pallet_balances::Holds::<Test>::iter_values().flatten().count(), 0);
        assert_eq!(total(), issued);
        kinds = model.kinds;
    });
    kinds
}

fn history() -> impl Strategy<Value = Vec<Op>> {
    proptest::collection::vec(op(), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_history_keeps_the_rules(history in history()) {
        live(history);
    }
}

#[test]
fn such_histories_reach_every_event() {
    let mut runner = TestRunner::deterministic();
    let mut kinds = BTreeSet::new();
    for _ in 0..64 {
        kinds.extend(live(history().new_tree(&mut runner).unwrap().current()));
    }
    let all = [
        "ActedAsFormer",
        "Admitted",
        "CandidatePruned",
        "Certified",
        "DeviceBound",
        "DeviceUnbound",
        "Expelled",
        "GuardiansChosen",
        "KeyChanged",
        "KeyFrozen",
        "KeyUnfrozen",
        "Lapsed",
        "Left",
        "MotionAgreed",
        "MotionApproved",
        "MotionClosed",
        "MotionOpened",
        "Sponsored",
    ];
    assert_eq!(kinds, all.map(str::to_owned).into());
}
