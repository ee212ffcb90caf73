// SPDX-License-Identifier: Apache-2.0
//! The companion on a member's machine: it joins keys, chain, store, vault and proxy, and holds no rule of its own.
//!
//! [`cli`] is what a person types; each command has its room in [`commands`]. [`home`] is where things are kept.

pub mod cli;
mod commands;
mod community;
mod companion;
mod control;
mod daemon;
mod distance;
mod guarding;
mod home;
mod operations;
mod overriding;
mod papers;
mod password;
mod people;
mod person;
mod progress;
mod publishing;
mod reading;
mod renewals;
mod report;
mod settings;

pub use cli::Cli;
pub use commands::run;
pub use report::{misread, Failure};
