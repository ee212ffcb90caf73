// SPDX-License-Identifier: Apache-2.0
//! Which overrides of the governing contract the members vote on.

use kith_primitives::{member::MemberId, parameters::Parameters, AccountId, BlockNumber};

use super::{View, ViewError};
use crate::{
    api::kith::{self, runtime_types::pallet_kith_constitution::types::OverrideAction as Action},
    call::OverrideAction,
};

/// An override that is voted on, or was and is not cleared away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Its number.
    pub id: u32,
    /// Who asked for it.
    pub proposer: MemberId,
    /// What it would bring about.
    pub action: OverrideAction,
    /// How many active members approve.
    pub approvals: u32,
    /// The last block in which it may be approved.
    pub expires: BlockNumber,
}

impl View {
    /// All overrides: at most one for each member.
    pub async fn overrides(&self) -> Result<Vec<Override>, ViewError> {
        let mut overrides = Vec::new();
        for ((id,), found) in self.entries(kith::storage().constitution().overrides(), ()).await? {
            let action = match found.action {
                Action::SetParameter(parameter) => OverrideAction::SetParameter(parameter.0),
                Action::SetDoug(doug) => OverrideAction::SetDoug(AccountId::new(doug.0)),
                Action::RemoveMember(person) => OverrideAction::RemoveMember(person),
            };
            let (proposer, approvals, expires) = (found.proposer, found.approvals, found.expires);
            overrides.push(Override { id, proposer, action, approvals, expires });
        }
        overrides.sort_by_key(|found| found.id);
        Ok(overrides)
    }

    /// The numbers of the overrides a member approves of; some may be closed by now.
    pub async fn approves(&self, member: MemberId) -> Result<Vec<u32>, ViewError> {
        let approved = self.entry(kith::storage().constitution().approved_by(), (member,)).await?;
        Ok(approved.map(|approved| approved.0).unwrap_or_default())
    }

    /// The parameters as they will be when the next era starts, if a change is decided.
    pub async fn scheduled(&self) -> Result<Option<Parameters>, ViewError> {
        let next = self.entry(kith::storage().constitution().scheduled(), ()).await?;
        Ok(next.map(|next| next.0))
    }

    /// The first block of the next era; nothing before the first era.
    pub async fn next_era(&self) -> Result<Option<BlockNumber>, ViewError> {
        let Some(era) = self.entry(kith::storage().incentives().current_era(), ()).await? else { return Ok(None) };
        Ok(Some(era.started.saturating_add(self.parameters().await?.era_length)))
    }
}
