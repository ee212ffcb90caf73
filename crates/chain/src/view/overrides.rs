// SPDX-License-Identifier: Apache-2.0
//! Which overrides of the governing contract the members vote on.

use kith_primitives::{member::MemberId, BlockNumber};

use super::{View, ViewError};
use crate::api::kith::{self, runtime_types::pallet_kith_constitution::types::OverrideAction};

/// An override that is voted on, or was and is not cleared away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Override {
    /// Its number.
    pub id: u32,
    /// Who asked for it.
    pub proposer: MemberId,
    /// Whom it would expel; nothing if it would do something else.
    pub expels: Option<MemberId>,
    /// How many active members approve.
    pub approvals: u32,
    /// The last block in which it may be approved.
    pub expires: BlockNumber,
}

impl View {
    /// All overrides: at most one for each member.
    pub async fn overrides(&self) -> Result<Vec<Override>, ViewError> {
        let address = kith::storage().constitution().overrides();
        let mut entries = self.at.storage().iter(address, ()).await.map_err(ViewError::node)?;
        let mut overrides = Vec::new();
        while let Some(entry) = entries.next().await {
            let entry = entry.map_err(ViewError::node)?;
            let (id,) = entry.key().map_err(ViewError::node)?.decode().map_err(ViewError::node)?;
            let found = entry.value().decode().map_err(ViewError::node)?;
            let expels = match found.action {
                OverrideAction::RemoveMember(person) => Some(person),
                _ => None,
            };
            let (proposer, approvals, expires) = (found.proposer, found.approvals, found.expires);
            overrides.push(Override { id, proposer, expels, approvals, expires });
        }
        overrides.sort_by_key(|found| found.id);
        Ok(overrides)
    }

    /// The numbers of the overrides a member approves of; some may be closed by now.
    pub async fn approves(&self, member: MemberId) -> Result<Vec<u32>, ViewError> {
        let address = kith::storage().constitution().approved_by();
        let found = self.at.storage().fetch(address, (member,)).await.map_err(ViewError::node)?;
        Ok(found.decode().map_err(ViewError::node)?.0)
    }
}
