// SPDX-License-Identifier: Apache-2.0
//! Blocks: how large, how heavy, how remembered.

use frame_support::dispatch::DispatchClass;
use frame_support::{
    derive_impl, parameter_types,
    traits::Contains,
    weights::{
        constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits;
use sp_runtime::{traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

use crate::{
    AccountId, Balance, Block, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask,
    VERSION,
};

/// The address format of communities that have not registered one: Substrate's generic 42.
pub const SS58_PREFIX: u16 = 42;

/// The share of a block that ordinary transactions may fill.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);
/// Half a second of computation: half of the shortest slot a community may choose.
const BLOCK_REF_TIME: u64 = WEIGHT_REF_TIME_PER_SECOND / 2;
/// Bytes of a block.
const BLOCK_BYTES: u32 = 5 * 1024 * 1024;

parameter_types! {
    pub const BlockHashCount: u32 = 2400;
    pub const Version: RuntimeVersion = VERSION;
    pub const Ss58Prefix: u16 = SS58_PREFIX;
    pub BlockWeights: limits::BlockWeights =
        limits::BlockWeights::with_sensible_defaults(Weight::from_parts(BLOCK_REF_TIME, u64::MAX), NORMAL_RATIO);
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(BLOCK_BYTES)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_RATIO * BLOCK_BYTES)
        .build();
}

/// Every call but one: validators who all gave up their keys would leave a chain that nobody writes. Who stops stands
/// down, and keeps the keys.
#[derive(Debug)]
pub struct NoPurge;

impl Contains<RuntimeCall> for NoPurge {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Session(pallet_session::Call::purge_keys { .. }))
    }
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = NoPurge;
    type Block = Block;
    type AccountId = AccountId;
    type AccountData = pallet_balances::AccountData<Balance>;
    type Nonce = Nonce;
    type Hash = Hash;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type BlockHashCount = BlockHashCount;
    type DbWeight = ParityDbWeight;
    type Version = Version;
    type SS58Prefix = Ss58Prefix;
    type MaxConsumers = frame_support::traits::ConstU32<16>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
}
