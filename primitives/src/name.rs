// SPDX-License-Identifier: Apache-2.0
//! Which names a resource may have, and which of them look alike.
//!
//! A name is one DNS label, because it becomes the first label of `http://<name>.kith.localhost`.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// The longest DNS label.
pub const MAX_NAME_BYTES: u32 = 63;
/// Shorter names are too easily mistaken for one another.
pub const MIN_NAME_BYTES: usize = 3;

/// Names that mean something to browsers, to the network or to the people who use them.
const RESERVED: [&[u8]; 14] = [
    b"admin",
    b"api",
    b"approve",
    b"companion",
    b"dashboard",
    b"doug",
    b"help",
    b"ipfs",
    b"ipns",
    b"kith",
    b"localhost",
    b"support",
    b"system",
    b"www",
];

/// A resource's name: `a-z`, `0-9` and single hyphens inside.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ResourceName(BoundedVec<u8, ConstU32<MAX_NAME_BYTES>>);

/// What a name looks like when letters that resemble each other are made one. Two names with one skeleton are confusable.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Skeleton(BoundedVec<u8, ConstU32<MAX_NAME_BYTES>>);

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Fewer than [`MIN_NAME_BYTES`].
    TooShort,
    /// More than [`MAX_NAME_BYTES`].
    TooLong,
    /// Something other than `a-z`, `0-9`, or a hyphen that stands between two of them.
    BadCharacter,
    /// One of the names that mean something already, or that looks like one.
    Reserved,
}

impl ResourceName {
    /// Checks and takes a name.
    pub fn parse(bytes: &[u8]) -> Result<Self, NameError> {
        if bytes.len() < MIN_NAME_BYTES {
            return Err(NameError::TooShort);
        }
        let name = Self(BoundedVec::try_from(bytes.to_vec()).map_err(|_| NameError::TooLong)?);
        let hyphen_misplaced = bytes.starts_with(b"-") || bytes.ends_with(b"-") || bytes.windows(2).any(|w| w == b"--");
        if hyphen_misplaced || !bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Err(NameError::BadCharacter);
        }
        let skeleton = skeleton_of(bytes);
        if RESERVED.iter().any(|reserved| skeleton_of(reserved) == skeleton) {
            return Err(NameError::Reserved);
        }
        Ok(name)
    }

    /// Checks a name that was decoded from a transaction.
    pub fn check(&self) -> Result<(), NameError> {
        Self::parse(&self.0).map(|_| ())
    }

    /// The name's bytes, all ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// What the name must not share with another.
    pub fn skeleton(&self) -> Skeleton {
        Skeleton(BoundedVec::truncate_from(skeleton_of(&self.0)))
    }
}

/// Maps look-alikes to one letter: `0` to `o`; `1`, `i` to `l`; `5` to `s`; `rn` to `m`; `vv` to `w`; and drops hyphens.
fn skeleton_of(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    for byte in bytes {
        let letter = match byte {
            b'-' => continue,
            b'0' => b'o',
            b'1' | b'i' => b'l',
            b'5' => b's',
            other => *other,
        };
        let merged = match (out.last(), letter) {
            (Some(b'r'), b'n') => Some(b'm'),
            (Some(b'v'), b'v') => Some(b'w'),
            _ => None,
        };
        if merged.is_some() {
            out.pop();
        }
        out.push(merged.unwrap_or(letter));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_names_are_accepted() {
        for name in ["abc", "garden-club", "2026", "a1-b2-c3", &"x".repeat(63)] {
            assert!(ResourceName::parse(name.as_bytes()).is_ok(), "{name}");
        }
    }

    #[test]
    fn each_error_has_its_cause() {
        let cases = [
            ("ab", NameError::TooShort),
            ("", NameError::TooShort),
            ("Garden", NameError::BadCharacter),
            ("gärten", NameError::BadCharacter),
            ("-abc", NameError::BadCharacter),
            ("abc-", NameError::BadCharacter),
            ("a--b", NameError::BadCharacter),
            ("a.b", NameError::BadCharacter),
            ("localhost", NameError::Reserved),
            ("l0calhost", NameError::Reserved),
            ("ad-min", NameError::Reserved),
        ];
        for (name, error) in cases {
            assert_eq!(ResourceName::parse(name.as_bytes()), Err(error), "{name}");
        }
        assert_eq!(ResourceName::parse("x".repeat(64).as_bytes()), Err(NameError::TooLong));
    }

    #[test]
    fn look_alikes_share_a_skeleton_and_others_do_not() {
        let skeleton = |name: &str| ResourceName::parse(name.as_bytes()).unwrap().skeleton();
        for (a, b) in
            [("paypal", "paypa1"), ("modern", "modem"), ("book", "b00k"), ("wood", "vvood"), ("book", "bo-ok")]
        {
            assert_eq!(skeleton(a), skeleton(b), "{a} {b}");
        }
        assert_ne!(skeleton("garden"), skeleton("warden"));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_one_dns_label(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(name) = ResourceName::parse(&bytes) {
                prop_assert_eq!(name.as_bytes(), &bytes[..]);
                prop_assert!((MIN_NAME_BYTES..=63).contains(&bytes.len()));
                prop_assert!(bytes.is_ascii() && !bytes.contains(&b'.'));
            }
        }
    }
}
