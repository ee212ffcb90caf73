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
    /// A member who lost the laptop gets everything back with a new key
    LostKey,
    /// A thief with a member's key is shut out
    StolenKey,
    /// A member is expelled, and can read nothing written after
    Expel,
    /// Members validate whom nobody invited; one whose node dies loses the seat, and nothing else
    Validate,
    /// All of them
    All,
}

/// Each story, in the order they are told.
const EACH: [Story; 7] =
    [Story::Found, Story::Join, Story::Share, Story::LostKey, Story::StolenKey, Story::Expel, Story::Validate];

/// The names of the stories' files, after `story_` and without their end, in the order they are told.
pub(crate) fn names() -> Vec<String> {
    EACH.into_iter().map(name).collect()
}

fn name(story: Story) -> String {
    story.to_possible_value().map(|value| value.get_name().replace('-', "_")).unwrap_or_default()
}

/// Builds the programs, then runs the story.
pub(crate) fn run(root: &Path, story: Story) -> Result<()> {
    // The same selection as the whole test run, so that nothing is compiled twice with other features.
    cargo(root, &["build", "--workspace", "--all-targets", "--locked"])?;
    let stories = match story {
        Story::All => EACH.to_vec(),
        one => vec![one],
    };
    for story in stories {
        let filter = format!("binary(it) & test(=story_{}::story)", name(story));
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
