// SPDX-License-Identifier: Apache-2.0
//! Where all referees are asked: the witness found, and followed, against a search by brute force.

use std::collections::BTreeSet;

use super::{
    super::{asked, check, find_witness, is_referee, least_vouches, needed, reached, Asked, Graph},
    Edges, Numbers,
};

/// A few people, some vouches between them, and a candidate: the one with the highest number, who vouches for nobody.
fn random(numbers: &mut Numbers) -> (Edges, u32) {
    let people = 2 + numbers.below(14);
    let (mut edges, candidate) = (Edges::default(), people - 1);
    for _ in 0..numbers.below(people * 4) {
        edges.vouch(numbers.below(candidate), numbers.below(candidate));
    }
    for _ in 0..numbers.below(4) {
        edges.vouch(numbers.below(candidate), candidate);
    }
    (edges, candidate)
}

#[test]
fn ten_thousand_random_graphs_are_judged_as_by_brute_force() {
    let mut numbers = Numbers(1);
    let (mut near, mut far, mut asked_many) = (0, 0, 0);
    for _ in 0..10_000 {
        let (edges, candidate) = random(&mut numbers);
        let (steps, percent, sample) = (1 + numbers.below(5), 1 + numbers.below(100), 16);
        let least = least_vouches(candidate, steps);
        let referee = |person| is_referee(edges.received(person), edges.given(person), least);

        let Asked::All(asked) = asked(candidate, candidate + 1, sample, None, referee) else { panic!("all fit") };
        let all: Vec<_> = (0..=candidate).filter(|person| referee(*person)).collect();
        assert_eq!(asked, all);

        let linked = edges.linked(candidate, steps);
        let reachable = asked.iter().filter(|referee| linked.contains(referee)).count() as u32;
        let needed = needed(percent, asked.len() as u32);
        // What the rule says, in numbers nobody rounds.
        assert_eq!(reachable >= needed, reachable * 100 >= percent * asked.len() as u32);

        let witness = find_witness(&edges, candidate, &asked, steps, needed);
        assert_eq!(witness.is_some(), reachable >= needed);
        if let Some(witness) = witness {
            let followed = check(&edges, candidate, &witness, steps).unwrap();
            assert_eq!(reached(&followed, &asked), needed);
        }
        // All that can be linked can be shown, and no more.
        let most = find_witness(&edges, candidate, &asked, steps, reachable).unwrap();
        assert_eq!(reached(&check(&edges, candidate, &most, steps).unwrap(), &asked), reachable);
        assert_eq!(find_witness(&edges, candidate, &asked, steps, reachable + 1), None);

        near += u32::from(reachable >= needed && needed > 0);
        far += u32::from(reachable < needed);
        asked_many += u32::from(asked.len() > 3);
    }
    // The graphs are worth looking at.
    assert!(
        near > 1_000 && far > 1_000 && asked_many > 1_000,
        "{near} near, {far} far, {asked_many} with many referees"
    );
}

#[test]
fn no_witness_made_up_at_random_links_who_is_not_linked() {
    let mut numbers = Numbers(2);
    let mut accepted = 0;
    for _ in 0..10_000 {
        let (edges, candidate) = random(&mut numbers);
        let (steps, length) = (2 + numbers.below(4), numbers.below(6));
        // Most steps name a vouch that exists, so that some witnesses are sound.
        let mut witness = Vec::<super::super::Step>::new();
        for index in 0..length {
            let parent = if numbers.below(16) == 0 { numbers.below(8) } else { numbers.below(index + 1) } as u16;
            let earlier = usize::from(parent).checked_sub(1).and_then(|at| witness.get(at));
            let issuers = edges.issuers(earlier.map_or(candidate, |step| step.member));
            let member = match issuers.len() {
                n if n > 0 && numbers.below(8) > 0 => issuers[numbers.below(n as u32) as usize],
                _ => numbers.below(candidate + 2),
            };
            witness.push(super::super::Step { member, parent });
        }
        if let Ok(linked) = check(&edges, candidate, &witness, steps) {
            let truth = edges.linked(candidate, steps);
            assert!(linked.keys().copied().collect::<BTreeSet<_>>().is_subset(&truth));
            assert!(linked.values().all(|depth| (1..=steps).contains(depth)));
            accepted += u32::from(linked.len() > 1);
        }
    }
    assert!(accepted > 500, "{accepted} were sound");
}
