// SPDX-License-Identifier: Apache-2.0
//! The person at this machine: their unlocked keys, as the parts that need them see them.

use kith_chain::Signer;
use kith_keyring::{Address, Keyring, Unlocked};
use kith_vault::ReaderSecret;

use crate::{cli::Global, home::Home, password, report::Failure};

/// The address format of communities that have not registered one.
pub(crate) const SS58_PREFIX: u16 = 42;

/// Unlocked keys.
#[derive(Debug)]
pub(crate) struct Person(Unlocked);

impl Person {
    /// Opens the key file of this home, asking for the password as the arguments say.
    pub(crate) fn unlock(home: &Home, global: &Global) -> Result<Self, Failure> {
        let keyring = Keyring::open(&home.keys())?;
        let password = password::existing(global.password_fd)?;
        Ok(Self(keyring.unlock(&password).map_err(Failure::usage)?))
    }

    /// Someone with these keys.
    #[cfg(test)]
    pub(crate) fn of(keys: Unlocked) -> Self {
        Self(keys)
    }

    /// The account.
    pub(crate) fn account(&self) -> [u8; 32] {
        self.0.account_id()
    }

    /// Where content keys are wrapped to.
    pub(crate) fn encryption_key(&self) -> [u8; 32] {
        self.0.encryption_public()
    }

    /// What unwraps them.
    pub(crate) fn reader_secret(&self) -> ReaderSecret {
        ReaderSecret::new(self.0.encryption_secret())
    }
}

impl Signer for Person {
    fn account(&self) -> [u8; 32] {
        self.0.account_id()
    }

    fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes)
    }
}

/// An account as people write it.
pub(crate) fn address(account: [u8; 32]) -> String {
    Address::new(SS58_PREFIX, account).map(|address| address.to_string()).unwrap_or_else(|_| hex::encode(account))
}
