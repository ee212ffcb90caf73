// SPDX-License-Identifier: Apache-2.0
//! A typed view of our chain: what it says at its finalised block, and a way to change it.
//!
//! [`Chain`] connects, [`View`] answers, [`Call`] is what a member may ask for, [`Chain::submit`] signs it and waits until it
//! is final. The calls are generated from `artifacts/metadata.scale`; a chain that differs refuses them by name.

mod api;
mod call;
mod connect;
mod session;
mod signer;
mod submit;
mod view;

pub use call::{Call, OverrideAction, Proposal, SessionKeys};
pub use connect::{Chain, ConnectError, Finalised};
pub use signer::Signer;
pub use submit::{Receipt, SubmitError};
pub use view::{Given, Override, View, ViewError};
