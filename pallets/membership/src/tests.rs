// SPDX-License-Identifier: Apache-2.0
//! What membership does, by topic.

mod admission;
mod departure;
mod devices;
mod genesis;
mod quota;
mod sponsor;
mod threats;
