// SPDX-License-Identifier: Apache-2.0
//! What docs/reference/sybil.md says: the figures of the defaults, and of what might be instead of them.

use std::fmt::Write;

use anyhow::Result;
use kith_primitives::{parameters::Parameters, BlockNumber};

use super::{
    attack::{play, Attack, Course, Placed},
    bound::{chains, published},
    chance,
    expulsion::aftermath,
    honest::{Honest, Shape},
    newcomers::{let_in, stay},
    plot::{self, Line},
    DAY,
};

mod text;

/// How many others an honest member knows.
pub(crate) const ACQUAINTANCES: usize = 12;
/// What everything random follows from.
pub(crate) const SEED: u64 = 1;
/// The days of the tables.
const DAYS: [BlockNumber; 4] = [30, 180, 365, 730];
/// How long an attack of the page lasts.
const PATIENCE: BlockNumber = 730 * DAY;
const SHAPES: [Shape; 3] = [Shape::Preferential, Shape::SmallWorld, Shape::Regular];

/// The page and its plots, by name.
pub(crate) fn files() -> Result<Vec<(&'static str, String)>> {
    let rules = Parameters::default();
    let mut page = String::from(text::HEAD);
    page.push_str(&in_force(&rules));
    page.push_str(text::COMMUNITIES);
    page.push_str(&communities(&rules)?);
    page.push_str(text::VARIANTS);
    page.push_str(&variants(&rules)?);
    page.push_str(text::SAMPLING);
    page.push_str(&sampling(&rules));
    page.push_str(text::NEWCOMERS);
    page.push_str(&newcomers(&rules)?);
    page.push_str(text::EXPULSION);
    page.push_str(&expulsion(&rules)?);
    page.push_str(text::TAIL);
    let plots = [("sybil/defaults.svg", by_size(&rules)?), ("sybil/interval.svg", by_interval(&rules)?)];
    Ok(std::iter::once(("sybil.md", page)).chain(plots).collect())
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

fn in_force(rules: &Parameters) -> String {
    format!(
        "\nFigures below are for the defaults: `admission_threshold` {}, `vouch_stock` {}, `vouch_interval` {} days, \
         `vouch_validity` {} days, `distance_steps` {}, `distance_percent` {}, `distance_sample` {}, \
         `distance_interval` {} days, `proof_validity` {} days, `renewal_percent` {}, `renewal_window` {} days, \
         `lapse_grace` {} days.\n",
        rules.admission_threshold,
        rules.vouch_stock,
        rules.vouch_interval / DAY,
        rules.vouch_validity / DAY,
        rules.distance_steps,
        rules.distance_percent,
        rules.distance_sample,
        rules.distance_interval / DAY,
        rules.proof_validity / DAY,
        rules.renewal_percent,
        rules.renewal_window / DAY,
        rules.lapse_grace / DAY,
    )
}

fn communities(rules: &Parameters) -> Result<String> {
    let mut table = String::from(
        "\n| honest members | shape | attackers | fakes after 30 days | 180 days | 1 year | 2 years | a third of all | longest \
         chain | published bound | bound in 2 years | left when all terms have ended |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (people, colluders) in [(100, 5), (1_000, 5), (10_000, 10)] {
        for shape in SHAPES {
            let honest = generate(shape, people, rules)?;
            for placed in [Placed::Anywhere, Placed::Central] {
                let attack = attack(colluders, placed);
                let course = play(&honest, rules, &attack)?;
                let (published, counted) = bounds(&course, rules, &attack);
                let place = if placed == Placed::Central { "central" } else { "anywhere" };
                let fakes = DAYS.map(|day| course.at(day * DAY).to_string()).join(" | ");
                let third = a_third(&course, &honest);
                let chain = shown(course.longest_chain.map(u64::from));
                let (published, counted) = (shown(published), shown(counted));
                let left = aftermath(&course.region, &honest, rules, PATIENCE, true).left;
                let _ = writeln!(
                    table,
                    "| {people} | {shape} | {colluders} {place} | {fakes} | {third} | {chain} | {published} | {counted} | \
                     {left} |"
                );
            }
        }
    }
    Ok(table)
}

/// Other parameters, one or a few at a time.
fn others(rules: &Parameters) -> Vec<(String, Parameters)> {
    let mut others = vec![("the defaults".into(), rules.clone())];
    let mut add = |name: String, change: &dyn Fn(&mut Parameters)| {
        let mut other = rules.clone();
        change(&mut other);
        others.push((name, other));
    };
    for threshold in [4, 5] {
        add(format!("`admission_threshold` {threshold}"), &|other| other.admission_threshold = threshold);
    }
    for days in [1, 7, 15, 60] {
        add(format!("`vouch_interval` {days} days"), &|other| other.vouch_interval = days * DAY);
    }
    for stock in [16, 50, 100] {
        add(format!("`vouch_stock` {stock}"), &|other| other.vouch_stock = stock);
    }
    for steps in [4, 6] {
        add(format!("`distance_steps` {steps}"), &|other| other.distance_steps = steps);
    }
    for percent in [0, 70, 90] {
        add(format!("`distance_percent` {percent}"), &|other| other.distance_percent = percent);
    }
    add("`distance_sample` 64, `distance_interval` 1 day".into(), &|other| {
        (other.distance_sample, other.distance_interval) = (64, DAY);
    });
    add("threshold 5, stock 100, interval 5 days, as in Ğ1".into(), &|other| {
        (other.admission_threshold, other.vouch_stock, other.vouch_interval) = (5, 100, 5 * DAY);
    });
    add("threshold 5, `distance_steps` 4".into(), &|other| {
        (other.admission_threshold, other.distance_steps) = (5, 4);
    });
    others
}

fn variants(rules: &Parameters) -> Result<String> {
    let mut table = String::from(
        "\n| parameters | fakes after 1 year | after 2 years | a third of all | newcomers let in |\n|---|---|---|---|---|\n",
    );
    for (name, rules) in others(rules) {
        let mut cells = [const { Vec::new() }; 4];
        for shape in SHAPES {
            let honest = generate(shape, 1_000, &rules)?;
            let course = play(&honest, &rules, &attack(5, Placed::Anywhere))?;
            cells[0].push(course.at(365 * DAY).to_string());
            cells[1].push(course.at(730 * DAY).to_string());
            cells[2].push(a_third(&course, &honest));
            cells[3].push(format!("{} %", let_in(&honest, &rules, SEED).0));
        }
        let _ = writeln!(table, "| {name} | {} |", cells.map(|cell| cell.join(" / ")).join(" | "));
    }
    Ok(table)
}

fn sampling(rules: &Parameters) -> String {
    let mut table = String::from(
        "\n| linked to | 50 % | 60 % | 65 % | 70 % | 75 % | 80 % | 85 % | 90 % |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for (sample, days) in [(64, 1), (64, 7), (128, 1), (128, 7)] {
        let rules = Parameters { distance_sample: sample, distance_interval: days * DAY, ..rules.clone() };
        let chances = [500, 600, 650, 700, 750, 800, 850, 900].map(|linked| {
            let once = chance::one_drawing(linked, 1_000, rules.distance_percent, sample) * 100.0;
            format!("{once:.1} / {:.1}", chance::any_drawing(linked, 1_000, &rules) * 100.0)
        });
        let _ = writeln!(table, "| {sample} asked, {} drawings | {} |", chance::drawings(&rules), chances.join(" | "));
    }
    table
}

fn newcomers(rules: &Parameters) -> Result<String> {
    let mut table = String::from(
        "\n| honest members | shape | 3 steps | 4 steps | 5 steps | 6 steps |\n|---|---|---|---|---|---|\n",
    );
    for people in [30, 100, 300, 1_000, 3_000, 10_000] {
        for shape in SHAPES {
            let honest = generate(shape, people, rules)?;
            let shares = [3, 4, 5, 6].map(|distance_steps| {
                let rules = Parameters { distance_steps, ..rules.clone() };
                let (percent, referees) = let_in(&honest, &rules, SEED);
                format!("{percent} % / {} % ({referees})", stay(&honest, &rules, SEED))
            });
            let _ = writeln!(table, "| {people} | {shape} | {} |", shares.join(" | "));
        }
    }
    Ok(table)
}

fn expulsion(rules: &Parameters) -> Result<String> {
    let mut table = String::from(
        "\n| found out after | fakes | left if they do nothing | days later | left if they vouch for each other | days later \
         | left when all terms have ended | days later, at most |\n|---|---|---|---|---|---|---|---|\n",
    );
    let (honest, alone) = (generate(Shape::Regular, 1_000, rules)?, by_vouches_alone(rules));
    for days in [1, 30, 60, 90, 180, 365] {
        let attack = Attack { patience: days * DAY, ..attack(5, Placed::Anywhere) };
        let course = play(&honest, rules, &attack)?;
        let _ = write!(table, "| {days} days | {} |", course.region.fakes());
        for (rules, defend) in [(&alone, false), (&alone, true), (rules, true)] {
            let end = aftermath(&course.region, &honest, rules, days * DAY, defend);
            let _ = write!(table, " {} | {} |", end.left, end.after / DAY);
        }
        table.push('\n');
    }
    Ok(table)
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
