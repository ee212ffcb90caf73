// SPDX-License-Identifier: Apache-2.0
//! What vouching does, by topic, together with the real membership.

mod agenda;
mod departure;
mod distance;
mod genesis;
mod grace;
mod invariants;
mod join;
mod machine;
mod parameters;
mod reconsider;
mod region;
mod renew;
mod request;
mod rules;
mod terms;
mod threats;
mod vouch;
mod withdraw;
mod witness;
