// SPDX-License-Identifier: Apache-2.0
//! Random histories of members, validators and sessions, held against what must be true after each.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const FOUNDERS: MemberId = 5;
const PEOPLE: MemberId = 14;

#[derive(Clone, Debug)]
enum Op {
    Join { person: MemberId, vouches: u32 },
    Depart { person: MemberId },
    Freeze { person: MemberId, frozen: bool },
    SetKeys { person: MemberId, generation: u64 },
    PurgeKeys { person: MemberId },
    Stand { person: MemberId },
    StandDown { person: MemberId },
    Offend { person: MemberId, back: u32 },
    Rules { most: u32, least: u32, allowed: u32, penance: u32 },
    Session { silent: BTreeSet<MemberId>, short: bool },
}

fn op() -> impl Strategy<Value = Op> {
    let id = || 0..PEOPLE;
    prop_oneof![
        3 => (id(), 0u32..9).prop_map(|(person, vouches)| Op::Join { person, vouches }),
        2 => id().prop_map(|person| Op::Depart { person }),
        1 => (id(), any::<bool>()).prop_map(|(person, frozen)| Op::Freeze { person, frozen }),
        5 => (id(), 0u64..3).prop_map(|(person, generation)| Op::SetKeys { person, generation }),
        1 => id().prop_map(|person| Op::PurgeKeys { person }),
        8 => id().prop_map(|person| Op::Stand { person }),
        2 => id().prop_map(|person| Op::StandDown { person }),
        1 => (id(), 0u32..3).prop_map(|(person, back)| Op::Offend { person, back }),
        1 => (1u32..9, 1u32..5, 1u32..4, 0u32..200)
            .prop_map(|(most, least, allowed, penance)| Op::Rules { most, least, allowed, penance }),
        8 => (proptest::collection::btree_set(id(), 0..6), proptest::bool::weighted(0.2))
            .prop_map(|(silent, short)| Op::Session { silent, short }),
    ]
}

/// What the calls and the events say.
#[derive(Debug, Default)]
struct Model {
    standing: BTreeSet<MemberId>,
    until: BTreeMap<MemberId, BlockNumber>,
    offences: BTreeMap<MemberId, (u32, u32)>,
    /// Judged sessions in a row without a block.
    absences: BTreeMap<MemberId, u32>,
}

fn has_keys(id: MemberId) -> bool {
    Session::load_keys(&ValidatorId(id)).is_some()
}

fn seatable(id: MemberId) -> bool {
    person(id).is_some_and(|person| person.member && !person.frozen) && has_keys(id)
}

fn is_member(id: MemberId) -> bool {
    person(id).is_some_and(|person| person.member)
}

impl Model {
    fn founded() -> Self {
        Self { standing: (0..FOUNDERS).collect(), ..Self::default() }
    }

    fn end(&mut self, id: MemberId) -> bool {
        self.absences.remove(&id);
        self.standing.remove(&id)
    }

    fn penalise(&mut self, id: MemberId) -> BlockNumber {
        self.end(id);
        let until = System::block_number() + Rules::get().validator_penance;
        let until = self.until.get(&id).map_or(until, |before| until.max(*before));
        self.until.insert(id, until);
        until
    }

    fn run(&mut self, op: Op) {
        System::reset_events();
        let now = System::block_number();
        match op {
            Op::Join { person: id, vouches } => {
                let since = person(id).map_or(now, |person| person.since);
                join(id, vouches);
                change(id, |person| person.since = since);
            }
            Op::Depart { person: id } => {
                if is_member(id) {
                    depart(id);
                    self.end(id);
                }
            }
            Op::Freeze { person: id, frozen } => {
                if is_member(id) {
                    change(id, |person| person.frozen = frozen);
                }
            }
            Op::SetKeys { person: id, generation } => set_keys(id, u64::from(id) + generation * 1_000),
            Op::PurgeKeys { person: id } => {
                // The runtime refuses this to everybody; here to those without whom nobody would be left.
                if !sitting().contains(&id) && !planned().contains(&id) {
                    Session::purge_keys(signed(id)).ok();
                }
            }
            Op::Stand { person: id } => {
                let waits = self.until.get(&id).is_some_and(|until| now < *until);
                let allowed = seatable(id) && !self.standing.contains(&id) && !waits;
                assert_eq!(stand(id).is_ok(), allowed);
                if allowed {
                    self.standing.insert(id);
                    self.until.remove(&id);
                }
            }
            Op::StandDown { person: id } => {
                let active = person(id).is_some_and(|person| person.member && !person.frozen);
                let allowed = active && self.standing.contains(&id);
                assert_eq!(stand_down(id).is_ok(), allowed);
                if allowed {
                    self.end(id);
                }
            }
            Op::Offend { person: id, back } => {
                let session = Session::current_index().saturating_sub(back);
                let before = self.offences.get(&id).copied();
                Pallet::<Test>::offended(id, session);
                if before.is_none_or(|(_, latest)| latest < session) {
                    let count = before.map_or(0, |(count, _)| count) + 1;
                    self.offences.insert(id, (count, session));
                    let until = self.penalise(id);
                    assert_eq!(events(), [Event::Offended { person: id, offences: count, until }]);
                } else {
                    assert!(events().is_empty());
                }
            }
            Op::Rules { most, least, allowed, penance } => Rules::set(Parameters {
                max_validators: most,
                min_validators: least,
                absence_allowed: allowed,
                validator_penance: penance,
                ..Default::default()
            }),
            Op::Session { silent, short } => self.session(&silent, short),
        }
        self.check();
    }

    fn session(&mut self, silent: &BTreeSet<MemberId>, short: bool) {
        let sat = sitting();
        let present: Vec<_> = sat.iter().copied().filter(|id| !silent.contains(id)).collect();
        if short {
            present.iter().for_each(|id| block(Some(*id)));
            turn();
        } else {
            session(&present);
        }
        self.hear(&sat, &present, short);
        self.check_plan(sat.len());
    }

    /// Judges the session by the rules, and compares.
    fn hear(&mut self, sat: &[MemberId], present: &[MemberId], short: bool) {
        let credited = |id: &MemberId| person(*id).is_some_and(|person| !person.frozen);
        for id in present.iter().filter(|id| credited(id)) {
            self.absences.remove(id);
        }
        let judged = !short && present.iter().any(credited) && {
            let each = sat.len().div_ceil(present.len()) * 4;
            present.iter().filter(|id| credited(id)).count() * each >= sat.len() * 4
        };
        let mut lost = Vec::new();
        for event in events() {
            let Event::Absent { person: id, until } = event else { panic!("{event:?}") };
            lost.push((id, until));
        }
        if !judged {
            assert!(lost.is_empty(), "{lost:?}");
            return;
        }
        let staying = sat.iter().filter(|id| self.standing.contains(id)).count();
        let stands = |id: &&MemberId| self.standing.contains(id) && person(**id).is_some_and(|p| p.member && !p.frozen);
        let absent: Vec<_> = sat.iter().filter(|id| !present.contains(id)).filter(stands).copied().collect();
        for id in &absent {
            *self.absences.entry(*id).or_default() += 1;
        }
        assert!(lost.len() <= staying / 3, "{lost:?} of {sat:?}");
        for (id, until) in &lost {
            assert!(sat.contains(id) && !present.contains(id));
            assert!(self.absences[id] >= Rules::get().absence_allowed);
            assert_eq!(self.penalise(*id), *until);
        }
        // Nobody is spared while a third has not gone.
        let due = |id: &&MemberId| self.absences.get(id).is_some_and(|count| *count >= Rules::get().absence_allowed);
        assert!(lost.len() == staying / 3 || absent.iter().filter(due).count() == 0);
    }

    fn check_plan(&self, sat: usize) {
        let votes: Vec<_> = Votes::get().iter().map(|key| (key % 1_000) as MemberId).collect();
        assert!(!votes.is_empty() && votes == Voters::<Test>::get().into_inner());
        let (set, rules) = (planned(), Rules::get());
        assert!(!set.is_empty() && set.iter().all(|id| has_keys(*id)));
        let candidates: BTreeSet<_> = self.standing.iter().copied().filter(|id| seatable(*id)).collect();
        let staying: BTreeSet<_> = sitting().into_iter().filter(|id| is_member(*id) && has_keys(*id)).collect();
        if candidates.is_empty() && staying.is_empty() {
            // Nobody could sit: the chain goes on with those it has.
            assert_eq!(set, sitting());
            return;
        }
        assert!(set.iter().all(|id| is_member(*id)), "{set:?}");
        assert!(set.len() <= rules.max_validators as usize);
        let least = rules.min_validators.min(rules.max_validators) as usize;
        let could = candidates.union(&staying).count();
        assert!(set.len() >= least.min(sitting().len()).min(could), "{set:?} of {sat}");
        if set.len() > least {
            assert!(set.iter().all(|id| candidates.contains(id)), "{set:?}");
        }
    }

    fn check(&self) {
        Validators::do_try_state().unwrap();
        assert_eq!(Standing::<Test>::iter_keys().collect::<BTreeSet<_>>(), self.standing);
        assert_eq!(Penance::<Test>::iter().collect::<BTreeMap<_, _>>(), self.until);
        let offences: BTreeMap<_, _> = Offences::<Test>::iter().map(|(id, r)| (id, (r.count, r.session))).collect();
        assert_eq!(offences, self.offences);
        for id in &self.standing {
            let absences = Attendances::<Test>::get(id).map_or(0, |attendance| attendance.absences);
            assert_eq!(absences, self.absences.get(id).copied().unwrap_or(0), "of {id}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_history_keeps_the_rules(history in proptest::collection::vec(op(), 1..120)) {
        Rules::set(FIRST_RULES());
        execute(FOUNDERS, FOUNDERS, || {
            let mut model = Model::founded();
            history.into_iter().for_each(|op| model.run(op));
        });
    }
}
