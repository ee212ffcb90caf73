// SPDX-License-Identifier: Apache-2.0
//! How vouches are written and removed, with everything that is counted of them.

use kith_primitives::{
    glue::{Community, Constitution, Now},
    member::MemberId,
    BlockNumber,
};

use crate::{rules, Agenda, Cause, Config, Due, Event, IssuedBy, Issuers, Pallet, Received, Vouch, VouchFor, Vouches};

impl<T: Config> Pallet<T> {
    /// Records a vouch the rules allow. It may make a member of the subject.
    pub(crate) fn do_vouch(issuer: MemberId, subject: MemberId) {
        let now = T::Clock::now();
        let expires = Self::insert_vouch(issuer, subject);
        Issuers::<T>::mutate(issuer, |used| used.last = Some(now));
        Self::deposit_event(Event::Vouched { issuer, subject, expires });
        Self::request_first(subject);
        if let Some(change) = Self::gained(subject) {
            Self::apply(subject, change);
        }
    }

    /// Writes a vouch for a whole term from now, and counts it; returns the first block in which it no longer counts.
    pub(crate) fn insert_vouch(issuer: MemberId, subject: MemberId) -> BlockNumber {
        let at = T::Clock::now();
        let expires = rules::term_ends(at, T::Constitution::parameters().vouch_validity);
        Vouches::<T>::insert(subject, issuer, Vouch { at, expires });
        IssuedBy::<T>::insert(issuer, subject, ());
        Agenda::<T>::insert(expires, Due::Expire { issuer, subject }, ());
        Issuers::<T>::mutate(issuer, |used| used.live = used.live.saturating_add(1));
        Received::<T>::mutate(subject, |count| *count = count.saturating_add(1));
        expires
    }

    /// Moves the end of a vouch to a whole term from now, or leaves it where it is later.
    pub(crate) fn do_renew(issuer: MemberId, subject: MemberId, vouch: VouchFor) {
        let renewed = rules::renewed(&vouch, T::Clock::now(), T::Constitution::parameters().vouch_validity);
        let expires = renewed.expires;
        let task = Due::Expire { issuer, subject };
        Agenda::<T>::remove(vouch.expires, task);
        Agenda::<T>::insert(expires, task, ());
        Vouches::<T>::insert(subject, issuer, renewed);
        Self::deposit_event(Event::Renewed { issuer, subject, expires });
    }

    /// Removes a vouch, if it stands. It may start the subject's grace, or undo what was proven for them.
    pub(crate) fn remove_vouch(issuer: MemberId, subject: MemberId, cause: Cause) {
        let Some(vouch) = Vouches::<T>::take(subject, issuer) else { return };
        IssuedBy::<T>::remove(issuer, subject);
        Agenda::<T>::remove(vouch.expires, Due::Expire { issuer, subject });
        Issuers::<T>::mutate(issuer, |used| used.live = used.live.saturating_sub(1));
        Received::<T>::mutate_exists(subject, |count| {
            *count = count.and_then(|count| count.checked_sub(1)).filter(|count| *count > 0);
        });
        Self::deposit_event(Event::Withdrawn { issuer, subject, cause });
        if T::Community::is_member(subject) {
            Self::fell_short(subject);
        } else {
            Self::undo_proof(subject);
        }
    }
}
