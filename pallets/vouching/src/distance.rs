// SPDX-License-Identifier: Apache-2.0
//! How near a person must be to the referees, when they are drawn, and what proves it.

use alloc::vec::Vec;

use frame_support::ensure;
use kith_primitives::{
    distance::{self, Asked, Flaw, Step},
    glue::{Community, Constitution, EpochRandomness, Now},
    member::MemberId,
};
use sp_runtime::DispatchResult;

use crate::{
    rules, Config, Error, Event, Issuers, Pallet, Proven, Received, Request, RequestFor, Requests, Seed, Seeds, Stored,
};

impl<T: Config> Pallet<T> {
    /// The referees to whom the person must be linked now. Which they are depends on who is a referee in this block.
    ///
    /// # Errors
    /// [`Error::NotRequested`], [`Error::RequestSpent`], [`Error::TooEarlyToProve`], [`Error::TooFewReferees`].
    pub fn asked(person: MemberId) -> Result<Vec<MemberId>, Error<T>> {
        let request = Requests::<T>::get(person).ok_or(Error::<T>::NotRequested)?;
        let seeds = Seeds::<T>::get();
        ensure!(request.is_good(&seeds), Error::<T>::RequestSpent);
        let limits = T::Constitution::parameters();
        let least = rules::least_vouches(T::Community::active_members(), limits.distance_steps);
        let is_referee = |other| other != person && Self::is_referee(other, least);
        match distance::asked(person, request.bound, limits.distance_sample, request.seed(&seeds), is_referee) {
            Asked::All(referees) => Ok(referees),
            Asked::Drawn(referees) => {
                let enough = u32::try_from(referees.len()).is_ok_and(|found| found >= distance::FEWEST);
                enough.then_some(referees).ok_or(Error::<T>::TooFewReferees)
            }
            Asked::Unknown => Err(Error::<T>::TooEarlyToProve),
        }
    }

    /// Counts vouches as stored, which may for a while include some that ended; reads most often what most often fails.
    fn is_referee(person: MemberId, least: u32) -> bool {
        let given = Issuers::<T>::get(person).live;
        given >= least && rules::is_referee(Received::<T>::get(person), given, least) && Self::in_good_standing(person)
    }

    /// Whether the person is near enough to be admitted.
    pub(crate) fn is_near(person: MemberId) -> bool {
        Proven::<T>::contains_key(person) || !Self::asks_about(person)
    }

    /// Whether something is still to be proven for the person.
    pub fn check_pending(person: MemberId) -> Result<(), Error<T>> {
        ensure!(T::Community::may_be_vouched_for(person), Error::<T>::NotEligible);
        if T::Community::is_member(person) {
            Self::check_term(person)?;
        }
        ensure!(!Proven::<T>::contains_key(person), Error::<T>::AlreadyProven);
        ensure!(Self::asks_about(person), Error::<T>::NothingToProve);
        Ok(())
    }

    /// Whether the account may have referees asked anew. A request still good is replaced by the person only, so that
    /// nobody else can keep them from ever being proven.
    pub(crate) fn check_request(who: &T::AccountId, person: MemberId) -> DispatchResult {
        let themselves = T::Community::person(who) == Some(person);
        ensure!(themselves || T::Community::member(who).is_some(), Error::<T>::NotConcerned);
        Self::check_pending(person)?;
        let Some(last) = Requests::<T>::get(person) else { return Ok(()) };
        let interval = T::Constitution::parameters().distance_interval;
        ensure!(rules::may_request(Some(last.at), T::Clock::now(), interval), Error::<T>::TooEarlyToRequest);
        ensure!(themselves || !last.is_good(&Seeds::<T>::get()), Error::<T>::TooEarlyToRequest);
        Ok(())
    }

    pub(crate) fn do_request(person: MemberId) {
        let (epoch, bound) = (T::Randomness::epoch(), T::Community::people());
        Requests::<T>::insert(person, Request { at: T::Clock::now(), epoch, bound });
        Self::deposit_event(Event::DistanceRequested { person });
    }

    /// Makes the first request for who has been vouched for and is no member.
    pub(crate) fn request_first(person: MemberId) {
        if Self::asks_about(person) && !T::Community::is_member(person) && !Requests::<T>::contains_key(person) {
            Self::do_request(person);
        }
    }

    /// Whether the witness links the person to as many referees as the constitution asks for.
    pub(crate) fn check_witness(person: MemberId, witness: &[Step]) -> DispatchResult {
        Self::check_pending(person)?;
        let asked = Self::asked(person)?;
        let limits = T::Constitution::parameters();
        let linked = distance::check(&Stored::<T>::default(), person, witness, limits.distance_steps);
        let linked = linked.map_err(|flaw| match flaw {
            Flaw::NoSuchParent => Error::<T>::NoSuchParent,
            Flaw::TooLong => Error::<T>::PathTooLong,
            Flaw::Repeated => Error::<T>::Repeated,
            Flaw::NotVouched => Error::<T>::NotVouched,
        })?;
        let needed = distance::needed(Self::percent(person), u32::try_from(asked.len()).unwrap_or(u32::MAX));
        ensure!(distance::reached(&linked, &asked) >= needed, Error::<T>::TooFar);
        Ok(())
    }

    pub(crate) fn do_prove(person: MemberId) {
        if T::Community::is_member(person) {
            Self::forget_distance(person);
            Self::begin_term(person);
        } else {
            Proven::<T>::insert(person, T::Clock::now());
        }
        Self::deposit_event(Event::DistanceProven { person });
        if let Some(change) = Self::gained(person) {
            Self::apply(person, change);
        }
    }

    /// Undoes what was proven for who has lost a vouch before they were admitted: it may have rested on that one.
    pub(crate) fn undo_proof(person: MemberId) {
        if Proven::<T>::take(person).is_some() {
            Self::deposit_event(Event::ProofUndone { person });
        }
    }

    /// Forgets what was requested and proven for who is now a member, has a term anew, or is gone.
    pub(crate) fn forget_distance(person: MemberId) {
        Requests::<T>::remove(person);
        Proven::<T>::remove(person);
    }

    /// Records the seed of an epoch in the epoch's first block.
    pub(crate) fn record_seed() {
        let (epoch, mut seeds) = (T::Randomness::epoch(), Seeds::<T>::get());
        if seeds.last().is_some_and(|last| last.epoch >= epoch) {
            return;
        }
        if seeds.is_full() {
            seeds.remove(0);
        }
        if seeds.try_push(Seed { epoch, seed: T::Randomness::seed() }).is_ok() {
            Seeds::<T>::put(seeds);
        }
    }
}

impl RequestFor {
    /// Whether the epoch in which it was made is still remembered.
    fn is_good(&self, seeds: &[Seed]) -> bool {
        seeds.first().is_some_and(|oldest| oldest.epoch <= self.epoch)
    }

    /// The second seed recorded after the epoch in which it was made, if there is one yet. The first is collected in that
    /// epoch: who makes its last block knows it, and could let only those requests into the block that suit them.
    fn seed<'a>(&self, seeds: &'a [Seed]) -> Option<&'a [u8; 32]> {
        seeds.iter().filter(|seed| seed.epoch > self.epoch).nth(1).map(|seed| &seed.seed)
    }
}
