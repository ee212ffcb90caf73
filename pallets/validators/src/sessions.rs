// SPDX-License-Identifier: Apache-2.0
//! How sessions are planned and begun: what is asked of the session pallet, and what it is told.

use alloc::vec::Vec;

use frame_support::BoundedVec;
use kith_primitives::{
    glue::{Community, Constitution, EpochRandomness, Merit, Now},
    member::MemberId,
    BlockNumber,
};
use pallet_session::{historical, NextKeys, QueuedKeys, SessionManager, Validators};
use sp_staking::{offence::OffenceSeverity, SessionIndex};

use crate::{select, Attendances, Config, Field, Offences, Pallet, Penance, Standing, Voters};

/// The first session that is planned; those before are the genesis'. It is always announced, so that its keys are
/// remembered and offences against them can be proven.
const FIRST_PLANNED: SessionIndex = 2;

/// What is asked of the session pallet.
pub trait Sessions {
    /// Whether the person has session keys.
    fn has_keys(person: MemberId) -> bool;
    /// Who sits in the session that runs.
    fn sitting() -> Vec<MemberId>;
    /// Whether the set planned last is exactly this one, in this order, each with the keys they have now.
    fn is_planned(set: &[MemberId]) -> bool;
    /// Lets the person write no block for the rest of the session, unless finality could not do without.
    fn disable(person: MemberId);
}

impl<T: pallet_session::Config> Sessions for pallet_session::Pallet<T>
where
    T::ValidatorId: From<MemberId> + Into<MemberId>,
{
    fn has_keys(person: MemberId) -> bool {
        NextKeys::<T>::contains_key(T::ValidatorId::from(person))
    }

    fn sitting() -> Vec<MemberId> {
        Validators::<T>::get().into_iter().map(Into::into).collect()
    }

    fn is_planned(set: &[MemberId]) -> bool {
        let planned = QueuedKeys::<T>::get();
        planned.len() == set.len()
            && planned.into_iter().zip(set).all(|((validator, keys), person)| {
                NextKeys::<T>::get(&validator) == Some(keys) && validator == T::ValidatorId::from(*person)
            })
    }

    fn disable(person: MemberId) {
        Self::report_offence(person.into(), OffenceSeverity::max_severity());
    }
}

impl<T: Config> Pallet<T> {
    /// The set of session `index`; none if those who sit now are to stay, with the keys they have.
    pub(crate) fn plan(index: SessionIndex) -> Option<Vec<MemberId>> {
        let set = select(&Self::field());
        let unchanged = index > FIRST_PLANNED && T::Sessions::is_planned(&set);
        (!set.is_empty() && !unchanged).then_some(set)
    }

    /// Everything the selection depends on, as it is now.
    fn field() -> Field {
        let (parameters, sitting) = (T::Constitution::parameters(), T::Sessions::sitting());
        let staying =
            sitting.iter().filter(|person| T::Community::is_member(**person) && T::Sessions::has_keys(**person));
        Field {
            qualified: Standing::<T>::iter_keys().filter_map(Self::qualified).collect(),
            staying: staying
                .map(|person| {
                    let (vouches, since) = T::Merit::merit(*person).unwrap_or((0, BlockNumber::MAX));
                    Self::candidate(*person, vouches, since)
                })
                .collect(),
            sitting: u32::try_from(sitting.len()).unwrap_or(u32::MAX),
            most: parameters.max_validators,
            least: parameters.min_validators,
            seed: T::Randomness::seed(),
        }
    }

    /// Who of those who sit votes on finality in the session that begins: whose nodes have shown that they run, and who
    /// voted before; all, if there would be nobody.
    pub(crate) fn voters(sitting: &[MemberId]) -> Vec<MemberId> {
        let before = Voters::<T>::get();
        let proven = |person| Attendances::<T>::get(person).is_some_and(|attendance| attendance.proven);
        let voters: Vec<_> =
            sitting.iter().copied().filter(|person| before.contains(person) || proven(*person)).collect();
        if voters.is_empty() {
            sitting.to_vec()
        } else {
            voters
        }
    }

    /// Lets these people vote from now on; whether they are others than before.
    pub(crate) fn let_vote(voters: Vec<MemberId>) -> bool {
        let voters = BoundedVec::truncate_from(voters);
        let turned = Voters::<T>::get() != voters;
        if turned {
            Voters::<T>::put(voters);
        }
        turned
    }

    /// The place among those who vote of the one who sits in this place.
    pub(crate) fn voter_index(seat: u32) -> Option<u32> {
        let person = T::Sessions::sitting().get(usize::try_from(seat).ok()?).copied()?;
        let index = Voters::<T>::get().iter().position(|voter| *voter == person)?;
        u32::try_from(index).ok()
    }

    /// An offender whose seat is still planned stays disabled in the session that begins.
    pub(crate) fn silence_offenders() {
        let now = T::Clock::now();
        for person in T::Sessions::sitting() {
            let waits = Penance::<T>::get(person).is_some_and(|until| now < until);
            if waits && Offences::<T>::contains_key(person) {
                T::Sessions::disable(person);
            }
        }
    }
}

impl<T: Config, Id: From<MemberId>> SessionManager<Id> for Pallet<T> {
    fn new_session(new_index: SessionIndex) -> Option<Vec<Id>> {
        Some(Self::plan(new_index)?.into_iter().map(Id::from).collect())
    }

    /// The first sessions are the session pallet's own genesis: members are founded after it.
    fn new_session_genesis(_: SessionIndex) -> Option<Vec<Id>> {
        None
    }

    fn end_session(_: SessionIndex) {
        Self::judge();
    }

    fn start_session(_: SessionIndex) {
        Self::silence_offenders();
    }
}

impl<T: Config, Id: From<MemberId>> historical::SessionManager<Id, ()> for Pallet<T> {
    fn new_session(new_index: SessionIndex) -> Option<Vec<(Id, ())>> {
        Some(Self::plan(new_index)?.into_iter().map(|person| (person.into(), ())).collect())
    }

    fn new_session_genesis(_: SessionIndex) -> Option<Vec<(Id, ())>> {
        None
    }

    fn end_session(_: SessionIndex) {
        Self::judge();
    }

    fn start_session(_: SessionIndex) {
        Self::silence_offenders();
    }
}
