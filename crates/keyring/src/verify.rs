// SPDX-License-Identifier: Apache-2.0
//! Did this account sign these bytes?

use schnorrkel::{signing_context, PublicKey, Signature};

use crate::unlocked::SIGNING_CONTEXT;

/// Whether the account's sr25519 key signed exactly `payload`, as [`crate::Unlocked::sign`] does.
pub fn verify(account: &[u8; 32], payload: &[u8], signature: &[u8; 64]) -> bool {
    let (Ok(key), Ok(signature)) = (PublicKey::from_bytes(account), Signature::from_bytes(signature)) else {
        return false;
    };
    key.verify(signing_context(SIGNING_CONTEXT).bytes(payload), &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Unlocked, Words};

    #[test]
    fn only_the_signer_and_only_what_was_signed_verify() {
        let [ada, ben] = [(); 2].map(|()| Unlocked::generate(Words::Twelve, &mut rand::rngs::OsRng));
        let signature = ada.sign(b"payload");
        assert!(verify(&ada.account_id(), b"payload", &signature));
        assert!(!verify(&ben.account_id(), b"payload", &signature));
        assert!(!verify(&ada.account_id(), b"payloae", &signature));
        assert!(!verify(&ada.account_id(), b"payload", &[0xff; 64]));
        assert!(!verify(&[0xff; 32], b"payload", &signature));
    }
}
