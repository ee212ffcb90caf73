// SPDX-License-Identifier: Apache-2.0
//! Random histories of votes, departures and returns, against a model that counts people.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use kith_primitives::{member::MemberId, parameters::Parameter};
use proptest::prelude::*;

const PEOPLE: u32 = 9;

#[derive(Clone, Debug)]
enum Step {
    Propose(MemberId, u128),
    Approve(MemberId, OverrideId),
    Withdraw(MemberId, OverrideId),
    Prune(OverrideId),
    Leave(MemberId),
    Return(MemberId),
    Wait(u32),
    EraStart,
}

fn step() -> impl Strategy<Value = Step> {
    let member = 1..=PEOPLE;
    prop_oneof![
        2 => (member.clone(), any::<u128>()).prop_map(|(m, pot)| Step::Propose(m, pot % 1_000)),
        8 => (member.clone(), 0u32..6).prop_map(|(m, id)| Step::Approve(m, id)),
        2 => (member.clone(), 0u32..6).prop_map(|(m, id)| Step::Withdraw(m, id)),
        1 => (0u32..6).prop_map(Step::Prune),
        2 => member.clone().prop_map(Step::Leave),
        2 => member.prop_map(Step::Return),
        1 => (0u32..30).prop_map(Step::Wait),
        1 => Just(Step::EraStart),
    ]
}

/// The same rules over sets of people.
#[derive(Default)]
struct Model {
    open: BTreeMap<OverrideId, (MemberId, u128, BTreeSet<MemberId>, u64)>,
    next: OverrideId,
    scheduled: Option<u128>,
    pot: u128,
}

impl Model {
    fn try_execute(&mut self, id: OverrideId) -> bool {
        let people = Members::get().len();
        let (_, pot, approvers, _) = &self.open[&id];
        let enough = approvers.len() * 100 >= 67 * people && (people < 2 || approvers.len() >= 2);
        if enough {
            self.scheduled = Some(*pot);
            self.open.remove(&id);
        }
        enough
    }

    fn propose(&mut self, member: MemberId, pot: u128, now: u64, period: u64) -> bool {
        let open = self.open.values().any(|(proposer, .., expires)| *proposer == member && *expires >= now);
        if !Members::get().contains(&member) || open {
            return false;
        }
        self.open.retain(|_, (proposer, ..)| *proposer != member);
        self.open.insert(self.next, (member, pot, [member].into(), now + period));
        self.try_execute(self.next);
        self.next += 1;
        true
    }

    fn approve(&mut self, member: MemberId, id: OverrideId, now: u64) -> bool {
        if !Members::get().contains(&member) {
            return false;
        }
        match self.open.get_mut(&id) {
            Some((.., approvers, expires)) if *expires >= now => {
                let fresh = approvers.insert(member);
                self.try_execute(id) || fresh
            }
            _ => false,
        }
    }

    fn withdraw(&mut self, member: MemberId, id: OverrideId) -> bool {
        let took = self.open.get_mut(&id).is_some_and(|(_, _, approvers, _)| approvers.remove(&member));
        self.open.retain(|_, (_, _, approvers, _)| !approvers.is_empty());
        took
    }

    fn prune(&mut self, id: OverrideId, now: u64) -> bool {
        let expired = self.open.get(&id).is_some_and(|(.., expires)| *expires < now);
        if expired {
            self.open.remove(&id);
        }
        expired
    }
}

/// Does the step on the chain and in the model; both must say the same of it.
fn take(step: &Step, model: &mut Model) {
    let now = System::block_number();
    let period = u64::from(Constitution::parameters().override_period);
    let done = |result: sp_runtime::DispatchResult| result.is_ok();
    let (chain, expected) = match *step {
        Step::Propose(m, pot) => {
            let action = Action::SetParameter(Parameter::EraPot(pot));
            (done(Constitution::propose_override(signed(m.into()), action)), model.propose(m, pot, now, period))
        }
        Step::Approve(m, id) => (done(Constitution::approve_override(signed(m.into()), id)), model.approve(m, id, now)),
        Step::Withdraw(m, id) => {
            let member = Members::get().contains(&m);
            (done(Constitution::withdraw_approval(signed(m.into()), id)), member && model.withdraw(m, id))
        }
        Step::Prune(id) => (done(Constitution::prune_override(signed(STRANGER), id)), model.prune(id, now)),
        Step::Leave(m) => {
            depart(m);
            model.open.values_mut().for_each(|(_, _, approvers, _)| {
                approvers.remove(&m);
            });
            model.open.retain(|_, (_, _, approvers, _)| !approvers.is_empty());
            (true, true)
        }
        Step::Return(m) => {
            Members::mutate(|members| members.insert(m));
            (true, true)
        }
        Step::Wait(blocks) => {
            System::set_block_number(now + u64::from(blocks));
            (true, true)
        }
        Step::EraStart => {
            Constitution::era_started();
            model.pot = model.scheduled.take().unwrap_or(model.pot);
            (true, true)
        }
    };
    assert_eq!(chain, expected, "{step:?}");
}

fn compare(model: &Model) {
    Constitution::do_try_state().unwrap();
    let open: BTreeMap<_, _> = Overrides::<Test>::iter().map(|(id, it)| (id, (it.proposer, it.approvals))).collect();
    let expected =
        model.open.iter().map(|(id, (proposer, _, approvers, _))| (*id, (*proposer, approvers.len() as u32)));
    assert_eq!(open, expected.collect());
    assert_eq!(Scheduled::<Test>::get().map(|next| next.era_pot), model.scheduled);
    assert_eq!(Constitution::parameters().era_pot, model.pot);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..Default::default() })]

    #[test]
    fn only_a_super_majority_of_those_who_are_members_now_ever_decides(
        steps in proptest::collection::vec(step(), 1..80),
        founders in 1u32..=PEOPLE,
    ) {
        let mut builder = ExtBuilder::members(founders);
        builder.genesis.parameters.override_period = 40;
        builder.build_and_execute(|| {
            let mut model = Model { pot: Constitution::parameters().era_pot, ..Default::default() };
            for step in &steps {
                take(step, &mut model);
                compare(&model);
            }
        });
    }
}
