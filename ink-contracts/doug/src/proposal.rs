// SPDX-License-Identifier: Apache-2.0
//! Where does a proposal stand?

use crate::{Action, BlockNumber, Error, MemberId, Rules, Strength};

/// The number of a proposal, from 0.
pub type ProposalId = u32;

/// How many ballots one call checks again: two reads of storage for each, a small part of a block.
pub const BALLOTS_PER_COUNT: u32 = 128;

/// How many proposals one member may have under way, so that nobody buries the others' under theirs.
pub const MAX_LIVE_PROPOSALS: usize = 8;

/// A proposal and its votes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Proposal {
    /// The member who proposed it.
    pub proposer: MemberId,
    /// What it does.
    pub action: Action,
    /// The strength it needed when it was proposed.
    pub strength: Strength,
    /// The rules when it was proposed.
    pub rules: Rules,
    /// The block it was proposed in.
    pub opened_at: BlockNumber,
    /// Members who voted.
    pub ballots: u32,
    /// Votes in favour as cast; those of people who left are still among them.
    pub yes: u32,
    /// Votes against as cast.
    pub no: u32,
    /// Ballots that were checked again.
    pub counted: u32,
    /// Of these, votes in favour of people who were still members.
    pub confirmed: u32,
    /// The block it was executed in.
    pub executed_at: Option<BlockNumber>,
}

/// The phases of a proposal, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Phase {
    /// Votes are taken.
    #[codec(index = 0)]
    Voting,
    /// The voting is over; those who disagree have time to act.
    #[codec(index = 1)]
    Delay,
    /// It can be executed, if there are enough votes.
    #[codec(index = 2)]
    Executable,
    /// It was not executed in time.
    #[codec(index = 3)]
    Expired,
    /// It was executed.
    #[codec(index = 4)]
    Executed,
}

/// One member's vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub(crate) struct Ballot {
    pub(crate) member: MemberId,
    pub(crate) yes: bool,
}

impl Proposal {
    pub(crate) fn open(
        proposer: MemberId,
        action: Action,
        strength: Strength,
        rules: Rules,
        opened_at: BlockNumber,
    ) -> Self {
        Self {
            proposer,
            action,
            strength,
            rules,
            opened_at,
            ballots: 0,
            yes: 0,
            no: 0,
            counted: 0,
            confirmed: 0,
            executed_at: None,
        }
    }

    /// The first block in which no vote is taken any more.
    pub fn voting_ends(&self) -> BlockNumber {
        self.opened_at.saturating_add(self.rules.voting_period)
    }

    /// The first block in which it can be executed.
    pub fn executable_from(&self) -> BlockNumber {
        self.voting_ends().saturating_add(self.rules.delay)
    }

    /// The first block in which it cannot be executed any more.
    pub fn expires_at(&self) -> BlockNumber {
        self.executable_from().saturating_add(self.rules.expiry)
    }

    /// Its phase at the block `now`.
    pub fn phase(&self, now: BlockNumber) -> Phase {
        if self.executed_at.is_some() {
            Phase::Executed
        } else if now < self.voting_ends() {
            Phase::Voting
        } else if now < self.executable_from() {
            Phase::Delay
        } else if now < self.expires_at() {
            Phase::Executable
        } else {
            Phase::Expired
        }
    }

    /// Refuses any block but those in which it can be executed.
    pub(crate) fn check_executable(&self, now: BlockNumber) -> Result<(), Error> {
        match self.phase(now) {
            Phase::Voting | Phase::Delay => Err(Error::TooEarly),
            Phase::Executable => Ok(()),
            Phase::Expired => Err(Error::Expired),
            Phase::Executed => Err(Error::AlreadyExecuted),
        }
    }

    /// Takes a vote into the sums, in the place of the member's vote `before`.
    pub(crate) fn tally(&mut self, before: Option<bool>, yes: bool) {
        match before {
            Some(true) => self.yes = self.yes.saturating_sub(1),
            Some(false) => self.no = self.no.saturating_sub(1),
            None => {}
        }
        if yes {
            self.yes = self.yes.saturating_add(1);
        } else {
            self.no = self.no.saturating_add(1);
        }
    }
}
