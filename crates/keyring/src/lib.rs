// SPDX-License-Identifier: Apache-2.0
//! Where do a person's keys come from, how do they rest on disk, and what do they sign?
//!
//! A person holds a *triptych*: an address, its public keys and its secret keys. [`Unlocked`] is the triptych in
//! memory: an sr25519 account key, derived from a mnemonic as every Substrate wallet derives it, and an X25519
//! encryption key derived from the account key, so that whichever way an account is carried to another machine, what
//! was wrapped to its owner still opens. [`Keyring`] is the triptych at rest: a file encrypted under a password.
//!
//! Secret bytes live in types that are wiped when dropped and print nothing of themselves, and leave this crate only
//! through [`Unlocked::phrase`] (for the backup on paper), [`Unlocked::encryption_secret`] (for the vault) and
//! [`polkadot_js::export`].

mod address;
mod disk;
mod file;
mod kdf;
pub mod polkadot_js;
mod unlocked;
mod uri;
mod verify;

pub use address::{Address, AddressError};
pub use file::{ChangePasswordError, CreateError, DiskError, Keyring, OpenError, UnlockError};
pub use kdf::{Cost, CostError};
pub use unlocked::{Unlocked, Words};
pub use uri::{UriError, DEV_PHRASE};
pub use verify::verify;
