// SPDX-License-Identifier: Apache-2.0
//! A region of people made up by a few, behind few vouches from the rest: however large, it ends where the rule says.

use super::{
    super::{find_witness, is_referee, least_vouches, needed},
    Edges, Numbers,
};

const HONEST: u32 = 120;
const STEPS: u32 = 4;
const STOCK: usize = 12;

/// A hundred and twenty people in a ring who vouch for two neighbours on each side and six anywhere.
fn honest(numbers: &mut Numbers) -> Edges {
    let mut edges = Edges::default();
    for person in 0..HONEST {
        for step in 1..=2 {
            edges.mutual(person, (person + step) % HONEST);
        }
        for _ in 0..6 {
            edges.vouch(person, numbers.below(HONEST));
        }
    }
    edges
}

/// Whether the rule lets the candidate in, of so many people who are members.
fn is_near(edges: &Edges, candidate: u32, members: &[u32]) -> bool {
    let least = least_vouches(members.len() as u32, STEPS);
    let referees: Vec<_> = members
        .iter()
        .copied()
        .filter(|person| is_referee(edges.received(*person), edges.given(*person), least))
        .collect();
    let needed = needed(80, referees.len() as u32);
    find_witness(edges, candidate, &referees, STEPS, needed).is_some()
}

#[test]
fn a_region_grows_layer_by_layer_and_stops_within_the_steps_however_patient() {
    for seed in 0..4 {
        let mut numbers = Numbers(seed);
        let mut edges = honest(&mut numbers);
        let mut members: Vec<_> = (0..HONEST).collect();
        // Two colluders with room for a dozen more vouches each; then each layer makes the next, as large as it can.
        let (mut layer, mut depth, mut next) = (vec![0, 1], 0, HONEST);
        loop {
            let mut admitted = Vec::new();
            for group in 0..layer.len() * STOCK / 3 {
                let candidate = next;
                next += 1;
                let mut trial = edges.clone();
                for voucher in 0..3 {
                    trial.vouch(layer[(group + voucher) % layer.len()], candidate);
                }
                if is_near(&trial, candidate, &members) {
                    edges = trial;
                    admitted.push(candidate);
                }
                if admitted.len() >= 30 {
                    break;
                }
            }
            if admitted.is_empty() {
                break;
            }
            depth += 1;
            members.extend(&admitted);
            layer = admitted;
            assert!(depth <= STEPS, "a layer came in that is farther from everybody honest than the steps allow");
        }
        assert!(depth > 0, "the colluders make nobody, and the test shows nothing");
        // Behind the last layer nobody comes in, whoever of the region vouches for them, and however many do.
        let candidate = next;
        let mut trial = edges.clone();
        for fake in members.iter().filter(|fake| layer.contains(fake)) {
            trial.vouch(*fake, candidate);
        }
        assert!(!is_near(&trial, candidate, &members));
    }
}

#[test]
fn beyond_the_steps_a_region_of_any_size_links_to_nobody_honest() {
    let mut numbers = Numbers(9);
    for size in [4, 40, 400] {
        let mut edges = honest(&mut numbers);
        // A path of as many steps as are allowed leads into the region, in which everybody vouches for a dozen others.
        let door = HONEST;
        edges.vouch(0, door);
        for step in 1..STEPS {
            edges.vouch(door + step - 1, door + step);
        }
        let first = door + STEPS;
        for fake in first..first + size {
            edges.vouch(first - 1, fake);
            for other in 1..=12 {
                edges.vouch(fake, first + (fake - first + other) % size);
            }
        }
        let honest: Vec<_> = (0..HONEST).collect();
        for fake in [first, first + size / 2, first + size - 1] {
            assert!(edges.linked(fake, STEPS).iter().all(|person| *person >= HONEST));
            assert_eq!(find_witness(&edges, fake, &honest, STEPS, 1), None);
        }
    }
}
