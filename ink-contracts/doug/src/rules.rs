// SPDX-License-Identifier: Apache-2.0
//! How many yes votes make a decision, and how long does one take?

use crate::Error;

/// A block of the chain, or a number of blocks.
pub type BlockNumber = u32;

/// The longest period, in blocks: a year of one-second blocks. Keeps every sum of periods far from the end of `u32`.
pub const MAX_PERIOD: BlockNumber = 31_536_000;

/// How grave a decision is. It follows from the [`Action`](crate::Action), never from a wish of the proposer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Strength {
    /// Give a free role to a contract.
    #[codec(index = 0)]
    Ordinary,
    /// Give a taken role to another contract, clear a role, remove a member.
    #[codec(index = 1)]
    Extraordinary,
    /// Change a parameter of the constitution or these rules, replace DOUG.
    #[codec(index = 2)]
    Constitutional,
}

/// The rules of the vote. Percentages are of the members active when the proposal is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Rules {
    /// Blocks during which votes are taken, from 1 to [`MAX_PERIOD`].
    pub voting_period: BlockNumber,
    /// Blocks between the end of the voting and the first execution, from 0 to [`MAX_PERIOD`].
    pub delay: BlockNumber,
    /// Blocks during which execution is possible, from 1 to [`MAX_PERIOD`].
    pub expiry: BlockNumber,
    /// An ordinary decision needs *more than* this percentage of yes votes; at least 50.
    pub ordinary_above: u8,
    /// An extraordinary decision needs *at least* this percentage; above `ordinary_above`.
    pub extraordinary: u8,
    /// A constitutional decision needs *at least* this percentage; from `extraordinary` to 100.
    pub constitutional: u8,
}

impl Default for Rules {
    /// A week of voting, a day of delay and a week to execute with six-second blocks; more than half, 67 %, 75 %.
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

impl Rules {
    /// Refuses rules out of the bounds that the fields document with [`Error::InvalidRules`].
    pub fn check(&self) -> Result<(), Error> {
        let periods = (1..=MAX_PERIOD).contains(&self.voting_period)
            && self.delay <= MAX_PERIOD
            && (1..=MAX_PERIOD).contains(&self.expiry);
        let shares = 50 <= self.ordinary_above
            && self.ordinary_above < self.extraordinary
            && self.extraordinary <= self.constitutional
            && self.constitutional <= 100;
        if periods && shares {
            Ok(())
        } else {
            Err(Error::InvalidRules)
        }
    }

    /// The yes votes that a decision of `strength` needs among `active` members: rounded up, never none, and two as soon
    /// as there are two members, so that one person alone decides only when alone.
    pub fn needed(&self, strength: Strength, active: u32) -> u32 {
        let members = u64::from(active);
        let votes = match strength {
            Strength::Ordinary => (members * u64::from(self.ordinary_above) / 100) + 1,
            Strength::Extraordinary => (members * u64::from(self.extraordinary)).div_ceil(100),
            Strength::Constitutional => (members * u64::from(self.constitutional)).div_ceil(100),
        };
        u32::try_from(votes).unwrap_or(u32::MAX).max(active.clamp(1, 2))
    }
}
