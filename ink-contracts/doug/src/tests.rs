// SPDX-License-Identifier: Apache-2.0
//! Does DOUG decide as its documentation says? Off chain, with the chain's answers played by [`chain`].

pub(crate) mod chain;
mod decisions;
mod encoding;
mod registry;
mod rules;
mod voting;
