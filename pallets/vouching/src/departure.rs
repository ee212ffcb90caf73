// SPDX-License-Identifier: Apache-2.0
//! What becomes of the vouches of people who are no longer members or candidates.

use kith_primitives::{
    glue::{Community, OnDeparture},
    member::MemberId,
};

use crate::{Cause, Config, Departures, IssuedBy, Issuers, Pallet, Vouches};

impl<T: Config> OnDeparture for Pallet<T> {
    fn departed(person: MemberId) {
        Self::forget_grace(person);
        Self::forget_distance(person);
        Self::end_term(person);
        Departures::<T>::insert(person, ());
    }
}

impl<T: Config> Pallet<T> {
    /// Removes one vouch of somebody who departed, or the departure itself when none is left; false if nobody departed.
    ///
    /// A person who lapsed keeps what they received: others still stand by it, and it counts when they come back.
    pub(crate) fn withdraw_next() -> bool {
        let Some(person) = Departures::<T>::iter_keys().next() else { return false };
        if let Some(subject) = IssuedBy::<T>::iter_key_prefix(person).next() {
            Self::remove_vouch(person, subject, Cause::IssuerDeparted);
            return true;
        }
        if !T::Community::may_be_vouched_for(person) {
            if let Some(issuer) = Vouches::<T>::iter_key_prefix(person).next() {
                Self::remove_vouch(issuer, person, Cause::SubjectDeparted);
                return true;
            }
            Issuers::<T>::remove(person);
        }
        Departures::<T>::remove(person);
        true
    }
}
