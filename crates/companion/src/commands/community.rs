// SPDX-License-Identifier: Apache-2.0
//! `kith community`: from a file to a chain.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::{
    cli::{CommunityCommand, CommunityNewArgs},
    community::{found, CommunityFile, EXAMPLE},
    report::{Done, Failure},
};

pub(super) fn run(command: &CommunityCommand) -> Result<Done, Failure> {
    match command {
        CommunityCommand::New(arguments) => new(arguments),
        CommunityCommand::Example => Ok(Done::new(EXAMPLE, json!({ "file": EXAMPLE }))),
    }
}

fn new(arguments: &CommunityNewArgs) -> Result<Done, Failure> {
    let community = CommunityFile::read(&arguments.file).map_err(Failure::usage)?;
    let out =
        arguments.out.clone().unwrap_or_else(|| arguments.file.with_file_name(format!("{}.json", community.name)));
    let founded = found(&community, &node_program(arguments.node_bin.as_deref()), &out)?;
    let text = format!(
        "{} is founded.\nchain specification  {}\ngenesis hash         {}\nEvery member runs: kith init --community {}",
        community.name,
        founded.specification.display(),
        founded.genesis,
        founded.specification.display(),
    );
    let data = json!({
        "name": community.name,
        "specification": founded.specification,
        "genesis": founded.genesis,
        "founders": community.founders.len(),
    });
    Ok(Done::new(text, data))
}

/// The node named, or the one beside this program, or the one in PATH.
fn node_program(given: Option<&Path>) -> PathBuf {
    let beside = std::env::current_exe().ok().map(|this| this.with_file_name("kith-node")).filter(|node| node.exists());
    given.map(Path::to_path_buf).or(beside).unwrap_or_else(|| "kith-node".into())
}
