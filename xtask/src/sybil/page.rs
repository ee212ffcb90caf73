// SPDX-License-Identifier: Apache-2.0
//! What docs/reference/sybil.md says: the figures of the defaults, and of what might be instead of them.

use std::fmt::Write;

use anyhow::Result;
use kith_primitives::{parameters::Parameters, BlockNumber};

use super::{
    attack::{play, Attack, Course, Placed},
    bound::{chains, published},
    expulsion::aftermath,
    honest::{Honest, Shape},
    newcomers::{let_in, stay},
    plot::{self, Line},
    DAY,
};

mod tables;
mod text;

/// How many others an honest member knows.
pub(crate) const ACQUAINTANCES: usize = 12;
/// What everything random follows from.
pub(crate) const SEED: u64 = 1;
/// Fakes in the first year for each of five attackers anywhere among a thousand, at most: a test holds the defaults to it.
const FAKES_A_YEAR: usize = 75;
/// How long an attack of the page lasts.
const PATIENCE: BlockNumber = 730 * DAY;
const SHAPES: [Shape; 3] = [Shape::Preferential, Shape::SmallWorld, Shape::Regular];
/// Honest members up to whom a row takes no time worth mention.
const FEW: usize = 300;
/// Ends a row whose figures were left out.
const CUT: &str = "…";

/// How much of the page is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    /// Rows that take long are cut before their figures; all that is left takes a second.
    Glance,
}

impl Extent {
    /// Whether figures about so many honest members are worked out.
    fn tells(self, people: usize) -> bool {
        self == Self::Whole || people <= FEW
    }
}

/// The page and its plots, by name.
pub(crate) fn files() -> Result<Vec<(&'static str, String)>> {
    let rules = Parameters::default();
    let plots = [("sybil/defaults.svg", by_size(&rules)?), ("sybil/interval.svg", by_interval(&rules)?)];
    Ok(std::iter::once(("sybil.md", page(&rules, Extent::Whole)?)).chain(plots).collect())
}

/// Where the page differs from what would be written now, if a second shows it: everything is compared but the plots and
/// the figures of communities so large that they take longer.
pub(crate) fn outdated(found: &str) -> Result<Option<String>> {
    Ok(first_fault(found, &page(&Parameters::default(), Extent::Glance)?))
}

fn first_fault(found: &str, wanted: &str) -> Option<String> {
    let mut lines = found.lines();
    for line in wanted.lines() {
        let is_there = lines.next().is_some_and(|found| match line.strip_suffix(CUT) {
            Some(start) => found.starts_with(start),
            None => found == line,
        });
        if !is_there {
            return Some(line.to_owned());
        }
    }
    lines.next().map(str::to_owned)
}

fn page(rules: &Parameters, extent: Extent) -> Result<String> {
    let mut page = String::from(text::HEAD);
    page.push_str(&tables::in_force(rules));
    page.push_str(text::COMMUNITIES);
    page.push_str(&tables::communities(rules, extent)?);
    let _ = writeln!(
        page,
        "\nFive attackers anywhere among 1000 honest members bring in {FAKES_A_YEAR} fakes each in the first year, at most, \
         whatever the shape."
    );
    page.push_str(text::VARIANTS);
    page.push_str(&tables::variants(rules, extent)?);
    page.push_str(text::SAMPLING);
    page.push_str(&tables::sampling(rules));
    page.push_str(text::NEWCOMERS);
    page.push_str(&tables::newcomers(rules, extent)?);
    page.push_str(text::EXPULSION);
    page.push_str(&tables::expulsion(rules)?);
    page.push_str(text::TAIL);
    Ok(page)
}

/// One attack, for who asks on the command line.
pub(crate) fn one(honest: &Honest, rules: &Parameters, attack: &Attack) -> Result<String> {
    let course = play(honest, rules, attack)?;
    let mut out = String::from("day\tfakes\n");
    for (block, fakes) in &course.timeline {
        let _ = writeln!(out, "{}\t{fakes}", block / DAY);
    }
    let (published, counted) = bounds(&course, rules, attack);
    let percent = let_in(honest, rules, attack.seed).0;
    let _ = writeln!(out, "\nlongest chain to a fake: {}", shown(course.longest_chain.map(u64::from)));
    let _ = writeln!(out, "published bound: {}\nbound in this time: {}", shown(published), shown(counted));
    let _ = writeln!(out, "a third of all members: {}", a_third(&course, honest));
    let _ = writeln!(out, "honest newcomers let in: {percent} %");
    let _ = writeln!(out, "honest members who stay when their terms end: {} %", stay(honest, rules, attack.seed));
    let alone = by_vouches_alone(rules);
    let ended = "vouch for each other, when all terms have ended";
    for (rules, defend, what) in
        [(&alone, false, "do nothing"), (&alone, true, "vouch for each other"), (rules, true, ended)]
    {
        let left = aftermath(&course.region, honest, rules, attack.patience, defend);
        let _ = writeln!(out, "after expulsion, if fakes {what}: {} left, {} days later", left.left, left.after / DAY);
    }
    Ok(out)
}

/// The rules without any proof that is to be given again.
fn by_vouches_alone(rules: &Parameters) -> Parameters {
    Parameters { renewal_percent: 0, ..rules.clone() }
}

fn attack(colluders: usize, placed: Placed) -> Attack {
    Attack { colluders, deceived: 0, placed, patience: PATIENCE, recycles: true, seed: SEED }
}

fn generate(shape: Shape, people: usize, rules: &Parameters) -> Result<Honest> {
    Honest::generate(shape, people, ACQUAINTANCES, rules.vouch_stock, SEED)
}

/// The published bound, and the one by counting for the time of the attack; nothing if chains may be of any length.
fn bounds(course: &Course, rules: &Parameters, attack: &Attack) -> (Option<u64>, Option<u64>) {
    let Some(length) = course.longest_chain else { return (None, None) };
    let (colluders, deceived) = (attack.colluders as u64, attack.deceived as u64);
    let edges = colluders * u64::from(rules.vouch_stock) + deceived;
    let rounds = attack.patience.checked_div(rules.vouch_interval).map_or(u64::MAX, |rounds| u64::from(rounds) + 1);
    let counted = chains(colluders.saturating_mul(rounds).saturating_add(deceived), rounds, length);
    (Some(published(edges, rules.vouch_stock, rules.admission_threshold, length)), Some(counted))
}

fn shown(number: Option<u64>) -> String {
    match number {
        None => "none".into(),
        Some(number) if number < 1_000_000 => number.to_string(),
        Some(number) => format!("{:.1e}", number as f64),
    }
}

fn a_third(course: &Course, honest: &Honest) -> String {
    course.reaches(honest.people().div_ceil(2)).map_or_else(|| "–".into(), |block| format!("day {}", block / DAY))
}

fn line(name: String, course: &Course) -> Line {
    (name, course.timeline.iter().map(|(block, fakes)| (f64::from(*block / DAY), *fakes as f64)).collect())
}

fn by_size(rules: &Parameters) -> Result<String> {
    let mut lines = Vec::new();
    for (people, colluders) in [(100, 5), (1_000, 5), (10_000, 10)] {
        for shape in [Shape::Preferential, Shape::Regular] {
            let course = play(&generate(shape, people, rules)?, rules, &attack(colluders, Placed::Anywhere))?;
            lines.push(line(format!("{people}, {shape}"), &course));
        }
    }
    let title = "Fakes under the defaults, by honest members and shape";
    Ok(plot::steps(title, "days", "fakes", 730.0, 10_000.0, &lines))
}

fn by_interval(rules: &Parameters) -> Result<String> {
    let mut lines = Vec::new();
    for days in [1, 7, 15, 30, 60] {
        let rules = Parameters { vouch_interval: days * DAY, ..rules.clone() };
        let course = play(&generate(Shape::Regular, 1_000, &rules)?, &rules, &attack(5, Placed::Anywhere))?;
        lines.push(line(format!("{days} days"), &course));
    }
    let title = "Fakes among 1000 honest members (regular), by vouch_interval";
    Ok(plot::steps(title, "days", "fakes", 730.0, 1_000.0, &lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attacker_brings_in_no_more_in_a_year_than_the_page_says() {
        let (rules, colluders) = (Parameters::default(), 5);
        for shape in SHAPES {
            let year = Attack { patience: 365 * DAY, ..attack(colluders, Placed::Anywhere) };
            let course = play(&generate(shape, 1_000, &rules).unwrap(), &rules, &year).unwrap();
            let fakes = course.at(year.patience);
            assert!(fakes <= FAKES_A_YEAR * colluders, "{shape}: {fakes}");
        }
    }

    #[test]
    fn a_glance_sees_a_line_that_is_changed_missing_or_too_much() {
        let wanted = "# Page\n\n| 1 | 2 |\n| 1000 | …\n";
        assert_eq!(first_fault("# Page\n\n| 1 | 2 |\n| 1000 | 7 | 8 |\n", wanted), None);
        for (found, fault) in [
            ("# Page\n\n| 1 | 3 |\n| 1000 | 7 | 8 |\n", "| 1 | 2 |"),
            ("# Page\n\n| 1 | 2 |\n| 3000 | 7 | 8 |\n", "| 1000 | …"),
            ("# Page\n\n| 1 | 2 |\n", "| 1000 | …"),
            ("# Page\n\n| 1 | 2 |\n| 1000 | 7 | 8 |\nmore\n", "more"),
        ] {
            assert_eq!(first_fault(found, wanted).as_deref(), Some(fault));
        }
    }
}
