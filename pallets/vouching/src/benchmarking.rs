// SPDX-License-Identifier: Apache-2.0
//! How long each call and each step of the hooks takes at its worst.

use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

use crate::*;

/// Makes the people whom the benchmarks let vouch.
pub trait BenchmarkHelper<AccountId> {
    /// The `index`th member; made when first asked for.
    fn member(index: u32) -> (AccountId, MemberId);
    /// The `index`th candidate; made when first asked for.
    fn candidate(index: u32) -> MemberId;
}

/// As many vouches as an admission looks at.
const CROWD: u32 = 64;

fn member<T: Config>(index: u32) -> (T::AccountId, MemberId) {
    T::BenchmarkHelper::member(index)
}

/// Gives a candidate a whole crowd's vouches without admitting them. As many as the threshold asks for count; the
/// issuers of all others are departing. Returns the candidate.
fn crowded_candidate<T: Config>() -> MemberId {
    let subject = T::BenchmarkHelper::candidate(0);
    let threshold = T::Constitution::parameters().admission_threshold;
    for index in 1..CROWD {
        let (_, issuer) = member::<T>(index);
        Pallet::<T>::insert_vouch(issuer, subject);
        if index > threshold {
            Departures::<T>::insert(issuer, ());
        }
    }
    subject
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn vouch() -> Result<(), BenchmarkError> {
        let (caller, issuer) = member::<T>(0);
        let subject = crowded_candidate::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), subject);

        assert!(Vouches::<T>::contains_key(subject, issuer));
        assert!(T::Community::is_member(subject));
        Ok(())
    }

    #[benchmark]
    fn renew() -> Result<(), BenchmarkError> {
        let ((caller, issuer), (_, subject)) = (member::<T>(0), member::<T>(1));
        Pallet::<T>::insert_vouch(issuer, subject);
        let given = Vouches::<T>::get(subject, issuer).ok_or(BenchmarkError::Stop("no vouch"))?;
        let expires = T::Clock::now().saturating_add(1);
        let due = Due::Expire { issuer, subject };
        Agenda::<T>::remove(given.expires, due);
        Agenda::<T>::insert(expires, due, ());
        Vouches::<T>::insert(subject, issuer, Vouch { expires, ..given });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), subject);

        assert!(Vouches::<T>::get(subject, issuer).is_some_and(|renewed| renewed.expires > expires));
        Ok(())
    }

    #[benchmark]
    fn withdraw() -> Result<(), BenchmarkError> {
        let ((caller, issuer), (_, subject)) = (member::<T>(0), member::<T>(1));
        Pallet::<T>::insert_vouch(issuer, subject);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), subject);

        assert!(UnderThreshold::<T>::contains_key(subject));
        Ok(())
    }

    #[benchmark]
    fn reconsider() -> Result<(), BenchmarkError> {
        let (caller, _) = member::<T>(0);
        let subject = crowded_candidate::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), subject);

        assert!(T::Community::is_member(subject));
        Ok(())
    }

    #[benchmark]
    fn look() -> Result<(), BenchmarkError> {
        Cursor::<T>::put(T::Clock::now());

        #[block]
        {
            Pallet::<T>::work(1);
        }

        assert_eq!(Cursor::<T>::get(), T::Clock::now());
        Ok(())
    }

    #[benchmark]
    fn task() -> Result<(), BenchmarkError> {
        let ((_, issuer), (_, subject)) = (member::<T>(0), member::<T>(1));
        Pallet::<T>::insert_vouch(issuer, subject);
        Departures::<T>::insert(issuer, ());
        Cursor::<T>::put(T::Clock::now());

        #[block]
        {
            Pallet::<T>::work(1);
        }

        assert!(UnderThreshold::<T>::contains_key(subject));
        Ok(())
    }
}
