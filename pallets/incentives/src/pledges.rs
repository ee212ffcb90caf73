// SPDX-License-Identifier: Apache-2.0
//! What providers promise to keep. Pledges lie in slots without gaps, so that one can be drawn without looking at the rest.

use alloc::vec::Vec;

use frame_support::{ensure, pallet_prelude::DispatchError};
use kith_primitives::{
    glue::{Community, Constitution, Holdings, Now},
    member::MemberId,
    resource::{ResourceId, VersionNumber},
};

use crate::{
    Config, CurrentEra, Error, Event, Holders, Pallet, Pledge, Pledges, Provider, Providers, MAX_PLEDGES, RELEASE_STEP,
};

// === queries ===

impl<T: Config> Pallet<T> {
    /// The members who promised to keep a resource and answer their challenges, and the version each of them keeps. For use
    /// off the chain: it reads one entry for each holder.
    pub fn holders(resource: ResourceId) -> Vec<(MemberId, VersionNumber)> {
        let version = |provider, slot| Pledges::<T>::get(provider, slot).map(|pledge| pledge.version);
        Holders::<T>::iter_prefix(resource)
            .filter(|(provider, _)| T::Community::is_member(*provider) && !Self::has_defaulted(*provider))
            .filter_map(|(provider, slot)| version(provider, slot).map(|version| (provider, version)))
            .collect()
    }

    /// Whether the provider missed as many challenges in a row as release pledges.
    pub fn has_defaulted(provider: MemberId) -> bool {
        Self::state(provider).is_some_and(|state| Self::misses_too_many(&state))
    }

    fn misses_too_many(state: &Provider) -> bool {
        state.misses >= T::Constitution::parameters().misses_allowed
    }
}

// === checks ===

impl<T: Config> Pallet<T> {
    pub(crate) fn check_offer(resource: ResourceId, version: VersionNumber) -> Result<Pledge, Error<T>> {
        ensure!(T::Holdings::leased_by(resource).is_some(), Error::<T>::NotLeased);
        let (latest, commitment) = T::Holdings::latest(resource).ok_or(Error::<T>::NotLatest)?;
        ensure!(version == latest, Error::<T>::NotLatest);
        Ok(Pledge { resource, version, commitment })
    }

    /// The provider's state up to now, and the slot the pledge goes to.
    pub(crate) fn check_pledge(provider: MemberId, pledge: &Pledge) -> Result<(Provider, u32), Error<T>> {
        let state = Self::state(provider).unwrap_or_else(Self::newcomer);
        ensure!(!Self::misses_too_many(&state), Error::<T>::TooManyMisses);
        let Some(slot) = Holders::<T>::get(pledge.resource, provider) else {
            ensure!(state.pledges < MAX_PLEDGES, Error::<T>::TooManyPledges);
            let slot = state.pledges;
            return Ok((state, slot));
        };
        let same = Pledges::<T>::get(provider, slot).is_some_and(|earlier| earlier.version == pledge.version);
        ensure!(!same, Error::<T>::AlreadyExists);
        Ok((state, slot))
    }

    pub(crate) fn check_release(provider: MemberId, resource: ResourceId) -> Result<(Provider, u32), Error<T>> {
        let slot = Holders::<T>::get(resource, provider).ok_or(Error::<T>::NotFound)?;
        Ok((Self::state(provider).ok_or(Error::<T>::NotFound)?, slot))
    }

    pub(crate) fn check_report(provider: MemberId) -> Result<Provider, DispatchError> {
        let state = Self::state(provider).ok_or(Error::<T>::NotFound)?;
        let gone = Self::misses_too_many(&state) || !T::Community::is_member(provider);
        ensure!(gone, Error::<T>::NotDue);
        Ok(state)
    }
}

// === changes ===

impl<T: Config> Pallet<T> {
    /// A provider without pledges: nothing is asked of them in the draws so far.
    fn newcomer() -> Provider {
        Provider { draws: CurrentEra::<T>::get().map_or(0, |era| era.draws), ..Default::default() }
    }

    pub(crate) fn do_pledge(provider: MemberId, mut state: Provider, slot: u32, pledge: Pledge) {
        let (resource, version) = (pledge.resource, pledge.version);
        Pledges::<T>::insert(provider, slot, pledge);
        Holders::<T>::insert(resource, provider, slot);
        state.pledges = state.pledges.max(slot.saturating_add(1));
        Self::do_save(provider, state);
        Self::deposit_event(Event::Pledged { provider, resource, version });
    }

    /// Empties a slot; the last pledge moves into it.
    pub(crate) fn do_remove(provider: MemberId, state: &mut Provider, slot: u32) {
        let Some(last) = state.pledges.checked_sub(1) else { return };
        let Some(moved) = Pledges::<T>::take(provider, last) else { return };
        let removed = if slot == last {
            moved.resource
        } else {
            let resource = Pledges::<T>::get(provider, slot).map(|pledge| pledge.resource).unwrap_or_default();
            Holders::<T>::insert(moved.resource, provider, slot);
            Pledges::<T>::insert(provider, slot, moved);
            resource
        };
        Holders::<T>::remove(removed, provider);
        state.pledges = last;
    }

    /// Writes the state of a provider whose pledges changed. Without pledges there is nothing to remember.
    pub(crate) fn do_save(provider: MemberId, mut state: Provider) {
        if state.pledges == 0 {
            Providers::<T>::remove(provider);
        } else {
            state.changed = T::Clock::now();
            Providers::<T>::insert(provider, state);
        }
    }

    pub(crate) fn do_report(provider: MemberId, mut state: Provider) {
        let before = state.pledges;
        for _ in 0..RELEASE_STEP.min(before) {
            let last = state.pledges.saturating_sub(1);
            Self::do_remove(provider, &mut state, last);
        }
        let left = state.pledges;
        Self::do_save(provider, state);
        Self::deposit_event(Event::PledgesLost { provider, released: before.saturating_sub(left), left });
    }
}
