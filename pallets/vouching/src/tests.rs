// SPDX-License-Identifier: Apache-2.0
//! What vouching does, by topic, together with the real membership.

mod agenda;
mod departure;
mod genesis;
mod grace;
mod join;
mod machine;
mod reconsider;
mod renew;
mod threats;
mod vouch;
mod withdraw;
