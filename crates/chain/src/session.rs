// SPDX-License-Identifier: Apache-2.0
//! How a node makes the keys it validates with, and shows that it holds them.

use codec::DecodeAll;
use serde::Deserialize;

use crate::{call::SessionKeys, connect::Chain, ViewError};

/// What the node says: hexadecimal, after `0x`.
#[derive(Deserialize)]
struct Answer {
    keys: String,
    proof: Option<String>,
}

impl Chain {
    /// Has the node make new session keys, which it keeps, for this account; the keys and the proof that it holds them.
    /// Only a node that trusts this machine does so.
    pub async fn new_session_keys(&self, account: [u8; 32]) -> Result<(SessionKeys, Vec<u8>), ViewError> {
        let owner = format!("0x{}", hex::encode(account));
        let parameters = subxt::rpcs::rpc_params![owner];
        let answer: Answer =
            self.rpc.request("author_rotateKeysWithOwner", parameters).await.map_err(ViewError::node)?;
        read(&answer).map_err(|cause| ViewError::Undecodable { question: "author_rotateKeysWithOwner", cause })
    }
}

fn read(answer: &Answer) -> Result<(SessionKeys, Vec<u8>), codec::Error> {
    let keys = bytes(&answer.keys)?;
    let proof = answer.proof.as_deref().ok_or("the node gave no proof")?;
    Ok((SessionKeys::decode_all(&mut keys.as_slice())?, bytes(proof)?))
}

fn bytes(text: &str) -> Result<Vec<u8>, codec::Error> {
    hex::decode(text.trim_start_matches("0x")).map_err(|_| "not hexadecimal".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(keys: usize, proof: Option<&str>) -> Result<(SessionKeys, Vec<u8>), codec::Error> {
        read(&Answer { keys: format!("0x{}", "07".repeat(keys)), proof: proof.map(str::to_owned) })
    }

    #[test]
    fn two_keys_and_a_proof_are_read() {
        let keys = SessionKeys { babe: [7; 32], grandpa: [7; 32] };
        assert_eq!(answer(64, Some("0xabcd")).unwrap(), (keys, vec![0xab, 0xcd]));
    }

    #[test]
    fn other_keys_and_a_missing_proof_are_refused() {
        assert!(answer(63, Some("0xab")).is_err());
        assert!(answer(65, Some("0xab")).is_err());
        assert!(answer(64, None).is_err());
        assert!(answer(64, Some("proof")).is_err());
    }
}
