// SPDX-License-Identifier: Apache-2.0
//! `kith validator`: standing for validator, and with which keys.

use codec::{DecodeAll, Encode};
use kith_chain::{Call, SessionKeys};
use kith_keyring::Keyring;
use kith_primitives::{runtime_api::ValidatorView, BlockNumber};
use serde_json::json;

use super::Context;
use crate::{
    cli::ValidatorCommand,
    report::{Done, Failure},
};

/// Why keys cannot be set.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
enum KeysError {
    #[error("the {what} is not hexadecimal: give what `author_rotateKeysWithOwner` answered")]
    Hex { what: &'static str },
    #[error("session keys are 64 bytes, these are {0}: give what `author_rotateKeysWithOwner` answered as `keys`")]
    Length(usize),
    #[error("the keys come with a proof: give both, or neither to have your node make them")]
    Half,
}

pub(super) async fn run(context: &Context, command: &ValidatorCommand) -> Result<Done, Failure> {
    match command {
        ValidatorCommand::Stand => {
            context.submit(&context.chain().await?, &Call::Stand).await?;
            let text = "You stand for validator. Whoever has the best standing sits from the second session on; some seats are drawn among the others. Keep your node running";
            Ok(Done::new(text, json!({ "stands": true })))
        }
        ValidatorCommand::StandDown => {
            context.submit(&context.chain().await?, &Call::StandDown).await?;
            let text =
                "You stand no more. Keep your node running until `kith validator show` says that you no longer sit";
            Ok(Done::new(text, json!({ "stands": false })))
        }
        ValidatorCommand::Show => show(context).await,
        ValidatorCommand::SetKeys { keys, proof } => set_keys(context, keys.as_deref(), proof.as_deref()).await,
    }
}

async fn show(context: &Context) -> Result<Done, Failure> {
    let view = context.chain().await?.view().await?;
    let (validators, now) = (view.validators().await?, view.block().number);
    let lines: Vec<String> = validators.iter().map(|one| line(one, now)).collect();
    Ok(Done::new(lines.join("\n"), json!({ "validators": validators })))
}

/// How one of them stands at block `now`.
fn line(one: &ValidatorView, now: BlockNumber) -> String {
    let mut said = vec![match (one.seated, one.stands) {
        (true, true) => "validates".to_owned(),
        (true, false) => "validates until the session's end".to_owned(),
        (false, true) => "stands".to_owned(),
        (false, false) => "does not stand".to_owned(),
    }];
    said.extend(
        one.penance_until.filter(|until| now < *until).map(|until| format!("lost the seat, until block {until}")),
    );
    format!("member {:<6} {}", one.person, said.join(", "))
}

async fn set_keys(context: &Context, keys: Option<&str>, proof: Option<&str>) -> Result<Done, Failure> {
    let given = given(keys, proof).map_err(Failure::usage)?;
    let chain = context.chain().await?;
    let (keys, proof) = match given {
        Some(given) => given,
        None => chain.new_session_keys(Keyring::open(&context.home.keys())?.account_id()).await?,
    };
    context.submit(&chain, &Call::SetSessionKeys { keys, proof }).await?;
    let hex = format!("0x{}", hex::encode(keys.encode()));
    let text = format!("Your node validates with {hex} from the second session on. Stand with `kith validator stand`");
    Ok(Done::new(text, json!({ "keys": hex })))
}

/// The keys and the proof that were typed, if they were.
fn given(keys: Option<&str>, proof: Option<&str>) -> Result<Option<(SessionKeys, Vec<u8>)>, KeysError> {
    let (keys, proof) = match (keys, proof) {
        (None, None) => return Ok(None),
        (Some(keys), Some(proof)) => (bytes("keys", keys)?, bytes("proof", proof)?),
        _ => return Err(KeysError::Half),
    };
    let length = keys.len();
    let keys = SessionKeys::decode_all(&mut keys.as_slice()).map_err(|_| KeysError::Length(length))?;
    Ok(Some((keys, proof)))
}

fn bytes(what: &'static str, text: &str) -> Result<Vec<u8>, KeysError> {
    let text = text.trim();
    hex::decode(text.strip_prefix("0x").unwrap_or(text)).map_err(|_| KeysError::Hex { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(seated: bool, stands: bool, penance_until: Option<u32>) -> String {
        line(&ValidatorView { person: 3, seated, stands, penance_until }, 10)
    }

    #[test]
    fn how_each_stands_is_told() {
        assert_eq!(one(true, true, None), "member 3      validates");
        assert_eq!(one(true, false, None), "member 3      validates until the session's end");
        assert_eq!(one(false, true, Some(10)), "member 3      stands");
        assert_eq!(one(false, false, Some(11)), "member 3      does not stand, lost the seat, until block 11");
    }

    #[test]
    fn keys_are_typed_whole_or_not_at_all() {
        let (keys, proof) = (format!("0x{}", "07".repeat(64)), "0xabcd");
        let parsed = SessionKeys { babe: [7; 32], grandpa: [7; 32] };
        assert_eq!(given(None, None), Ok(None));
        assert_eq!(given(Some(&keys), Some(proof)), Ok(Some((parsed, vec![0xab, 0xcd]))));
        assert_eq!(given(Some(&keys), None), Err(KeysError::Half));
        assert_eq!(given(Some("0x0"), Some(proof)), Err(KeysError::Hex { what: "keys" }));
        assert_eq!(given(Some(&keys), Some("proof")), Err(KeysError::Hex { what: "proof" }));
        for length in [0, 63, 65] {
            assert_eq!(given(Some(&"07".repeat(length)), Some(proof)), Err(KeysError::Length(length)));
        }
    }
}
