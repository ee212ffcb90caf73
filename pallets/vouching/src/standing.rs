// SPDX-License-Identifier: Apache-2.0
//! What the number of vouches means for the person: admission, grace, lapse.

use frame_support::ensure;
use kith_primitives::{
    glue::{Admission, Community, Constitution, Now},
    member::MemberId,
    BlockNumber,
};
use sp_runtime::DispatchError;

use crate::{Agenda, Config, Departures, Due, Error, Event, Pallet, Received, UnderThreshold, Vouches};

/// The most vouches looked at when somebody is admitted: twice the greatest threshold, so that a backlog of ended ones
/// delays an admission only if it is long.
const VOUCHES_LOOKED_AT: usize = 64;

/// Blocks after which a held lapse is looked at again, at least: it is looked at for nothing until the community grows.
const SHORTEST_HOLD: BlockNumber = 100;

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// They become a member.
    Admit,
    /// They have enough vouches again.
    EndGrace,
    /// They have too few vouches.
    StartGrace,
}

impl<T: Config> Pallet<T> {
    /// How many vouches a person has. May include some that ended and are still to be removed.
    pub fn received(person: MemberId) -> u32 {
        Received::<T>::get(person)
    }

    /// The threshold in force; never 0, which would admit people nobody vouches for.
    fn threshold() -> u32 {
        T::Constitution::parameters().admission_threshold.max(1)
    }

    /// What a person's vouches entitle them to that they do not have.
    pub(crate) fn gained(subject: MemberId) -> Option<Change> {
        let threshold = Self::threshold();
        if Received::<T>::get(subject) < threshold {
            return None;
        }
        if T::Community::is_member(subject) {
            return UnderThreshold::<T>::contains_key(subject).then_some(Change::EndGrace);
        }
        Self::has_live(subject, threshold).then_some(Change::Admit)
    }

    /// Whether at least `wanted` of the vouches looked at count in this very block.
    fn has_live(subject: MemberId, wanted: u32) -> bool {
        let (now, wanted) = (T::Clock::now(), usize::try_from(wanted).unwrap_or(usize::MAX));
        let counts = |issuer: MemberId, expires: BlockNumber| {
            now < expires && T::Community::is_member(issuer) && !Departures::<T>::contains_key(issuer)
        };
        let looked_at = Vouches::<T>::iter_prefix(subject).take(VOUCHES_LOOKED_AT);
        looked_at.filter(|(issuer, vouch)| counts(*issuer, vouch.expires)).take(wanted).count() == wanted
    }

    pub(crate) fn apply(subject: MemberId, change: Change) {
        match change {
            Change::Admit => T::Admission::admit(subject),
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

    /// Whether a member has too few vouches, and no grace is running.
    fn lacks_grace(member: MemberId) -> bool {
        Received::<T>::get(member) < Self::threshold() && !UnderThreshold::<T>::contains_key(member)
    }

    /// Called when a member has lost a vouch.
    pub(crate) fn lost(member: MemberId) {
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
        let threshold = Self::threshold();
        if Received::<T>::get(subject) >= threshold {
            Self::deposit_event(Event::GraceEnded { member: subject });
        } else if T::Community::active_members() > threshold {
            T::Admission::lapse(subject);
        } else {
            let grace = T::Constitution::parameters().lapse_grace.max(SHORTEST_HOLD);
            let deadline = Self::set_deadline(subject, grace);
            Self::deposit_event(Event::LapseHeld { member: subject, deadline });
        }
    }

    fn set_deadline(subject: MemberId, blocks: BlockNumber) -> BlockNumber {
        let deadline = T::Clock::now().saturating_add(blocks);
        UnderThreshold::<T>::insert(subject, deadline);
        Agenda::<T>::insert(deadline, Due::Lapse { subject }, ());
        deadline
    }

    pub(crate) fn forget_grace(subject: MemberId) {
        if let Some(deadline) = UnderThreshold::<T>::take(subject) {
            Agenda::<T>::remove(deadline, Due::Lapse { subject });
        }
    }
}
