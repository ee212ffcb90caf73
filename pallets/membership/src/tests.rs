// SPDX-License-Identifier: Apache-2.0
//! What membership does, by topic.

mod admission;
mod attempts;
mod certificate;
mod departure;
mod devices;
mod former;
mod freezing;
mod genesis;
mod guardians;
mod invariants;
mod machine;
mod motions;
mod origins;
mod quota;
mod recovery;
mod rekeying;
mod sponsor;
mod threats;
