// SPDX-License-Identifier: Apache-2.0
//! Who may stand, what that writes, and what is known of those who do.

use alloc::vec::Vec;

use frame_support::ensure;
use kith_primitives::{
    glue::{Merit, Now, OnDeparture},
    member::MemberId,
    BlockNumber,
};
use sp_runtime::DispatchError;

use crate::{
    selection::Rank, Attendances, Candidate, Config, Error, Event, Offences, Pallet, Penance, Sessions, Standing,
    MAX_STANDING,
};

impl<T: Config> Pallet<T> {
    /// Whether the member may stand, and who makes room for them.
    pub(crate) fn check_stand(person: MemberId) -> Result<Option<MemberId>, DispatchError> {
        ensure!(!Standing::<T>::contains_key(person), Error::<T>::AlreadyStands);
        let now = T::Clock::now();
        ensure!(Penance::<T>::get(person).is_none_or(|until| now >= until), Error::<T>::InPenance);
        let candidate = Self::qualified(person).ok_or(Error::<T>::NoSessionKeys)?;
        if Standing::<T>::count() < MAX_STANDING {
            return Ok(None);
        }
        let worst = Self::worst_waiting().filter(|(rank, _)| candidate.rank() < *rank);
        Ok(Some(worst.ok_or(Error::<T>::TooManyStanding)?.1))
    }

    pub(crate) fn do_stand(person: MemberId, displaced: Option<MemberId>) {
        if let Some(person) = displaced {
            Self::end_standing(person);
            Self::deposit_event(Event::Displaced { person });
        }
        Penance::<T>::remove(person);
        Standing::<T>::insert(person, T::Clock::now());
        Self::deposit_event(Event::Stood { person });
    }

    /// Takes the person off the list; false if they were not on it.
    pub(crate) fn end_standing(person: MemberId) -> bool {
        Attendances::<T>::remove(person);
        Standing::<T>::take(person).is_some()
    }

    /// Takes the seat for the constitution's time of penance; returns the first block in which they may stand again.
    pub(crate) fn penalise(person: MemberId, penance: BlockNumber) -> BlockNumber {
        Self::end_standing(person);
        let until = T::Clock::now().saturating_add(penance);
        let until = Penance::<T>::get(person).map_or(until, |before| before.max(until));
        Penance::<T>::insert(person, until);
        until
    }

    /// The person as a candidate, if they may sit by their own right: an active member whose key is not frozen, with
    /// session keys.
    pub(crate) fn qualified(person: MemberId) -> Option<Candidate> {
        let (vouches, since) = T::Merit::merit(person)?;
        T::Sessions::has_keys(person).then(|| Self::candidate(person, vouches, since))
    }

    pub(crate) fn candidate(person: MemberId, vouches: u32, since: BlockNumber) -> Candidate {
        Candidate {
            person,
            offences: Offences::<T>::get(person).map_or(0, |record| record.count),
            vouches,
            since,
            proven: Attendances::<T>::get(person).is_some_and(|attendance| attendance.proven),
        }
    }

    /// Who of those who stand and do not sit has the worst standing. Who could not be seated ranks behind everybody.
    fn worst_waiting() -> Option<(Rank, MemberId)> {
        let sitting: Vec<_> = T::Sessions::sitting();
        Standing::<T>::iter_keys()
            .filter(|person| !sitting.contains(person))
            .map(|person| {
                let unseatable = Self::candidate(person, 0, BlockNumber::MAX);
                let unseatable = Candidate { offences: u32::MAX, ..unseatable };
                (Self::qualified(person).unwrap_or(unseatable).rank(), person)
            })
            .max()
    }
}

/// Who is no member any more stands no more. What they did as a validator is not forgotten: they may come back.
impl<T: Config> OnDeparture for Pallet<T> {
    fn departed(person: MemberId) {
        Self::end_standing(person);
    }
}
