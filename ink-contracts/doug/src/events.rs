// SPDX-License-Identifier: Apache-2.0
//! What happened in DOUG? Together these events tell its whole state.

use ink::{prelude::string::String, primitives::AccountId};

use crate::{Action, BlockNumber, MemberId, ProposalId, Rules, Strength};

/// Another contract, or none, serves the role now.
#[ink::event]
pub struct RoleChanged {
    #[ink(topic)]
    pub role: String,
    pub contract: Option<AccountId>,
    /// `None` for what the constructor set.
    pub proposal: Option<ProposalId>,
}

/// Votes are held by these rules now.
#[ink::event]
pub struct RulesChanged {
    pub rules: Rules,
    /// `None` for what the constructor set.
    pub proposal: Option<ProposalId>,
}

/// A member made a proposal.
#[ink::event]
pub struct Proposed {
    #[ink(topic)]
    pub id: ProposalId,
    #[ink(topic)]
    pub proposer: MemberId,
    pub action: Action,
    pub strength: Strength,
    /// The first block without votes.
    pub voting_ends: BlockNumber,
}

/// A member voted, for the first time or anew.
#[ink::event]
pub struct Voted {
    #[ink(topic)]
    pub id: ProposalId,
    #[ink(topic)]
    pub member: MemberId,
    pub yes: bool,
}

/// Some ballots were checked again.
#[ink::event]
pub struct Counted {
    #[ink(topic)]
    pub id: ProposalId,
    /// Ballots checked so far.
    pub counted: u32,
    /// Of these, votes in favour of people who were still members.
    pub confirmed: u32,
}

/// A proposal was executed.
#[ink::event]
pub struct Executed {
    #[ink(topic)]
    pub id: ProposalId,
    /// Votes in favour that counted.
    pub confirmed: u32,
    /// Votes that were needed.
    pub needed: u32,
    /// Members active in this block.
    pub active: u32,
}
