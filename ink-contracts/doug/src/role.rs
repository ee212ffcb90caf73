// SPDX-License-Identifier: Apache-2.0
//! What is a role, and who served it since when?

use ink::{prelude::string::String, primitives::AccountId};

use crate::{BlockNumber, Error, ProposalId};

/// The longest role name, in characters.
pub const MAX_ROLE_LEN: usize = 32;

/// The role that DOUG itself serves; it changes hands only when DOUG is replaced.
pub const DOUG_ROLE: &str = "doug";

/// A role as the registry lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct RoleEntry {
    /// The name of the role.
    pub role: String,
    /// The contract that serves it, `None` when it was cleared.
    pub contract: Option<AccountId>,
}

/// What the registry stores of a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub(crate) struct Role {
    pub(crate) contract: Option<AccountId>,
    /// How many entries its history has.
    pub(crate) changes: u32,
}

/// One entry of a role's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Service {
    /// Who served the role from then on, `None` when it was cleared.
    pub contract: Option<AccountId>,
    /// The block of the change.
    pub since: BlockNumber,
    /// The decision behind it, `None` for what the constructor set.
    pub proposal: Option<ProposalId>,
}

/// Whether the text is 1 to [`MAX_ROLE_LEN`] characters of `a-z`, `0-9` and `-`: nothing that looks like another name.
pub(crate) fn is_role_name(text: &str) -> bool {
    (1..=MAX_ROLE_LEN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Refuses what is no role name, and the role that a vote on roles may not touch.
pub(crate) fn check_changeable(role: &str) -> Result<(), Error> {
    if !is_role_name(role) {
        return Err(Error::InvalidRole);
    }
    if role == DOUG_ROLE {
        return Err(Error::ReservedRole);
    }
    Ok(())
}
