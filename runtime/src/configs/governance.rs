// SPDX-License-Identifier: Apache-2.0
//! Contracts, and what they may ask of the chain.

use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU128, ConstU32, Contains},
};
use frame_system::EnsureSigned;
use kith_primitives::parameters::UNIT;
use sp_runtime::Perbill;

use crate::{
    contracts::CommunityExtension, AccountId, Balance, Balances, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason,
    Timestamp, TransactionPayment,
};

parameter_types! {
    pub Schedule: pallet_contracts::Schedule<Runtime> = Default::default();
    pub const CodeLockup: Perbill = Perbill::from_percent(30);
}

/// A contract may act on the constitution and expel a member; whether *this* contract may is decided there.
#[derive(Debug)]
pub struct GovernanceOnly;

impl Contains<RuntimeCall> for GovernanceOnly {
    fn contains(call: &RuntimeCall) -> bool {
        use pallet_kith_constitution::Call as Constitution;
        use pallet_kith_membership::Call as Membership;
        matches!(
            call,
            RuntimeCall::Constitution(Constitution::set_parameter { .. } | Constitution::set_doug { .. })
                | RuntimeCall::Membership(Membership::force_remove { .. })
        )
    }
}

impl pallet_contracts::Config for Runtime {
    type Time = Timestamp;
    type Randomness = pallet_babe::RandomnessFromOneEpochAgo<Runtime>;
    type Currency = Balances;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CallFilter = GovernanceOnly;
    type WeightPrice = TransactionPayment;
    type WeightInfo = pallet_contracts::weights::SubstrateWeight<Runtime>;
    type ChainExtension = CommunityExtension;
    type Schedule = Schedule;
    type CallStack = [pallet_contracts::Frame<Self>; 5];
    type DepositPerByte = ConstU128<{ UNIT / 100_000 }>;
    type DefaultDepositLimit = ConstU128<{ 100 * UNIT }>;
    type DepositPerItem = ConstU128<{ UNIT / 100 }>;
    type CodeHashLockupDepositPercent = CodeLockup;
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    // As much as the call stack leaves of the memory a block may use.
    type MaxCodeLen = ConstU32<{ 125 * 1024 }>;
    type MaxStorageKeyLen = ConstU32<128>;
    type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
    type MaxDelegateDependencies = ConstU32<8>;
    type UnsafeUnstableInterface = ConstBool<false>;
    type MaxDebugBufferLen = ConstU32<{ 64 * 1024 }>;
    type UploadOrigin = EnsureSigned<AccountId>;
    type InstantiateOrigin = EnsureSigned<AccountId>;
    type Migrations = ();
    type Debug = ();
    type Environment = ();
    type ApiVersion = ();
    type Xcm = ();
}

/// What founding the DOUG puts in its founder's account, so that its deposits can be held.
pub const DOUG_ENDOWMENT: Balance = 1_000 * UNIT;
