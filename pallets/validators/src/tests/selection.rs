// SPDX-License-Identifier: Apache-2.0
//! The rule of selection, over any field.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn proven(person: MemberId, vouches: u32) -> Candidate {
    Candidate { person, offences: 0, vouches, since: 0, proven: true }
}

fn fresh(person: MemberId, vouches: u32) -> Candidate {
    Candidate { proven: false, ..proven(person, vouches) }
}

fn field(qualified: Vec<Candidate>, most: u32) -> Field {
    Field { qualified, staying: vec![], sitting: 0, most, least: 1, seed: [1; 32] }
}

fn seeds(count: u32) -> impl Iterator<Item = [u8; 32]> {
    (0..count).map(|n| sp_io::hashing::blake2_256(&n.to_le_bytes()))
}

#[test]
fn if_there_is_room_every_proven_one_sits() {
    let candidates = (0..8).map(|id| proven(id, id)).collect();
    assert_eq!(select(&field(candidates, 8)), (0..8).collect::<Vec<_>>());
}

#[test]
fn rank_is_offences_then_vouches_then_age_then_number() {
    let candidates = [
        Candidate { offences: 1, vouches: 90, ..proven(1, 0) },
        Candidate { since: 9, ..proven(2, 7) },
        Candidate { since: 3, ..proven(3, 7) },
        proven(4, 8),
        Candidate { since: 3, ..proven(5, 7) },
        Candidate { offences: 1, vouches: 91, ..proven(0, 0) },
    ];
    let mut ranked = candidates;
    ranked.sort_by_key(Candidate::rank);
    assert_eq!(ranked.map(|candidate| candidate.person), [4, 3, 5, 2, 0, 1]);
}

#[test]
fn one_seat_in_four_and_at_least_one_goes_by_lot() {
    for (seats, by_rank) in [(1, 0), (2, 1), (3, 2), (4, 3), (7, 6), (8, 6), (32, 24), (100, 75)] {
        let candidates: Vec<_> = (0..200).map(|id| proven(id, 1_000 - id)).collect();
        let mut common: BTreeSet<_> = (0..200).collect();
        for seed in seeds(64) {
            let set = select(&Field { seed, ..field(candidates.clone(), seats) });
            assert_eq!(set.len(), seats as usize);
            common.retain(|id| set.contains(id));
        }
        assert_eq!(common, (0..by_rank).collect());
    }
}

#[test]
fn lots_are_fair() {
    let candidates: Vec<_> = (0..46).map(|id| proven(id, 100 - id)).collect();
    let mut drawn = [0u32; 46];
    for seed in seeds(4_000) {
        for id in select(&Field { seed, ..field(candidates.clone(), 8) }) {
            drawn[id as usize] += 1;
        }
    }
    assert!(drawn[..6].iter().all(|times| *times == 4_000));
    // Two of forty are drawn: 200 times each, give or take five deviations of 13.8.
    assert!(drawn[6..].iter().all(|times| (131..=269).contains(times)), "{drawn:?}");
}

/// The seed is known for a while before the lots are drawn.
#[test]
fn a14_nothing_that_a_person_can_do_changes_their_lot() {
    let others: Vec<_> = (0..40).map(|id| proven(id, 1_000)).collect();
    let sits = |seed, candidate| {
        let qualified = others.iter().copied().chain([candidate]).collect();
        select(&Field { seed, ..field(qualified, 8) }).contains(&500)
    };
    let mut sat = 0;
    for seed in seeds(300) {
        let lot = sits(seed, proven(500, 3));
        let (later, guilty) = (Candidate { since: 9, ..proven(500, 3) }, Candidate { offences: 7, ..proven(500, 3) });
        for changed in [proven(500, 0), proven(500, 999), later, guilty] {
            assert_eq!(sits(seed, changed), lot);
        }
        sat += u32::from(lot);
    }
    // Two of 35 by lot: 17.1 of 300 expected.
    assert!((3..40).contains(&sat), "{sat}");
}

#[test]
fn a_qualified_member_sits_sooner_or_later_whatever_the_incumbents_do() {
    // A hundred incumbents with a thousand vouches each, and one member with three.
    let mut candidates: Vec<_> = (0..100).map(|id| proven(id, 1_000)).collect();
    candidates.push(fresh(500, 3));
    let sat = seeds(200).filter(|seed| select(&Field { seed: *seed, ..field(candidates.clone(), 32) }).contains(&500));
    // Eight of 77 by lot: 20.8 of 200 expected.
    assert!((5..45).contains(&sat.count()));
}

#[test]
fn newcomers_sit_only_as_finality_can_do_without_them() {
    for (count, expected) in [(0, 9), (1, 1), (2, 1), (3, 1), (4, 1), (5, 2), (7, 3), (20, 9), (90, 9)] {
        let candidates = (0..count).map(|id| proven(id, 1)).chain((100..109).map(|id| fresh(id, 99)));
        let set = select(&field(candidates.collect(), 100));
        assert_eq!(set.iter().filter(|id| **id >= 100).count(), expected, "beside {count}");
        assert_eq!(set.iter().filter(|id| **id < 100).count(), count as usize);
    }
}

#[test]
fn who_sits_stays_before_the_set_falls_below_the_minimum_the_best_first() {
    let staying = vec![
        proven(1, 0),
        Candidate { offences: 1, ..proven(2, 50) },
        proven(3, 9),
        Candidate { offences: 2, ..proven(4, 60) },
    ];
    let field = Field { staying, sitting: 5, least: 3, ..field(vec![proven(3, 9)], 8) };
    assert_eq!(select(&field), [1, 2, 3]);
    // The set does not grow up to the minimum, it only does not fall below.
    assert_eq!(select(&Field { sitting: 2, ..field.clone() }), [1, 3]);
    // Never above the maximum.
    assert_eq!(select(&Field { most: 1, ..field.clone() }), [3]);
    // Newcomers fill what is left.
    let qualified = (10..20).map(|id| fresh(id, 1)).chain([proven(3, 9)]).collect();
    let set = select(&Field { qualified, least: 8, sitting: 8, ..field });
    assert_eq!(set.len(), 8);
    assert_eq!(set[..4], [1, 2, 3, 4]);
}

#[test]
fn a_single_seat_goes_to_no_newcomer_while_somebody_proven_stands() {
    for seed in seeds(20) {
        let both = field(vec![proven(1, 0), fresh(2, 9), proven(3, 1), fresh(4, 9)], 1);
        assert!([[1], [3]].contains(&select(&Field { seed, ..both }).try_into().unwrap()));
    }
    assert_eq!(select(&field(vec![fresh(2, 9)], 1)), [2]);
}

#[test]
fn nobody_comes_of_nobody() {
    assert!(select(&Field { sitting: 9, ..field(vec![], 8) }).is_empty());
}

fn candidates(ids: std::ops::Range<MemberId>) -> impl Strategy<Value = Vec<Candidate>> {
    let candidate = |person| {
        (Just(person), 0u32..3, 0u32..6, 0u32..4, any::<bool>()).prop_map(
            |(person, offences, vouches, since, proven)| Candidate { person, offences, vouches, since, proven },
        )
    };
    let all: Vec<_> = ids.map(candidate).collect();
    all.prop_flat_map(|all| {
        let count = all.len();
        proptest::sample::subsequence(all, 0..=count)
    })
}

/// A field in which who is qualified and who sits overlap.
fn fields() -> impl Strategy<Value = Field> {
    let sizes = (0u32..6, 1u32..40, 1u32..40, any::<[u8; 32]>());
    (candidates(0..60), proptest::sample::subsequence((30..90).collect::<Vec<MemberId>>(), 0..=40), sizes).prop_map(
        |(qualified, staying, (expelled, most, least, seed))| {
            let known = |id| qualified.iter().find(|candidate| candidate.person == id).copied();
            let staying: Vec<_> = staying.into_iter().map(|id| known(id).unwrap_or(proven(id, 0))).collect();
            let sitting = staying.len() as u32 + expelled;
            Field { qualified, staying, sitting, most, least, seed }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_selection_keeps_the_rules(field in fields()) {
        let set = select(&field);
        let chosen: BTreeSet<_> = set.iter().copied().collect();
        let qualified: BTreeSet<_> = field.qualified.iter().map(|candidate| candidate.person).collect();
        let staying: BTreeSet<_> = field.staying.iter().map(|candidate| candidate.person).collect();
        let all = || field.qualified.iter().chain(&field.staying);
        let known = |id: &MemberId| all().find(|candidate| candidate.person == *id).copied().unwrap();

        // Each once, in order, and no more than seats.
        prop_assert!(set.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(set.len() <= field.most as usize);
        // Never below the minimum while anybody can prevent it; empty only if nobody can.
        let could = qualified.union(&staying).count();
        let least = field.least.min(field.most).min(field.sitting) as usize;
        prop_assert!(set.len() >= least.min(could));
        prop_assert!(!set.is_empty() || qualified.is_empty() && (staying.is_empty() || least == 0));
        // Nobody unqualified, but those who keep the set from falling, and then nobody beyond the minimum.
        let unqualified = chosen.difference(&qualified).count();
        prop_assert!(chosen.difference(&qualified).all(|id| staying.contains(id)));
        prop_assert!(unqualified == 0 || set.len() <= least);
        // Newcomers by right only as finality can do without them.
        let newcomers = chosen.iter().filter(|id| qualified.contains(id) && !known(id).proven).count();
        let rest = chosen.len() - newcomers;
        prop_assert!(
            newcomers <= 1 || newcomers <= (set.len() - 1) / 3 || rest == unqualified || set.len() <= least,
            "{} newcomers beside {}", newcomers, rest
        );
        // Nobody proven is passed over for somebody of worse rank, but by lot.
        let lots = if qualified.len() > field.most as usize { (field.most as usize / 4).max(1) } else { 0 };
        let left: Vec<_> = field.qualified.iter().filter(|c| c.proven && !chosen.contains(&c.person)).collect();
        let worse = |id: &MemberId, than: &Candidate| qualified.contains(id) && known(id).rank() > than.rank();
        let by_luck = |c: &Candidate| chosen.iter().filter(|id| worse(id, c)).count();
        prop_assert!(left.iter().all(|c| set.len() == field.most as usize && by_luck(c) <= lots));
    }

    #[test]
    fn the_order_of_what_is_known_does_not_matter(field in fields(), turn in 0usize..60) {
        let mut turned = field.clone();
        turned.qualified.reverse();
        let turn = turn.min(turned.staying.len());
        turned.staying.rotate_left(turn);
        prop_assert_eq!(select(&turned), select(&field));
    }
}
