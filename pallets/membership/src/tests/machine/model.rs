// SPDX-License-Identifier: Apache-2.0
//! What the events say happened to accounts, freezes and motions, and whether the chain agrees.

use std::collections::{BTreeMap, BTreeSet};

use kith_primitives::{glue::Community, member::Standing};

use super::FOUNDERS;
use crate::{mock::*, *};

/// What must hold whatever happens, beside the invariants of the state itself.
#[derive(Debug, Default)]
pub(super) struct Model {
    /// The accounts that were somebody's and never may be again.
    pub(super) dead: BTreeSet<AccountId>,
    /// Everybody's account as the events say it is.
    pub(super) accounts: BTreeMap<MemberId, AccountId>,
    /// Whose keys are frozen as the events say, and whether for good.
    pub(super) frozen: BTreeMap<MemberId, bool>,
    /// For each motion agreed, the first block in which it may be completed.
    agreed: BTreeMap<(MemberId, MotionId), BlockNumber>,
    pub(super) open: BTreeSet<(MemberId, MotionId)>,
    /// The kinds of events there were.
    pub(super) kinds: BTreeSet<String>,
}

impl Model {
    pub(super) fn founded() -> Self {
        let accounts = (0..FOUNDERS).map(|n| (n.into(), account(n))).collect();
        Self { accounts, ..Self::default() }
    }

    /// One of the open motions.
    pub(super) fn pick(&self, pick: usize) -> (MemberId, MotionId) {
        self.open.iter().nth(pick % self.open.len().max(1)).copied().unwrap_or((0, 0))
    }

    fn hear(&mut self, event: Event<Test>) {
        let now = System::block_number();
        match event {
            Event::Sponsored { candidate, account, .. } | Event::Certified { candidate, account, .. } => {
                assert!(!self.dead.contains(&account), "a former account is somebody's again");
                assert!(self.accounts.values().all(|other| *other != account));
                assert!(self.accounts.insert(candidate, account).is_none());
            }
            Event::CandidatePruned { candidate } => {
                let account = self.accounts.remove(&candidate).unwrap();
                if self.frozen.remove(&candidate) == Some(true) {
                    self.dead.insert(account);
                }
            }
            Event::Left { person } | Event::Expelled { person } if self.frozen.get(&person) == Some(&false) => {
                self.frozen.remove(&person);
            }
            Event::MotionOpened { person, motion, opener } => {
                assert!(self.open.insert((person, motion)));
                assert!(Membership::is_member(opener) && opener != person);
            }
            Event::MotionApproved { person, motion, guardian } => {
                assert!(self.open.contains(&(person, motion)));
                assert!(!self.frozen.contains_key(&guardian), "a frozen key approved");
            }
            Event::MotionAgreed { person, motion, from } => {
                self.agreed.insert((person, motion), from);
            }
            Event::MotionClosed { person, motion, end } => {
                assert!(self.open.remove(&(person, motion)));
                let agreed = self.agreed.remove(&(person, motion));
                assert!(end != MotionEnd::Done || agreed.is_none_or(|from| now >= from));
                assert!(end != MotionEnd::Vetoed || !self.frozen.contains_key(&person));
            }
            Event::KeyFrozen { person, revoked } => {
                let before = self.frozen.insert(person, revoked);
                assert!(before.is_none() || (before == Some(false) && revoked));
            }
            Event::KeyUnfrozen { person } => assert_eq!(self.frozen.remove(&person), Some(false)),
            Event::KeyChanged { person, former, current } => {
                assert!(!self.dead.contains(&current));
                assert_eq!(self.accounts.insert(person, current), Some(former.clone()));
                assert!(self.dead.insert(former.clone()));
                assert!(!System::account_exists(&former), "something is left under the former account");
                self.frozen.remove(&person);
                assert!(self.open.iter().all(|(about, _)| *about != person));
            }
            _ => (),
        }
    }

    /// Hears what happened since the last time, then compares itself with the chain.
    pub(super) fn observe(&mut self) {
        for record in System::events() {
            if let RuntimeEvent::Membership(event) = record.event {
                let words = format!("{event:?}");
                self.kinds.extend(words.split(|c: char| !c.is_alphanumeric()).nth(2).map(str::to_owned));
                self.hear(event);
            }
        }
        System::reset_events();
        Membership::do_try_state().unwrap();
        let open: BTreeSet<_> = Motions::<Test>::iter().map(|(person, id, _)| (person, id)).collect();
        assert_eq!(open, self.open);
        for (id, account) in &self.accounts {
            let frozen = self.frozen.get(id);
            assert_eq!(Frozen::<Test>::get(id).map(|freeze| freeze.revoked), frozen.copied());
            assert_eq!(Membership::account(*id).as_ref(), Some(account));
            assert_eq!(Membership::person(account), frozen.is_none().then_some(*id));
            assert_eq!(Membership::is_barred(account), frozen.is_some());
            let is_member = People::<Test>::get(id).is_some_and(|record| record.standing == Standing::Member);
            assert_eq!(Membership::member(account), (is_member && frozen.is_none()).then_some(*id));
            for device in Membership::devices_of(*id) {
                let acts_for = (is_member && frozen.is_none()).then_some(*id);
                assert_eq!(Membership::member_of_device(&device.account()), acts_for);
            }
        }
        for account in &self.dead {
            assert!(Membership::is_barred(account));
            assert_eq!(Membership::responsible(account), None);
        }
        let able = self.accounts.keys().filter(|id| Membership::is_member(**id) && !self.frozen.contains_key(id));
        assert!(able.count() >= 1, "nobody can act any more");
    }
}
