// SPDX-License-Identifier: Apache-2.0
//! The `kith` command.

use std::process::ExitCode;

use clap::Parser;
use kith_companion::{run, Cli};

fn main() -> ExitCode {
    run(Cli::parse())
}
