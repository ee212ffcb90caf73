// SPDX-License-Identifier: Apache-2.0
//! How the vouches that link referees to a person are found.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use crate::member::MemberId;

use super::{Graph, Step, Witness};

/// Finds a witness that links at least `needed` of the referees to the candidate by paths of at most `steps` vouches, and
/// the nearest of them. It names no vouch that none of them needs.
///
/// Looks back from the candidate, breadth first, so every path is a shortest one; each member's vouches are read once.
/// Nothing, if fewer can be linked, or only by more steps than a witness holds.
pub fn find_witness(
    graph: &impl Graph,
    candidate: MemberId,
    referees: &[MemberId],
    steps: u32,
    needed: u32,
) -> Option<Witness> {
    let needed = usize::try_from(needed).ok()?;
    let wanted: BTreeSet<_> = referees.iter().copied().collect();
    let search = search(graph, candidate, &wanted, steps, needed);
    if search.found.len() < needed {
        return None;
    }
    let mut places = BTreeMap::new();
    let mut witness = Witness::new();
    for referee in search.found.iter().take(needed) {
        append(&mut witness, &mut places, &search.subjects, candidate, *referee)?;
    }
    Some(witness)
}

/// What was found by looking back from the candidate.
struct Search {
    /// For whom each member found vouches, on a shortest way to the candidate.
    subjects: BTreeMap<MemberId, MemberId>,
    /// The referees found, nearest first.
    found: Vec<MemberId>,
}

fn search(graph: &impl Graph, candidate: MemberId, wanted: &BTreeSet<MemberId>, steps: u32, needed: usize) -> Search {
    let mut search = Search { subjects: BTreeMap::new(), found: Vec::new() };
    let mut ring = Vec::from([candidate]);
    for _ in 0..steps {
        let mut next = Vec::new();
        for subject in ring {
            if search.found.len() >= needed {
                return search;
            }
            for issuer in graph.issuers(subject) {
                if issuer == candidate || search.subjects.contains_key(&issuer) {
                    continue;
                }
                search.subjects.insert(issuer, subject);
                next.push(issuer);
                if wanted.contains(&issuer) {
                    search.found.push(issuer);
                }
            }
        }
        ring = next;
    }
    search
}

/// Appends the path from the candidate to the referee, save what the witness has of it already.
fn append(
    witness: &mut Witness,
    places: &mut BTreeMap<MemberId, u16>,
    subjects: &BTreeMap<MemberId, MemberId>,
    candidate: MemberId,
    referee: MemberId,
) -> Option<()> {
    let (mut path, mut at) = (Vec::new(), referee);
    while at != candidate && !places.contains_key(&at) {
        path.push(at);
        at = *subjects.get(&at)?;
    }
    for member in path.into_iter().rev() {
        let parent = places.get(&at).copied().unwrap_or(0);
        witness.try_push(Step { member, parent }).ok()?;
        places.insert(member, u16::try_from(witness.len()).ok()?);
        at = member;
    }
    Some(())
}
