// SPDX-License-Identifier: Apache-2.0
//! Whether referees are asked, or still to be drawn, for a newcomer.

use kith_primitives::member::MemberId;

use super::{View, ViewError};
use crate::api::kith;

impl View {
    /// Whether a request for referees stands: one was made for the person, and its time is not over.
    pub async fn has_request(&self, person: MemberId) -> Result<bool, ViewError> {
        let storage = self.at.storage();
        let found = storage.try_fetch(kith::storage().vouching().requests(), (person,)).await;
        let Some(found) = found.map_err(ViewError::node)? else { return Ok(false) };
        let request = found.decode().map_err(ViewError::node)?;
        let seeds = storage.fetch(kith::storage().vouching().seeds(), ()).await.map_err(ViewError::node)?;
        let seeds = seeds.decode().map_err(ViewError::node)?.0;
        Ok(seeds.first().is_some_and(|oldest| oldest.epoch <= request.epoch))
    }
}
