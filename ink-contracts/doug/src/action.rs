// SPDX-License-Identifier: Apache-2.0
//! What can the members decide?

use ink::{
    prelude::{string::String, vec::Vec},
    primitives::AccountId,
};

use crate::{MemberId, Rules};

/// The longest encoded parameter change, in bytes. The largest parameter of the constitution is far shorter.
pub const MAX_PARAMETER_LEN: usize = 256;

/// What a proposal does when it is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Action {
    /// Let the contract serve the role.
    #[codec(index = 0)]
    SetRole { role: String, contract: AccountId },
    /// Let nobody serve the role.
    #[codec(index = 1)]
    ClearRole { role: String },
    /// Change a parameter of the constitution: the SCALE encoding of the constitution pallet's `Parameter`.
    #[codec(index = 2)]
    SetParameter(Vec<u8>),
    /// Let the contract govern in DOUG's place.
    #[codec(index = 3)]
    ReplaceDoug { contract: AccountId },
    /// Expel a member.
    #[codec(index = 4)]
    RemoveMember(MemberId),
    /// Vote by these rules from now on.
    #[codec(index = 5)]
    SetRules(Rules),
}
