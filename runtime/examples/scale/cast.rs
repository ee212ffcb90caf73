// SPDX-License-Identifier: Apache-2.0
//! Who plays a part in the calls besides members, and what is as bad as it can be: the same in a community of any size.

use frame_support::{
    traits::fungible::{Mutate, MutateHold},
    BoundedVec,
};
use kith_primitives::{
    certificate::MAX_SIGNATURES,
    distance::{draw, Step, Witness, MAX_SAMPLE, MAX_STEPS, TRIES},
    member::{MemberId, Standing},
    parameters::{Parameters, UNIT},
    recovery::MAX_GUARDIANS,
    resource::ResourceId,
    BlockNumber,
};
use kith_runtime::{Balances, Membership, Runtime, Vouching};
use pallet_kith_constitution::{Approvals, ApprovedBy, Doug, InForce, Override, OverrideAction, Overrides, ProposalOf};
use pallet_kith_membership::{
    ActiveMembers, GuardianChoice, GuardianList, Guardians, HoldReason, Motion, MotionKind, Motions, NextMember,
    NextMotion, ProposedAccounts, ProposedEncryptionKeys, QuotaState, Quotas, MAX_NEW_KEYS,
};
use pallet_kith_vouching::{
    Agenda, Cursor, Departures, Due, Graces, Issuer, Issuers, Proven, Received, Request, Requests, Seed, Seeds, Vouch,
    Vouches, EPOCHS_REMEMBERED,
};
use sp_io::TestExternalities;

use crate::town::{account, encryption_key, settle, vouch, write, Town, FIRST, ONCE};

/// How often each call is made, each time by and about others.
pub(crate) const TURNS: u32 = 16;
/// The first of the blocks of which something is left to do; one for each turn.
pub(crate) const DUE: BlockNumber = 1_000_000;
/// The oldest epoch that is remembered.
const EPOCH: u64 = 10;
const SEED: [u8; 32] = [1; 32];
/// The greatest admission threshold: as many vouches count towards an admission, and all members have fewer.
const THRESHOLD: u32 = MAX_SIGNATURES;
/// The greatest stock of vouches.
const STOCK: u32 = 100;
/// The number the next person gets: most numbers were candidates', who are forgotten.
const NEXT: MemberId = 3 << 30;
/// The numbers of the cast.
const CAST: MemberId = 1 << 31;
const PROPOSED: MemberId = CAST + 1_000;
const LINE: MemberId = CAST + 2_000;
const LEAVERS: std::ops::Range<MemberId> = CAST + 10_000..CAST + 1_010_000;
/// Vouches between the newcomer and each referee.
const PATH: u32 = MAX_STEPS / MAX_SAMPLE;
/// Members up to whom the invariants of the state are checked, which reads all of it.
const CHECKED: u32 = 1_000;

/// A part; most are played by somebody else in each turn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// A candidate for whom nobody vouched.
    Newcomer,
    /// A candidate who lacks one vouch, and for whom others vouched whose vouches do not count.
    Crowded,
    /// A candidate whose request is spent.
    Asker,
    /// Who is to apply.
    Applicant,
    /// The candidate who is linked to the referees.
    Linked,
    /// The governing contract.
    Doug,
}

pub(crate) fn cast(part: Part, turn: u32) -> MemberId {
    CAST + part as u32 * TURNS + turn
}

/// The community with everything in it but the witness.
pub(crate) fn play(town: Town) -> TestExternalities {
    let mut state = town.found();
    let leavers = leavers();
    write(&mut state, || {
        rule(town);
        for id in &leavers {
            settle(*id, Standing::Lapsed);
            Departures::<Runtime>::insert(id, ());
        }
        for turn in 0..TURNS {
            wait(town, turn, &leavers);
            fall_due(town, turn);
            burden(town, town.member(4 * turn), 2 * turn);
            burden(town, town.member(4 * turn + 1), 2 * turn + 1);
            accuse(town, turn);
        }
    });
    if town.members <= CHECKED {
        state.execute_with(|| Membership::do_try_state().and_then(|()| Vouching::do_try_state()).expect("all is well"));
    }
    state
}

fn rule(town: Town) {
    let rules = Parameters { admission_threshold: THRESHOLD, vouch_stock: STOCK, ..Default::default() };
    InForce::<Runtime>::put(rules);
    Doug::<Runtime>::put(account(cast(Part::Doug, 0)));
    NextMember::<Runtime>::put(NEXT);
    ActiveMembers::<Runtime>::put(town.members);
    Cursor::<Runtime>::put(DUE);
    let epochs = EPOCH..EPOCH + u64::from(EPOCHS_REMEMBERED);
    pallet_babe::EpochIndex::<Runtime>::put(epochs.end);
    let seeds: Vec<_> = epochs.map(|epoch| Seed { epoch, seed: SEED }).collect();
    Seeds::<Runtime>::put(BoundedVec::truncate_from(seeds));
}

/// Who lapsed, and whose vouches are being removed. Of a million possible ones, those whose vouches come first in
/// storage: an admission looks at all of them before it finds one that counts.
fn leavers() -> Vec<MemberId> {
    let mut leavers: Vec<_> = LEAVERS.collect();
    leavers.sort_by_cached_key(|id| sp_io::hashing::twox_64(&id.to_le_bytes()));
    leavers.truncate(THRESHOLD as usize);
    leavers
}

/// The candidates of a turn.
fn wait(town: Town, turn: u32, leavers: &[MemberId]) {
    let [newcomer, crowded, asker] = [Part::Newcomer, Part::Crowded, Part::Asker].map(|part| cast(part, turn));
    [newcomer, crowded, asker].into_iter().for_each(|id| settle(id, Standing::Candidate));
    Requests::<Runtime>::insert(asker, Request { at: ONCE, epoch: 0, bound: NEXT });
    Requests::<Runtime>::insert(crowded, Request { at: ONCE, epoch: EPOCH, bound: NEXT });
    Proven::<Runtime>::insert(crowded, ONCE);
    leavers.iter().for_each(|leaver| vouch(*leaver, crowded));
    (1..THRESHOLD).for_each(|k| vouch(town.member(2 * turn + k), crowded));
}

/// What is left to do of a block: two members lapse, and two vouches end.
fn fall_due(town: Town, turn: u32) {
    let block = DUE + turn;
    for subject in [town.member(4 * turn), town.member(4 * turn + 1)] {
        Graces::<Runtime>::insert(subject, block);
        Agenda::<Runtime>::insert(block, Due::Lapse { subject }, ());
    }
    for (issuer, subject) in ending(town, turn) {
        let due = Due::Expire { issuer, subject };
        let vouch = Vouches::<Runtime>::get(subject, issuer).expect("they vouch for each other");
        Agenda::<Runtime>::remove(vouch.expires, due);
        Agenda::<Runtime>::insert(block, due, ());
        Vouches::<Runtime>::insert(subject, issuer, Vouch { expires: block, ..vouch });
    }
}

/// Issuer and subject of the vouches that end; neither subject loses their standing in any turn.
pub(crate) fn ending(town: Town, turn: u32) -> [(MemberId, MemberId); 2] {
    [(2, 1), (3, 3)].map(|(place, which)| {
        let issuer = town.member(4 * turn + place);
        (issuer, town.subject(issuer, which))
    })
}

/// What ends when a member goes: approvals of overrides nobody else approves of, a grant, a candidature, a quota.
fn burden(town: Town, person: MemberId, number: u32) {
    let most = pallet_kith_constitution::MAX_APPROVALS;
    let ids: Vec<_> = (number * most..(number + 1) * most).collect();
    for (place, id) in (0..).zip(&ids) {
        let (proposer, action) = (town.member(place), OverrideAction::RemoveMember(person));
        Overrides::<Runtime>::insert(id, Override { proposer, action, approvals: 1, expires: BlockNumber::MAX });
        ProposalOf::<Runtime>::insert(proposer, id);
    }
    ApprovedBy::<Runtime>::insert(person, Approvals::truncate_from(ids));
    pallet_kith_resources::ReadableBy::<Runtime>::insert(person, ResourceId::MIN, ());
    pallet_kith_validators::Standing::<Runtime>::insert(person, ONCE);
    pallet_kith_validators::Attendances::<Runtime>::insert(person, pallet_kith_validators::Attendance::default());
    Quotas::<Runtime>::insert(person, QuotaState { available: 0, at: ONCE });
}

/// As many motions about a member's key as there may be, each with its deposit and as many approvals as there may be.
fn accuse(town: Town, turn: u32) {
    let person = town.member(4 * turn);
    let guardians: Vec<_> = (1..=MAX_GUARDIANS).map(|place| town.member(4 * turn + place)).collect();
    let guardians = GuardianList::truncate_from(guardians);
    let choice = GuardianChoice { current: guardians.clone(), next: guardians.clone(), from: ONCE };
    Guardians::<Runtime>::insert(person, choice);
    let deposit = InForce::<Runtime>::get().recovery_deposit;
    for (number, opened_by) in guardians.iter().copied().take(MAX_NEW_KEYS + 1).enumerate() {
        let id = NextMotion::<Runtime>::get();
        NextMotion::<Runtime>::put(id + 1);
        let kind = if number < MAX_NEW_KEYS {
            let (account, encryption_key) = (account(PROPOSED + id), encryption_key(PROPOSED + id));
            ProposedAccounts::<Runtime>::insert(&account, person);
            ProposedEncryptionKeys::<Runtime>::insert(encryption_key, person);
            MotionKind::NewKey { account, encryption_key }
        } else {
            MotionKind::Freeze
        };
        let approvals = guardians.clone();
        let motion = Motion { kind, opened_by, approvals, closes: BlockNumber::MAX, agreed_at: None, deposit };
        Motions::<Runtime>::insert(person, id, motion);
        Balances::mint_into(&account(opened_by), UNIT).expect("there is room for money");
        Balances::hold(&HoldReason::Motion.into(), &account(opened_by), deposit).expect("it was just paid in");
    }
}

/// The greatest witness, and as many people as are ever looked at to find referees. All but the last of those have
/// given and received enough, and are nobody: the most that can be asked of storage in vain.
pub(crate) fn lay_witness(state: &mut TestExternalities) {
    let linked = cast(Part::Linked, 0);
    write(state, || {
        settle(linked, Standing::Candidate);
        Requests::<Runtime>::insert(linked, Request { at: ONCE, epoch: EPOCH, bound: FIRST });
        for drawn in (0..TRIES).map(drawn) {
            Issuers::<Runtime>::insert(drawn, Issuer { live: STOCK, last: None });
            Received::<Runtime>::insert(drawn, STOCK);
        }
        leavers().into_iter().for_each(|leaver| vouch(leaver, linked));
        for place in 0..MAX_STEPS {
            settle(in_line(place), Standing::Member);
            vouch(in_line(place), if starts_path(place) { linked } else { in_line(place - 1) });
        }
        ActiveMembers::<Runtime>::mutate(|count| *count += MAX_STEPS);
    });
}

/// The witness that was laid.
pub(crate) fn witness() -> Witness {
    let step = |place: u32| {
        let parent = if starts_path(place) { 0 } else { place };
        Step { member: in_line(place), parent: u16::try_from(parent).expect("a witness is shorter") }
    };
    Witness::truncate_from((0..MAX_STEPS).map(step).collect())
}

fn starts_path(place: u32) -> bool {
    place.is_multiple_of(PATH)
}

/// Who stands in a place of the witness; who ends a path is one of the referees, who are drawn last.
fn in_line(place: u32) -> MemberId {
    if starts_path(place + 1) {
        drawn(TRIES - MAX_SAMPLE + place / PATH)
    } else {
        LINE + place
    }
}

fn drawn(i: u32) -> MemberId {
    draw(&SEED, cast(Part::Linked, 0), FIRST, i)
}
