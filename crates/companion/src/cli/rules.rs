// SPDX-License-Identifier: Apache-2.0
//! What a person may type about the community's rules.

use clap::Subcommand;

/// Overrides of the governing contract.
#[derive(Debug, Subcommand)]
pub enum OverrideCommand {
    /// Ask the members to give a parameter of the constitution a new value, or agree with those who asked
    Set {
        /// Its name, as the reference of parameters has it: admission_threshold, say
        parameter: String,
        /// Its value from the next era on: blocks, percent, a number, or an amount in the token's smallest unit
        value: u128,
    },
    /// Say what members ask for, and how many agree; and what is decided and not in force yet
    List,
    /// Agree with one
    Approve {
        /// Its number
        id: u32,
    },
    /// Agree no longer
    Withdraw {
        /// Its number
        id: u32,
    },
}
