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
    let doug = governing(view.doug().await?)?;
    let mut message = RESOLVE.to_vec();
    role.as_bytes().encode_to(&mut message);
    let contract = serving(view.ask_contract(&doug, &message).await?, role)?;
    let (contract, doug) = (address(contract.into()), address(doug.into()));
    Ok(Done::new(contract.clone(), json!({ "role": role, "contract": contract, "doug": doug })))
}

/// The contract that governs the community.
fn governing(doug: Option<AccountId>) -> Result<AccountId, DougError> {
    doug.ok_or(DougError::None)
}

/// The contract that serves a role, as the DOUG said.
fn serving(output: Option<Vec<u8>>, role: &str) -> Result<AccountId, DougError> {
    let output = output.ok_or(DougError::Silent)?;
    let answer = Result::<Option<AccountId>, u8>::decode(&mut output.as_slice()).map_err(DougError::Unreadable)?;
    answer.map_err(|_| DougError::Silent)?.ok_or_else(|| DougError::Vacant(role.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: Result<Option<AccountId>, u8>) -> Result<AccountId, DougError> {
        serving(Some(answer.encode()), "treasury")
    }

    #[test]
    fn where_no_contract_governs_the_members_do() {
        let doug = AccountId::new([7; 32]);
        assert_eq!(governing(Some(doug.clone())).unwrap(), doug);
        let none = governing(None).unwrap_err();
        assert!(matches!(none, DougError::None) && none.to_string().contains("members' override"), "{none}");
    }

    #[test]
    fn an_answer_is_told_from_none_from_silence_and_from_babble() {
        let contract = AccountId::new([7; 32]);
        assert_eq!(said(Ok(Some(contract.clone()))).unwrap(), contract);
        let vacant = said(Ok(None)).unwrap_err();
        assert!(matches!(&vacant, DougError::Vacant(role) if role == "treasury"), "{vacant}");
        // Nothing came back, or only that the message could not be dispatched.
        for silent in [serving(None, "treasury"), said(Err(1))] {
            assert!(matches!(silent, Err(DougError::Silent)));
        }
        for babble in [vec![], vec![7], vec![0, 1, 7]] {
            let unreadable = serving(Some(babble), "treasury").unwrap_err();
            assert!(matches!(unreadable, DougError::Unreadable(_)));
            assert!(unreadable.to_string().contains("of the community's version"), "{unreadable}");
        }
    }
}
