// SPDX-License-Identifier: Apache-2.0
//! How what is due gets done: in steps, a few in each block.

use frame_support::weights::Weight;
use kith_primitives::{glue::Now, BlockNumber};

use crate::{Agenda, Cause, Config, Cursor, Due, Pallet, WeightInfo};

/// Steps taken in every block, however full. Two pass over an ordinary block in which nothing is due.
pub(crate) const STEPS_PER_BLOCK: u32 = 4;
/// Steps taken at most in what a block leaves idle: half a second's work.
pub(crate) const STEPS_WHEN_IDLE: u32 = 100;

/// What a step found on the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// A task, which is done now.
    Task,
    /// The end of a past block's tasks: the next block's turn comes.
    End,
    /// Nothing that is due.
    Nothing,
}

impl<T: Config> Pallet<T> {
    /// Takes as many steps as the weight allows; returns the weight used.
    pub(crate) fn work_within(remaining: Weight) -> Weight {
        let step = T::WeightInfo::look().saturating_add(T::WeightInfo::task().saturating_mul(2));
        let affordable = remaining.checked_div_per_component(&step).unwrap_or(0);
        Self::work(u32::try_from(affordable).unwrap_or(u32::MAX).min(STEPS_WHEN_IDLE))
    }

    /// Takes at most `limit` steps, fewer if nothing is due; returns the weight used. Each step serves the departures
    /// and the agenda, so neither waits for the other.
    pub(crate) fn work(limit: u32) -> Weight {
        let (now, mut used) = (T::Clock::now(), Weight::zero());
        for _ in 0..limit {
            let withdrew = Self::withdraw_next();
            let found = Self::do_next(now);
            let tasks = u64::from(withdrew).saturating_add(u64::from(found == Found::Task));
            used =
                used.saturating_add(T::WeightInfo::look()).saturating_add(T::WeightInfo::task().saturating_mul(tasks));
            if !withdrew && found == Found::Nothing {
                break;
            }
        }
        used
    }

    /// Does one task that is due.
    fn do_next(now: BlockNumber) -> Found {
        let due = Cursor::<T>::get();
        let Some(task) = Agenda::<T>::iter_key_prefix(due).next() else {
            if due >= now {
                return Found::Nothing;
            }
            Cursor::<T>::put(due.saturating_add(1));
            return Found::End;
        };
        Agenda::<T>::remove(due, task);
        match task {
            Due::Expire { issuer, subject } => Self::remove_vouch(issuer, subject, Cause::Expired),
            Due::Lapse { subject } => Self::conclude_grace(subject),
            Due::ProofEnd { subject } => Self::term_ended(subject),
        }
        Found::Task
    }
}
