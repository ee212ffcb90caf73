// SPDX-License-Identifier: Apache-2.0
//! Who writes blocks and who makes them final.

use frame_support::traits::{ConstU128, ConstU32, ConstU64, Get, KeyOwnerProofSystem};
use frame_system::offchain::{CreateBare, CreateTransactionBase};
use pallet_kith_constitution::{EpochLength, SlotDuration};
use pallet_kith_validators::{Author, Consensus};
use pallet_session::{
    disabling::UpToLimitDisablingStrategy,
    historical::{IdentificationTuple, NoteHistoricalRoot},
};
use sp_core::crypto::KeyTypeId;

use crate::{
    validator::Validator, Babe, Balances, Grandpa, Historical, Offences, Runtime, RuntimeCall, RuntimeEvent, Session,
    SessionKeys, UncheckedExtrinsic, Validators,
};

/// Validators at most.
type MaxAuthorities = ConstU32<100>;
/// Blocks for which the report of an equivocation stays in a node's pool.
type ReportLongevity = ConstU64<1_200>;
/// Sets of GRANDPA's authorities whose sessions are known, so that an equivocation among them can be proven.
type SetsRemembered = ConstU64<168>;

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
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_babe::AuthorityId)>>::Proof;
    type EquivocationReportSystem = pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = Author<Self, Babe>;
    type EventHandler = Validators;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = Validator;
    type ValidatorIdOf = Validator;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = NoteHistoricalRoot<Self, Validators>;
    type SessionHandler = Consensus<Self, Babe, Grandpa>;
    type Keys = SessionKeys;
    type DisablingStrategy = UpToLimitDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = ConstU128<0>;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = Validator;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = IdentificationTuple<Self>;
    type OnOffenceHandler = Validators;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = SetsRemembered;
    type KeyOwnerProof = <Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_grandpa::AuthorityId)>>::Proof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl<LocalCall> CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateBare<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}
