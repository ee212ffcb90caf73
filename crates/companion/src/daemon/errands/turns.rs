// SPDX-License-Identifier: Apache-2.0
//! Whose companion does what any of several could: they take turns, so that few of them do it twice, and nobody who is away
//! keeps it from being done.

use kith_primitives::{member::MemberId, BlockNumber};

/// Blocks of a turn: enough for a transaction to become final.
const TURN: BlockNumber = 5;
/// Groups that take turns, at most: whoever is away holds the others up no longer than a turn of each group.
const GROUPS: usize = 6;

/// Whether it is my turn among those who could, at this block.
pub(super) fn is_mine(block: BlockNumber, me: MemberId, able: &[MemberId]) -> bool {
    let Some(place) = able.iter().position(|one| *one == me) else { return false };
    let groups = able.len().min(GROUPS);
    let turn = usize::try_from(block / TURN).unwrap_or_default();
    place % groups == turn % groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(block: BlockNumber, able: &[MemberId]) -> Vec<MemberId> {
        able.iter().copied().filter(|one| is_mine(block, *one, able)).collect()
    }

    #[test]
    fn few_take_each_turn_and_everyone_takes_one_soon() {
        for count in [1, 2, 6, 7, 100_u32] {
            let able: Vec<MemberId> = (10..10 + count).collect();
            let mut seen = std::collections::BTreeSet::new();
            for turn in 0..6 {
                let now = at(turn * TURN + 3, &able);
                assert!(now.len() <= able.len().div_ceil(GROUPS), "{now:?} of {count}");
                seen.extend(now);
            }
            assert_eq!(seen.len(), able.len());
        }
    }

    #[test]
    fn a_turn_lasts_and_those_who_could_not_have_none() {
        assert_eq!(at(5, &[1, 2]), at(9, &[1, 2]));
        assert_ne!(at(5, &[1, 2]), at(10, &[1, 2]));
        assert!(!is_mine(0, 3, &[1, 2]) && !is_mine(0, 3, &[]));
    }
}
