// SPDX-License-Identifier: Apache-2.0
//! How likely a drawn sample of referees lets somebody through whom only some are linked to.

use kith_primitives::{
    distance::{needed, ENUMERATED, FEWEST},
    parameters::Parameters,
    BlockNumber,
};
use pallet_kith_vouching::rules;

/// Blocks between two drawings even if the constitution sets no interval: about an hour, an epoch of the chain.
const EPOCH: BlockNumber = 600;

/// The chance that one drawing of `asked` referees lets a candidate through, if `reached` of `referees` are linked: of as
/// many draws, independent of each other, those that the pallet's rule needs.
pub(crate) fn one_drawing(reached: u32, referees: u32, percent: u32, asked: u32) -> f64 {
    if asked < FEWEST {
        return 0.0;
    }
    if reached >= referees {
        return 1.0;
    }
    let share = f64::from(reached) / f64::from(referees);
    let mut exactly = (0..asked).fold(1.0, |chance, _| chance * (1.0 - share));
    let mut fewer = 0.0;
    for hits in 0..needed(percent, asked) {
        fewer += exactly;
        exactly *= f64::from(asked - hits) / f64::from(hits + 1) * share / (1.0 - share);
    }
    (1.0 - fewer).clamp(0.0, 1.0)
}

/// How often referees are drawn for a candidate who asks as often as they may, as long as they may.
pub(crate) fn drawings(rules: &Parameters) -> u32 {
    1 + rules.candidate_lifetime.saturating_sub(1) / rules.distance_interval.max(EPOCH)
}

/// The chance that at least one of all drawings lets the candidate through.
pub(crate) fn any_drawing(reached: u32, referees: u32, rules: &Parameters) -> f64 {
    let asked = referees.min(rules.distance_sample);
    let one = one_drawing(reached, referees, rules.distance_percent, asked);
    1.0 - (0..drawings(rules)).fold(1.0, |chance, _| chance * (1.0 - one))
}

/// The chance to get through in a community that has known so many people: all referees are asked if they are few, and
/// else drawn as often as may be. At 0 percent nobody is asked.
pub(crate) fn in_time(reached: u32, referees: u32, people: usize, rules: &Parameters) -> f64 {
    if rules.distance_percent == 0 {
        return 1.0;
    }
    if people as u32 <= ENUMERATED && referees <= rules.distance_sample {
        return f64::from(u8::from(reached >= needed(rules.distance_percent, referees)));
    }
    any_drawing(reached, referees, rules)
}

/// The rules as they are for a member whose proof's term ends: who asks from the renewal window on until they lapse.
pub(crate) fn again(rules: &Parameters) -> Parameters {
    Parameters {
        distance_percent: rules::percent_again(rules.distance_percent, rules.renewal_percent),
        candidate_lifetime: rules.renewal_window.saturating_add(rules.lapse_grace),
        ..rules.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_is_the_binomial_one() {
        // Of 8 draws at one half, at least 7 (80 % of 8, rounded up): (8 + 1) / 256.
        assert!((one_drawing(50, 100, 80, 8) - 9.0 / 256.0).abs() < 1e-12);
        assert!((one_drawing(100, 100, 80, 64) - 1.0).abs() < f64::EPSILON);
        assert!(one_drawing(0, 100, 80, 64).abs() < f64::EPSILON);
        assert!(one_drawing(7, 7, 80, 7).abs() < f64::EPSILON);
    }

    #[test]
    fn more_drawings_let_more_through() {
        let often = Parameters { distance_interval: 14_400, candidate_lifetime: 60 * 14_400, ..Default::default() };
        let once = Parameters { distance_interval: often.candidate_lifetime, ..often };
        assert_eq!((drawings(&often), drawings(&once)), (60, 1));
        assert!(any_drawing(700, 1_000, &often) > any_drawing(700, 1_000, &once));
    }

    #[test]
    fn nothing_is_left_to_chance_where_all_are_asked() {
        let rules = Parameters::default();
        let chances = [(79, 512), (80, 512), (79, 513)].map(|(linked, people)| in_time(linked, 100, people, &rules));
        assert!(chances[0].abs() < f64::EPSILON && (chances[1] - 1.0).abs() < f64::EPSILON);
        assert!(0.9 < chances[2] && chances[2] < 1.0, "{chances:?}");
        // Without referees, all pass where all are asked, and none where some should be drawn, unless nobody is asked.
        let nobody = Parameters { distance_percent: 0, ..rules };
        let chances =
            [(512, &rules), (513, &rules), (513, &nobody)].map(|(people, rules)| in_time(0, 0, people, rules));
        assert!((chances[0] - 1.0).abs() < f64::EPSILON && chances[1].abs() < f64::EPSILON);
        assert!((chances[2] - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_member_needs_fewer_and_has_the_window_and_the_grace() {
        let rules = Parameters {
            distance_percent: 80,
            renewal_percent: 50,
            distance_interval: 1_000,
            renewal_window: 5_000,
            lapse_grace: 3_000,
            ..Parameters::default()
        };
        let members = again(&rules);
        assert_eq!((members.distance_percent, drawings(&members)), (50, 8));
        assert_eq!(again(&Parameters { distance_percent: 30, ..rules }).distance_percent, 30);
    }
}
