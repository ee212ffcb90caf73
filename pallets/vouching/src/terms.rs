// SPDX-License-Identifier: Apache-2.0
//! How long it holds that a member was shown to be near: a term, after which it must be proven anew.

use frame_support::ensure;
use kith_primitives::{
    glue::{Community, Constitution, Now},
    member::MemberId,
};

use crate::{rules, Agenda, Config, Due, Error, Pallet, ProofEnds};

impl<T: Config> Pallet<T> {
    /// Lets what was proven of a member, or was not asked, hold for a whole term from now.
    pub(crate) fn begin_term(member: MemberId) {
        Self::end_term(member);
        let ends = rules::term_ends(T::Clock::now(), T::Constitution::parameters().proof_validity);
        ProofEnds::<T>::insert(member, ends);
        Agenda::<T>::insert(ends, Due::ProofEnd { subject: member }, ());
    }

    /// Starts the grace of a member who must be shown to be near again, and was not in time.
    pub(crate) fn term_ended(member: MemberId) {
        if !Self::is_still_near(member) {
            Self::fell_short(member);
        }
    }

    /// Forgets the term of who is no longer a member.
    pub(crate) fn end_term(person: MemberId) {
        if let Some(ends) = ProofEnds::<T>::take(person) {
            Agenda::<T>::remove(ends, Due::ProofEnd { subject: person });
        }
    }

    /// Percent of the referees asked who must be linked to the person: fewer to a member than to a newcomer.
    pub fn percent(person: MemberId) -> u32 {
        let limits = T::Constitution::parameters();
        if T::Community::is_member(person) {
            rules::percent_again(limits.distance_percent, limits.renewal_percent)
        } else {
            limits.distance_percent
        }
    }

    /// Whether the constitution asks who is linked to the person.
    pub(crate) fn asks_about(person: MemberId) -> bool {
        rules::asks_distance(Self::percent(person), T::Community::active_members())
    }

    /// Whether a member need not be shown to be near, or was and the term runs.
    pub(crate) fn is_still_near(member: MemberId) -> bool {
        !Self::asks_about(member) || ProofEnds::<T>::get(member).is_none_or(|ends| T::Clock::now() < ends)
    }

    /// Whether it may be proven now that the member is near: the term of the last proof nears its end.
    pub(crate) fn check_term(member: MemberId) -> Result<(), Error<T>> {
        let window = T::Constitution::parameters().renewal_window;
        let nears_end = |ends| rules::may_prove_again(ends, T::Clock::now(), window);
        ensure!(ProofEnds::<T>::get(member).is_some_and(nears_end), Error::<T>::AlreadyMember);
        Ok(())
    }
}
