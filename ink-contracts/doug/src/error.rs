// SPDX-License-Identifier: Apache-2.0
//! Why did DOUG refuse?

/// Every reason for which a message or a constructor fails. A failed call changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Error {
    /// The caller is not an active member of the community; call with the key of one.
    #[codec(index = 0)]
    NotMember,
    /// The chain does not answer who is a member; nothing is decided without that answer.
    #[codec(index = 1)]
    MembersUnavailable,
    /// Another contract serves `doug` now; resolve the role `doug` and call that one.
    #[codec(index = 2)]
    Replaced,
    /// A role name is 1 to 32 characters from a to z, 0 to 9 and the hyphen.
    #[codec(index = 3)]
    InvalidRole,
    /// The role `doug` is changed by replacing DOUG only.
    #[codec(index = 4)]
    ReservedRole,
    /// No contract serves this role.
    #[codec(index = 5)]
    UnknownRole,
    /// The account is not a contract of this chain; instantiate the contract first.
    #[codec(index = 6)]
    NotAContract,
    /// This contract serves the role already.
    #[codec(index = 7)]
    AlreadyServes,
    /// An encoded parameter change is 1 to 256 bytes long.
    #[codec(index = 8)]
    ParameterLength,
    /// The person to be removed is not an active member.
    #[codec(index = 9)]
    UnknownMember,
    /// The last active member cannot be removed.
    #[codec(index = 10)]
    LastMember,
    /// The rules are out of bounds: each period at most `MAX_PERIOD`, voting and expiry at least one block,
    /// and 50 ≤ ordinary < extraordinary ≤ constitutional ≤ 100 percent.
    #[codec(index = 11)]
    InvalidRules,
    /// The member has as many proposals under way as one may have; wait until one is executed or expires.
    #[codec(index = 12)]
    TooManyProposals,
    /// There is no proposal with this number.
    #[codec(index = 13)]
    UnknownProposal,
    /// The voting on this proposal is over.
    #[codec(index = 14)]
    VotingClosed,
    /// The voting or the delay after it is not over yet.
    #[codec(index = 15)]
    TooEarly,
    /// The time to execute this proposal is over; propose it again.
    #[codec(index = 16)]
    Expired,
    /// This proposal was executed before.
    #[codec(index = 17)]
    AlreadyExecuted,
    /// More ballots than one call may check are left; call `count` until none is left, then execute.
    #[codec(index = 18)]
    BallotsLeft,
    /// Too few of the members active now voted yes.
    #[codec(index = 19)]
    NotEnoughVotes,
    /// The runtime refused the decided call; it may be tried again until the proposal expires.
    #[codec(index = 20)]
    RuntimeRefused,
    /// A counter of this contract is at its end.
    #[codec(index = 21)]
    Full,
}
