// SPDX-License-Identifier: Apache-2.0
//! A community whose member 0 has guardians, and what guardians do.

use kith_primitives::{
    member::MemberId,
    parameters::Parameters,
    recovery::{revocation_payload, MotionId, NewKey},
    Balance, BlockNumber, Signature,
};
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};

use super::*;
use crate::{Call, Event, MotionEnd, NextMotion, ProposalFor};

/// What guardians decide by in these tests.
pub(crate) const DELAY: BlockNumber = 10;
pub(crate) const PERIOD: BlockNumber = 30;
pub(crate) const DEPOSIT: Balance = 100;
/// What each of the members has.
pub(crate) const FUNDS: Balance = 1_000;

pub(crate) fn rules() -> Parameters {
    Parameters {
        recovery_threshold: 3,
        recovery_delay: DELAY,
        recovery_period: PERIOD,
        recovery_deposit: DEPOSIT,
        ..Default::default()
    }
}

/// Runs a test over members 0 to 5. The guardians of 0 are 1 to 4, who vouch for them; three of them decide.
pub(crate) fn guarded(test: impl FnOnce()) {
    Params::set(rules());
    FirstVouches::set((1..=4).map(|guardian| (guardian, 0)).collect());
    execute_founded(6, || {
        (0..6).for_each(|n| fund(n, FUNDS));
        test();
    });
}

/// Makes a call as the chain would: a failure leaves nothing behind.
pub(crate) fn call(origin: RuntimeOrigin, call: Call<Test>) -> DispatchResult {
    RuntimeCall::Membership(call).dispatch(origin).map(|_| ()).map_err(|error| error.error)
}

/// Account and encryption key `n` for the person.
pub(crate) fn keys(person: MemberId, n: u8) -> NewKey<AccountId, BlockNumber> {
    NewKey {
        genesis: Membership::genesis(),
        person,
        account: account(n),
        encryption_key: encryption_key(n),
        expires: System::block_number().saturating_add(5),
    }
}

/// The proposal to give the person account and encryption key `n`.
pub(crate) fn new_key(person: MemberId, n: u8) -> ProposalFor {
    let key = keys(person, n);
    let signature = signature(n, &key.signing_payload());
    ProposalFor::NewKey { key, signature }
}

pub(crate) fn try_open(by: u8, person: MemberId, proposal: ProposalFor) -> Result<MotionId, DispatchError> {
    call(signed(by), Call::open_motion { person, proposal })?;
    Ok(NextMotion::<Test>::get() - 1)
}

pub(crate) fn open(by: u8, person: MemberId, proposal: ProposalFor) -> MotionId {
    try_open(by, person, proposal).unwrap()
}

pub(crate) fn approve(by: u8, person: MemberId, motion: MotionId) -> DispatchResult {
    call(signed(by), Call::approve_motion { person, motion })
}

pub(crate) fn complete(person: MemberId, motion: MotionId) -> DispatchResult {
    call(signed(77), Call::complete_motion { person, motion })
}

pub(crate) fn close(person: MemberId, motion: MotionId) -> DispatchResult {
    call(signed(77), Call::close_motion { person, motion })
}

pub(crate) fn veto(by: u8, motion: MotionId) -> DispatchResult {
    call(signed(by), Call::veto_motion { motion })
}

pub(crate) fn choose(by: u8, guardians: &[MemberId]) -> DispatchResult {
    let guardians = guardians.to_vec().try_into().unwrap();
    call(signed(by), Call::choose_guardians { guardians })
}

/// Guardians 1, 2 and 3 of person 0 agree on the proposal.
pub(crate) fn agree(proposal: ProposalFor) -> MotionId {
    let motion = open(1, 0, proposal);
    approve(2, 0, motion).unwrap();
    approve(3, 0, motion).unwrap();
    motion
}

/// Guardians 1, 2 and 3 give person 0 account and encryption key `n`; takes the delay.
pub(crate) fn rekey(n: u8) {
    let motion = agree(new_key(0, n));
    pass(DELAY);
    complete(0, motion).unwrap();
}

/// The document with which the owner of account `n` revokes it.
pub(crate) fn revocation(n: u8) -> Signature {
    signature(n, &revocation_payload(&Membership::genesis(), &account(n)))
}

/// Somebody submits the document of account `n`.
pub(crate) fn revoke(n: u8) -> DispatchResult {
    call(signed(77), Call::revoke_key { account: account(n), signature: revocation(n) })
}

pub(crate) fn pass(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

/// Whether the motion ended so.
pub(crate) fn ended(person: MemberId, motion: MotionId, end: MotionEnd) -> bool {
    let event: RuntimeEvent = Event::<Test>::MotionClosed { person, motion, end }.into();
    System::events().iter().any(|record| record.event == event)
}
