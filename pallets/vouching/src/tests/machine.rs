// SPDX-License-Identifier: Apache-2.0
//! Random histories of members, vouches and time, held against a model that knows only the rules and the events.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{assert_noop, weights::Weight};
use kith_primitives::{
    distance::{needed, Witness},
    glue::Community,
    member::{MemberId, Standing},
    parameters::Parameters,
    BlockNumber,
};
use pallet_kith_membership::Event as Membered;
use proptest::prelude::*;

use crate::{mock::*, *};

const FOUNDERS: u16 = 5;
const STOCK: u32 = 6;
const INTERVAL: BlockNumber = 3;
const STEPS: u32 = 2;
const TERM: BlockNumber = 50;
const WINDOW: BlockNumber = 40;

fn rules(admission_threshold: u32) -> Parameters {
    Parameters {
        admission_threshold,
        vouch_stock: STOCK,
        vouch_interval: INTERVAL,
        vouch_validity: 60,
        renewal_window: WINDOW,
        lapse_grace: 15,
        candidate_lifetime: 40,
        distance_percent: 0,
        recovery_threshold: 1,
        recovery_deposit: 0,
        distance_steps: STEPS,
        distance_sample: 8,
        distance_interval: 30,
        proof_validity: TERM,
        renewal_percent: 50,
        ..Default::default()
    }
}

#[derive(Clone, Debug)]
enum Op {
    Sponsor { sponsor: MemberId },
    Vouch { issuer: MemberId, subject: MemberId },
    Renew { issuer: MemberId, subject: MemberId },
    Withdraw { issuer: MemberId, subject: MemberId },
    Reconsider { subject: MemberId },
    Leave { person: MemberId },
    Expel { person: MemberId },
    Prune { person: MemberId },
    Threshold { to: u32 },
    Percent { to: u32 },
    PercentAgain { to: u32 },
    Request { by: MemberId, person: MemberId },
    Prove { person: MemberId },
    Freeze { guardian: MemberId, person: MemberId },
    Unfreeze { guardian: MemberId, person: MemberId },
    Pass { blocks: BlockNumber, idle: bool },
}

fn op() -> impl Strategy<Value = Op> {
    let id = || 0u32..14;
    prop_oneof![
        4 => id().prop_map(|sponsor| Op::Sponsor { sponsor }),
        12 => (id(), id()).prop_map(|(issuer, subject)| Op::Vouch { issuer, subject }),
        4 => (id(), id()).prop_map(|(issuer, subject)| Op::Renew { issuer, subject }),
        3 => (id(), id()).prop_map(|(issuer, subject)| Op::Withdraw { issuer, subject }),
        2 => id().prop_map(|subject| Op::Reconsider { subject }),
        1 => id().prop_map(|person| Op::Leave { person }),
        1 => id().prop_map(|person| Op::Expel { person }),
        1 => id().prop_map(|person| Op::Prune { person }),
        1 => (1u32..5).prop_map(|to| Op::Threshold { to }),
        1 => prop_oneof![Just(0), 1u32..=100].prop_map(|to| Op::Percent { to }),
        1 => prop_oneof![Just(0), 1u32..=100].prop_map(|to| Op::PercentAgain { to }),
        2 => (id(), id()).prop_map(|(by, person)| Op::Request { by, person }),
        4 => id().prop_map(|person| Op::Prove { person }),
        1 => (id(), id()).prop_map(|(guardian, person)| Op::Freeze { guardian, person }),
        1 => (id(), id()).prop_map(|(guardian, person)| Op::Unfreeze { guardian, person }),
        6 => (1u32..12, any::<bool>()).prop_map(|(blocks, idle)| Op::Pass { blocks, idle }),
    ]
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    expires: BlockNumber,
    /// Its issuer has departed since.
    dead: bool,
}

/// What the events say happened.
#[derive(Debug, Default)]
struct Model {
    /// By subject, then issuer.
    edges: BTreeMap<(MemberId, MemberId), Edge>,
    standing: BTreeMap<MemberId, Standing>,
    last: BTreeMap<MemberId, BlockNumber>,
    deadline: BTreeMap<MemberId, BlockNumber>,
    /// Who was shown to be near and is not yet admitted.
    proven: BTreeSet<MemberId>,
    /// The first block in which a member's proof no longer holds.
    ends: BTreeMap<MemberId, BlockNumber>,
    /// Founders who never lost a vouch may have too few.
    untouched: BTreeSet<MemberId>,
    /// A raised threshold may leave members short whom nobody reconsidered.
    was_raised: bool,
    /// Members whose term ended, and of whom no proof was asked at some time since: nobody may have reconsidered them.
    spared: BTreeSet<MemberId>,
    /// Members whose keys were frozen when the model last looked: in between they may lapse, and no more are frozen.
    frozen: u32,
}

impl Model {
    fn founded() -> Self {
        let founders = 0..MemberId::from(FOUNDERS);
        let edges = founders.clone().flat_map(|s| founders.clone().map(move |i| (s, i))).filter(|(s, i)| s != i);
        Self {
            edges: edges.map(|pair| (pair, Edge { expires: 60, dead: false })).collect(),
            standing: founders.clone().map(|id| (id, Standing::Member)).collect(),
            ends: founders.clone().map(|id| (id, TERM)).collect(),
            untouched: founders.collect(),
            ..Self::default()
        }
    }

    fn is_member(&self, id: MemberId) -> bool {
        self.standing.get(&id) == Some(&Standing::Member)
    }

    /// Whether they are a member whose key counts.
    fn acts(&self, id: MemberId) -> bool {
        self.is_member(id) && !Membership::is_frozen(id)
    }

    fn received(&self, subject: MemberId) -> u32 {
        self.edges.keys().filter(|(s, _)| *s == subject).count() as u32
    }

    fn issued(&self, issuer: MemberId) -> u32 {
        self.edges.keys().filter(|(_, i)| *i == issuer).count() as u32
    }

    /// The vouches that count, by the rules alone.
    fn live(&self, subject: MemberId) -> u32 {
        let now = System::block_number();
        let counts = |edge: &Edge| !edge.dead && now < edge.expires;
        self.edges.iter().filter(|((s, _), edge)| *s == subject && counts(edge)).count() as u32
    }

    /// Everybody from whom a chain of at most [`STEPS`] vouches that count leads to the person: tried link by link.
    fn linked(&self, person: MemberId) -> BTreeSet<MemberId> {
        let now = System::block_number();
        let mut linked = BTreeSet::from([person]);
        for _ in 0..STEPS {
            let live = self.edges.iter().filter(|(_, edge)| !edge.dead && now < edge.expires);
            linked.extend(
                live.map(|(pair, _)| pair).filter(|(s, _)| linked.contains(s)).map(|(_, i)| i).collect::<Vec<_>>(),
            );
        }
        linked
    }

    /// Hands in the best witness there is, and one with a step less: the first is accepted, and exists, if by the rules
    /// alone the person is near enough; the other never is.
    fn prove(&mut self, person: MemberId) {
        let Ok(asked) = Vouching::asked(person) else {
            assert!(prove(person, Witness::new()).is_err());
            return;
        };
        let linked = self.linked(person);
        let reached = asked.iter().filter(|referee| linked.contains(referee)).count();
        let needed = needed(self.percent(person), asked.len() as u32);
        let found = witness(person);
        assert_eq!(found.is_some(), reached >= needed as usize);
        let pending = !self.proven.contains(&person)
            && self.asks(person)
            && Membership::may_be_vouched_for(person)
            && self.term_nears_end(person);
        let Some(witness) = found else {
            assert!(prove(person, Witness::new()).is_err());
            return;
        };
        if pending && needed > 0 {
            let fewer = witness[..witness.len() - 1].to_vec();
            assert_noop!(prove(person, fewer.try_into().unwrap()), Error::<Test>::TooFar);
        }
        assert_eq!(prove(person, witness).is_ok(), pending);
        self.observe();
        if pending {
            self.assert_admitted_if_due(person);
        }
    }

    /// Percent of the referees asked that must be linked to the person.
    fn percent(&self, person: MemberId) -> u32 {
        let Parameters { distance_percent, renewal_percent, .. } = Params::get();
        if self.is_member(person) {
            distance_percent.min(renewal_percent)
        } else {
            distance_percent
        }
    }

    /// Whether distance is asked for.
    fn asks(&self, person: MemberId) -> bool {
        self.percent(person) > 0 && self.members() > 1
    }

    /// Whether it may be proven of the person, as it may of every member near the end of their term.
    fn term_nears_end(&self, person: MemberId) -> bool {
        !self.is_member(person) || System::block_number() + WINDOW >= self.ends[&person]
    }

    /// Whether a member need not be near, or it was proven that they are.
    fn is_near(&self, member: MemberId) -> bool {
        !self.asks(member) || System::block_number() < self.ends[&member]
    }

    /// Whether a member lacks something.
    fn falls_short(&self, member: MemberId) -> bool {
        self.received(member) < threshold() || !self.is_near(member)
    }

    /// Whether the rules allow this vouch now.
    fn allows(&self, issuer: MemberId, subject: MemberId) -> bool {
        let now = System::block_number();
        let record = pallet_kith_membership::People::<Test>::get(subject);
        let eligible = match self.standing.get(&subject) {
            Some(Standing::Candidate) => record.is_some_and(|r| r.candidate_until.is_some_and(|until| now < until)),
            Some(Standing::Member | Standing::Lapsed) => true,
            _ => false,
        };
        eligible
            && issuer != subject
            && self.acts(issuer)
            && !self.edges.contains_key(&(subject, issuer))
            && !Departures::<Test>::contains_key(issuer)
            && self.issued(issuer) < STOCK
            && self.last.get(&issuer).is_none_or(|last| now >= last + INTERVAL)
    }

    fn hear(&mut self, event: Event<Test>) {
        let now = System::block_number();
        match event {
            Event::Vouched { issuer, subject, expires } => {
                assert_eq!(expires, now + 60);
                assert!(self.edges.insert((subject, issuer), Edge { expires, dead: false }).is_none());
                self.last.insert(issuer, now);
            }
            Event::Renewed { issuer, subject, expires } => {
                let edge = self.edges.insert((subject, issuer), Edge { expires, dead: false }).unwrap();
                assert!(now < edge.expires && now + 40 >= edge.expires && !edge.dead);
            }
            Event::Withdrawn { issuer, subject, cause } => {
                let edge = self.edges.remove(&(subject, issuer)).unwrap();
                let subject_gone = matches!(self.standing.get(&subject), None | Some(Standing::Removed));
                assert!(match cause {
                    Cause::Issuer => self.is_member(issuer),
                    Cause::Expired => edge.expires <= now,
                    Cause::IssuerDeparted => edge.dead,
                    Cause::SubjectDeparted => subject_gone,
                });
                self.untouched.remove(&subject);
            }
            Event::GraceStarted { member, deadline } => {
                assert!(self.is_member(member) && self.falls_short(member));
                assert!(self.deadline.insert(member, deadline).is_none());
            }
            Event::LapseHeld { member, deadline } => {
                let is_last_able = self.members().saturating_sub(self.frozen) <= 1;
                assert!(Membership::active_members() <= threshold() || is_last_able);
                assert!(self.deadline.insert(member, deadline).is_some_and(|before| before <= now));
            }
            Event::GraceEnded { member } => {
                assert!(self.is_member(member) && !self.falls_short(member));
                assert!(self.deadline.remove(&member).is_some());
            }
            Event::DistanceRequested { person } => {
                assert!(self.asks(person) && self.term_nears_end(person));
                assert_eq!(Requests::<Test>::get(person).map(|request| request.at), Some(now));
            }
            Event::DistanceProven { person } => {
                assert!(self.asks(person) && self.term_nears_end(person));
                if self.is_member(person) {
                    self.ends.insert(person, now + TERM);
                } else {
                    assert!(self.proven.insert(person));
                }
            }
            Event::ProofUndone { person } => {
                assert!(self.proven.remove(&person));
            }
            Event::__Ignore(..) => unreachable!(),
        }
    }

    fn hear_membership(&mut self, event: Membered<Test>) {
        match event {
            Membered::Sponsored { candidate, .. } => {
                assert!(self.standing.insert(candidate, Standing::Candidate).is_none());
            }
            Membered::Admitted { member } => {
                assert!(self.live(member) >= threshold(), "{member} was admitted with too few vouches");
                assert!(self.proven.remove(&member) || !self.asks(member), "{member} was not shown to be near");
                self.ends.insert(member, System::block_number() + TERM);
                let before = self.standing.insert(member, Standing::Member);
                assert!(matches!(before, Some(Standing::Candidate | Standing::Lapsed)));
            }
            Membered::Lapsed { member } => {
                assert!(self.falls_short(member));
                assert!(self.deadline.get(&member).is_some_and(|deadline| *deadline <= System::block_number()));
                self.depart(member, Some(Standing::Lapsed));
                assert!(self.members() >= threshold(), "too few are left to admit anybody");
            }
            Membered::Left { person } | Membered::Expelled { person } => self.depart(person, Some(Standing::Removed)),
            Membered::CandidatePruned { candidate } => self.depart(candidate, None),
            _ => (),
        }
    }

    fn depart(&mut self, person: MemberId, to: Option<Standing>) {
        for ((_, issuer), edge) in &mut self.edges {
            edge.dead |= *issuer == person;
        }
        self.deadline.remove(&person);
        self.proven.remove(&person);
        self.ends.remove(&person);
        match to {
            Some(standing) => self.standing.insert(person, standing),
            None => self.standing.remove(&person),
        };
    }

    fn members(&self) -> u32 {
        self.standing.values().filter(|standing| **standing == Standing::Member).count() as u32
    }

    /// Hears what happened since the last time, then compares itself with the chain.
    fn observe(&mut self) {
        for record in System::events() {
            match record.event {
                RuntimeEvent::Vouching(event) => self.hear(event),
                RuntimeEvent::Membership(event) => self.hear_membership(event),
                _ => (),
            }
        }
        System::reset_events();
        check();
        self.frozen = pallet_kith_membership::FrozenMembers::<Test>::get();
        assert_eq!(Membership::active_members(), self.members());
        assert!(self.members() >= 1);
        assert_eq!(Vouches::<Test>::iter_keys().count(), self.edges.len());
        for ((subject, issuer), edge) in &self.edges {
            assert_eq!(Vouches::<Test>::get(subject, issuer).map(|vouch| vouch.expires), Some(edge.expires));
            assert!(self.is_member(*issuer) || Departures::<Test>::contains_key(issuer));
            assert!(self.issued(*issuer) <= STOCK);
        }
        for (id, of) in &self.standing {
            assert_eq!((standing(*id), Vouching::received(*id)), (Some(*of), self.received(*id)));
            assert_eq!(Graces::<Test>::get(id), self.deadline.get(id).copied());
            assert_eq!(Proven::<Test>::contains_key(id), self.proven.contains(id));
            assert_eq!(ProofEnds::<Test>::get(id), self.ends.get(id).copied());
            let may_be_short = self.was_raised || self.untouched.contains(id) || self.deadline.contains_key(id);
            assert!(*of != Standing::Member || may_be_short || self.received(*id) >= threshold());
        }
        self.spare();
    }

    /// Notes whose term is over while nothing is asked of them.
    fn spare(&mut self) {
        let now = System::block_number();
        let over: BTreeSet<_> = self.ends.iter().filter(|(_, ends)| **ends <= now).map(|(member, _)| *member).collect();
        let unasked: Vec<_> = over.iter().copied().filter(|member| !self.asks(*member)).collect();
        self.spared.retain(|member| over.contains(member));
        self.spared.extend(unasked);
    }

    /// At the threshold a newcomer shown to be near is a member: called after each vouch that was accepted.
    fn assert_admitted_if_due(&self, subject: MemberId) {
        let far = self.asks(subject) && !self.proven.contains(&subject);
        assert!(far || self.is_member(subject) || self.live(subject) < threshold(), "{subject} was not admitted");
    }

    fn run(&mut self, op: Op, newcomer: u16) {
        match op {
            Op::Sponsor { sponsor } => {
                if let Ok(candidate) = try_sponsor(sponsor, newcomer) {
                    self.observe();
                    self.assert_admitted_if_due(candidate);
                }
            }
            Op::Vouch { issuer, subject } => {
                let allowed = self.allows(issuer, subject);
                assert_eq!(vouch(issuer, subject).is_ok(), allowed);
                self.observe();
                assert!(!allowed || self.edges.contains_key(&(subject, issuer)));
                if allowed {
                    self.assert_admitted_if_due(subject);
                }
            }
            Op::Renew { issuer, subject } => {
                renew(issuer, subject).ok();
            }
            Op::Withdraw { issuer, subject } => {
                let exists = self.acts(issuer) && self.edges.contains_key(&(subject, issuer));
                assert_eq!(withdraw(issuer, subject).is_ok(), exists);
            }
            Op::Reconsider { subject } => {
                reconsider(subject).ok();
            }
            Op::Leave { person } => {
                leave(person).ok();
            }
            Op::Expel { person } => {
                expel(person).ok();
            }
            Op::Prune { person } => {
                call(signed(9_999), pallet_kith_membership::Call::prune_candidate { person }).ok();
            }
            Op::Threshold { to } => {
                self.was_raised |= to > threshold();
                Params::mutate(|rules| rules.admission_threshold = to);
            }
            Op::Percent { to } => Params::mutate(|rules| rules.distance_percent = to),
            Op::PercentAgain { to } => Params::mutate(|rules| rules.renewal_percent = to),
            Op::Request { by: who, person } => {
                let had = Requests::<Test>::get(person);
                let concerned = self.acts(who) || (who == person && self.standing.contains_key(&who));
                let rested = had.is_none_or(|last| System::block_number() >= last.at + 30);
                assert!(request(by(who), person).is_err() || (concerned && rested));
            }
            Op::Prove { person } => self.prove(person),
            Op::Freeze { guardian, person } => {
                freeze(guardian, person).ok();
            }
            Op::Unfreeze { guardian, person } => {
                unfreeze(guardian, person).ok();
            }
            Op::Pass { blocks, idle } => {
                for _ in 0..blocks {
                    pass_with(1, if idle { Weight::MAX } else { Weight::zero() });
                    self.observe();
                }
            }
        }
        self.observe();
    }
}

fn threshold() -> u32 {
    Params::get().admission_threshold
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_history_keeps_the_rules(
        history in proptest::collection::vec(op(), 1..120),
        distance_percent in prop_oneof![Just(0u32), Just(50)],
    ) {
        Params::set(Parameters { distance_percent, ..rules(3) });
        execute(FOUNDERS, || {
            let mut model = Model::founded();
            for (n, op) in (100..).zip(history) {
                model.run(op, n);
            }
            // Time drains every backlog.
            model.run(Op::Pass { blocks: 12, idle: true }, 0);
            let now = System::block_number();
            assert_eq!(Departures::<Test>::iter_keys().count(), 0);
            assert!(Vouches::<Test>::iter_values().all(|vouch| now < vouch.expires));
            assert_eq!(Cursor::<Test>::get(), now);
            for member in model.ends.keys() {
                let has_time = model.is_near(*member) || model.deadline.contains_key(member);
                assert!(has_time || model.spared.contains(member), "{member} was not shown to be near, and has no grace");
            }
        });
    }
}
