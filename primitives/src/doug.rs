// SPDX-License-Identifier: Apache-2.0
//! The rules of the vote with which a community's governing contract, the DOUG, is founded.

use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::BlockNumber;

/// The longest period: a year of one-second blocks, as in the contract.
pub const MAX_PERIOD: BlockNumber = 31_536_000;

/// How long a decision takes and how many yes votes make one. Encoded as the contract's constructor reads it; percentages
/// are of the members active when a proposal is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DougRules {
    /// Blocks during which votes are taken, from 1 to [`MAX_PERIOD`].
    pub voting_period: BlockNumber,
    /// Blocks between the end of the voting and the first execution, up to [`MAX_PERIOD`].
    pub delay: BlockNumber,
    /// Blocks during which execution is possible, from 1 to [`MAX_PERIOD`].
    pub expiry: BlockNumber,
    /// An ordinary decision needs *more than* this percentage, from 50 to 99.
    pub ordinary_above: u8,
    /// An extraordinary decision needs *at least* this percentage: above `ordinary_above`.
    pub extraordinary: u8,
    /// A constitutional decision needs *at least* this percentage: from `extraordinary` to 100.
    pub constitutional: u8,
}

impl Default for DougRules {
    /// The contract's own: a week of voting, a day of delay and a week to execute with six-second blocks; more than half,
    /// 67 %, 75 %.
    fn default() -> Self {
        Self {
            voting_period: 100_800,
            delay: 14_400,
            expiry: 100_800,
            ordinary_above: 50,
            extraordinary: 67,
            constitutional: 75,
        }
    }
}

impl DougRules {
    /// The first rule out of its bounds: name, value, least and greatest value.
    pub fn out_of_bounds(&self) -> Option<(&'static str, u128, u128, u128)> {
        let above_ordinary = self.ordinary_above.saturating_add(1);
        let bounds: [(&'static str, u32, u32, u32); 6] = [
            ("voting_period", self.voting_period, 1, MAX_PERIOD),
            ("delay", self.delay, 0, MAX_PERIOD),
            ("expiry", self.expiry, 1, MAX_PERIOD),
            ("ordinary_above", self.ordinary_above.into(), 50, 99),
            ("extraordinary", self.extraordinary.into(), above_ordinary.into(), 100),
            ("constitutional", self.constitutional.into(), self.extraordinary.into(), 100),
        ];
        let wrong = bounds.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value))?;
        let (name, value, least, most) = wrong;
        Some((name, value.into(), least.into(), most.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_bounds() {
        assert_eq!(DougRules::default().out_of_bounds(), None);
    }

    #[test]
    fn each_rule_out_of_its_bounds_is_named() {
        let good = DougRules::default();
        let cases = [
            (DougRules { voting_period: 0, ..good }, ("voting_period", 0, 1, 31_536_000)),
            (DougRules { delay: MAX_PERIOD + 1, ..good }, ("delay", 31_536_001, 0, 31_536_000)),
            (DougRules { expiry: 0, ..good }, ("expiry", 0, 1, 31_536_000)),
            (DougRules { ordinary_above: 49, ..good }, ("ordinary_above", 49, 50, 99)),
            (DougRules { extraordinary: 50, ..good }, ("extraordinary", 50, 51, 100)),
            (DougRules { constitutional: 66, ..good }, ("constitutional", 66, 67, 100)),
            (DougRules { constitutional: 101, ..good }, ("constitutional", 101, 67, 100)),
        ];
        for (rules, expected) in cases {
            assert_eq!(rules.out_of_bounds(), Some(expected));
        }
    }

    #[test]
    fn they_are_encoded_as_the_constructor_reads_them() {
        let bytes = [0xc0, 0x89, 0x01, 0, 0x40, 0x38, 0, 0, 0xc0, 0x89, 0x01, 0, 0x32, 0x43, 0x4b];
        assert_eq!(DougRules::default().encode(), bytes);
    }
}
