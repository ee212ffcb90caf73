// SPDX-License-Identifier: Apache-2.0
//! What is always true of the stored state.

use frame_support::ensure;
use kith_primitives::{
    glue::{Community, EpochRandomness, Now},
    member::MemberId,
    parameters::Parameter,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    Agenda, Config, Cursor, Departures, Due, Graces, IssuedBy, Issuers, Pallet, ProofEnds, Proven, Received, Requests,
    Seeds, VouchFor, Vouches,
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the pallet; reads all of its state, so it is for tests and for trying out upgrades
    /// only.
    ///
    /// That a member has as many vouches as the threshold asks for, or else a grace, and that no vouch came too soon after
    /// another or went beyond the stock, depends on which parameters were in force when:
    /// `every_history_keeps_the_rules` in `tests/machine.rs` holds that.
    pub fn do_try_state() -> Result<(), DispatchError> {
        for (subject, issuer, vouch) in Vouches::<T>::iter() {
            Self::check_edge(issuer, subject, &vouch)?;
        }
        let vouches = Vouches::<T>::iter_keys().count();
        ensure!(IssuedBy::<T>::iter_keys().count() == vouches, "an issued vouch is not among the received");
        for (subject, count) in Received::<T>::iter() {
            ensure!(count > 0, "a count of nothing is stored");
            let stored = Vouches::<T>::iter_key_prefix(subject).count();
            ensure!(u32::try_from(stored) == Ok(count), "received vouches are miscounted");
        }
        for (issuer, used) in Issuers::<T>::iter() {
            let stored = IssuedBy::<T>::iter_key_prefix(issuer).count();
            ensure!(u32::try_from(stored) == Ok(used.live), "issued vouches are miscounted");
            ensure!(used.last.is_none_or(|last| last <= T::Clock::now()), "a vouch was given in the future");
            // A lowered stock takes back none, but no stock was ever greater than its parameter may be.
            let is_bounded = used.live == 0 || Parameter::VouchStock(used.live).in_bounds();
            ensure!(is_bounded, "an issuer gave more vouches than any stock allows");
        }
        Self::check_distance()?;
        Self::check_terms()?;
        Self::check_agenda()
    }

    fn check_edge(issuer: MemberId, subject: MemberId, vouch: &VouchFor) -> DispatchResult {
        ensure!(issuer != subject, "somebody vouches for themselves");
        ensure!(vouch.at <= vouch.expires, "a vouch ends before it begins");
        ensure!(vouch.at <= T::Clock::now(), "a vouch begins in the future");
        let last = Issuers::<T>::get(issuer).last;
        ensure!(last.is_none_or(|last| vouch.at <= last), "a vouch is younger than its issuer's last");
        ensure!(IssuedBy::<T>::contains_key(issuer, subject), "a received vouch is not among the issued");
        ensure!(Received::<T>::contains_key(subject), "a received vouch is not counted");
        ensure!(Issuers::<T>::contains_key(issuer), "an issued vouch is not counted");
        let counts = T::Community::is_member(issuer) || Departures::<T>::contains_key(issuer);
        ensure!(counts, "an issuer is neither a member nor departing");
        let stands = T::Community::account(subject).is_some() || Departures::<T>::contains_key(subject);
        ensure!(stands, "a vouch is for nobody");
        let task = Due::Expire { issuer, subject };
        ensure!(Agenda::<T>::contains_key(vouch.expires, task), "a vouch is not on the agenda");
        Ok(())
    }

    fn check_distance() -> DispatchResult {
        for (person, request) in Requests::<T>::iter() {
            ensure!(T::Community::account(person).is_some(), "referees are asked about nobody");
            ensure!(request.at <= T::Clock::now(), "referees are asked in the future");
            ensure!(request.epoch <= T::Randomness::epoch(), "referees are asked in an epoch to come");
            ensure!(person < request.bound && request.bound <= T::Community::people(), "a request counts wrong people");
        }
        for (person, at) in Proven::<T>::iter() {
            let waits = T::Community::account(person).is_some() && !T::Community::is_member(person);
            ensure!(waits, "distance is proven of a member, or of nobody");
            ensure!(at <= T::Clock::now(), "distance was proven in the future");
            ensure!(Requests::<T>::contains_key(person), "distance was proven, and not requested");
        }
        let seeds = Seeds::<T>::get();
        ensure!(seeds.is_sorted_by(|earlier, later| earlier.epoch < later.epoch), "the seeds are out of order");
        let known = seeds.last().is_none_or(|last| last.epoch <= T::Randomness::epoch());
        ensure!(known, "a seed is of an epoch to come");
        Ok(())
    }

    fn check_terms() -> DispatchResult {
        for (member, ends) in ProofEnds::<T>::iter() {
            ensure!(T::Community::is_member(member), "a proof holds for who is not a member");
            let waits = Agenda::<T>::contains_key(ends, Due::ProofEnd { subject: member });
            ensure!(waits || ends <= T::Clock::now(), "the end of a proof is not on the agenda");
        }
        let terms = ProofEnds::<T>::iter_keys().count();
        ensure!(u32::try_from(terms) == Ok(T::Community::active_members()), "a member has no proof, however old");
        Ok(())
    }

    fn check_agenda() -> DispatchResult {
        ensure!(Cursor::<T>::get() <= T::Clock::now(), "the agenda is ahead of time");
        for (member, deadline) in Graces::<T>::iter() {
            ensure!(T::Community::is_member(member), "a grace runs for who is not a member");
            let task = Due::Lapse { subject: member };
            ensure!(Agenda::<T>::contains_key(deadline, task), "a grace is not on the agenda");
        }
        let cursor = Cursor::<T>::get();
        ensure!(Agenda::<T>::iter_keys().all(|(at, _)| at >= cursor), "something on the agenda was passed over");
        let tasks = Agenda::<T>::iter_keys().count();
        let terms = ProofEnds::<T>::iter()
            .filter(|(subject, ends)| Agenda::<T>::contains_key(ends, Due::ProofEnd { subject: *subject }));
        let causes = Vouches::<T>::iter_keys().count().saturating_add(Graces::<T>::iter_keys().count());
        ensure!(tasks == causes.saturating_add(terms.count()), "something on the agenda has no cause");
        Ok(())
    }
}
