// SPDX-License-Identifier: Apache-2.0
//! How many votes does a decision need in a community of any size?

use proptest::prelude::*;

use crate::{Error, Rules, Strength, MAX_PERIOD};

const STRENGTHS: [Strength; 3] = [Strength::Ordinary, Strength::Extraordinary, Strength::Constitutional];

#[test]
fn needed_votes_round_up() {
    let rules = Rules::default();
    let needed = |active| STRENGTHS.map(|strength| rules.needed(strength, active));
    assert_eq!(needed(0), [1, 1, 1]);
    assert_eq!(needed(1), [1, 1, 1]);
    assert_eq!(needed(2), [2, 2, 2]);
    assert_eq!(needed(3), [2, 3, 3]);
    assert_eq!(needed(4), [3, 3, 3]);
    assert_eq!(needed(5), [3, 4, 4]);
    assert_eq!(needed(8), [5, 6, 6]);
    assert_eq!(needed(100), [51, 67, 75]);
    assert_eq!(needed(101), [51, 68, 76]);
    assert_eq!(needed(1_000_000), [500_001, 670_000, 750_000]);
}

#[test]
fn bounds_of_the_rules_are_tight() {
    let rules = Rules::default();
    for good in [
        rules,
        Rules { voting_period: 1, delay: 0, expiry: 1, ..rules },
        Rules { voting_period: MAX_PERIOD, delay: MAX_PERIOD, expiry: MAX_PERIOD, ..rules },
        Rules { ordinary_above: 50, extraordinary: 51, constitutional: 51, ..rules },
        Rules { ordinary_above: 99, extraordinary: 100, constitutional: 100, ..rules },
    ] {
        assert_eq!(good.check(), Ok(()), "{good:?}");
    }
    for bad in [
        Rules { voting_period: 0, ..rules },
        Rules { voting_period: MAX_PERIOD + 1, ..rules },
        Rules { delay: MAX_PERIOD + 1, ..rules },
        Rules { expiry: 0, ..rules },
        Rules { expiry: MAX_PERIOD + 1, ..rules },
        Rules { ordinary_above: 49, ..rules },
        Rules { ordinary_above: 67, ..rules },
        Rules { constitutional: 66, ..rules },
        Rules { constitutional: 101, ..rules },
    ] {
        assert_eq!(bad.check(), Err(Error::InvalidRules), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn every_allowed_rule_is_a_majority_that_can_be_reached(
        ordinary_above in 50_u8..=99,
        stronger in 1_u8..=50,
        strongest in 0_u8..=50,
        active in prop_oneof![1_u32..=1_000, any::<u32>()],
    ) {
        let extraordinary = ordinary_above.saturating_add(stronger).min(100);
        let constitutional = extraordinary.saturating_add(strongest).min(100);
        let rules = Rules { ordinary_above, extraordinary, constitutional, ..Rules::default() };
        prop_assert_eq!(rules.check(), Ok(()));
        let active = active.max(1);
        let needed = STRENGTHS.map(|strength| rules.needed(strength, active));
        prop_assert!(needed[0] <= needed[1] && needed[1] <= needed[2], "{:?}", needed);
        prop_assert!(needed[2] <= active, "{:?} of {}", needed, active);
        for votes in needed {
            prop_assert!(u64::from(votes) * 2 > u64::from(active), "{} of {}", votes, active);
            prop_assert!(active < 2 || votes >= 2, "{} of {}", votes, active);
        }
        let shares = [extraordinary, constitutional];
        for (votes, share) in needed[1..].iter().zip(shares) {
            prop_assert!(u64::from(*votes) * 100 >= u64::from(active) * u64::from(share));
        }
        prop_assert!(u64::from(needed[0]) * 100 > u64::from(active) * u64::from(ordinary_above));
    }
}
