// SPDX-License-Identifier: Apache-2.0
//! How long each call and each step of the hooks takes at its worst.

use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;
use kith_primitives::distance::{draw, Step, MAX_STEPS, TRIES};

use crate::*;

/// Makes the people whom the benchmarks let vouch.
pub trait BenchmarkHelper<AccountId> {
    /// The `index`th member; made when first asked for.
    fn member(index: u32) -> (AccountId, MemberId);
    /// The `index`th candidate; made when first asked for.
    fn candidate(index: u32) -> MemberId;
    /// Gives the person everything that ends with their membership.
    fn engage(person: MemberId);
    /// Asks for as many vouches as the constitution may ask for.
    fn ask_for_most_vouches();
}

/// As many vouches as an admission looks at.
const CROWD: u32 = 64;

fn member<T: Config>(index: u32) -> (T::AccountId, MemberId) {
    T::BenchmarkHelper::member(index)
}

/// Gives a candidate a whole crowd's vouches without admitting them. As many as the threshold asks for count; the
/// issuers of all others are departing. Returns the candidate.
fn crowded_candidate<T: Config>() -> MemberId {
    T::BenchmarkHelper::ask_for_most_vouches();
    let subject = T::BenchmarkHelper::candidate(0);
    Proven::<T>::insert(subject, T::Clock::now());
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

/// Three epochs of which the third draws what was requested in the first; the request asks for referees among `bound`
/// people.
fn requested<T: Config>(person: MemberId, bound: u32) {
    let seeds = [0, 1, 2].map(|epoch| Seed { epoch, seed: SEED });
    Seeds::<T>::put(BoundedVec::truncate_from(seeds.into()));
    Requests::<T>::insert(person, Request { at: T::Clock::now(), epoch: 0, bound });
    Proven::<T>::remove(person);
}

/// The seed of the second epoch.
const SEED: [u8; 32] = [1; 32];

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
        // The call is made in a block after this one.
        let expires = T::Clock::now().saturating_add(10);
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
        // Enough are left, so that what was proven is looked at too; it holds no more.
        for index in 0..T::Constitution::parameters().admission_threshold {
            let (_, other) = member::<T>(index.saturating_add(2));
            Pallet::<T>::insert_vouch(other, subject);
        }
        ProofEnds::<T>::insert(subject, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), subject);

        assert!(Graces::<T>::contains_key(subject));
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
    fn request_distance() -> Result<(), BenchmarkError> {
        let interval = T::Constitution::parameters().distance_interval;
        frame_system::Pallet::<T>::set_block_number(interval.into());
        let ((caller, _), (_, person)) = (member::<T>(0), member::<T>(1));
        ProofEnds::<T>::insert(person, 0);
        Seeds::<T>::put(BoundedVec::truncate_from(vec![Seed { epoch: 1, seed: SEED }]));
        Requests::<T>::insert(person, Request { at: 0, epoch: 0, bound: 0 });

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), person);

        assert!(Requests::<T>::get(person).is_some_and(|request| request.bound > 0));
        Ok(())
    }

    #[benchmark]
    fn prove_distance(s: Linear<1, MAX_STEPS>) -> Result<(), BenchmarkError> {
        let person = crowded_candidate::<T>();
        let (caller, first) = member::<T>(1);
        requested::<T>(person, 0);
        let mut witness = Witness::truncate_from(vec![Step { member: first, parent: 0 }]);
        for index in 1..s {
            let (_, issuer) = member::<T>(CROWD.saturating_add(index));
            Pallet::<T>::insert_vouch(issuer, first);
            let step = Step { member: issuer, parent: 1 };
            witness.try_push(step).map_err(|_| BenchmarkError::Stop("too long"))?;
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), person, witness);

        assert!(T::Community::is_member(person));
        Ok(())
    }

    #[benchmark]
    fn ask() -> Result<(), BenchmarkError> {
        let person = T::BenchmarkHelper::candidate(0);
        requested::<T>(person, u32::MAX);
        for i in 0..TRIES {
            let drawn = draw(&SEED, person, u32::MAX, i);
            Issuers::<T>::insert(drawn, Issuer { live: u32::MAX, last: None });
            Received::<T>::insert(drawn, u32::MAX);
        }

        #[block]
        {
            assert!(matches!(Pallet::<T>::asked(person), Err(Error::TooFewReferees)));
        }

        Ok(())
    }

    #[benchmark]
    fn record_seed() -> Result<(), BenchmarkError> {
        Seeds::<T>::kill();

        #[block]
        {
            Pallet::<T>::record_seed();
        }

        assert_eq!(Seeds::<T>::get().len(), 1);
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

    /// A lapse: it ends more than the removal of a vouch, which starts a grace period at most.
    #[benchmark]
    fn task() -> Result<(), BenchmarkError> {
        let threshold = T::Constitution::parameters().admission_threshold;
        let (_, subject) = member::<T>(0);
        for index in 1..=threshold {
            member::<T>(index);
        }
        T::BenchmarkHelper::engage(subject);
        let now = T::Clock::now();
        Graces::<T>::insert(subject, now);
        Agenda::<T>::insert(now, Due::Lapse { subject }, ());
        Cursor::<T>::put(now);

        #[block]
        {
            Pallet::<T>::work(1);
        }

        assert!(!T::Community::is_member(subject));
        Ok(())
    }
}
