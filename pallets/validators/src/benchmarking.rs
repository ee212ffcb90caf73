// SPDX-License-Identifier: Apache-2.0
//! How long each call and each step of a session's turn takes at its worst.

use alloc::vec::Vec;

use frame_benchmarking::v2::*;
use frame_system::RawOrigin;
use kith_primitives::glue::Now;
use pallet_authorship::EventHandler;

use crate::{attendance::BLOCKS_TO_JUDGE, *};

/// Makes the people whom the benchmarks let sit.
pub trait BenchmarkHelper<AccountId> {
    /// The `index`th member, with session keys of their own; made when first asked for.
    fn member(index: u32) -> (AccountId, MemberId);
    /// Lets exactly these people sit in the session that runs.
    fn seat(people: &[MemberId]);
}

/// Lets members of this range of indices stand, and nobody else; those before `proven` have written blocks.
fn standing<T: Config>(indices: core::ops::Range<u32>, proven: u32) -> Vec<MemberId> {
    let _founders = Standing::<T>::clear(MAX_STANDING, None);
    indices
        .map(|index| {
            let (_, person) = T::BenchmarkHelper::member(index);
            Standing::<T>::insert(person, T::Clock::now());
            Attendances::<T>::insert(person, Attendance { proven: index < proven, absences: 0 });
            person
        })
        .collect()
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn stand() {
        let (caller, person) = T::BenchmarkHelper::member(0);
        let others = standing::<T>(1..MAX_STANDING + 1, MAX_STANDING);
        T::BenchmarkHelper::seat(others.get(..99).unwrap_or_default());
        for other in others {
            Offences::<T>::insert(other, Record { count: 1, session: 0 });
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(caller));

        assert!(Standing::<T>::contains_key(person));
        assert_eq!(Standing::<T>::count(), MAX_STANDING);
    }

    #[benchmark]
    fn stand_with_room() {
        let (caller, person) = T::BenchmarkHelper::member(0);
        Penance::<T>::insert(person, T::Clock::now());

        #[extrinsic_call]
        stand(RawOrigin::Signed(caller));

        assert!(Standing::<T>::contains_key(person));
    }

    #[benchmark]
    fn stand_down() {
        let (caller, person) = T::BenchmarkHelper::member(0);
        standing::<T>(0..1, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller));

        assert!(!Standing::<T>::contains_key(person));
    }

    #[benchmark]
    fn note_author() {
        let (author, person) = T::BenchmarkHelper::member(0);

        #[block]
        {
            <Pallet<T> as EventHandler<_, _>>::note_author(author);
        }

        assert_eq!(Authored::<T>::get(person), Some(1));
    }

    #[benchmark]
    fn offence() {
        let people = standing::<T>(0..MAX_SEATS, MAX_SEATS);
        T::BenchmarkHelper::seat(&people);
        let person = people.last().copied().unwrap_or_default();
        Penance::<T>::insert(person, 1);

        #[block]
        {
            Pallet::<T>::offended(person, 1);
        }

        assert_eq!(Offences::<T>::get(person), Some(Record { count: 1, session: 1 }));
    }

    #[benchmark]
    fn plan() {
        let people = standing::<T>(0..MAX_STANDING, MAX_STANDING / 2);
        T::BenchmarkHelper::seat(people.get(..100).unwrap_or_default());
        let set;

        #[block]
        {
            set = Pallet::<T>::plan(3);
        }

        assert!(set.is_some());
    }

    #[benchmark]
    fn judge() {
        let people = standing::<T>(0..MAX_SEATS, MAX_SEATS);
        T::BenchmarkHelper::seat(&people);
        let (absent, present) = people.split_at(50);
        let long = Attendance { proven: true, absences: T::Constitution::parameters().absence_allowed };
        for person in absent {
            Attendances::<T>::insert(person, long);
        }
        for person in present {
            Authored::<T>::insert(person, 2 * BLOCKS_TO_JUDGE);
        }

        #[block]
        {
            Pallet::<T>::judge();
        }

        assert_eq!(Standing::<T>::count(), MAX_SEATS - MAX_SEATS / 3);
    }

    #[benchmark]
    fn silence_offenders() {
        let people = standing::<T>(0..MAX_SEATS, MAX_SEATS);
        T::BenchmarkHelper::seat(&people);
        for person in people {
            Offences::<T>::insert(person, Record { count: 1, session: 1 });
            Penance::<T>::insert(person, BlockNumber::MAX);
        }

        #[block]
        {
            Pallet::<T>::silence_offenders();
        }

        assert_eq!(Standing::<T>::count(), MAX_SEATS);
    }
}
