// SPDX-License-Identifier: Apache-2.0
//! That no era pays more than its pot, no owner more than their share, and no promise more than what is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::maths::*;
use proptest::prelude::*;

/// Provider, pledges, slot, number; computed with Python's `hashlib.blake2b` from the definition.
const QUESTIONS: [(u32, u32, u32, u64); 6] = [
    (0, 1, 0, 12_944_774_870_290_181_709),
    (0, 7, 6, 12_944_774_870_290_181_709),
    (1, 7, 4, 5_035_736_224_460_910_934),
    (2, 4_096, 1_378, 4_893_450_742_979_176_758),
    (77, 1_000, 567, 9_090_020_543_755_035_914),
    (4_294_967_295, 4_294_967_295, 4_144_371_746, 6_556_801_126_633_100_137),
];

#[test]
fn golden_vectors_of_questions() {
    let seed: [u8; 32] = core::array::from_fn(|i| i as u8);
    for (provider, pledges, slot, chunk) in QUESTIONS {
        assert_eq!(question(&seed, provider, pledges), (slot, chunk), "provider {provider} of {pledges}");
    }
}

#[test]
fn golden_vectors_of_payouts() {
    for (pot, members, weight, total, paid) in [
        (1_000, 10, 1, 1, 100),
        (1_000, 10, 1, 3, 33),
        (1_000, 3, 2, 3, 222),
        (1_000, 0, 1, 1, 0),
        (0, 5, 1, 1, 0),
        (9, 10, 1, 1, 0),
        (1_000, 1, 0, 0, 0),
        (1_000, 1, 5, 0, 0),
        (1_000, 1, 5, 4, 1_000),
        (u128::MAX, 1, u128::MAX, u128::MAX, u128::MAX),
        (u128::MAX, 1, 1, u128::MAX, 1),
        (u128::MAX, 1, u128::MAX - 1, u128::MAX, u128::MAX - 1),
        (u128::MAX, u32::MAX, 1, 2, u128::MAX / u128::from(u32::MAX) / 2),
    ] {
        assert_eq!(payout(share(pot, members), weight, total), paid, "{weight} of {total}, {pot} among {members}");
    }
}

#[test]
fn weights_at_the_ends() {
    assert_eq!(weight(0, 5), 0);
    assert_eq!(weight(1, 1), 1);
    assert_eq!(weight(u32::MAX, u32::MAX), u128::from(u32::MAX) * u128::from(u32::MAX));
}

/// What is earned when asked, on average over all slots, by one who holds `held` and promised `empty` more, while others
/// proved `others`; times the number of slots.
fn expected(held: &[u32], empty: u32, others: u128) -> u128 {
    let pledges = held.len() as u32 + empty;
    let paid = |chunks: &u32| {
        let mine = weight(pledges, *chunks);
        payout(SHARE, mine, mine + others)
    };
    held.iter().map(paid).sum()
}

const SHARE: Balance = 1_000_000_000_000;

proptest! {
    #[test]
    fn a_question_is_about_a_slot_there_is(seed: [u8; 32], provider: u32, pledges in 1u32..) {
        prop_assert!(question(&seed, provider, pledges).0 < pledges);
    }

    #[test]
    fn a_share_is_never_paid_beyond_itself(pot: u128, members: u32, weights in proptest::collection::vec(0u128..1 << 44, 0..40)) {
        let (share, total) = (share(pot, members), weights.iter().sum());
        let paid = weights.iter().map(|weight| payout(share, *weight, total)).try_fold(0u128, u128::checked_add);
        prop_assert!(paid.is_some_and(|paid| paid <= share));
    }

    #[test]
    fn all_shares_together_are_never_beyond_the_pot(pot: u128, members: u32) {
        prop_assert!(share(pot, members).checked_mul(members.into()).is_some_and(|all| all <= pot));
    }

    /// Whatever is proven for whom: the owners among the colluders direct at most c/n of the pot, whoever gets it.
    #[test]
    fn c_colluders_of_n_capture_at_most_c_nths_of_the_pot(
        pot in 0u128..1 << 70,
        members in 1u32..60,
        colluders in proptest::collection::btree_set(0u32..60, 0..60),
        proofs in proptest::collection::vec((0u32..60, 1u128..1 << 44), 0..200),
    ) {
        let colluders: BTreeSet<_> = colluders.into_iter().filter(|member| *member < members).collect();
        let proofs: Vec<_> = proofs.into_iter().map(|(owner, weight)| (owner % members, weight)).collect();
        let mut totals: BTreeMap<u32, u128> = BTreeMap::new();
        proofs.iter().for_each(|(owner, weight)| *totals.entry(*owner).or_default() += weight);
        let paid = |of: &dyn Fn(u32) -> bool| -> u128 {
            let share = share(pot, members);
            proofs.iter().filter(|(owner, _)| of(*owner)).map(|(owner, weight)| payout(share, *weight, totals[owner])).sum()
        };
        let captured = paid(&|owner| colluders.contains(&owner));
        prop_assert!(captured * u128::from(members) <= pot * colluders.len() as u128);
        prop_assert!(paid(&|_| true) <= pot);
    }

    /// Promising what one does not hold lowers what one earns on what one holds.
    #[test]
    fn empty_promises_do_not_pay(held in proptest::collection::vec(1u32..100_000, 1..20), empty in 1u32..1_000, others in 0u128..1 << 30) {
        let honest = expected(&held, 0, others);
        let lying = expected(&held, empty, others);
        // Compared as averages, with room for what rounding down took.
        let (h, l) = (held.len() as u128, held.len() as u128 + u128::from(empty));
        prop_assert!(lying * h <= (honest + h) * l, "{lying} / {l} > {honest} / {h}");
    }

    #[test]
    fn misses_counted_late_are_those_counted_one_by_one(
        eras in proptest::collection::vec((any::<bool>(), any::<bool>()), 1..40),
        pledges in 0u32..3,
    ) {
        let mut draws = 0;
        let (mut eager, mut lazy) = (Provider { pledges, ..Default::default() }, Provider { pledges, ..Default::default() });
        for (index, (drawn, looked)) in eras.iter().enumerate() {
            draws += u32::from(*drawn);
            let draw = drawn.then(|| types::Draw { seed: [0; 32], at: 0 });
            let era = Era { index: index as u32, started: 0, stale: [0; 32], draw, draws };
            let asked = || Asked { pledge: Pledge { resource: 0, version: 0, commitment: proof(0, 0, 0, 0).0 }, chunk: 0, of: pledges, answered: false };
            if account(&mut eager, &era) {
                eager.asked = Some(asked());
            }
            if *looked && account(&mut lazy, &era) {
                lazy.asked = Some(asked());
            }
            if *looked {
                prop_assert_eq!(&lazy, &eager);
            }
        }
    }
}
