// SPDX-License-Identifier: Apache-2.0
//! What the rule pays over many eras, in communities of several shapes: the figures of `docs/adr/0004-era-shares.md`.

use std::collections::BTreeMap;

use super::*;
use crate::maths;

const ERAS: u32 = 2_000;
/// One owner's share of an era.
const SHARE: Balance = 1_000_000;

/// Deterministic numbers below `bound`.
fn number(domain: &str, n: usize, bound: usize) -> usize {
    let digest = sp_io::hashing::blake2_256(format!("{domain} {n}").as_bytes());
    u64::from_le_bytes(digest[..8].try_into().unwrap()) as usize % bound
}

/// Owners with `each` resources of 10 to 500 chunks, and providers who keep `held(provider)` of them each.
struct World {
    resources: Vec<(MemberId, u32)>,
    keeps: Vec<Vec<usize>>,
}

impl World {
    fn new(owners: u32, each: u32, providers: usize, held: impl Fn(usize) -> usize) -> Self {
        let resources: Vec<_> =
            (0..owners * each).map(|id| (id % owners, 10 + number("size", id as usize, 491) as u32)).collect();
        let keeps = (0..providers)
            .map(|provider| {
                let mut all: Vec<_> = (0..resources.len()).collect();
                all.sort_by_key(|id| number("keep", provider * resources.len() + id, usize::MAX));
                all.truncate(held(provider));
                all
            })
            .collect();
        Self { resources, keeps }
    }

    /// What a provider would earn an era if each share were split by the bytes kept.
    fn by_bytes(&self, provider: usize) -> f64 {
        let kept = |keeps: &[usize], owner| -> u32 {
            keeps.iter().map(|id| self.resources[*id]).filter(|(of, _)| *of == owner).map(|(_, chunks)| chunks).sum()
        };
        let owners: std::collections::BTreeSet<_> = self.resources.iter().map(|(owner, _)| *owner).collect();
        owners
            .into_iter()
            .map(|owner| {
                let all: u32 = self.keeps.iter().map(|keeps| kept(keeps, owner)).sum();
                f64::from(kept(&self.keeps[provider], owner)) / f64::from(all.max(1))
            })
            .sum()
    }

    /// What each provider earns an era, in shares. The first promises `empty` more than they keep.
    fn earned(&self, empty: usize) -> Vec<f64> {
        let mut earned = vec![0; self.keeps.len()];
        for era in 0..ERAS {
            let seed = sp_io::hashing::blake2_256(&era.to_le_bytes());
            let mut proofs = Vec::new();
            let mut totals: BTreeMap<MemberId, u128> = BTreeMap::new();
            for (provider, keeps) in self.keeps.iter().enumerate() {
                let pledges = (keeps.len() + if provider == 0 { empty } else { 0 }) as u32;
                let (slot, _) = maths::question(&seed, provider as MemberId, pledges);
                let Some(id) = keeps.get(slot as usize) else { continue };
                let (owner, chunks) = self.resources[*id];
                let weight = maths::weight(pledges, chunks);
                *totals.entry(owner).or_default() += weight;
                proofs.push((provider, owner, weight));
            }
            for (provider, owner, weight) in proofs {
                earned[provider] += maths::payout(SHARE, weight, totals[&owner]);
            }
        }
        earned.into_iter().map(|amount| amount as f64 / SHARE as f64 / f64::from(ERAS)).collect()
    }
}

#[test]
fn where_many_keep_each_owners_things_pay_follows_the_bytes_kept() {
    // Ten owners, sixty providers who keep 4, 12, 20 or 28 of forty resources.
    let world = World::new(10, 4, 60, |provider| 4 + provider % 4 * 8);
    let earned = world.earned(0);
    let average =
        |group: usize, of: &dyn Fn(usize) -> f64| (0..60).filter(|p| p % 4 == group).map(of).sum::<f64>() / 15.0;
    let mut last = 0.0;
    for group in 0..4 {
        let (paid, bytes) = (average(group, &|p| earned[p]), average(group, &|p| world.by_bytes(p)));
        println!("keeps {:2}: earns {paid:.3} shares an era, {bytes:.3} by bytes", 4 + group * 8);
        assert!(paid > last && (0.75..1.75).contains(&(paid / bytes)), "{paid} against {bytes}");
        last = paid;
    }
    assert!(earned.iter().sum::<f64>() > 9.5, "nearly the whole pot is paid");
}

#[test]
fn where_few_provide_each_earns_a_share_an_era_at_most() {
    // Forty owners, six providers who keep half of eighty resources each.
    let world = World::new(40, 2, 6, |_| 40);
    let earned = world.earned(0);
    println!("six keep forty each: {earned:.2?} shares an era");
    assert!(earned.iter().all(|shares| (0.8..=1.0).contains(shares)), "{earned:?}");
}

#[test]
fn a15_promising_everything_and_keeping_a_part_earns_less_than_keeping_a_part() {
    for (world, all) in [(World::new(10, 4, 60, |_| 12), 40), (World::new(40, 2, 40, |_| 8), 80)] {
        let (honest, lying) = (world.earned(0)[0], world.earned(all - world.keeps[0].len())[0]);
        println!("keeps {} of {all}: earns {honest:.3} shares an era; promising all: {lying:.3}", world.keeps[0].len());
        assert!(lying < honest * 0.75, "{lying} against {honest}");
    }
}
