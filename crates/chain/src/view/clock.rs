// SPDX-License-Identifier: Apache-2.0
//! When the block was made whose answers these are.

use std::time::Duration;

use super::{View, ViewError};
use crate::api::kith;

impl View {
    /// The time of the block, since 1970, as its author had it.
    pub async fn time(&self) -> Result<Duration, ViewError> {
        // The first block has none.
        let millis = self.entry(kith::storage().timestamp().now(), ()).await?;
        Ok(Duration::from_millis(millis.unwrap_or_default()))
    }
}
