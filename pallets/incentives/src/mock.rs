// SPDX-License-Identifier: Apache-2.0
//! A chain of this pallet and balances. Account `n` belongs to person `n`, account `DEVICE + n` to their device; members,
//! resources, parameters and the seed are what a test says they are.

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{derive_impl, parameter_types, traits::ConstU128, weights::Weight};
use kith_primitives::{
    custody::{Builder, ChunkProof, Commitment},
    glue::{Community, Constitution, EpochRandomness, Holdings, Now, OnEraStart},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    resource::{ResourceId, VersionNumber},
    Balance, BlockNumber,
};
use sp_runtime::BuildStorage;

use crate as incentives;

pub(crate) const DEVICE: u64 = 10_000;
pub(crate) const STRANGER: u64 = 9_999;

frame_support::construct_runtime!(
    pub struct Test {
        System: frame_system,
        Balances: pallet_balances,
        Incentives: incentives,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

/// A resource as a test describes it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) owner: MemberId,
    pub(crate) version: VersionNumber,
    pub(crate) chunks: u32,
    pub(crate) leased: bool,
}

parameter_types! {
    pub static Members: BTreeSet<MemberId> = BTreeSet::new();
    pub(crate) static Resources: BTreeMap<ResourceId, Kept> = BTreeMap::new();
    pub static Rules: Parameters = Parameters::default();
    /// Rules that the next era puts in force.
    pub static NextRules: Option<Parameters> = None;
    pub static Seed: [u8; 32] = [0; 32];
}

#[derive(Debug)]
pub struct Fake;

impl Community<u64> for Fake {
    fn member(account: &u64) -> Option<MemberId> {
        MemberId::try_from(*account).ok().filter(|id| Self::is_member(*id))
    }
    fn member_of_device(account: &u64) -> Option<MemberId> {
        account.checked_sub(DEVICE).and_then(|owner| Self::member(&owner))
    }
    fn person(account: &u64) -> Option<MemberId> {
        MemberId::try_from(*account).ok()
    }
    fn is_member(person: MemberId) -> bool {
        Members::get().contains(&person)
    }
    fn may_be_vouched_for(_: MemberId) -> bool {
        true
    }
    fn account(person: MemberId) -> Option<u64> {
        Some(person.into())
    }
    fn encryption_key(_: MemberId) -> Option<EncryptionKey> {
        None
    }
    fn keyed_at(_: MemberId) -> Option<BlockNumber> {
        Some(0)
    }
    fn active_members() -> u32 {
        Members::get().len() as u32
    }
    fn people() -> u32 {
        100
    }
}

impl Constitution for Fake {
    fn parameters() -> Parameters {
        Rules::get()
    }
}

impl OnEraStart for Fake {
    fn era_started() -> Weight {
        NextRules::take().into_iter().for_each(Rules::set);
        Weight::zero()
    }
}

impl EpochRandomness for Fake {
    fn epoch() -> u64 {
        0
    }

    fn seed() -> [u8; 32] {
        Seed::get()
    }
}

/// The resource, without copying them all.
pub(crate) fn kept(resource: ResourceId) -> Option<Kept> {
    Resources::mutate(|resources| resources.get(&resource).cloned())
}

impl Holdings for Fake {
    fn leased_by(resource: ResourceId) -> Option<MemberId> {
        kept(resource).filter(|kept| kept.leased).map(|kept| kept.owner)
    }
    fn latest(resource: ResourceId) -> Option<(VersionNumber, Commitment)> {
        let kept = kept(resource).filter(|kept| kept.version > 0)?;
        Some((kept.version, proof(resource, kept.version, kept.chunks, 0).0))
    }
    fn leased_resources(owner: MemberId) -> u32 {
        Resources::get().values().filter(|kept| kept.owner == owner && kept.leased).count() as u32
    }
}

impl Now for Fake {
    fn now() -> BlockNumber {
        System::block_number() as BlockNumber
    }
}

/// The commitment to a version's bytes, and the proof of one of its chunks.
pub(crate) fn proof(
    resource: ResourceId,
    version: VersionNumber,
    chunks: u32,
    index: u32,
) -> (Commitment, Option<ChunkProof>) {
    let mut builder = Builder::proving(index);
    for chunk in 0..chunks {
        builder.update(&[resource as u8 ^ chunk as u8 ^ (version as u8).rotate_left(4); 1_024]).unwrap();
    }
    builder.finish_with_proof().unwrap()
}

#[cfg(feature = "runtime-benchmarks")]
impl incentives::benchmarking::Factory<u64> for Fake {
    fn member() -> u64 {
        let next = Members::get().last().map_or(1, |last| last + 1);
        Members::mutate(|members| members.insert(next));
        next.into()
    }
    fn resource(owner: &u64) -> ResourceId {
        let next = Resources::get().last_key_value().map_or(1, |(last, _)| last + 1);
        let kept = Kept { owner: *owner as MemberId, version: 1, chunks: 1, leased: true };
        Resources::mutate(|resources| resources.insert(next, kept));
        next
    }
}

impl incentives::Config for Test {
    type Community = Fake;
    type Constitution = Fake;
    type Holdings = Fake;
    type Randomness = Fake;
    type OnEraStart = Fake;
    type Currency = Balances;
    type Clock = Fake;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Fake;
}

/// A community of members 1 to `members` with a pot of 1,000 for each era of 100 blocks.
pub(crate) struct ExtBuilder {
    pub(crate) members: u32,
    pub(crate) rules: Parameters,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        let rules =
            Parameters { era_length: 100, era_pot: 1_000, claim_period: 250, misses_allowed: 3, ..Default::default() };
        Self { members: 10, rules }
    }
}

impl ExtBuilder {
    pub(crate) fn members(members: u32) -> Self {
        Self { members, ..Self::default() }
    }

    pub(crate) fn build(self) -> sp_io::TestExternalities {
        Members::set((1..=self.members).collect());
        Resources::set(BTreeMap::new());
        Rules::set(self.rules);
        NextRules::set(None);
        Seed::set([0; 32]);
        sp_io::TestExternalities::new(RuntimeGenesisConfig::default().build_storage().unwrap())
    }

    pub(crate) fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            crate::tests::next_block();
            let result = test();
            Incentives::do_try_state().unwrap();
            result
        })
    }
}
