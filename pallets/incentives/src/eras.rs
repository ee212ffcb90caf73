// SPDX-License-Identifier: Apache-2.0
//! When an era ends and the next begins, and when its challenges are drawn.

use frame_support::{traits::Get, weights::Weight};
use kith_primitives::{
    glue::{Community, Constitution, EpochRandomness, Now, OnEraStart},
    BlockNumber,
};

use crate::{types::Draw, Config, CurrentEra, Era, EraRecord, Eras, Event, Pallet, WeightInfo};

impl<T: Config> Pallet<T> {
    /// What a block begins with.
    pub(crate) fn turn() -> Weight {
        let now = T::Clock::now();
        match CurrentEra::<T>::get() {
            Some(era) if now < Self::end_of(&era) => Self::draw(era, now),
            ended => Self::start(ended, now),
        }
    }

    fn end_of(era: &Era) -> BlockNumber {
        era.started.saturating_add(T::Constitution::parameters().era_length)
    }

    /// Draws the era's challenges as soon as there is a seed that was not known when the era started.
    fn draw(mut era: Era, now: BlockNumber) -> Weight {
        if era.draw.is_some() {
            return T::DbWeight::get().reads(2);
        }
        let seed = T::Randomness::seed();
        if seed == era.stale {
            return T::DbWeight::get().reads(3);
        }
        era.draw = Some(Draw { seed, at: now });
        era.draws = era.draws.saturating_add(1);
        Self::deposit_event(Event::ChallengesDrawn { era: era.index });
        CurrentEra::<T>::put(era);
        T::WeightInfo::draw()
    }

    fn start(ended: Option<Era>, now: BlockNumber) -> Weight {
        if let Some(era) = &ended {
            let until = now.saturating_add(T::Constitution::parameters().claim_period);
            Eras::<T>::mutate_extant(era.index, |record| record.claim_until = Some(until));
        }
        let others = T::OnEraStart::era_started();
        let (members, pot) = (T::Community::active_members(), T::Constitution::parameters().era_pot);
        // Not in a million years of blocks does the number saturate.
        let index = ended.as_ref().map_or(0, |era| era.index.saturating_add(1));
        let draws = ended.map_or(0, |era| era.draws);
        Eras::<T>::insert(index, EraRecord { members, pot, directing: 0, claim_until: None });
        CurrentEra::<T>::put(Era { index, started: now, stale: T::Randomness::seed(), draw: None, draws });
        Self::deposit_event(Event::EraStarted { era: index, members, pot });
        T::WeightInfo::start_era().saturating_add(others)
    }
}
