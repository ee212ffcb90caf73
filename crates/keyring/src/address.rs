// SPDX-License-Identifier: Apache-2.0
//! How is an account written so that people can copy it and a typing error is noticed?
//!
//! SS58, version 1, of 32-byte accounts: base58 of prefix, account and two bytes of BLAKE2b-512 of both. Source:
//! Substrate documentation, "SS58 address format".

use std::fmt;
use std::str::FromStr;

use sp_crypto_hashing::blake2_512;

const CHECKSUM_DOMAIN: &[u8] = b"SS58PRE";
const CHECKSUM_LEN: usize = 2;
const ACCOUNT_LEN: usize = 32;
/// The largest network prefix two bytes can hold.
const MAX_PREFIX: u16 = 16_383;
/// Characters of the longest address, 36 bytes in base58; bounds the work on a pasted text.
const MAX_TEXT_LEN: usize = 50;

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Not base58, or not the length of an account.
    #[error("this is not an account address; copy it again, whole")]
    Malformed,
    /// A typing error.
    #[error("the address has a typing error; copy it again")]
    Checksum,
    /// A network prefix no two bytes can hold.
    #[error("the network prefix {prefix} is above {MAX_PREFIX}; choose a smaller one")]
    Prefix {
        /// The prefix.
        prefix: u16,
    },
}

/// An account and the network it is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    prefix: u16,
    account: [u8; ACCOUNT_LEN],
}

impl Address {
    /// The address of `account` on the network with SS58 prefix `prefix`.
    ///
    /// # Errors
    /// [`AddressError::Prefix`] above 16,383.
    pub fn new(prefix: u16, account: [u8; ACCOUNT_LEN]) -> Result<Self, AddressError> {
        if prefix > MAX_PREFIX {
            return Err(AddressError::Prefix { prefix });
        }
        Ok(Self { prefix, account })
    }

    /// The network's SS58 prefix.
    pub fn prefix(&self) -> u16 {
        self.prefix
    }

    /// The account's public key.
    pub fn account(&self) -> [u8; ACCOUNT_LEN] {
        self.account
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = encode_prefix(self.prefix);
        bytes.extend_from_slice(&self.account);
        let checksum = checksum(&bytes);
        bytes.extend_from_slice(&checksum);
        f.write_str(&bs58::encode(bytes).into_string())
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_TEXT_LEN {
            return Err(AddressError::Malformed);
        }
        let bytes = bs58::decode(text).into_vec().map_err(|_| AddressError::Malformed)?;
        let (prefix, prefix_len) = decode_prefix(&bytes).ok_or(AddressError::Malformed)?;
        if bytes.len() != prefix_len + ACCOUNT_LEN + CHECKSUM_LEN {
            return Err(AddressError::Malformed);
        }
        let (body, found) = bytes.split_at(prefix_len + ACCOUNT_LEN);
        if checksum(body) != found {
            return Err(AddressError::Checksum);
        }
        let mut account = [0; ACCOUNT_LEN];
        account.copy_from_slice(&body[prefix_len..]);
        Ok(Self { prefix, account })
    }
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM_LEN] {
    let hash = blake2_512(&[CHECKSUM_DOMAIN, body].concat());
    [hash[0], hash[1]]
}

/// One byte up to 63; above, two bytes: `01` and bits 2 to 7, then bits 0 and 1 above bits 8 to 13.
fn encode_prefix(prefix: u16) -> Vec<u8> {
    match u8::try_from(prefix) {
        Ok(small) if small < 64 => vec![small],
        _ => vec![0x40 | ((prefix & 0xFC) >> 2) as u8, (prefix >> 8) as u8 | ((prefix & 0x03) << 6) as u8],
    }
}

/// A prefix below 64 written in two bytes is another spelling of the same address, and refused.
fn decode_prefix(bytes: &[u8]) -> Option<(u16, usize)> {
    match *bytes {
        [small, ..] if small < 64 => Some((small.into(), 1)),
        [first, second, ..] if first < 128 => {
            let low = (u16::from(first & 0x3F) << 2) | u16::from(second >> 6);
            let prefix = low | (u16::from(second & 0x3F) << 8);
            (prefix >= 64).then_some((prefix, 2))
        }
        _ => None,
    }
}
