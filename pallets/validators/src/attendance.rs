// SPDX-License-Identifier: Apache-2.0
//! Who wrote blocks, and what becomes of who did not.

use alloc::{collections::BTreeMap, vec::Vec};
use core::cmp::Reverse;

use frame_support::dispatch::DispatchClass;
use frame_system::pallet_prelude::BlockNumberFor;
use kith_primitives::{
    glue::{Community, Constitution, Merit},
    member::MemberId,
};
use pallet_authorship::EventHandler;

use crate::{Attendance, Attendances, Authored, Config, Event, Pallet, Sessions, Standing, WeightInfo};

/// Blocks for each seat that a session must have had before it shows who was absent. Slots go by chance: with fewer, a
/// validator who was there could well have written none (with four, in two sessions of a hundred).
pub(crate) const BLOCKS_TO_JUDGE: u32 = 4;
/// One in so many of those who sit and are not leaving already, rounded down, may lose the seat to absence at one
/// session's end: as many as finality can do without.
const LOSABLE: usize = 3;

impl<T: Config> EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: T::AccountId) {
        if let Some(person) = T::Community::person(&author) {
            Authored::<T>::mutate(person, |blocks| *blocks = Some(blocks.unwrap_or(0).saturating_add(1)));
        }
        let weight = T::WeightInfo::note_author();
        frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
    }
}

impl<T: Config> Pallet<T> {
    /// Judges the session that ends: credits who wrote blocks, counts the absences of who did not, and takes the seats
    /// of those who were absent too long.
    ///
    /// Only who stands and whose key is not frozen is judged: the others are leaving already.
    pub(crate) fn judge() {
        let authored: BTreeMap<MemberId, u32> = Authored::<T>::drain().collect();
        for person in authored.keys().filter(|person| Standing::<T>::contains_key(**person)) {
            Attendances::<T>::insert(person, Attendance { proven: true, absences: 0 });
        }
        let sitting = T::Sessions::sitting();
        let blocks = authored.values().fold(0u32, |sum, blocks| sum.saturating_add(*blocks));
        let seats = u32::try_from(sitting.len()).unwrap_or(u32::MAX);
        if blocks < seats.saturating_mul(BLOCKS_TO_JUDGE) {
            return;
        }
        let staying: Vec<_> = sitting.into_iter().filter(|person| Standing::<T>::contains_key(*person)).collect();
        let silent = staying.iter().filter(|person| !authored.contains_key(person));
        let judged = silent.filter(|person| T::Merit::merit(**person).is_some());
        let absent: Vec<_> = judged.map(|person| (Reverse(Self::count_absence(*person)), *person)).collect();
        Self::unseat(absent, staying.len() / LOSABLE);
    }

    /// Counts one more session without a block; returns how many in a row.
    fn count_absence(person: MemberId) -> u32 {
        let mut attendance = Attendances::<T>::get(person).unwrap_or_default();
        attendance.absences = attendance.absences.saturating_add(1);
        Attendances::<T>::insert(person, attendance);
        attendance.absences
    }

    /// Takes the seats of at most `losable` who were absent too long, the longest first. The others' turn comes at the
    /// end of their next session.
    fn unseat(mut absent: Vec<(Reverse<u32>, MemberId)>, losable: usize) {
        let parameters = T::Constitution::parameters();
        absent.retain(|(absences, _)| absences.0 >= parameters.absence_allowed);
        absent.sort_unstable();
        for (_, person) in absent.into_iter().take(losable) {
            let until = Self::penalise(person, parameters.validator_penance);
            Self::deposit_event(Event::Absent { person, until });
        }
    }
}
