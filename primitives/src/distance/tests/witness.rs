// SPDX-License-Identifier: Apache-2.0
//! Witnesses: what makes one sound, how small one is, and what it says of itself in bytes.

use codec::{Decode, Encode};
use proptest::prelude::*;

use super::{
    super::{check, find_witness, Flaw, Linked, Step, Witness, MAX_SAMPLE, MAX_STEPS},
    Edges, Numbers,
};

/// Ten people of whom each but the first vouches for the one before; 0 is the newcomer.
fn chain() -> Edges {
    Edges((1..10).map(|issuer| (issuer, issuer - 1)).collect())
}

fn steps(steps: &[(u32, u16)]) -> Vec<Step> {
    steps.iter().map(|(member, parent)| Step { member: *member, parent: *parent }).collect()
}

#[test]
fn a_sound_witness_says_who_is_linked_and_how_far() {
    let linked = check(&chain(), 0, &steps(&[(1, 0), (2, 1), (3, 2)]), 3);
    assert_eq!(linked, Ok(Linked::from([(1, 1), (2, 2), (3, 3)])));
    assert_eq!(check(&chain(), 0, &[], 0), Ok(Linked::new()));
}

#[test]
fn each_flaw_is_named() {
    let cases: [(&[(u32, u16)], Flaw); 12] = [
        (&[(1, 1)], Flaw::NoSuchParent),
        (&[(1, 0), (2, 2)], Flaw::NoSuchParent),
        (&[(1, 0), (2, 3), (3, 1)], Flaw::NoSuchParent),
        (&[(1, u16::MAX)], Flaw::NoSuchParent),
        (&[(1, 0), (2, 1), (3, 2), (4, 3)], Flaw::TooLong),
        (&[(1, 0), (1, 0)], Flaw::Repeated),
        (&[(1, 0), (2, 1), (1, 2)], Flaw::Repeated),
        (&[(0, 0)], Flaw::Repeated),
        (&[(1, 0), (0, 1)], Flaw::Repeated),
        (&[(2, 0)], Flaw::NotVouched),
        (&[(1, 0), (3, 1)], Flaw::NotVouched),
        (&[(u32::MAX, 0)], Flaw::NotVouched),
    ];
    for (witness, flaw) in cases {
        assert_eq!(check(&chain(), 0, &steps(witness), 3), Err(flaw), "{witness:?}");
    }
}

#[test]
fn a_witness_names_only_the_vouches_it_needs_and_takes_the_shortest_ways() {
    let mut edges = chain();
    // Side branches that lead nowhere, and a long way round to 3.
    for (issuer, subject) in [(20, 1), (21, 20), (22, 2), (30, 0), (31, 30), (32, 31), (3, 32)] {
        edges.vouch(issuer, subject);
    }
    let witness = find_witness(&edges, 0, &[3, 2], 5, 2).unwrap();
    assert_eq!(witness.to_vec(), steps(&[(1, 0), (2, 1), (3, 2)]));
    // One is enough: the nearer.
    assert_eq!(find_witness(&edges, 0, &[3, 2], 5, 1).unwrap().to_vec(), steps(&[(1, 0), (2, 1)]));
    assert_eq!(find_witness(&edges, 0, &[3, 2], 5, 0), Some(Witness::new()));
    assert_eq!(find_witness(&edges, 0, &[3, 2], 2, 2), None);
    // Nobody is a referee of themselves.
    assert_eq!(find_witness(&edges, 0, &[0], 5, 1), None);
    assert_eq!(find_witness(&edges, 0, &[3, 3], 5, 2), None);
}

#[test]
fn five_vouches_to_each_of_the_greatest_sample_just_fit() {
    let mut edges = Edges::default();
    let (newcomer, mut referees) = (0, Vec::new());
    for branch in 0..MAX_SAMPLE {
        let first = 1 + branch * 6;
        edges.vouch(first, newcomer);
        for step in 0..5 {
            edges.vouch(first + step + 1, first + step);
        }
        referees.push(first + 4);
    }
    let witness = find_witness(&edges, newcomer, &referees, 5, MAX_SAMPLE).unwrap();
    assert_eq!(witness.len() as u32, MAX_STEPS);
    assert_eq!(check(&edges, newcomer, &witness, 5).map(|linked| linked.len() as u32), Ok(MAX_STEPS));
    // A step more for each is too many, and said so rather than cut off.
    let farther: Vec<_> = referees.iter().map(|referee| referee + 1).collect();
    assert_eq!(find_witness(&edges, newcomer, &farther, 6, MAX_SAMPLE), None);
    assert!(find_witness(&edges, newcomer, &farther, 6, MAX_STEPS / 6).is_some());
}

#[test]
fn a_witness_too_long_is_not_decoded() {
    let step = Step { member: 1, parent: 0 };
    let longest = vec![step; MAX_STEPS as usize];
    assert!(Witness::decode(&mut &longest.encode()[..]).is_ok());
    let longer = vec![step; MAX_STEPS as usize + 1];
    assert!(Witness::decode(&mut &longer.encode()[..]).is_err());
}

proptest! {
    #[test]
    fn a_changed_step_never_links_who_is_not_linked(seed: u64, at: usize, member in 0u32..12, parent: u16) {
        let mut numbers = Numbers(seed);
        let mut edges = Edges::default();
        for _ in 0..30 {
            edges.vouch(1 + numbers.below(11), numbers.below(12));
        }
        let reachable: Vec<_> = edges.linked(0, 4).into_iter().collect();
        let mut witness = find_witness(&edges, 0, &reachable, 4, reachable.len() as u32).unwrap().to_vec();
        prop_assert_eq!(witness.len(), reachable.len());
        if !witness.is_empty() {
            let at = at % witness.len();
            witness[at] = Step { member, parent: parent % 16 };
            if let Ok(linked) = check(&edges, 0, &witness, 4) {
                prop_assert!(linked.keys().all(|linked| reachable.contains(linked)));
            }
        }
    }
}
