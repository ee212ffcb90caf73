// SPDX-License-Identifier: Apache-2.0
//! A community over the real programs, for tests: founders with keys, nodes, companions, each stopped when dropped.

mod community;
mod companion;
mod node;
mod person;
mod plan;
mod program;
mod rpc;
mod session;

pub use community::{Community, Founding};
pub use companion::Companion;
pub use node::Node;
pub use person::{Person, PASSWORD};
pub use plan::{Plan, BLOCK_MS};
pub use program::{program, wait_for};
pub use rpc::{get, Answer};
