// SPDX-License-Identifier: Apache-2.0
//! `kith device`: which devices are one's own.

use kith_chain::Call;
use kith_keyring::Keyring;
use kith_primitives::{device::DeviceId, AccountId};
use serde::Deserialize;
use serde_json::json;

use super::Context;
use crate::{
    cli::DeviceCommand,
    report::{Done, Failure},
};

/// What `kith-node device --owner` prints.
#[derive(Debug, Deserialize)]
struct Proof {
    /// The device's public key, in hex.
    device: String,
    /// Its signature that it belongs to the owner, in hex.
    signature: String,
}

/// Why a device cannot be named so.
#[derive(Debug, thiserror::Error)]
enum DeviceError {
    #[error("cannot read {path}: {cause}")]
    Unreadable { path: std::path::PathBuf, cause: std::io::Error },
    #[error("{path} is no device proof: {cause}. Make one with `kith-node device --owner <your address>`")]
    Malformed { path: std::path::PathBuf, cause: serde_json::Error },
    #[error("`{0}` is not {1} bytes in hexadecimal digits")]
    NotHex(String, usize),
}

pub(super) async fn run(context: &Context, command: &DeviceCommand) -> Result<Done, Failure> {
    match command {
        DeviceCommand::Add { proof } => {
            let text = std::fs::read_to_string(proof)
                .map_err(|cause| Failure::usage(DeviceError::Unreadable { path: proof.clone(), cause }))?;
            let read: Proof = serde_json::from_str(&text)
                .map_err(|cause| Failure::usage(DeviceError::Malformed { path: proof.clone(), cause }))?;
            let device = DeviceId(bytes(&read.device)?);
            let signature = bytes(&read.signature)?;
            context.submit(&context.chain().await?, &Call::BindDevice { device, signature }).await?;
            Ok(Done::new(format!("{} is your device", read.device), json!({ "device": read.device })))
        }
        DeviceCommand::Remove { device } => {
            let id = DeviceId(bytes(device)?);
            context.submit(&context.chain().await?, &Call::UnbindDevice(id)).await?;
            Ok(Done::new(format!("{device} is no longer your device"), json!({ "device": device })))
        }
        DeviceCommand::List => {
            let account = AccountId::new(Keyring::open(&context.home.keys())?.account_id());
            let me = context.chain().await?.view().await?.member_of(&account).await?;
            let devices: Vec<String> =
                me.map_or_else(Vec::new, |me| me.devices.iter().map(|device| hex::encode(device.0)).collect());
            Ok(Done::new(devices.join("\n"), json!({ "devices": devices })))
        }
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Failure> {
    let read = hex::decode(text.trim_start_matches("0x")).ok().and_then(|bytes| bytes.try_into().ok());
    read.ok_or_else(|| Failure::usage(DeviceError::NotHex(text.to_owned(), N)))
}
