// SPDX-License-Identifier: Apache-2.0
//! The part of the `wasm-opt` crate that `substrate-wasm-builder` calls, done by the system's `wasm-opt`.
//!
//! Compiling binaryen from source is the largest unit of a cold build; see `docs/adr/0002-system-wasm-opt.md`.

use std::{fmt, path::Path, process::Command};

/// The passes the builder asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Drop DWARF sections.
    StripDwarf,
    /// Replace sign-extension instructions by shifts.
    SignextLowering,
}

/// What to do to a module: the arguments of one `wasm-opt` run.
#[derive(Clone, Debug)]
pub struct OptimizationOptions(Vec<&'static str>);

/// Why a module could not be processed.
#[derive(Debug)]
pub struct OptimizationError(String);

impl OptimizationOptions {
    /// No optimisation: `-O0`.
    pub fn new_opt_level_0() -> Self {
        Self(vec!["-O0"])
    }

    /// Only the features of the first version of WebAssembly, and the mutable globals rustc emits.
    pub fn mvp_features_only(&mut self) -> &mut Self {
        self.0.extend(["--mvp-features", "--enable-mutable-globals"]);
        self
    }

    /// Keep the names section.
    pub fn debug_info(&mut self, keep: bool) -> &mut Self {
        if keep {
            self.0.push("-g");
        }
        self
    }

    /// Add one pass. Code for `wasm32v1-none` has no sign-extension instructions, so lowering them is no pass at all;
    /// for another target `--mvp-features` makes `wasm-opt` refuse the module.
    pub fn add_pass(&mut self, pass: Pass) -> &mut Self {
        if pass == Pass::StripDwarf {
            self.0.push("--strip-dwarf");
        }
        self
    }

    /// Read `input`, write `output`; they may be the same file.
    pub fn run(&self, input: impl AsRef<Path>, output: impl AsRef<Path>) -> Result<(), OptimizationError> {
        let run = Command::new("wasm-opt").args(&self.0).arg(input.as_ref()).arg("-o").arg(output.as_ref()).output();
        match run {
            Ok(done) if done.status.success() => Ok(()),
            Ok(done) => Err(OptimizationError(format!(
                "wasm-opt refused {}: {}",
                input.as_ref().display(),
                String::from_utf8_lossy(&done.stderr)
            ))),
            Err(cause) => Err(OptimizationError(format!(
                "cannot run wasm-opt: {cause}. Install it with `apt-get install binaryen`, or run scripts/setup"
            ))),
        }
    }
}

impl fmt::Display for OptimizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptimizationError {}
