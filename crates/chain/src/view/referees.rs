// SPDX-License-Identifier: Apache-2.0
//! Whether it can be requested now that referees be asked about somebody.

use kith_primitives::member::MemberId;

use super::{View, ViewError};
use crate::api::kith;

impl View {
    /// Whether no request for referees stands in the way of another: none was made for the person, or its time is over and
    /// so is the interval after it.
    pub async fn may_request(&self, person: MemberId) -> Result<bool, ViewError> {
        let storage = self.at.storage();
        let found = storage.try_fetch(kith::storage().vouching().requests(), (person,)).await;
        let Some(found) = found.map_err(ViewError::node)? else { return Ok(true) };
        let request = found.decode().map_err(ViewError::node)?;
        let seeds = storage.fetch(kith::storage().vouching().seeds(), ()).await.map_err(ViewError::node)?;
        let seeds = seeds.decode().map_err(ViewError::node)?.0;
        let is_over = seeds.first().is_none_or(|oldest| oldest.epoch > request.epoch);
        let next = request.at.saturating_add(self.parameters().await?.distance_interval);
        Ok(is_over && self.block().number >= next)
    }
}
