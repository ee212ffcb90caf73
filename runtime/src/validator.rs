// SPDX-License-Identifier: Apache-2.0
//! Who a validator is to the session: the person, so that a new key changes nothing of it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use kith_primitives::{glue::Community, member::MemberId};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{traits::Convert, AccountId32};

use crate::Membership;

/// A person who validates.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct Validator(pub MemberId);

impl From<MemberId> for Validator {
    fn from(person: MemberId) -> Self {
        Self(person)
    }
}

impl From<Validator> for MemberId {
    fn from(validator: Validator) -> Self {
        validator.0
    }
}

/// The account is nobody's, or of somebody who may not act.
#[derive(Debug)]
pub struct Nobody;

impl TryFrom<AccountId32> for Validator {
    type Error = Nobody;

    fn try_from(account: AccountId32) -> Result<Self, Nobody> {
        Membership::person(&account).map(Self).ok_or(Nobody)
    }
}

impl Convert<AccountId32, Option<Self>> for Validator {
    fn convert(account: AccountId32) -> Option<Self> {
        Self::try_from(account).ok()
    }
}

/// A validator is known by number alone: there is no stake to remember of a session gone by.
impl Convert<Self, Option<()>> for Validator {
    fn convert(_: Self) -> Option<()> {
        Some(())
    }
}
