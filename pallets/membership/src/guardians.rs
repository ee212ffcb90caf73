// SPDX-License-Identifier: Apache-2.0
//! Who guards whose key.

use alloc::collections::BTreeSet;
use frame_support::ensure;
use kith_primitives::{
    glue::{Community, Constitution, Now, Vouched},
    member::MemberId,
    recovery::MAX_GUARDIANS,
};
use sp_runtime::DispatchResult;

use crate::{Config, Error, Event, GuardianChoice, GuardianList, Guardians, MotionFor, Pallet, People};

impl<T: Config> Pallet<T> {
    /// The guardians whom the person chose and whose choice is in force; empty if those are it on whose word
    /// the person became a member.
    pub fn chosen_guardians(person: MemberId) -> GuardianList {
        match Guardians::<T>::get(person) {
            Some(choice) if T::Clock::now() >= choice.from => choice.next,
            Some(choice) => choice.current,
            None => GuardianList::default(),
        }
    }

    /// Whether the guardian may decide about the person's key now.
    pub fn is_guardian(person: MemberId, guardian: MemberId) -> bool {
        Self::guards(&Self::chosen_guardians(person), person, guardian)
    }

    /// Guardians who together decide.
    pub(crate) fn guardians_needed() -> usize {
        let needed = T::Constitution::parameters().recovery_threshold.clamp(1, MAX_GUARDIANS);
        usize::try_from(needed).unwrap_or(usize::MAX)
    }

    /// Whether as many who are guardians now approved the motion as it takes.
    pub(crate) fn is_approved(person: MemberId, motion: &MotionFor) -> bool {
        let (chosen, needed) = (Self::chosen_guardians(person), Self::guardians_needed());
        let count = |guardian: &&MemberId| Self::guards(&chosen, person, **guardian);
        motion.approvals.iter().filter(count).take(needed).count() == needed
    }

    /// Leaves those approvals that count now.
    pub(crate) fn retain_approvals(person: MemberId, motion: &mut MotionFor) {
        let chosen = Self::chosen_guardians(person);
        motion.approvals.retain(|guardian| Self::guards(&chosen, person, *guardian));
    }

    fn guards(chosen: &[MemberId], person: MemberId, guardian: MemberId) -> bool {
        let is_able = guardian != person && Self::is_member(guardian) && !Self::is_frozen(guardian);
        is_able
            && if chosen.is_empty() { Self::guards_by_default(person, guardian) } else { chosen.contains(&guardian) }
    }

    /// Those guard by default on whose word the person became a member. Later vouches do not count: nobody can refuse
    /// one, so that enough strangers could vouch for a member and take their key.
    fn guards_by_default(person: MemberId, guardian: MemberId) -> bool {
        let member_since = People::<T>::get(person).map(|record| record.since);
        T::Vouched::vouched_at(guardian, person).is_some_and(|at| member_since.is_some_and(|since| at <= since))
    }

    pub(crate) fn check_choice(person: MemberId, guardians: &[MemberId]) -> DispatchResult {
        ensure!(guardians.is_empty() || guardians.len() >= Self::guardians_needed(), Error::<T>::TooFewGuardians);
        let mut once = BTreeSet::new();
        for guardian in guardians {
            let is_good = *guardian != person && once.insert(guardian) && Self::is_member(*guardian);
            ensure!(is_good, Error::<T>::BadGuardian);
        }
        Ok(())
    }

    pub(crate) fn do_choose(person: MemberId, next: GuardianList) {
        let current = Self::chosen_guardians(person);
        let from = T::Clock::now().saturating_add(T::Constitution::parameters().recovery_delay);
        Guardians::<T>::insert(person, GuardianChoice { current, next, from });
        Self::deposit_event(Event::GuardiansChosen { person, from });
    }

    /// Drops a choice that is not in force yet: the key that made it is not trusted any more.
    pub(crate) fn drop_pending_choice(person: MemberId) {
        Guardians::<T>::mutate_extant(person, |choice| {
            if T::Clock::now() < choice.from {
                choice.next.clone_from(&choice.current);
            }
        });
    }
}
