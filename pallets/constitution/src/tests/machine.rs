// SPDX-License-Identifier: Apache-2.0
//! Random histories of every call, departures and returns, against a model that counts people.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use frame_support::traits::GetCallName;
use kith_primitives::{member::MemberId, parameters::Parameter};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

const PEOPLE: u32 = 9;

#[derive(Clone, Debug)]
enum Step {
    Set(u64, u128),
    Hand(u64, u64),
    Propose(MemberId, Action),
    Approve(MemberId, OverrideId),
    Withdraw(MemberId, OverrideId),
    Prune(OverrideId),
    Leave(MemberId),
    Return(MemberId),
    Wait(u32),
    EraStart,
}

/// The account that governs first, or one that may come after it.
fn governor() -> impl Strategy<Value = u64> {
    DOUG..DOUG + 3
}

fn pot() -> impl Strategy<Value = u128> {
    0u128..1_000
}

/// What is asked for. The last to be expelled is nobody.
fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => pot().prop_map(|pot| Action::SetParameter(Parameter::EraPot(pot))),
        2 => governor().prop_map(Action::SetDoug),
        2 => (1..=PEOPLE + 1).prop_map(Action::RemoveMember),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let member = 1..=PEOPLE;
    prop_oneof![
        2 => (governor(), pot()).prop_map(|(by, pot)| Step::Set(by, pot)),
        1 => (governor(), governor()).prop_map(|(by, to)| Step::Hand(by, to)),
        3 => (member.clone(), action()).prop_map(|(m, action)| Step::Propose(m, action)),
        10 => (member.clone(), 0u32..8).prop_map(|(m, id)| Step::Approve(m, id)),
        2 => (member.clone(), 0u32..8).prop_map(|(m, id)| Step::Withdraw(m, id)),
        1 => (0u32..8).prop_map(Step::Prune),
        1 => member.clone().prop_map(Step::Leave),
        3 => member.prop_map(Step::Return),
        1 => (0u32..30).prop_map(Step::Wait),
        1 => Just(Step::EraStart),
    ]
}

/// The call of the step, if it is one, and who signs it.
fn call(step: &Step) -> Option<(u64, Call<Test>)> {
    let (by, call) = match step.clone() {
        Step::Set(by, pot) => (by, Call::set_parameter { parameter: Parameter::EraPot(pot) }),
        Step::Hand(by, doug) => (by, Call::set_doug { doug }),
        Step::Propose(m, action) => (m.into(), Call::propose_override { action }),
        Step::Approve(m, id) => (m.into(), Call::approve_override { id }),
        Step::Withdraw(m, id) => (m.into(), Call::withdraw_approval { id }),
        Step::Prune(id) => (STRANGER, Call::prune_override { id }),
        Step::Leave(_) | Step::Return(_) | Step::Wait(_) | Step::EraStart => return None,
    };
    Some((by, call))
}

/// An override that is voted on.
#[derive(Clone)]
struct Vote {
    proposer: MemberId,
    action: Action,
    approvers: BTreeSet<MemberId>,
    expires: u64,
}

/// The same rules over sets of people.
#[derive(Clone)]
struct Model {
    members: BTreeSet<MemberId>,
    doug: u64,
    open: BTreeMap<OverrideId, Vote>,
    next: OverrideId,
    scheduled: Option<u128>,
    pot: u128,
}

impl Model {
    fn founded() -> Self {
        let (members, pot) = (Members::get(), Constitution::parameters().era_pot);
        Self { members, doug: DOUG, open: BTreeMap::new(), next: 0, scheduled: None, pot }
    }

    /// Whether the rules allow the step. If not, what it changed here counts for nothing.
    fn allows(&mut self, step: &Step) -> bool {
        let now = System::block_number();
        match step {
            Step::Set(by, pot) => {
                self.scheduled = Some(*pot);
                *by == self.doug
            }
            Step::Hand(by, to) => std::mem::replace(&mut self.doug, *to) == *by,
            Step::Propose(m, action) => self.propose(*m, action, now),
            Step::Approve(m, id) => self.approve(*m, *id, now),
            Step::Withdraw(m, id) => self.members.contains(m) && self.withdraw(*m, *id),
            Step::Prune(id) => self.open.remove(id).is_some_and(|vote| vote.expires < now),
            Step::Leave(m) => {
                self.depart(*m);
                true
            }
            Step::Return(m) => {
                self.members.insert(*m);
                true
            }
            Step::Wait(_) => true,
            Step::EraStart => {
                self.pot = self.scheduled.take().unwrap_or(self.pot);
                true
            }
        }
    }

    fn propose(&mut self, proposer: MemberId, action: &Action, now: u64) -> bool {
        let is_theirs = |vote: &Vote| vote.proposer == proposer;
        let has_one = self.open.values().any(|vote| is_theirs(vote) && vote.expires >= now);
        if !self.members.contains(&proposer) || has_one {
            return false;
        }
        self.open.retain(|_, vote| !is_theirs(vote));
        let (id, expires) = (self.next, now + u64::from(Constitution::parameters().override_period));
        self.open.insert(id, Vote { proposer, action: action.clone(), approvers: [proposer].into(), expires });
        self.next += 1;
        self.settle(id)
    }

    fn approve(&mut self, member: MemberId, id: OverrideId, now: u64) -> bool {
        if !self.members.contains(&member) {
            return false;
        }
        let fresh = match self.open.get_mut(&id) {
            Some(vote) if vote.expires >= now => vote.approvers.insert(member),
            _ => return false,
        };
        self.settle(id) && (fresh || !self.open.contains_key(&id))
    }

    /// Carries the override out if enough approve; false if it takes effect now and cannot.
    fn settle(&mut self, id: OverrideId) -> bool {
        let (people, approvers) = (self.members.len(), self.open[&id].approvers.len());
        if approvers * 100 < 67 * people || approvers < people.min(2) {
            return true;
        }
        match self.open.remove(&id).unwrap().action {
            Action::SetParameter(Parameter::EraPot(pot)) => self.scheduled = Some(pot),
            Action::SetDoug(doug) => self.doug = doug,
            Action::RemoveMember(person) => return self.depart(person),
            other => unreachable!("nobody asks for {other:?}"),
        }
        true
    }

    fn withdraw(&mut self, member: MemberId, id: OverrideId) -> bool {
        let took = self.open.get_mut(&id).is_some_and(|vote| vote.approvers.remove(&member));
        self.open.retain(|_, vote| !vote.approvers.is_empty());
        took
    }

    /// Whether they were a member.
    fn depart(&mut self, person: MemberId) -> bool {
        self.open.values_mut().for_each(|vote| {
            vote.approvers.remove(&person);
        });
        self.open.retain(|_, vote| !vote.approvers.is_empty());
        self.members.remove(&person)
    }
}

/// Does the step on the chain; whether it could be done.
fn done(step: &Step) -> bool {
    if let Some((by, call)) = call(step) {
        return dispatch(by, call).is_ok();
    }
    match step {
        Step::Leave(m) => depart(*m),
        Step::Return(m) => Members::mutate(|members| {
            members.insert(*m);
        }),
        Step::Wait(blocks) => System::set_block_number(System::block_number() + u64::from(*blocks)),
        Step::EraStart => {
            Constitution::era_started();
        }
        call => unreachable!("{call:?} is a call"),
    }
    true
}

/// Takes the step on the chain and in the model; both must say the same of it.
fn take(step: &Step, model: &mut Model) {
    let before = model.clone();
    let allowed = model.allows(step);
    if !allowed {
        *model = before;
    }
    assert_eq!(done(step), allowed, "{step:?}");
}

fn compare(model: &Model) {
    Constitution::do_try_state().unwrap();
    let open: BTreeMap<_, _> = Overrides::<Test>::iter().map(|(id, it)| (id, (it.proposer, it.approvals))).collect();
    let expected = model.open.iter().map(|(id, vote)| (*id, (vote.proposer, vote.approvers.len() as u32)));
    assert_eq!(open, expected.collect());
    assert_eq!((Members::get(), Doug::<Test>::get()), (model.members.clone(), Some(model.doug)));
    assert_eq!(Scheduled::<Test>::get().map(|next| next.era_pot), model.scheduled);
    assert_eq!(Constitution::parameters().era_pot, model.pot);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..Default::default() })]

    #[test]
    fn only_the_doug_or_a_super_majority_of_those_who_are_members_now_ever_decides(
        steps in proptest::collection::vec(step(), 1..80),
        founders in 1u32..=PEOPLE,
    ) {
        let mut builder = ExtBuilder::members(founders);
        builder.genesis.parameters.override_period = 40;
        builder.build_and_execute(|| {
            let mut model = Model::founded();
            for step in &steps {
                take(step, &mut model);
                compare(&model);
            }
        });
    }
}

#[test]
fn such_histories_make_every_call() {
    let mut runner = TestRunner::deterministic();
    let steps = std::iter::repeat_with(|| step().new_tree(&mut runner).unwrap().current());
    let made: BTreeSet<_> =
        steps.take(1_000).filter_map(|step| call(&step)).map(|(_, call)| call.get_call_name()).collect();
    assert_eq!(made, Call::<Test>::get_call_names().iter().copied().collect());
}
