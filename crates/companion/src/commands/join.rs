// SPDX-License-Identifier: Apache-2.0
//! `kith apply`, `kith sponsor`, `kith vouch`: how a newcomer becomes a member.

use std::path::PathBuf;

use kith_chain::{Call, Signer};
use kith_primitives::{application::Application, member::EncryptionKey, AccountId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Context;
use crate::{
    cli::{ApplyArgs, SponsorArgs, WhoArgs},
    person::{address, Person},
    report::{Done, Failure},
    settings::parse_genesis,
};

/// An application is a page, not a book.
const MAX_BYTES: u64 = 16 * 1024;

/// An application as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationFile {
    /// The community's genesis hash, in hex.
    genesis: String,
    /// The newcomer's address.
    address: String,
    /// Their encryption key, in hex.
    encryption_key: String,
    /// The last block at which it may be used.
    expires: u32,
    /// Their sr25519 signature, in hex.
    signature: String,
}

/// Why an application cannot be used.
#[derive(Debug, thiserror::Error)]
enum ApplicationError {
    #[error(
        "this machine does not know which community to apply to. Run `kith init --community <chain specification>`"
    )]
    NoCommunity,
    #[error("cannot read or write {path}: {cause}")]
    Io { path: PathBuf, cause: std::io::Error },
    #[error("{path} is no application: {cause}. Ask the newcomer for the file `kith apply` wrote")]
    Malformed { path: PathBuf, cause: serde_json::Error },
    #[error("{path} is no application: its {field} cannot be read. Ask the newcomer for the file `kith apply` wrote")]
    Field { path: PathBuf, field: &'static str },
    #[error("the application is for another community ({theirs}) than yours ({ours})")]
    OtherCommunity { theirs: String, ours: String },
}

/// Writes a signed application; needs no network.
pub(super) fn apply(context: &Context, arguments: &ApplyArgs) -> Result<Done, Failure> {
    let genesis = context.settings.genesis.ok_or(ApplicationError::NoCommunity).map_err(Failure::usage)?;
    let person = Person::unlock(&context.home, &context.global)?;
    let application = Application {
        genesis,
        account: AccountId::new(person.account()),
        encryption_key: EncryptionKey(person.encryption_key()),
        expires: arguments.expires,
    };
    let file = ApplicationFile {
        genesis: hex::encode(genesis),
        address: address(person.account()),
        encryption_key: hex::encode(application.encryption_key.0),
        expires: application.expires,
        signature: hex::encode(person.sign(&application.signing_payload())),
    };
    let text = serde_json::to_string_pretty(&file)?;
    let data = serde_json::to_value(&file)?;
    let Some(path) = &arguments.out else { return Ok(Done::new(text, data)) };
    std::fs::write(path, text + "\n").map_err(|cause| ApplicationError::Io { path: path.clone(), cause })?;
    Ok(Done::new(format!("Wrote {}. Give it to a member, who sponsors you with it", path.display()), data))
}

/// Submits an application with one's first vouch.
pub(super) async fn sponsor(context: &Context, arguments: &SponsorArgs) -> Result<Done, Failure> {
    let path = &arguments.application;
    let file = read(path).map_err(Failure::usage)?;
    let field = |field| Failure::usage(ApplicationError::Field { path: path.clone(), field });
    let genesis = parse_genesis(&file.genesis).map_err(|_| field("genesis"))?;
    let account = file.address.parse::<kith_keyring::Address>().map_err(|_| field("address"))?.account();
    let application = Application {
        genesis,
        account: AccountId::new(account),
        encryption_key: EncryptionKey(bytes(&file.encryption_key).ok_or_else(|| field("encryption_key"))?),
        expires: file.expires,
    };
    let signature = bytes(&file.signature).ok_or_else(|| field("signature"))?;
    let chain = context.chain().await?;
    if genesis != chain.genesis() {
        let (theirs, ours) = (hex::encode(genesis), hex::encode(chain.genesis()));
        return Err(Failure::refused(ApplicationError::OtherCommunity { theirs, ours }));
    }
    context.submit(&chain, &Call::Sponsor { application, signature }).await?;
    let view = chain.view().await?;
    let candidate = context.who(&view, &file.address).await?;
    let needed = view.parameters().await?.admission_threshold;
    let text = format!(
        "{} is person {}: {} of {needed} vouches. Others vouch with `kith vouch {}`",
        file.address, candidate.id, candidate.vouches, candidate.id
    );
    Ok(Done::new(text, json!(candidate)))
}

/// Vouches for someone.
pub(super) async fn vouch(context: &Context, arguments: &WhoArgs) -> Result<Done, Failure> {
    let chain = context.chain().await?;
    let subject = context.who(&chain.view().await?, &arguments.who).await?;
    context.submit(&chain, &Call::Vouch(subject.id)).await?;
    let view = chain.view().await?;
    let now = context.who(&view, &subject.id.to_string()).await?;
    let needed = view.parameters().await?.admission_threshold;
    let text = format!("Person {} has {} of {needed} vouches and is a {:?}", now.id, now.vouches, now.standing);
    Ok(Done::new(text.to_lowercase().replacen('p', "P", 1), json!(now)))
}

fn read(path: &PathBuf) -> Result<ApplicationFile, ApplicationError> {
    use std::io::Read;
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
        .map_err(|cause| ApplicationError::Io { path: path.clone(), cause })?;
    serde_json::from_str(&text).map_err(|cause| ApplicationError::Malformed { path: path.clone(), cause })
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text.trim_start_matches("0x")).ok()?.try_into().ok()
}
