// SPDX-License-Identifier: Apache-2.0
//! Whether it can be requested now that referees be asked about somebody.

use kith_primitives::member::MemberId;

use super::{View, ViewError};
use crate::api::kith;

impl View {
    /// Whether no request for referees stands in the way of another: none was made for the person, or its time is over and
    /// so is the interval after it.
    pub async fn may_request(&self, person: MemberId) -> Result<bool, ViewError> {
        let request = self.entry(kith::storage().vouching().requests(), (person,)).await?;
        let Some(request) = request else { return Ok(true) };
        let seeds = self.entry(kith::storage().vouching().seeds(), ()).await?;
        let seeds = seeds.map(|seeds| seeds.0).unwrap_or_default();
        let is_over = seeds.first().is_none_or(|oldest| oldest.epoch > request.epoch);
        let next = request.at.saturating_add(self.parameters().await?.distance_interval);
        Ok(is_over && self.block().number >= next)
    }
}
