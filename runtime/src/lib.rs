// SPDX-License-Identifier: Apache-2.0
//! The community chain: which pallets it is made of, and in which order. Their settings are in [`configs`].
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

mod apis;
mod barred;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
mod contracts;
mod deposits;
mod fees;
mod policy;
pub mod presets;
mod rekeying;
pub mod validator;
mod views;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic, impl_opaque_keys,
    traits::{BlakeTwo256, Verify},
    MultiAddress,
};
use sp_version::RuntimeVersion;

#[cfg(feature = "std")]
pub use apis::api;
pub use apis::RuntimeApi;
pub use kith_primitives::{AccountId, Balance, BlockNumber, Hash, Nonce, Signature};

/// The types a client needs that must not know the runtime's own.
pub mod opaque {
    use super::{generic, BlakeTwo256, BlockNumber};
    pub use sp_runtime::OpaqueExtrinsic;

    /// A block's header.
    pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
    /// A block of extrinsics nobody has looked into.
    pub type Block = generic::Block<Header, OpaqueExtrinsic>;
}

impl_opaque_keys! {
    /// The keys a validator signs blocks and finality votes with.
    pub struct SessionKeys {
        pub babe: Babe,
        pub grandpa: Grandpa,
    }
}

/// Version of the chain's rules.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("kith"),
    impl_name: Cow::Borrowed("kith-node"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// How an account is named in a transaction.
pub type Address = MultiAddress<AccountId, ()>;
/// A block's header.
pub type Header = opaque::Header;
/// What a transaction carries beside its call, in the SDK's order.
///
/// The metadata hash is there for wallets that expect its field; one that asks for the check is refused. A hash contains
/// the token's symbol, which the runtime does not know: each community's founders choose it.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);
/// A transaction as it arrives.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What a transaction's key signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// Runs blocks.
pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;
/// An event with the block's phase it came from.
pub(crate) type EventRecord = frame_system::EventRecord<RuntimeEvent, Hash>;
/// Who may have signed a transaction.
pub type Signer = <Signature as Verify>::Signer;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    // Before the session, so that an epoch's end is known when the session asks for it.
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe;

    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship;

    #[runtime::pallet_index(4)]
    pub type Session = pallet_session;

    #[runtime::pallet_index(5)]
    pub type Grandpa = pallet_grandpa;

    #[runtime::pallet_index(6)]
    pub type Offences = pallet_offences;

    #[runtime::pallet_index(7)]
    pub type Historical = pallet_session::historical;

    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(20)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(21)]
    pub type Multisig = pallet_multisig;

    #[runtime::pallet_index(22)]
    pub type Proxy = pallet_proxy;

    #[runtime::pallet_index(30)]
    pub type Contracts = pallet_contracts;

    #[runtime::pallet_index(60)]
    pub type Membership = pallet_kith_membership;

    #[runtime::pallet_index(61)]
    pub type Validators = pallet_kith_validators;

    #[runtime::pallet_index(62)]
    pub type Resources = pallet_kith_resources;

    #[runtime::pallet_index(63)]
    pub type Incentives = pallet_kith_incentives;

    // Genesis is built in the order of the indices. After the contracts, because it founds the DOUG there.
    #[runtime::pallet_index(64)]
    pub type Constitution = pallet_kith_constitution;

    // After the constitution, whose parameters its genesis reads.
    #[runtime::pallet_index(65)]
    pub type Vouching = pallet_kith_vouching;
}

/// The names of the presets, as the genesis builder lists them.
pub(crate) fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
    presets::NAMES.iter().map(|name| (*name).into()).collect()
}
