// SPDX-License-Identifier: Apache-2.0
//! Who may vouch for whom, and when: the rules held against what is stored.

use frame_support::ensure;
use kith_primitives::{
    glue::{Community, Constitution, Now, Sponsorship},
    member::MemberId,
};
use sp_runtime::{DispatchError, DispatchResult};

use crate::{
    rules::{self, Limit, NotRenewable},
    Config, Departures, Error, Issuers, Pallet, VouchFor, Vouches,
};

impl<T: Config> Pallet<T> {
    /// Whether the issuer, who is a member, may vouch for the subject now.
    pub(crate) fn check_vouch(issuer: MemberId, subject: MemberId) -> DispatchResult {
        ensure!(issuer != subject, Error::<T>::VouchForSelf);
        ensure!(!Vouches::<T>::contains_key(subject, issuer), Error::<T>::AlreadyExists);
        Self::check_parties(issuer, subject)?;
        let (limits, used) = (T::Constitution::parameters(), Issuers::<T>::get(issuer));
        let allowed = rules::may_issue(&used, T::Clock::now(), limits.vouch_stock, limits.vouch_interval);
        Ok(allowed.map_err(|limit| match limit {
            Limit::Stock => Error::<T>::TooManyVouches,
            Limit::Interval => Error::<T>::TooEarly,
        })?)
    }

    pub(crate) fn check_renew(issuer: MemberId, subject: MemberId) -> Result<VouchFor, DispatchError> {
        let vouch = Vouches::<T>::get(subject, issuer).ok_or(Error::<T>::NotFound)?;
        let window = T::Constitution::parameters().renewal_window;
        rules::may_renew(&vouch, T::Clock::now(), window).map_err(|why| match why {
            NotRenewable::Ended => Error::<T>::Expired,
            NotRenewable::TooEarly => Error::<T>::TooEarlyToRenew,
        })?;
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
