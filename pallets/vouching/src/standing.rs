// SPDX-License-Identifier: Apache-2.0
//! What the number of vouches, and how near they are, mean for the person: admission, grace, lapse.

use frame_support::ensure;
use kith_primitives::{
    glue::{Admission, Community, Constitution, Now},
    member::MemberId,
    BlockNumber,
};
use sp_runtime::DispatchError;

use crate::{
    rules::{self, Conclusion, SHORTEST_HOLD},
    Agenda, Config, Due, Error, Event, Graces, Pallet, Received, Vouches,
};

/// The most vouches looked at when somebody is admitted: twice the greatest threshold, so that a backlog of ended ones
/// delays an admission only if it is long.
const VOUCHES_LOOKED_AT: usize = 64;

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// They become a member.
    Admit,
    /// They have all that members need, again.
    EndGrace,
    /// They lack something that members need.
    StartGrace,
}

impl<T: Config> Pallet<T> {
    /// How many vouches a person has. May include some that ended and are still to be removed.
    pub fn received(person: MemberId) -> u32 {
        Received::<T>::get(person)
    }

    /// Whether a person has as many vouches as the threshold in force asks for. Some may have ended and be still to be
    /// removed.
    fn has_enough(person: MemberId) -> bool {
        rules::is_member(Received::<T>::get(person), T::Constitution::parameters().admission_threshold)
    }

    /// What a person's vouches, and how near they are, entitle them to that they do not have.
    pub(crate) fn gained(subject: MemberId) -> Option<Change> {
        if !Self::has_enough(subject) {
            return None;
        }
        if T::Community::is_member(subject) {
            let again = Graces::<T>::contains_key(subject) && Self::is_still_near(subject);
            return again.then_some(Change::EndGrace);
        }
        (Self::is_near(subject) && Self::has_enough_live(subject)).then_some(Change::Admit)
    }

    /// Whether as many of the vouches looked at as the threshold asks for count in this very block.
    fn has_enough_live(subject: MemberId) -> bool {
        let threshold = T::Constitution::parameters().admission_threshold.max(1);
        let looked_at = Vouches::<T>::iter_prefix(subject).take(VOUCHES_LOOKED_AT);
        let live = looked_at.filter(|(issuer, vouch)| Self::counts(*issuer, vouch));
        let counted = live.take(usize::try_from(threshold).unwrap_or(usize::MAX)).count();
        rules::is_member(u32::try_from(counted).unwrap_or(u32::MAX), threshold)
    }

    pub(crate) fn apply(subject: MemberId, change: Change) {
        match change {
            Change::Admit => {
                Self::forget_distance(subject);
                Self::begin_term(subject);
                T::Admission::admit(subject);
            }
            Change::EndGrace => {
                Self::forget_grace(subject);
                Self::deposit_event(Event::GraceEnded { member: subject });
            }
            Change::StartGrace => {
                let deadline = Self::set_deadline(subject, T::Constitution::parameters().lapse_grace);
                Self::deposit_event(Event::GraceStarted { member: subject, deadline });
            }
        }
    }

    /// Whether a member has too few vouches, or is not shown to be near any more, and no grace is running.
    fn lacks_grace(member: MemberId) -> bool {
        let stands = Self::has_enough(member) && Self::is_still_near(member);
        !stands && !Graces::<T>::contains_key(member)
    }

    /// Called when a member has lost a vouch, or their proof has ended and another is asked for.
    pub(crate) fn fell_short(member: MemberId) {
        if Self::lacks_grace(member) {
            Self::apply(member, Change::StartGrace);
        }
    }

    pub(crate) fn check_reconsider(subject: MemberId) -> Result<Change, DispatchError> {
        ensure!(T::Community::may_be_vouched_for(subject), Error::<T>::NotEligible);
        let is_short = T::Community::is_member(subject) && Self::lacks_grace(subject);
        let change = Self::gained(subject).or(is_short.then_some(Change::StartGrace));
        Ok(change.ok_or(Error::<T>::Unchanged)?)
    }

    pub(crate) fn do_reconsider(subject: MemberId, change: Change) {
        Self::apply(subject, change);
    }

    /// Decides on a member whose grace has ended.
    pub(crate) fn conclude_grace(subject: MemberId) {
        Self::forget_grace(subject);
        if !T::Community::is_member(subject) {
            return;
        }
        let (vouches, members) = (Received::<T>::get(subject), T::Community::active_members());
        let is_near = Self::is_still_near(subject);
        match rules::conclude(vouches, is_near, members, T::Constitution::parameters().admission_threshold) {
            Conclusion::Stays => Self::deposit_event(Event::GraceEnded { member: subject }),
            Conclusion::Lapses => {
                T::Admission::lapse(subject);
                // It is refused for the last member who can act, when the others' keys are frozen.
                if T::Community::is_member(subject) {
                    Self::hold(subject);
                }
            }
            Conclusion::Held => Self::hold(subject),
        }
    }

    fn hold(subject: MemberId) {
        let grace = T::Constitution::parameters().lapse_grace.max(SHORTEST_HOLD);
        let deadline = Self::set_deadline(subject, grace);
        Self::deposit_event(Event::LapseHeld { member: subject, deadline });
    }

    fn set_deadline(subject: MemberId, blocks: BlockNumber) -> BlockNumber {
        let deadline = rules::grace_ends(T::Clock::now(), blocks);
        Graces::<T>::insert(subject, deadline);
        Agenda::<T>::insert(deadline, Due::Lapse { subject }, ());
        deadline
    }

    pub(crate) fn forget_grace(subject: MemberId) {
        if let Some(deadline) = Graces::<T>::take(subject) {
            Agenda::<T>::remove(deadline, Due::Lapse { subject });
        }
    }
}
