// SPDX-License-Identifier: Apache-2.0
//! Whether what the documents show can be typed, and no secret can.

use clap::{error::ErrorKind, CommandFactory};

use super::*;

const README: &str = include_str!("../../../../README.md");
const DOCUMENTS: [&str; 3] =
    [README, include_str!("../../../../ARCHITECTURE.md"), include_str!("../../../../docs/guides/threat-model.md")];

fn typed(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_the_readme_shows_can_be_typed() {
    let blocks = README.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines: Vec<&str> = blocks.flat_map(str::lines).filter(|line| line.starts_with("kith ")).collect();
    assert!(lines.len() >= 20, "the README shows {} commands", lines.len());
    for line in lines {
        // A shell takes neither comments nor where the output goes for arguments.
        let command = line.split(" #").next().and_then(|line| line.split(" > ").next()).unwrap();
        typed(command).unwrap_or_else(|cause| panic!("{line}: {cause}"));
    }
}

#[test]
fn every_command_a_text_mentions_exists() {
    let mentioned =
        DOCUMENTS.iter().flat_map(|text| text.split("`kith ").skip(1)).filter_map(|rest| rest.split('`').next());
    for command in mentioned.filter(|command| !command.contains('<')) {
        let Err(cause) = typed(&format!("kith {command}")) else { continue };
        // A command may be mentioned without what it is about.
        let incomplete = [
            ErrorKind::MissingRequiredArgument,
            ErrorKind::MissingSubcommand,
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ];
        assert!(incomplete.contains(&cause.kind()), "kith {command}: {cause}");
    }
}

fn arguments(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().map(|argument| argument.get_id().to_string());
    own.chain(command.get_subcommands().flat_map(arguments)).collect()
}

#[test]
fn no_secret_is_an_argument() {
    let all = arguments(&Cli::command());
    assert!(all.iter().any(|name| name == "password_fd"), "{all:?}");
    for name in all {
        let secret = ["password", "phrase", "words", "seed", "secret", "mnemonic", "suri", "token"]
            .into_iter()
            .any(|secret| name.contains(secret));
        assert!(!secret || name == "password_fd", "{name}: everyone on the machine can see what was typed");
    }
}
