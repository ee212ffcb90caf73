// SPDX-License-Identifier: Apache-2.0
//! Who writes blocks and who makes them final.

use frame_support::traits::{ConstU128, ConstU32, ConstU64, Get};
use pallet_kith_constitution::{EpochLength, SlotDuration};
use pallet_session::disabling::UpToLimitDisablingStrategy;
use sp_runtime::traits::{ConvertInto, OpaqueKeys};

use crate::{AccountId, Babe, Balances, Runtime, RuntimeEvent, SessionKeys};

/// Validators at most.
type MaxAuthorities = ConstU32<100>;

/// BABE takes twice the timestamp's least period for the length of a slot.
#[derive(Debug)]
pub struct HalfSlot;

impl Get<u64> for HalfSlot {
    fn get() -> u64 {
        SlotDuration::<Runtime>::get() / 2
    }
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Babe;
    type MinimumPeriod = HalfSlot;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochLength<Runtime>;
    type ExpectedBlockTime = SlotDuration<Runtime>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = crate::Session;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    // The founding validators stay: there is no way in or out yet.
    type SessionManager = ();
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = UpToLimitDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}
