// SPDX-License-Identifier: Apache-2.0
//! Who of those who stand gets a seat: the rule alone, free of storage.

use alloc::vec::Vec;
use core::cmp::Reverse;

use kith_primitives::{member::MemberId, BlockNumber};
use sp_runtime::traits::{BlakeTwo256, Hash};

/// Separates these lots from every other use of the seed.
const DOMAIN: &[u8] = b"kith/validators/1";
/// One seat in so many goes by lot when more stand than seats: as many as finality can do without, and no more.
const LOT_SHARE: usize = 4;

/// What is known of a person who might sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: MemberId,
    /// In how many sessions they offended.
    pub offences: u32,
    /// Vouches they have received.
    pub vouches: u32,
    /// The block since which they are a member.
    pub since: BlockNumber,
    /// Whether their node has shown that it writes blocks.
    pub proven: bool,
}

/// Orders by standing, the best first.
pub(crate) type Rank = (u32, Reverse<u32>, BlockNumber, MemberId);

impl Candidate {
    /// Few offences, then many vouches, then long membership; the number decides what is left.
    pub(crate) fn rank(&self) -> Rank {
        (self.offences, Reverse(self.vouches), self.since, self.person)
    }
}

/// Everything a selection depends on. The order of the lists does not matter.
#[derive(Clone, Debug)]
pub struct Field {
    /// Who stands, and may.
    pub qualified: Vec<Candidate>,
    /// Who sits now and could go on sitting, qualified or not: members with session keys.
    pub staying: Vec<Candidate>,
    /// How many sit now, whoever they are.
    pub sitting: u32,
    /// Seats, at most.
    pub most: u32,
    /// Validators below whom the set does not fall.
    pub least: u32,
    /// What lots are drawn with.
    pub seed: [u8; 32],
}

/// Who is to sit, in the order of their numbers.
///
/// - Those whose nodes have shown that they run take seats by rank; if more stand than seats, one seat in four, and at
///   least one, goes by lot among all the rest.
/// - Newcomers only get seats by lot, and at once only as many as could be silent; one if that is nobody; none where
///   there is a single seat and a proven validator for it; every seat if nobody is proven.
/// - If the set would fall below `least`, those who sit now stay on, the best first, and then newcomers fill up.
///
/// Empty only if nobody is qualified and nobody could stay.
pub fn select(field: &Field) -> Vec<MemberId> {
    let most = seats(field.most);
    let by_lot = if field.qualified.len() > most { (most / LOT_SHARE).max(1) } else { 0 };
    let (mut chosen, rest) = by_rank(&field.qualified, most.saturating_sub(by_lot));
    let rest = drawn(rest, &field.seed);

    let mut newcomers =
        if field.qualified.iter().any(|candidate| candidate.proven) { newcomers(chosen.len()) } else { most };
    for candidate in &rest {
        if chosen.len() >= most {
            break;
        }
        if candidate.proven || newcomers > 0 {
            newcomers = newcomers.saturating_sub(usize::from(!candidate.proven));
            chosen.push(candidate.person);
        }
    }

    let mut staying = field.staying.clone();
    staying.sort_unstable_by_key(Candidate::rank);
    let least = seats(field.least.min(field.most).min(field.sitting));
    for candidate in staying.iter().chain(&rest) {
        if chosen.len() >= least {
            break;
        }
        if !chosen.contains(&candidate.person) {
            chosen.push(candidate.person);
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The best `seats` of the proven, and everybody else.
fn by_rank(qualified: &[Candidate], seats: usize) -> (Vec<MemberId>, Vec<Candidate>) {
    let (mut proven, mut rest): (Vec<_>, Vec<_>) =
        qualified.iter().copied().partition(|candidate: &Candidate| candidate.proven);
    proven.sort_unstable_by_key(Candidate::rank);
    rest.extend(proven.split_off(seats.min(proven.len())));
    (proven.into_iter().map(|candidate| candidate.person).collect(), rest)
}

/// In the order of the lots.
fn drawn(mut candidates: Vec<Candidate>, seed: &[u8; 32]) -> Vec<Candidate> {
    candidates.sort_by_cached_key(|candidate| BlakeTwo256::hash_of(&(DOMAIN, seed, candidate.person)));
    candidates
}

/// How many newcomers may sit beside so many proven validators. Of n validators finality could do without (n - 1) / 3:
/// with p proven ones that is (p - 1) / 2 newcomers. One always may, but not in place of the only proven one.
fn newcomers(proven: usize) -> usize {
    (proven.saturating_sub(1) / 2).max(proven.min(1))
}

fn seats(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
