// SPDX-License-Identifier: Apache-2.0
//! Whether what the documents show can be typed, no secret can, and help spares people what they need not know.

use clap::{error::ErrorKind, CommandFactory};

use super::*;

const README: &str = include_str!("../../../../README.md");
const LOCKED_OUT: &str = include_str!("../../../../docs/guides/locked-out.md");
const DOCUMENTS: [&str; 4] = [
    README,
    LOCKED_OUT,
    include_str!("../../../../ARCHITECTURE.md"),
    include_str!("../../../../docs/guides/threat-model.md"),
];

fn typed(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_the_readme_shows_can_be_typed() {
    ensure_all_can_be_typed(README, 20);
}

#[test]
fn every_command_that_leads_back_into_a_community_can_be_typed() {
    ensure_all_can_be_typed(LOCKED_OUT, 6);
}

/// Types what a text shows in blocks, which is so many commands at least.
fn ensure_all_can_be_typed(text: &str, least: usize) {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines: Vec<&str> = blocks.flat_map(str::lines).filter(|line| line.starts_with("kith ")).collect();
    assert!(lines.len() >= least, "it shows {} commands", lines.len());
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

/// What `--help` says of a command and of all below it.
fn helps(command: &mut clap::Command) -> Vec<String> {
    let mut all = vec![command.render_long_help().to_string()];
    for below in command.get_subcommands_mut() {
        all.extend(helps(below));
    }
    all
}

#[test]
fn no_help_speaks_of_a_witness() {
    let all = helps(&mut Cli::command());
    for known in ["Vouch for someone", "The newcomer's application", "Where keys, settings and the store are kept"] {
        assert!(all.iter().any(|help| help.contains(known)), "no help says: {known}");
    }
    // The companion finds it by itself: no member need ever have heard the word.
    for help in all {
        assert!(!help.to_lowercase().contains("witness"), "{help}");
    }
}
