// SPDX-License-Identifier: Apache-2.0
//! Balances, fees, and the ways to act for one another.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{ConstU128, ConstU32, ConstU8, InstanceFilter},
    weights::{ConstantMultiplier, IdentityFee},
};
use kith_primitives::parameters::UNIT;
use pallet_transaction_payment::{Multiplier, TargetedFeeAdjustment};
use scale_info::TypeInfo;
use sp_runtime::{traits::BlakeTwo256, FixedPointNumber, Perquintill};

use crate::{
    deposits::PersonsBalances, fees::QuotaThenBalance, Balance, OriginCaller, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, System,
};

/// The least an account may hold and live on.
pub const EXISTENTIAL_DEPOSIT: Balance = UNIT / 1_000;
/// The fee for each byte of a transaction.
const BYTE_FEE: Balance = 1_000_000;
/// Held for an entry in storage, and for each byte of it.
const ITEM_DEPOSIT: Balance = UNIT / 100;
const BYTE_DEPOSIT: Balance = UNIT / 100_000;

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = ConstU32<8>;
    type DoneSlashHandler = ();
}

parameter_types! {
    /// Blocks are to be a quarter full on average.
    pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentRate: Multiplier = Multiplier::saturating_from_rational(3, 100_000);
    pub LeastMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
    pub GreatestMultiplier: Multiplier = Multiplier::saturating_from_integer(1_000);
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = QuotaThenBalance;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<BYTE_FEE>>;
    type FeeMultiplierUpdate =
        TargetedFeeAdjustment<Self, TargetFullness, AdjustmentRate, LeastMultiplier, GreatestMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = PersonsBalances;
    type DepositBase = ConstU128<{ ITEM_DEPOSIT + 88 * BYTE_DEPOSIT }>;
    type DepositFactor = ConstU128<{ 32 * BYTE_DEPOSIT }>;
    type MaxSignatories = ConstU32<32>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for the account it acts for.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Anything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Publish, refresh and grant: nothing that moves money or members.
    #[codec(index = 1)]
    Resources,
    /// Pledge, prove and claim.
    #[codec(index = 2)]
    Provider,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::Resources => matches!(call, RuntimeCall::Resources(_)),
            Self::Provider => matches!(call, RuntimeCall::Incentives(_)),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == &Self::Any || self == other
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = PersonsBalances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ConstU128<{ ITEM_DEPOSIT + 8 * BYTE_DEPOSIT }>;
    type ProxyDepositFactor = ConstU128<{ 33 * BYTE_DEPOSIT }>;
    type MaxProxies = ConstU32<16>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<16>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<{ ITEM_DEPOSIT + 8 * BYTE_DEPOSIT }>;
    type AnnouncementDepositFactor = ConstU128<{ 66 * BYTE_DEPOSIT }>;
    type BlockNumberProvider = System;
}
