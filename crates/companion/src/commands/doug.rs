// SPDX-License-Identifier: Apache-2.0
//! `kith doug`: what the governing contract says.

use codec::{Decode, Encode};
use kith_primitives::AccountId;
use serde_json::json;

use super::Context;
use crate::{
    cli::DougCommand,
    person::address,
    report::{Done, Failure},
};

/// The first four bytes of blake2-256 of `resolve`, as ink! derives them; `ink-contracts/artifacts/doug.selectors.json` lists it.
const RESOLVE: [u8; 4] = [0x9e, 0x30, 0xd6, 0x5d];

/// Why the DOUG gave no answer.
#[derive(Debug, thiserror::Error)]
enum DougError {
    #[error("this community has no governing contract: it decides by the members' override alone")]
    None,
    #[error("the governing contract gave no answer")]
    Silent,
    #[error("the governing contract's answer cannot be read: {0}. Is this kith of the community's version?")]
    Unreadable(codec::Error),
    #[error("no contract serves the role `{0}`")]
    Vacant(String),
}

pub(super) async fn run(context: &Context, command: &DougCommand) -> Result<Done, Failure> {
    let DougCommand::Resolve { role } = command;
    let view = context.chain().await?.view().await?;
    let doug = view.doug().await?.ok_or(DougError::None)?;
    let mut message = RESOLVE.to_vec();
    role.as_bytes().encode_to(&mut message);
    let output = view.ask_contract(&doug, &message).await?.ok_or(DougError::Silent)?;
    let answer = Result::<Option<AccountId>, u8>::decode(&mut output.as_slice()).map_err(DougError::Unreadable)?;
    let contract = answer.map_err(|_| DougError::Silent)?.ok_or_else(|| DougError::Vacant(role.clone()))?;
    let (contract, doug) = (address(contract.into()), address(doug.into()));
    Ok(Done::new(contract.clone(), json!({ "role": role, "contract": contract, "doug": doug })))
}
