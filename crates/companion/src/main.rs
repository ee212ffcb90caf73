// SPDX-License-Identifier: Apache-2.0
//! The `kith` command.

use std::process::ExitCode;

use clap::Parser;
use kith_companion::{misread, run, Cli};

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        // What cannot be read as a command may still say how it wants its answer.
        Err(cause) => misread(&cause, std::env::args_os().any(|argument| argument == "--json")),
    }
}
