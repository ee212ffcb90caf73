// SPDX-License-Identifier: Apache-2.0
//! Which person an account stands for, whatever became of it.

use kith_chain::{View, ViewError};
use kith_primitives::{runtime_api::MemberView, AccountId};

/// The person whose account this is, or was; or whose device it is. A frozen account counts for nothing on the chain, but
/// is still somebody's.
pub(crate) async fn behind(view: &View, account: &AccountId) -> Result<Option<MemberView>, ViewError> {
    if let Some(person) = view.member_of(account).await? {
        return Ok(Some(person));
    }
    let person = match view.owner_of(account).await? {
        Some(owner) => Some(owner),
        None => view.former(account).await?,
    };
    match person {
        Some(person) => view.member(person).await,
        None => Ok(None),
    }
}
