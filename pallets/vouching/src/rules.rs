// SPDX-License-Identifier: Apache-2.0
//! Who may vouch for whom, and when: reads and errors only.

use frame_support::ensure;
use kith_primitives::{
    glue::{Community, Constitution, Now, Sponsorship},
    member::MemberId,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{Config, Departures, Error, Issuers, Pallet, VouchFor, Vouches};

impl<T: Config> Pallet<T> {
    /// Whether the issuer, who is a member, may vouch for the subject now.
    pub(crate) fn check_vouch(issuer: MemberId, subject: MemberId) -> DispatchResult {
        ensure!(issuer != subject, Error::<T>::VouchForSelf);
        ensure!(!Vouches::<T>::contains_key(subject, issuer), Error::<T>::AlreadyExists);
        Self::check_parties(issuer, subject)?;
        let (parameters, used) = (T::Constitution::parameters(), Issuers::<T>::get(issuer));
        ensure!(used.live < parameters.vouch_stock, Error::<T>::TooManyVouches);
        let next = used.last.map_or(0, |last| last.saturating_add(parameters.vouch_interval));
        ensure!(T::Clock::now() >= next, Error::<T>::TooEarly);
        Ok(())
    }

    pub(crate) fn check_renew(issuer: MemberId, subject: MemberId) -> Result<VouchFor, DispatchError> {
        let vouch = Vouches::<T>::get(subject, issuer).ok_or(Error::<T>::NotFound)?;
        let now = T::Clock::now();
        ensure!(now < vouch.expires, Error::<T>::Expired);
        let opens = vouch.expires.saturating_sub(T::Constitution::parameters().renewal_window);
        ensure!(now >= opens, Error::<T>::TooEarlyToRenew);
        Self::check_parties(issuer, subject)?;
        Ok(vouch)
    }

    fn check_parties(issuer: MemberId, subject: MemberId) -> DispatchResult {
        ensure!(T::Community::may_be_vouched_for(subject), Error::<T>::NotEligible);
        ensure!(!Departures::<T>::contains_key(issuer), Error::<T>::BeingWithdrawn);
        Ok(())
    }
}

impl<T: Config> Sponsorship for Pallet<T> {
    fn first_vouch(issuer: MemberId, candidate: MemberId) -> DispatchResult {
        Self::check_vouch(issuer, candidate)?;
        Self::do_vouch(issuer, candidate);
        Ok(())
    }
}
