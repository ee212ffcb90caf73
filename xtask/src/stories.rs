// SPDX-License-Identifier: Apache-2.0
//! The stories: end-to-end tests over the real programs, one by one and with what they show printed.

use std::{path::Path, process::Command};

use anyhow::{ensure, Result};
use clap::ValueEnum;

/// A story of the design that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Story {
    /// A file becomes a chain
    Found,
    /// A newcomer becomes a member
    Join,
    /// A folder is published, granted and opened by name
    Share,
    /// All of them
    All,
}

/// Builds the programs, then runs the story.
pub(crate) fn run(root: &Path, story: Story) -> Result<()> {
    // The same selection as the whole test run, so that nothing is compiled twice with other features.
    cargo(root, &["build", "--workspace", "--all-targets", "--locked"])?;
    let stories = match story {
        Story::All => vec![Story::Found, Story::Join, Story::Share],
        one => vec![one],
    };
    for story in stories {
        let filter = format!("binary(it) & test(=story_{}::story)", format!("{story:?}").to_lowercase());
        let run = ["nextest", "run", "--workspace", "--locked", "--no-capture", "--cargo-quiet", "-E", &filter];
        cargo(root, &run)?;
    }
    Ok(())
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(arguments).current_dir(root).status()?;
    ensure!(status.success(), "cargo {}", arguments.join(" "));
    Ok(())
}
