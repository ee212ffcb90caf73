// SPDX-License-Identifier: Apache-2.0
//! What the chain and the programs around it must agree on: ids, bounded types, signed payloads, parameters, glue traits.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::let_underscore_must_use
    )
)]

extern crate alloc;

pub mod application;
pub mod certificate;
pub mod content_id;
pub mod custody;
pub mod device;
pub mod distance;
pub mod doug;
pub mod glue;
pub mod member;
pub mod name;
pub mod parameters;
pub mod recovery;
pub mod resource;
pub mod runtime_api;

use sp_runtime::{
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiSignature,
};

/// A block's height.
pub type BlockNumber = u32;
/// An amount of the community's token, in its smallest unit.
pub type Balance = u128;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// The hash of blocks, extrinsics and state.
pub type Hash = sp_core::H256;
/// How [`Hash`] is computed.
pub type Hashing = BlakeTwo256;
/// Any of the signatures a Substrate wallet makes.
pub type Signature = MultiSignature;
/// The 32 bytes behind an address.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An accounting period of rewards, counted from 0 at genesis.
pub type EraIndex = u32;
