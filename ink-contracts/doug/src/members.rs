// SPDX-License-Identifier: Apache-2.0
//! How does a contract of Kith learn who is a member?

use ink::env::{chain_extension::FromStatusCode, DefaultEnvironment, Environment};

use crate::Error;

/// A person known to the chain, whatever key they use today.
pub type MemberId = u32;

/// The chain extension 0x4B49 (`KI`): the chain's answers about its members, at the block of the call.
///
/// Arguments and answers are SCALE-encoded; a status other than 0 means that there is no answer.
#[ink::chain_extension(extension = 0x4B49)]
pub trait Members {
    type ErrorCode = MembersUnavailable;

    /// The active member whose key the account is, or `None`.
    #[ink(function = 1)]
    fn member_of(account: ink::primitives::AccountId) -> Option<MemberId>;

    /// How many members are active.
    #[ink(function = 2)]
    fn active_members() -> u32;

    /// Whether the person is an active member.
    #[ink(function = 3)]
    fn is_member(member: MemberId) -> bool;
}

/// The chain answered with a status other than success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(TypeInfo)]
pub struct MembersUnavailable;

impl FromStatusCode for MembersUnavailable {
    fn from_status_code(status_code: u32) -> Result<(), Self> {
        match status_code {
            0 => Ok(()),
            _ => Err(Self),
        }
    }
}

impl From<MembersUnavailable> for Error {
    fn from(_: MembersUnavailable) -> Self {
        Error::MembersUnavailable
    }
}

/// The types of the chain that contracts of Kith run on: ink's defaults, and the extension [`Members`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[ink::scale_derive(TypeInfo)]
pub enum KithEnvironment {}

impl Environment for KithEnvironment {
    const MAX_EVENT_TOPICS: usize = DefaultEnvironment::MAX_EVENT_TOPICS;

    type AccountId = <DefaultEnvironment as Environment>::AccountId;
    type Balance = <DefaultEnvironment as Environment>::Balance;
    type Hash = <DefaultEnvironment as Environment>::Hash;
    type BlockNumber = <DefaultEnvironment as Environment>::BlockNumber;
    type Timestamp = <DefaultEnvironment as Environment>::Timestamp;
    type ChainExtension = Members;
}
