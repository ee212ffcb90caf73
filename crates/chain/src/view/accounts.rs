// SPDX-License-Identifier: Apache-2.0
//! Whose an account is, be it frozen or not.

use kith_primitives::{member::MemberId, AccountId};
use subxt::utils::AccountId32;

use super::{View, ViewError};
use crate::api::kith;

impl View {
    /// The person whose account this is now. Unlike [`View::member_of`] it knows frozen accounts too, and no devices.
    pub async fn owner_of(&self, account: &AccountId) -> Result<Option<MemberId>, ViewError> {
        let key = AccountId32(account.clone().into());
        self.entry(kith::storage().membership().person_of(), (key,)).await
    }

    /// Whether the account counts for nothing: it is frozen, or its person has another by now.
    pub async fn is_barred(&self, account: &AccountId) -> Result<bool, ViewError> {
        let Some(owner) = self.owner_of(account).await? else { return Ok(self.former(account).await?.is_some()) };
        Ok(self.keys(owner).await?.is_some_and(|keys| keys.frozen_since.is_some()))
    }
}
