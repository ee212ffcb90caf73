// SPDX-License-Identifier: Apache-2.0
//! What a member's machine remembers: which community, which node. Arguments and environment go before the file.

use serde::{Deserialize, Serialize};

use crate::{cli::Global, home::Home};

/// Where a node of one's own listens.
const DEFAULT_NODE: &str = "ws://127.0.0.1:9944";

/// The settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The community's genesis hash, in hex.
    genesis: Option<String>,
    /// The node's URL.
    node: Option<String>,
}

/// What a command works with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The community's genesis hash, if it is known.
    pub(crate) genesis: Option<[u8; 32]>,
    /// The node's URL.
    pub(crate) node: String,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("cannot read or write {path}: {cause}")]
    Io { path: std::path::PathBuf, cause: std::io::Error },
    #[error("{path} is not a settings file: {cause}. Mend the line, or delete the file and run `kith init` again")]
    Malformed { path: std::path::PathBuf, cause: Box<toml::de::Error> },
    #[error("`{given}` is no genesis hash: 64 hexadecimal digits, as `kith community new` prints them")]
    BadGenesis { given: String },
}

impl Settings {
    /// Reads the file, and puts what was typed before it.
    pub(crate) fn resolve(home: &Home, global: &Global) -> Result<Self, SettingsError> {
        let file = read(home)?;
        Ok(Self {
            genesis: file.genesis.as_deref().map(parse_genesis).transpose()?,
            node: global.node.clone().or(file.node).unwrap_or_else(|| DEFAULT_NODE.into()),
        })
    }

    /// Writes what is to be remembered.
    pub(crate) fn remember(home: &Home, genesis: Option<[u8; 32]>, node: Option<String>) -> Result<(), SettingsError> {
        let mut file = read(home)?;
        file.genesis = genesis.map(hex::encode).or(file.genesis);
        file.node = node.or(file.node);
        let text = toml::to_string(&file).unwrap_or_default();
        let path = home.settings();
        let staged = path.with_extension("toml.new");
        std::fs::write(&staged, text)
            .and_then(|()| std::fs::rename(&staged, &path))
            .map_err(|cause| SettingsError::Io { path, cause })
    }
}

/// Takes 64 hexadecimal digits, with or without `0x`.
pub(crate) fn parse_genesis(text: &str) -> Result<[u8; 32], SettingsError> {
    let bytes = hex::decode(text.trim_start_matches("0x")).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| SettingsError::BadGenesis { given: text.into() })
}

fn read(home: &Home) -> Result<File, SettingsError> {
    let path = home.settings();
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|cause| SettingsError::Malformed { path, cause: Box::new(cause) }),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(cause) => Err(SettingsError::Io { path, cause }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn global(arguments: &[&str]) -> Global {
        let typed = [&["kith", "status"], arguments].concat();
        crate::Cli::parse_from(typed).global
    }

    fn home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::locate(Some(dir.path().to_owned()));
        (dir, home)
    }

    #[test]
    fn what_was_typed_goes_before_what_is_remembered() {
        let (_dir, home) = home();
        Settings::remember(&home, Some([7; 32]), Some("ws://remembered:1".into())).unwrap();
        Settings::remember(&home, None, None).unwrap();
        let typed = Settings::resolve(&home, &global(&["--node", "ws://typed:2"])).unwrap();
        assert_eq!(typed, Settings { genesis: Some([7; 32]), node: "ws://typed:2".into() });
        assert_eq!(read(&home).unwrap().node.as_deref(), Some("ws://remembered:1"));
    }

    #[test]
    fn a_file_that_is_none_is_named_with_its_mending() {
        let (_dir, home) = home();
        std::fs::write(home.settings(), "nodes = 1").unwrap();
        let refused = Settings::resolve(&home, &global(&[])).unwrap_err();
        assert!(matches!(&refused, SettingsError::Malformed { path, .. } if *path == home.settings()));
        assert!(refused.to_string().contains("kith init"), "{refused}");
        std::fs::write(home.settings(), "genesis = \"0x12\"").unwrap();
        let refused = Settings::resolve(&home, &global(&[])).unwrap_err();
        assert!(matches!(refused, SettingsError::BadGenesis { given } if given == "0x12"));
    }

    #[test]
    fn a_home_that_cannot_be_read_or_written_is_named() {
        let (dir, home) = home();
        std::fs::create_dir(home.settings()).unwrap();
        assert!(matches!(Settings::resolve(&home, &global(&[])), Err(SettingsError::Io { .. })));
        let nowhere = Home::locate(Some(dir.path().join("nowhere")));
        assert!(matches!(Settings::remember(&nowhere, None, None), Err(SettingsError::Io { .. })));
    }
}
