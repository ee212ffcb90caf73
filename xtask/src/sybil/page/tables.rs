// SPDX-License-Identifier: Apache-2.0
//! The tables of docs/reference/sybil.md.

use std::fmt::Write;

use anyhow::Result;
use kith_primitives::{parameters::Parameters, BlockNumber};

use super::{a_third, attack, bounds, by_vouches_alone, generate, shown, Extent, CUT, PATIENCE, SEED, SHAPES};
use crate::sybil::{
    attack::{play, Attack, Placed},
    chance,
    expulsion::aftermath,
    honest::Shape,
    newcomers::{let_in, stay},
    DAY,
};

/// The days of the table of communities.
const DAYS: [BlockNumber; 4] = [30, 180, 365, 730];

/// Every parameter that a figure of the page follows from.
pub(super) fn in_force(rules: &Parameters) -> String {
    format!(
        "\nFigures below are for the defaults: `admission_threshold` {}, `vouch_stock` {}, `vouch_interval` {}, \
         `vouch_validity` {}, `candidate_lifetime` {}, `distance_steps` {}, `distance_percent` {}, `distance_sample` {}, \
         `distance_interval` {}, `proof_validity` {}, `renewal_percent` {}, `renewal_window` {}, `lapse_grace` {}.\n",
        rules.admission_threshold,
        rules.vouch_stock,
        period(rules.vouch_interval),
        period(rules.vouch_validity),
        period(rules.candidate_lifetime),
        rules.distance_steps,
        rules.distance_percent,
        rules.distance_sample,
        period(rules.distance_interval),
        period(rules.proof_validity),
        rules.renewal_percent,
        period(rules.renewal_window),
        period(rules.lapse_grace),
    )
}

/// In days, if it is a whole number of them.
fn period(blocks: BlockNumber) -> String {
    if blocks.is_multiple_of(DAY) {
        format!("{} days", blocks / DAY)
    } else {
        format!("{blocks} blocks")
    }
}

/// A row: what it is about, and its figures, if they are told.
fn row(table: &mut String, about: &str, is_told: bool, figures: impl FnOnce() -> Result<String>) -> Result<()> {
    let figures = if is_told { format!("{} |", figures()?) } else { CUT.into() };
    let _ = writeln!(table, "| {about} | {figures}");
    Ok(())
}

pub(super) fn communities(rules: &Parameters, extent: Extent) -> Result<String> {
    let mut table = String::from(
        "\n| honest members | shape | attackers | fakes after 30 days | 180 days | 1 year | 2 years | a third of all | longest \
         chain | published bound | bound in 2 years | left when all terms have ended |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (people, colluders) in [(100, 5), (1_000, 5), (10_000, 10)] {
        for shape in SHAPES {
            for placed in [Placed::Anywhere, Placed::Central] {
                let place = if placed == Placed::Central { "central" } else { "anywhere" };
                let about = format!("{people} | {shape} | {colluders} {place}");
                let attack = attack(colluders, placed);
                row(&mut table, &about, extent.tells(people), || community(rules, people, shape, &attack))?;
            }
        }
    }
    Ok(table)
}

fn community(rules: &Parameters, people: usize, shape: Shape, attack: &Attack) -> Result<String> {
    let honest = generate(shape, people, rules)?;
    let course = play(&honest, rules, attack)?;
    let (published, counted) = bounds(&course, rules, attack);
    let fakes = DAYS.map(|day| course.at(day * DAY).to_string()).join(" | ");
    let third = a_third(&course, &honest);
    let chain = shown(course.longest_chain.map(u64::from));
    let (published, counted) = (shown(published), shown(counted));
    let left = aftermath(&course.region, &honest, rules, PATIENCE, true).left;
    Ok(format!("{fakes} | {third} | {chain} | {published} | {counted} | {left}"))
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

pub(super) fn variants(rules: &Parameters, extent: Extent) -> Result<String> {
    let mut table = String::from(
        "\n| parameters | fakes after 1 year | after 2 years | a third of all | newcomers let in |\n|---|---|---|---|---|\n",
    );
    for (name, rules) in others(rules) {
        row(&mut table, &name, extent.tells(1_000), || variant(&rules))?;
    }
    Ok(table)
}

fn variant(rules: &Parameters) -> Result<String> {
    let mut cells = [const { Vec::new() }; 4];
    for shape in SHAPES {
        let honest = generate(shape, 1_000, rules)?;
        let course = play(&honest, rules, &attack(5, Placed::Anywhere))?;
        cells[0].push(course.at(365 * DAY).to_string());
        cells[1].push(course.at(730 * DAY).to_string());
        cells[2].push(a_third(&course, &honest));
        cells[3].push(format!("{} %", let_in(&honest, rules, SEED).0));
    }
    Ok(cells.map(|cell| cell.join(" / ")).join(" | "))
}

pub(super) fn sampling(rules: &Parameters) -> String {
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

pub(super) fn newcomers(rules: &Parameters, extent: Extent) -> Result<String> {
    let mut table = String::from(
        "\n| honest members | shape | 3 steps | 4 steps | 5 steps | 6 steps |\n|---|---|---|---|---|---|\n",
    );
    for people in [30, 100, 300, 1_000, 3_000, 10_000] {
        for shape in SHAPES {
            let about = format!("{people} | {shape}");
            row(&mut table, &about, extent.tells(people), || by_steps(rules, people, shape))?;
        }
    }
    Ok(table)
}

fn by_steps(rules: &Parameters, people: usize, shape: Shape) -> Result<String> {
    let honest = generate(shape, people, rules)?;
    let shares = [3, 4, 5, 6].map(|distance_steps| {
        let rules = Parameters { distance_steps, ..rules.clone() };
        let (percent, referees) = let_in(&honest, &rules, SEED);
        format!("{percent} % / {} % ({referees})", stay(&honest, &rules, SEED))
    });
    Ok(shares.join(" | "))
}

pub(super) fn expulsion(rules: &Parameters) -> Result<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_parameter_that_its_figures_follow_from() {
        let changes: [fn(&mut Parameters); 13] = [
            |rules| rules.admission_threshold += 1,
            |rules| rules.vouch_stock += 1,
            |rules| rules.vouch_interval += 1,
            |rules| rules.vouch_validity += 1,
            |rules| rules.candidate_lifetime += 1,
            |rules| rules.distance_steps += 1,
            |rules| rules.distance_percent += 1,
            |rules| rules.distance_sample += 1,
            |rules| rules.distance_interval += 1,
            |rules| rules.proof_validity += 1,
            |rules| rules.renewal_percent += 1,
            |rules| rules.renewal_window += 1,
            |rules| rules.lapse_grace += 1,
        ];
        let before = in_force(&Parameters::default());
        for (index, change) in changes.iter().enumerate() {
            let mut rules = Parameters::default();
            change(&mut rules);
            assert_ne!(in_force(&rules), before, "change {index}");
        }
    }
}
