// SPDX-License-Identifier: Apache-2.0
//! DOUG: which contract serves which role of a community, and what its members decide?
//!
//! DOUG keeps a registry of *roles*: a short name served by one contract at a time, with its whole history. The members
//! decide by vote who serves a role, and by the same vote change a parameter of the constitution, remove a member, change
//! the rules of the vote, or put another contract in DOUG's own place. DOUG itself serves the role `doug`.
//!
//! # One proposal, from first to last
//!
//! ```text
//! propose        voting_period            delay              expiry
//!    |----------- vote ----------------|-----------|------ execute, once ------|  expired
//! opened_at                       voting_ends  executable_from            expires_at
//! ```
//!
//! Each phase starts at the block named under it and ends just before the next.
//!
//! * Only an active member proposes and votes; the *caller* counts, never the origin of the transaction, so no contract
//!   can borrow a member's voice. A ballot belongs to the `MemberId`: a member with a new key still has one. It may be
//!   changed while the voting is open.
//! * The strength a proposal needs follows from what it does ([`Strength`]), and is settled again at execution: a role
//!   that was free when proposed may be taken by then.
//! * Votes are counted when the proposal is executed, against the members active *at that block*: everybody who does
//!   not vote counts as a no, and people who left no longer count at all. To know that, every ballot in favour is asked
//!   again whether its member still is one. One call asks at most [`BALLOTS_PER_COUNT`] of them; when there are more,
//!   `count` is called first, as often as needed, in the same phase. A member admitted during the poll may vote.
//! * Both the rules at the time of the proposal and the rules in force at execution must be met.
//! * If what was decided fails (a role that cannot be set, a runtime that refuses), the whole call is undone and may be
//!   tried again until the proposal expires.
//! * Anybody may execute what was decided: it needs no further will.
//!
//! Once another contract serves `doug`, this one refuses every change and still answers every question; `resolve` of the
//! role `doug` then leads to the successor.
//!
//! # How a chain instantiates DOUG
//!
//! Constructor data is the selector, the first four bytes of the blake2-256 hash of the constructor's name, followed by
//! the SCALE-encoded arguments. For `new(rules)`:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | selector of `new`: `9b ae 9d 5e` |
//! | 4 | `voting_period`, blocks, u32 little endian |
//! | 4 | `delay`, blocks, u32 little endian |
//! | 4 | `expiry`, blocks, u32 little endian |
//! | 1 | `ordinary_above`, percent |
//! | 1 | `extraordinary`, percent |
//! | 1 | `constitutional`, percent |
//!
//! `default()` is its selector alone. All selectors are in `artifacts/doug.selectors.json`.
//!
//! # What DOUG asks of the chain
//!
//! The chain extension [`Members`], and a `call_runtime` that lets the calls of the module [`runtime_call`] through and no
//! other.
#![cfg_attr(not(feature = "std"), no_std, no_main)]

mod action;
mod contract;
mod error;
mod events;
mod members;
mod proposal;
mod role;
mod rules;
pub mod runtime_call;

pub use action::{Action, MAX_PARAMETER_LEN};
pub use contract::doug::{Doug, DougRef};
pub use error::Error;
pub use events::{Counted, Executed, Proposed, RoleChanged, RulesChanged, Voted};
pub use members::{KithEnvironment, MemberId, Members, MembersUnavailable};
pub use proposal::{Phase, Proposal, ProposalId, BALLOTS_PER_COUNT, MAX_LIVE_PROPOSALS};
pub use role::{RoleEntry, Service, DOUG_ROLE, MAX_ROLE_LEN};
pub use rules::{BlockNumber, Rules, Strength, MAX_PERIOD};

#[cfg(test)]
mod tests;
