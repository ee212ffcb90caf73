// SPDX-License-Identifier: Apache-2.0
//! Who vouches for whom among honest members: generated, or read from a list of edges.

use std::{collections::HashSet, fmt};

use anyhow::{bail, ensure, Context, Result};
use clap::ValueEnum;

use super::random::Random;

/// The most people of a graph: what the simulator holds in memory without thought.
const MOST_PEOPLE: usize = 100_000;
/// Of a hundred acquaintances in a small world, how many live anywhere.
const REWIRED_PERCENT: usize = 10;
/// Exchanges for each acquaintance that make a ring random.
const SWAPS: usize = 4;

/// How acquaintances come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// Newcomers know those best who know many (Barabási and Albert)
    Preferential,
    /// Neighbours know one another, and some know somebody far away (Watts and Strogatz)
    SmallWorld,
    /// All know equally many, anywhere
    Regular,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preferential => "preferential",
            Self::SmallWorld => "small world",
            Self::Regular => "regular",
        })
    }
}

/// The vouches of honest members for one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Honest {
    /// Who vouches for each.
    pub(crate) issuers: Vec<Vec<u32>>,
    /// For whom each vouches.
    pub(crate) subjects: Vec<Vec<u32>>,
}

impl Honest {
    /// `people` who know `acquaintances` others on average. Acquaintances vouch for each other as far as the stock goes.
    pub(crate) fn generate(shape: Shape, people: usize, acquaintances: usize, stock: u32, seed: u64) -> Result<Self> {
        ensure!(people <= MOST_PEOPLE, "{people} people: at most {MOST_PEOPLE}");
        ensure!(
            acquaintances >= 2 && acquaintances.is_multiple_of(2) && acquaintances + 1 < people,
            "{acquaintances} acquaintances among {people} people: take an even number from 2 that is smaller than the \
             people less one"
        );
        let mut random = Random::new(seed);
        let pairs = match shape {
            Shape::Preferential => preferential(people, acquaintances / 2, &mut random),
            Shape::SmallWorld => small_world(people, acquaintances / 2, &mut random),
            Shape::Regular => regular(people, acquaintances / 2, &mut random),
        };
        let mut honest = Self::nobody(people);
        for (one, other) in pairs {
            for (issuer, subject) in [(one, other), (other, one)] {
                if honest.subjects[issuer].len() < stock as usize {
                    honest.vouch(issuer, subject);
                }
            }
        }
        Ok(honest)
    }

    /// Reads `issuer subject` lines: numbers from 0, parted by blanks or a comma; `#` begins a comment.
    pub(crate) fn parse(text: &str, stock: u32) -> Result<Self> {
        let mut edges = Vec::new();
        let mut seen = HashSet::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let edge = edge(line).with_context(|| format!("line {}: \"{line}\"", index + 1))?;
            ensure!(seen.insert(edge), "line {}: {} vouches for {} a second time", index + 1, edge.0, edge.1);
            edges.push(edge);
        }
        let people = edges.iter().map(|(issuer, subject)| issuer.max(subject) + 1).max();
        let mut honest = Self::nobody(people.context("no vouch in the file: write one \"issuer subject\" a line")?);
        for (issuer, subject) in edges {
            honest.vouch(issuer, subject);
        }
        for person in 0..honest.people() {
            let (given, received) = (honest.subjects[person].len(), honest.issuers[person].len());
            ensure!(
                given + received > 0,
                "nobody vouches for {person}, nor {person} for anybody: number people without gaps"
            );
            ensure!(
                given <= stock as usize,
                "{person} vouches for {given}, and the stock is {stock}: give other --parameters"
            );
        }
        Ok(honest)
    }

    fn nobody(people: usize) -> Self {
        Self { issuers: vec![Vec::new(); people], subjects: vec![Vec::new(); people] }
    }

    fn vouch(&mut self, issuer: usize, subject: usize) {
        self.issuers[subject].push(issuer as u32);
        self.subjects[issuer].push(subject as u32);
    }

    /// How many there are.
    pub(crate) fn people(&self) -> usize {
        self.issuers.len()
    }
}

fn edge(line: &str) -> Result<(usize, usize)> {
    let numbers = line.split([' ', '\t', ',', ';']).filter(|part| !part.is_empty()).map(str::parse::<usize>);
    let numbers = numbers.collect::<Result<Vec<_>, _>>().context("a person is a whole number from 0")?;
    let [issuer, subject] = numbers[..] else { bail!("two numbers make a vouch: issuer and subject") };
    ensure!(issuer != subject, "nobody vouches for themselves");
    ensure!(issuer.max(subject) < MOST_PEOPLE, "numbers must be below {MOST_PEOPLE}");
    Ok((issuer, subject))
}

/// Everybody who comes gets to know `half` of those there, each likelier the more they know.
fn preferential(people: usize, half: usize, random: &mut Random) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for one in 0..=half {
        pairs.extend((0..one).map(|other| (one, other)));
    }
    for newcomer in half + 1..people {
        let mut known = Vec::new();
        while known.len() < half {
            let (one, other) = pairs[random.below(pairs.len())];
            let met = if random.below(2) == 0 { one } else { other };
            if !known.contains(&met) {
                known.push(met);
            }
        }
        pairs.extend(known.into_iter().map(|met| (newcomer, met)));
    }
    pairs
}

/// Everybody on a ring knows the nearest `half` on either side.
fn ring(people: usize, half: usize) -> Vec<(usize, usize)> {
    (0..people).flat_map(|one| (1..=half).map(move |far| (one, (one + far) % people))).collect()
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

fn small_world(people: usize, half: usize, random: &mut Random) -> Vec<(usize, usize)> {
    let mut pairs = ring(people, half);
    let mut known: HashSet<_> = pairs.iter().map(|(one, other)| ordered(*one, *other)).collect();
    for pair in &mut pairs {
        if random.below(100) >= REWIRED_PERCENT {
            continue;
        }
        let anybody = random.below(people);
        if anybody != pair.0 && known.insert(ordered(pair.0, anybody)) {
            known.remove(&ordered(pair.0, pair.1));
            pair.1 = anybody;
        }
    }
    pairs
}

/// A ring in which pairs exchange partners until nothing is left of it.
fn regular(people: usize, half: usize, random: &mut Random) -> Vec<(usize, usize)> {
    let mut pairs = ring(people, half);
    let mut known: HashSet<_> = pairs.iter().map(|(one, other)| ordered(*one, *other)).collect();
    for _ in 0..pairs.len() * SWAPS {
        let (left, right) = (random.below(pairs.len()), random.below(pairs.len()));
        let ((a, b), (c, d)) = (pairs[left], pairs[right]);
        let (first, second) = (ordered(a, d), ordered(c, b));
        if a == d || c == b || first == second || known.contains(&first) || known.contains(&second) {
            continue;
        }
        known.remove(&ordered(a, b));
        known.remove(&ordered(c, d));
        known.extend([first, second]);
        (pairs[left], pairs[right]) = (first, second);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_is_whole_and_the_same_for_the_same_seed() {
        for shape in [Shape::Preferential, Shape::SmallWorld, Shape::Regular] {
            let honest = Honest::generate(shape, 200, 8, 30, 1).unwrap();
            assert_eq!(honest, Honest::generate(shape, 200, 8, 30, 1).unwrap(), "{shape}");
            assert_ne!(honest, Honest::generate(shape, 200, 8, 30, 2).unwrap(), "{shape}");
            for person in 0..200 {
                let (given, received) = (&honest.subjects[person], &honest.issuers[person]);
                assert!(!received.contains(&(person as u32)), "{shape}");
                assert!(given.len() <= 30, "{shape}");
                assert_eq!(received.iter().collect::<HashSet<_>>().len(), received.len(), "{shape}");
            }
        }
    }

    #[test]
    fn in_a_regular_graph_all_know_equally_many() {
        let honest = Honest::generate(Shape::Regular, 100, 10, 30, 3).unwrap();
        assert!(honest.issuers.iter().all(|issuers| issuers.len() == 10));
    }

    #[test]
    fn nobody_gives_more_than_the_stock() {
        let honest = Honest::generate(Shape::Preferential, 300, 10, 12, 3).unwrap();
        assert_eq!(honest.subjects.iter().map(Vec::len).max(), Some(12));
    }

    #[test]
    fn a_list_of_edges_is_read() {
        let honest = Honest::parse("# three\n0 1\n1,2\n\n2\t0 # back\n", 5).unwrap();
        assert_eq!(honest.issuers, [vec![2], vec![0], vec![1]]);
        assert_eq!(honest.subjects, [vec![1], vec![2], vec![0]]);
    }

    #[test]
    fn nonsense_is_refused_and_says_where() {
        for (text, why) in [
            ("", "no vouch in the file"),
            ("0 1\n1 x", "line 2: \"1 x\""),
            ("0 1 2", "two numbers make a vouch"),
            ("0", "two numbers make a vouch"),
            ("-1 2", "a person is a whole number"),
            ("3 3", "nobody vouches for themselves"),
            ("0 1\n0 1", "line 2: 0 vouches for 1 a second time"),
            ("0 1\n1 3", "without gaps"),
            ("0 100000", "below 100000"),
            ("0 1\n0 2\n0 3", "the stock is 2"),
        ] {
            let fault = format!("{:#}", Honest::parse(text, 2).unwrap_err());
            assert!(fault.contains(why), "{text:?}: {fault}");
        }
    }

    #[test]
    fn an_impossible_graph_is_refused() {
        for (people, acquaintances) in [(10, 0), (10, 3), (4, 4), (200_000, 4)] {
            assert!(Honest::generate(Shape::Regular, people, acquaintances, 5, 0).is_err());
        }
    }
}
