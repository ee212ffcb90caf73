// SPDX-License-Identifier: Apache-2.0
//! The settings of each pallet, one room for each family.

mod accounts;
mod community;
mod consensus;
mod governance;
mod system;

pub use accounts::{ProxyType, EXISTENTIAL_DEPOSIT};
pub use governance::DOUG_ENDOWMENT;
pub use system::{BlockWeights, SS58_PREFIX};
