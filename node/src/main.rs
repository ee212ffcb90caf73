// SPDX-License-Identifier: GPL-3.0-or-later WITH Classpath-exception-2.0
//! The chain client of a Kith community, with the embedded store of a provider.
#![expect(clippy::result_large_err, reason = "the SDK's error is; one is made in a process's life")]

use std::{error::Error, process::ExitCode};

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod service;
mod store;

fn main() -> ExitCode {
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let causes = std::iter::successors(error.source(), |cause| (*cause).source());
            let mut said = error.to_string();
            for cause in causes.map(ToString::to_string).filter(|cause| !cause.is_empty()) {
                // Many errors of the SDK already say what their cause says.
                if !said.contains(&cause) {
                    eprintln!("  because: {cause}");
                }
                said = cause;
            }
            ExitCode::FAILURE
        }
    }
}
