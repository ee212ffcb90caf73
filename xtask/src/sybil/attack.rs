// SPDX-License-Identifier: Apache-2.0
//! The attackers' best play, and how many fakes are members at each time.
//!
//! Attackers, those they deceive and fakes act as one. A newcomer costs as many vouches as the threshold says, and one
//! of them at least must come from somebody near enough to the referees: a *link*. The others may come from anybody,
//! so they come from fakes too far away to be links. A link whose stock is used up *recycles*: a far fake takes over
//! one of its vouches, which it then withdraws.

use std::collections::{HashMap, VecDeque};

use anyhow::{ensure, Result};
use clap::ValueEnum;
use kith_primitives::{parameters::Parameters, BlockNumber};
use pallet_kith_vouching::{rules, Issuer};

use super::{
    gate::Gate,
    honest::Honest,
    random::Random,
    reach::{behind, Members},
    region::Region,
};

/// The most rounds of vouching that are played.
const MOST_ROUNDS: u32 = 100_000;

/// Who the attackers are in the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Placed {
    /// Anybody, as keys are stolen
    Anywhere,
    /// Those nearest to all others
    Central,
}

/// An attacker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attack {
    /// Members who vouch for fakes as often as the rules allow: colluders, or owners of stolen keys.
    pub(crate) colluders: usize,
    /// Other members who are deceived into vouching for one fake each.
    pub(crate) deceived: usize,
    pub(crate) placed: Placed,
    /// Blocks the attack may last.
    pub(crate) patience: BlockNumber,
    /// Whether vouches are taken back to be given anew.
    pub(crate) recycles: bool,
    pub(crate) seed: u64,
}

/// What is done with the vouches at hand. Which play is best depends on the community and on the time there is.
#[derive(Clone, Copy, Debug)]
struct Tactics {
    order: Order,
    /// Whether fakes give so few vouches that none becomes a referee: as referees they must be linked, too.
    is_quiet: bool,
}

const TACTICS: [Tactics; 4] = [
    Tactics { order: Order::Spread, is_quiet: false },
    Tactics { order: Order::Deepen, is_quiet: false },
    Tactics { order: Order::Spread, is_quiet: true },
    Tactics { order: Order::Deepen, is_quiet: true },
];

/// What is done first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The nearest become links, so that many are near.
    Spread,
    /// Far fakes come first, so that they spare the near ones the rest.
    Deepen,
}

/// How an attack went.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// The fakes that are members from each block on.
    pub(crate) timeline: Vec<(BlockNumber, usize)>,
    /// Who vouches for whom in the end, in the play that brought most.
    pub(crate) region: Region,
    /// The longest chain of vouches from an attacker that makes a fake, or none if any does.
    pub(crate) longest_chain: Option<u32>,
}

impl Course {
    /// The fakes at a time.
    pub(crate) fn at(&self, block: BlockNumber) -> usize {
        let past = self.timeline.iter().take_while(|(since, _)| *since <= block);
        past.map(|(_, fakes)| *fakes).last().unwrap_or(0)
    }

    /// The first block with at least so many.
    pub(crate) fn reaches(&self, fakes: usize) -> Option<BlockNumber> {
        self.timeline.iter().find(|(_, count)| *count >= fakes).map(|(block, _)| *block)
    }

    /// The better of two plays at each time.
    fn or(self, other: Self) -> Self {
        let mut blocks: Vec<_> = self.timeline.iter().chain(&other.timeline).map(|(block, _)| *block).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let timeline: Vec<_> = blocks.iter().map(|block| (*block, self.at(*block).max(other.at(*block)))).collect();
        let last = blocks.last().copied().unwrap_or(0);
        let region = if self.at(last) >= other.at(last) { self.region } else { other.region };
        Self { timeline, region, longest_chain: self.longest_chain }
    }
}

/// Plays the attack, until the patience ends or the fakes are a third of all members.
pub(crate) fn play(honest: &Honest, rules: &Parameters, attack: &Attack) -> Result<Course> {
    let portals = portals(honest, rules, attack)?;
    let rounds = attack.patience / rules.vouch_interval.max(1);
    ensure!(
        rules.vouch_interval == 0 || rounds <= MOST_ROUNDS,
        "{rounds} rounds of vouching: at most {MOST_ROUNDS}, so shorten the patience or lengthen vouch_interval"
    );
    let [first, others @ ..] = TACTICS.map(|tactics| Play::new(honest, rules, attack, &portals, tactics).run());
    Ok(others.into_iter().fold(first, Course::or))
}

/// Who attacks, with the number of vouches each will give.
fn portals(honest: &Honest, rules: &Parameters, attack: &Attack) -> Result<Vec<(usize, u32)>> {
    let (people, wanted) = (honest.people(), attack.colluders + attack.deceived);
    ensure!(wanted <= people, "{wanted} attackers and deceived among {people} members");
    let mut chosen = Random::new(attack.seed).some(wanted, people);
    if attack.placed == Placed::Central {
        let everybody = (0..people).fold(Members::none(people), |mut all, one| {
            all.insert(one);
            all
        });
        // Those a ring or two away decide who is near: nobody needs to look at the whole graph from everywhere.
        let near = rules.distance_steps.min(2);
        let reached = |one: usize| behind(honest, one, near).last().map_or(0, |rings| rings.common(&everybody));
        let mut ranked: Vec<_> = (0..people).map(|one| (std::cmp::Reverse(reached(one)), one)).collect();
        ranked.sort_unstable();
        chosen = ranked.into_iter().take(wanted).map(|(_, one)| one).collect();
    }
    let willing = |index| if index < attack.colluders { u32::MAX } else { 1 };
    Ok(chosen.into_iter().enumerate().map(|(index, one)| (one, willing(index))).collect())
}

struct Play<'a> {
    rules: &'a Parameters,
    attack: &'a Attack,
    tactics: Tactics,
    honest: usize,
    gate: Gate<'a>,
    region: Region,
    /// A candidate who waits for more vouches.
    waiting: Option<usize>,
    /// Whether candidates to whom so many percent of the honest referees are linked get through, as decided in this
    /// round of the first of them.
    near: HashMap<u32, bool>,
    /// How many honest referees are linked to somebody for whom one of a kind vouches, and whether they suffice.
    links: HashMap<usize, (u32, bool)>,
    /// How many honest referees are linked to somebody of a kind.
    values: HashMap<usize, u32>,
    timeline: Vec<(BlockNumber, usize)>,
    turn: u64,
}

impl<'a> Play<'a> {
    fn new(
        honest: &'a Honest,
        rules: &'a Parameters,
        attack: &'a Attack,
        portals: &[(usize, u32)],
        tactics: Tactics,
    ) -> Self {
        let region = Region::new(portals);
        Self {
            rules,
            attack,
            tactics,
            honest: honest.people(),
            gate: Gate::new(honest, rules, &region.portals),
            region,
            waiting: None,
            near: HashMap::new(),
            links: HashMap::new(),
            values: HashMap::new(),
            timeline: vec![(0, 0)],
            turn: attack.seed,
        }
    }

    fn run(mut self) -> Course {
        let mut now = 0;
        loop {
            self.round(now);
            let fakes = self.region.fakes();
            if self.timeline.last().is_some_and(|(_, before)| *before != fakes) {
                self.timeline.push((now, fakes));
            }
            now = now.saturating_add(self.rules.vouch_interval);
            if self.is_overrun() || self.rules.vouch_interval == 0 || now > self.attack.patience {
                let longest_chain = self.gate.longest_chain(self.most_fakes() as u32);
                return Course { timeline: self.timeline, region: self.region, longest_chain };
            }
        }
    }

    /// Whether a third of all members are fakes: no decision that takes two thirds is the others' any more.
    fn is_overrun(&self) -> bool {
        self.region.fakes() >= self.most_fakes()
    }

    fn most_fakes(&self) -> usize {
        self.honest.div_ceil(2)
    }

    fn threshold(&self) -> usize {
        self.rules.admission_threshold.max(1) as usize
    }

    /// Everybody vouches who may.
    fn round(&mut self, now: BlockNumber) {
        self.near.clear();
        self.links.clear();
        self.values.clear();
        self.give_up_waiting(now);
        loop {
            let admitted = self.pass(now);
            if self.is_overrun() || !(admitted || self.attack.recycles && self.recycle(now)) {
                return;
            }
        }
    }

    /// How many honest referees a kind links, and whether they suffice.
    fn link(&mut self, kind: usize) -> (u32, bool) {
        if let Some(link) = self.links.get(&kind) {
            return *link;
        }
        let below: Vec<_> = self.region.kinds[kind].iter().map(|far| far.saturating_add(1)).collect();
        let value = self.gate.value(&self.region, &below);
        let link = (value, self.gate.suffices(&self.region, value));
        self.links.insert(kind, link);
        link
    }

    /// How many honest referees are linked to somebody of a kind.
    fn value(&mut self, kind: usize) -> u32 {
        let (gate, region) = (&self.gate, &self.region);
        *self.values.entry(kind).or_insert_with(|| gate.value(region, &region.kinds[kind]))
    }

    /// The same in percent.
    fn percent(&mut self, kind: usize) -> u32 {
        100 * self.value(kind) / self.gate.honest_referees(&self.region).max(1)
    }

    /// Those who may vouch now, the nearest first, and how many of them are links.
    fn free(&mut self, now: BlockNumber) -> (VecDeque<usize>, usize) {
        let (stock, interval) = (self.rules.vouch_stock, self.rules.vouch_interval);
        let least = if self.tactics.is_quiet { self.gate.least(&self.region) } else { u32::MAX };
        let nodes = (0..self.region.nodes.len()).filter(|node| self.region.may_issue(*node, now, stock, interval));
        let nodes: Vec<_> = nodes.filter(|node| !self.region.becomes_referee(*node, least)).collect();
        let mut ranked = Vec::with_capacity(nodes.len());
        for node in nodes {
            let (value, is_link) = self.link(self.region.nodes[node].kind);
            ranked.push((!is_link, std::cmp::Reverse(value), node));
        }
        ranked.sort_unstable();
        let links = ranked.iter().take_while(|(is_far, _, _)| !is_far).count();
        (ranked.into_iter().map(|(_, _, node)| node).collect(), links)
    }

    /// Everybody vouches at most once; true if somebody was admitted.
    fn pass(&mut self, now: BlockNumber) -> bool {
        let (mut free, mut links) = self.free(now);
        let mut admitted = self.serve_waiting(&mut free, now);
        // Who vouched for the one who waited were the farthest.
        links = links.min(free.len());
        let threshold = self.threshold();
        while free.len() >= threshold && !self.is_overrun() {
            let far = free.len() - links;
            let nearest = match self.tactics.order {
                Order::Deepen if far + 1 < threshold && links > 0 => 0,
                _ => 1,
            };
            let Some(used) = (nearest..=threshold).find(|near| self.admit(&group(&free, *near, threshold), now)) else {
                break;
            };
            admitted = true;
            free.drain(..used);
            free.truncate(free.len() - (threshold - used));
            links = links.saturating_sub(used).min(free.len());
            if self.rules.vouch_interval == 0 {
                // Whoever just vouched may do so again.
                return true;
            }
            let newest = self.region.nodes.len() - 1;
            match self.link(self.region.nodes[newest].kind) {
                (_, true) => {
                    free.insert(links, newest);
                    links += 1;
                }
                (_, false) => free.push_back(newest),
            }
        }
        let has_link = free.front().is_some_and(|nearest| self.is_near(*nearest));
        self.wait(&free, has_link, now);
        admitted
    }

    /// Lets these vouch for a newcomer, if that makes a member.
    fn admit(&mut self, issuers: &[usize], now: BlockNumber) -> bool {
        let kind = self.region.kind_below(issuers);
        let percent = self.percent(kind);
        if self.near.get(&percent) == Some(&false) {
            return false;
        }
        let limits = |region: &Region, one: usize| (region.nodes[one].used, region.nodes[one].willing);
        let before: Vec<_> = issuers.iter().map(|one| limits(&self.region, *one)).collect();
        let candidate = self.region.candidate(now);
        issuers.iter().for_each(|issuer| self.region.vouch(*issuer, candidate, now));
        if self.conclude(candidate, kind) {
            return true;
        }
        for (issuer, (used, willing)) in issuers.iter().zip(before) {
            self.region.withdraw(*issuer, candidate);
            (self.region.nodes[*issuer].used, self.region.nodes[*issuer].willing) = (used, willing);
        }
        self.region.nodes.pop();
        false
    }

    /// Makes a member of a candidate, if the rules let it.
    fn conclude(&mut self, candidate: usize, kind: usize) -> bool {
        let live = self.region.nodes[candidate].issuers.len() as u32;
        if !rules::is_member(live, self.rules.admission_threshold) {
            return false;
        }
        self.turn = self.turn.wrapping_add(1);
        let (percent, value) = (self.percent(kind), self.value(kind));
        let (gate, region, turn) = (&self.gate, &self.region, self.turn);
        let decide = || gate.lets_through(region, value, candidate, turn);
        let is_near = *self.near.entry(percent).or_insert_with(decide);
        if is_near {
            self.region.admit(candidate, kind);
        }
        is_near
    }

    /// Lets those who are too few for a newcomer vouch for one who waits for the next round.
    fn wait(&mut self, free: &VecDeque<usize>, has_link: bool, now: BlockNumber) {
        let is_in_time = self.rules.vouch_interval < self.rules.candidate_lifetime;
        if self.waiting.is_none() && has_link && is_in_time && free.len() < self.threshold() {
            let candidate = self.region.candidate(now);
            free.iter().for_each(|issuer| self.region.vouch(*issuer, candidate, now));
            self.waiting = Some(candidate);
        }
    }

    /// Gives the candidate who waits what they lack, from the farthest; true if that makes them a member.
    fn serve_waiting(&mut self, free: &mut VecDeque<usize>, now: BlockNumber) -> bool {
        let Some(candidate) = self.waiting else { return false };
        let lacks = self.threshold() - self.region.nodes[candidate].issuers.len();
        let others = free.iter().rev().copied().filter(|one| !self.region.nodes[candidate].issuers.contains(one));
        let others: Vec<_> = others.take(lacks).collect();
        if others.len() < lacks && free.len() >= self.threshold() {
            return false;
        }
        free.retain(|one| !others.contains(one));
        others.iter().for_each(|issuer| self.region.vouch(*issuer, candidate, now));
        if others.len() < lacks {
            return false;
        }
        self.waiting = None;
        let issuers = self.region.nodes[candidate].issuers.clone();
        let kind = self.region.kind_below(&issuers);
        let is_admitted = self.conclude(candidate, kind);
        if !is_admitted {
            issuers.iter().for_each(|issuer| self.region.withdraw(*issuer, candidate));
        }
        is_admitted
    }

    /// Lets go of a candidate whose time has run out.
    fn give_up_waiting(&mut self, now: BlockNumber) {
        let Some(candidate) = self.waiting else { return };
        if now.saturating_sub(self.region.nodes[candidate].since) >= self.rules.candidate_lifetime {
            for issuer in self.region.nodes[candidate].issuers.clone() {
                self.region.withdraw(issuer, candidate);
            }
            self.waiting = None;
        }
    }

    /// Lets far fakes take over vouches of links without stock, one for each newcomer that can be had for it; true if
    /// a link is free now.
    fn recycle(&mut self, now: BlockNumber) -> bool {
        let (free, _) = self.free(now);
        let mut far: Vec<_> = free.into_iter().filter(|one| !self.is_near(*one)).collect();
        let affordable = far.len() / self.threshold();
        let mut freed = 0;
        for link in self.links_without_stock(now) {
            if freed == affordable {
                break;
            }
            let Some(subject) = self.far_subject(link) else { continue };
            let node = &self.region.nodes[subject];
            let helper = far.iter().rposition(|one| *one != subject && !node.issuers.contains(one));
            let Some(helper) = helper.map(|index| far.remove(index)) else { continue };
            self.region.vouch(helper, subject, now);
            self.region.withdraw(link, subject);
            freed += 1;
        }
        if freed > 0 {
            self.region.measure();
        }
        freed > 0
    }

    /// Links who might vouch now if they had stock.
    fn links_without_stock(&mut self, now: BlockNumber) -> Vec<usize> {
        let (stock, interval) = (self.rules.vouch_stock, self.rules.vouch_interval);
        let lacks_only_stock = |used: &Issuer<BlockNumber>| {
            rules::may_issue(used, now, stock, interval) == Err(rules::Limit::Stock)
                && rules::may_issue(&Issuer { live: 0, ..*used }, now, stock, interval).is_ok()
        };
        let nodes = self.region.nodes.iter().enumerate();
        let blocked = nodes.filter(|(_, node)| node.is_member && node.willing > 0 && lacks_only_stock(&node.used));
        let blocked: Vec<_> = blocked.map(|(index, _)| index).collect();
        blocked.into_iter().filter(|node| self.is_near(*node)).collect()
    }

    /// A fake for whom the link vouches and who is no link.
    fn far_subject(&mut self, link: usize) -> Option<usize> {
        let subjects = self.region.nodes[link].subjects.clone();
        subjects.into_iter().find(|one| self.region.nodes[*one].is_member && !self.is_near(*one))
    }

    /// Whether the node is a link, or one of several that only together are one: the attackers, if none is by themselves.
    fn is_near(&mut self, node: usize) -> bool {
        let portals = self.region.portals.len();
        let is_link = self.link(self.region.nodes[node].kind).1;
        is_link || node < portals && !(0..portals).any(|portal| self.link(self.region.nodes[portal].kind).1)
    }
}

/// So many from the front, and from the back as many as lack.
fn group(free: &VecDeque<usize>, nearest: usize, threshold: usize) -> Vec<usize> {
    let back = free.len() - (threshold - nearest);
    free.range(..nearest).chain(free.range(back..)).copied().collect()
}

#[cfg(test)]
mod tests;
