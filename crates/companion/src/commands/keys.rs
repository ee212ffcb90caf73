// SPDX-License-Identifier: Apache-2.0
//! `kith init` and `kith status`: one's own keys, and where one stands.

use std::{io::Read, path::Path, process::Command};

use kith_keyring::{Cost, Keyring, Unlocked, Words};
use kith_primitives::AccountId;
use serde_json::json;
use zeroize::Zeroizing;

use super::Context;
use crate::{
    cli::InitArgs,
    control::Request,
    home::Home,
    operations, password,
    people::behind,
    person::address,
    report::{Done, Failure},
    settings::{parse_genesis, Settings},
};

/// A phrase is never longer.
const MAX_PHRASE_BYTES: u64 = 1024;

/// Why keys were not made.
#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("there are keys already in {0}. Nothing was changed; choose another --home for another person")]
    KeysExist(std::path::PathBuf),
    #[error("cannot make {path}: {cause}")]
    Home { path: std::path::PathBuf, cause: std::io::Error },
    #[error("cannot read the phrase from stdin: {0}")]
    Phrase(std::io::Error),
    #[error(
        "cannot tell the genesis hash of {spec}: {said}. Give the hash itself, as `kith community new` printed it"
    )]
    Specification { spec: String, said: String },
}

/// Makes or restores keys, and remembers the community.
pub(super) fn init(context: &Context, arguments: &InitArgs) -> Result<Done, Failure> {
    let home = &context.home;
    make(home)?;
    let genesis = arguments.community.as_deref().map(genesis).transpose().map_err(Failure::usage)?;
    if home.keys().exists() {
        // Telling the community later is no reason to make keys anew.
        if genesis.is_some() && !arguments.restore {
            Settings::remember(home, genesis, context.global.node.clone())?;
            let keyring = Keyring::open(&home.keys())?;
            return Ok(introduce(keyring.account_id(), keyring.encryption_public(), None));
        }
        return Err(Failure::usage(InitError::KeysExist(home.keys())));
    }
    let unlocked = if arguments.restore {
        phrase(std::io::stdin())?.trim().parse::<Unlocked>().map_err(Failure::usage)?
    } else {
        Unlocked::generate(Words::Twelve, &mut rand::rngs::OsRng)
    };
    let password = password::new(context.global.password_fd).map_err(Failure::usage)?;
    let keyring = Keyring::create(&home.keys(), &unlocked, &password, Cost::default(), &mut rand::rngs::OsRng)?;
    Settings::remember(home, genesis, context.global.node.clone())?;
    let phrase = if arguments.restore { None } else { unlocked.phrase() };
    Ok(introduce(keyring.account_id(), keyring.encryption_public(), phrase))
}

fn make(home: &Home) -> Result<(), InitError> {
    home.create().map_err(|cause| InitError::Home { path: home.path().into(), cause })
}

/// The phrase someone kept.
fn phrase(from: impl Read) -> Result<Zeroizing<String>, InitError> {
    let mut phrase = Zeroizing::new(String::new());
    from.take(MAX_PHRASE_BYTES).read_to_string(&mut phrase).map_err(InitError::Phrase)?;
    Ok(phrase)
}

/// Who the keys make one, and what founders write of one in a community file.
fn introduce(account: [u8; 32], encryption_key: [u8; 32], phrase: Option<Zeroizing<String>>) -> Done {
    let (address, key) = (address(account), format!("0x{}", hex::encode(encryption_key)));
    let backup = phrase.as_ref().map_or_else(String::new, |phrase| {
        format!(
            "\nWrite these words on paper. They are your keys, and nobody can give them to you again:\n\n  {}\n",
            phrase.as_str()
        )
    });
    let text = format!(
        "You are {address}\n{backup}\nIf you found a community, its file says of you:\n\n[[founders]]\naddress = \"{address}\"\nencryption_key = \"{key}\""
    );
    Done::new(
        text,
        json!({ "address": address, "encryption_key": key, "account": hex::encode(account), "phrase": phrase.as_ref().map(|p| p.as_str()) }),
    )
}

/// The genesis hash a hash or a chain specification stands for.
fn genesis(given: &str) -> Result<[u8; 32], anyhow::Error> {
    if !Path::new(given).exists() {
        return Ok(parse_genesis(given)?);
    }
    let node = std::env::current_exe()?.with_file_name("kith-node");
    let node = if node.exists() { node } else { "kith-node".into() };
    let failed = |said: String| InitError::Specification { spec: given.to_owned(), said };
    let done = Command::new(&node)
        .args(["genesis-hash", "--chain", given])
        .output()
        .map_err(|cause| failed(format!("{} does not run: {cause}", node.display())))?;
    if !done.status.success() {
        return Err(failed(String::from_utf8_lossy(&done.stderr).trim().to_owned()).into());
    }
    Ok(parse_genesis(String::from_utf8_lossy(&done.stdout).trim())?)
}

/// Asks the companion, or, when none runs, the node.
pub(super) async fn status(context: &Context) -> Result<Done, Failure> {
    if context.home.control_socket().exists() {
        if let Ok(done) = context.ask(&Request::Status).await {
            return Ok(done);
        }
    }
    let keyring = Keyring::open(&context.home.keys())?;
    let chain = context.chain().await?;
    let view = chain.view().await?;
    let me = behind(&view, &AccountId::new(keyring.account_id())).await?;
    let state = json!({
        "community": { "name": chain.name().await?, "genesis": format!("0x{}", hex::encode(chain.genesis())) },
        "chain": { "finalized": view.block().number, "stale": false, "block_ms": view.block_ms().await? },
        "me": operations::person(&view, keyring.account_id(), me.as_ref()).await?,
    });
    let text = format!("{}\nstore       the companion is not running: `kith up`", operations::words(&state));
    Ok(Done::new(text, state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let inside = file.join("home");
        let refused = make(&Home::locate(Some(inside.clone()))).unwrap_err();
        assert!(matches!(&refused, InitError::Home { path, .. } if *path == inside), "{refused}");
        make(&Home::locate(Some(dir.path().join("home")))).unwrap();
    }

    #[test]
    fn a_phrase_is_text_and_never_longer_than_any_phrase() {
        assert_eq!(phrase(&b"abandon about\n"[..]).unwrap().as_str(), "abandon about\n");
        assert!(matches!(phrase(&b"\xff"[..]), Err(InitError::Phrase(_))));
        let endless = phrase(std::io::repeat(b'a')).unwrap();
        assert_eq!(endless.len() as u64, MAX_PHRASE_BYTES);
    }
}
