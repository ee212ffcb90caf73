// SPDX-License-Identifier: Apache-2.0
//! What a provider is asked, and what an answer earns. Nothing is queued: a question is computed when it is looked at.

use frame_support::{ensure, pallet_prelude::DispatchError};
use kith_primitives::{
    custody::ChunkProof,
    glue::{Community, Holdings},
    member::MemberId,
    runtime_api::ChallengeView,
    EraIndex,
};

use crate::{
    maths, types::Draw, Asked, Config, Credit, Credits, CurrentEra, Directed, Eras, Error, Event, Pallet, Pledges,
    Provider, Providers,
};

// === queries ===

impl<T: Config> Pallet<T> {
    /// What the provider is asked in the current era, if anything.
    pub fn challenge(provider: MemberId) -> Option<ChallengeView> {
        let asked = Self::state(provider)?.asked?;
        let (resource, version) = (asked.pledge.resource, asked.pledge.version);
        Some(ChallengeView { resource, version, chunk: asked.chunk, answered: asked.answered })
    }

    /// The provider's state up to now: misses counted, the era's question drawn. Pledges change only through calls that
    /// write this down first, so the question is the same whenever it is looked at.
    pub(crate) fn state(provider: MemberId) -> Option<Provider> {
        let mut state = Providers::<T>::get(provider)?;
        let Some(era) = CurrentEra::<T>::get() else { return Some(state) };
        if maths::account(&mut state, &era) {
            state.asked = era.draw.and_then(|draw| Self::ask(provider, &state, &draw));
            if state.asked.is_none() {
                state.misses = state.misses.saturating_add(1);
            }
        }
        Some(state)
    }

    /// The question, if the pledges stood long enough to be drawn from.
    fn ask(provider: MemberId, state: &Provider, draw: &Draw) -> Option<Asked> {
        maths::settled(state.changed, draw.at).then_some(())?;
        let (slot, number) = maths::question(&draw.seed, provider, state.pledges);
        let pledge = Pledges::<T>::get(provider, slot)?;
        let chunk = maths::remainder(number, pledge.commitment.chunks);
        Some(Asked { pledge, chunk, of: state.pledges, answered: false })
    }
}

// === checks ===

impl<T: Config> Pallet<T> {
    /// The current era, the provider's state and what the proof answers.
    pub(crate) fn check_answer(
        provider: MemberId,
        proof: &ChunkProof,
    ) -> Result<(EraIndex, Provider, Asked), DispatchError> {
        let era = CurrentEra::<T>::get().ok_or(Error::<T>::NothingAsked)?.index;
        let state = Self::state(provider).ok_or(Error::<T>::NothingAsked)?;
        let asked = state.asked.clone().ok_or(Error::<T>::NothingAsked)?;
        ensure!(!asked.answered, Error::<T>::AlreadyAnswered);
        let right = proof.index == asked.chunk && proof.proves(&asked.pledge.commitment);
        ensure!(right, Error::<T>::NotProven);
        Ok((era, state, asked))
    }

    /// Whose share the answer earns a part of: the owner's, while they are a member, their lease runs and this is what they
    /// want kept. Never more owners than there are shares.
    pub(crate) fn check_credit(era: EraIndex, asked: &Asked) -> Option<MemberId> {
        let owner = T::Holdings::leased_by(asked.pledge.resource).filter(|owner| T::Community::is_member(*owner))?;
        let (latest, _) = T::Holdings::latest(asked.pledge.resource)?;
        let record = Eras::<T>::get(era)?;
        let room = record.directing < record.members || Directed::<T>::contains_key(era, owner);
        (latest == asked.pledge.version && room).then_some(owner)
    }
}

// === changes ===

impl<T: Config> Pallet<T> {
    pub(crate) fn do_answer(
        era: EraIndex,
        provider: MemberId,
        mut state: Provider,
        asked: Asked,
        owner: Option<MemberId>,
    ) {
        if let Some(owner) = owner {
            Self::do_credit(era, provider, owner, maths::weight(asked.of, asked.pledge.commitment.chunks));
        }
        let resource = asked.pledge.resource;
        state.misses = 0;
        state.asked = Some(Asked { answered: true, ..asked });
        Providers::<T>::insert(provider, state);
        Self::deposit_event(Event::CustodyProven { era, provider, resource, owner });
    }

    fn do_credit(era: EraIndex, provider: MemberId, owner: MemberId, weight: u128) {
        if !Directed::<T>::contains_key(era, owner) {
            Eras::<T>::mutate_extant(era, |record| record.directing = record.directing.saturating_add(1));
        }
        // Members are at most 2^32 and a proof weighs at most 2^44: this does not saturate.
        Directed::<T>::mutate(era, owner, |total| *total = total.saturating_add(weight));
        Credits::<T>::insert(era, provider, Credit { owner, weight });
    }
}
