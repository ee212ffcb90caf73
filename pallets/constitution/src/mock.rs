// SPDX-License-Identifier: Apache-2.0
//! A chain of this pallet alone. Account `n` belongs to person `n`; who is a member is a list.

use std::collections::BTreeSet;

use frame_support::{derive_impl, parameter_types, weights::Weight};
use kith_primitives::{
    doug::DougRules,
    glue::{Community, Expulsion, FoundDoug, Now, OnDeparture},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    BlockNumber,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};

use crate as constitution;

pub(crate) const DOUG: u64 = 1_000;
pub(crate) const STRANGER: u64 = 999;
pub(crate) const NOT_EXPELLED: DispatchError = DispatchError::Other("no such person");

frame_support::construct_runtime!(
    pub struct Test {
        System: frame_system,
        Constitution: constitution,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
}

parameter_types! {
    pub static Members: BTreeSet<MemberId> = BTreeSet::new();
    /// The rules the DOUG was founded with.
    pub static FoundedWith: Option<DougRules> = None;
}

#[derive(Debug)]
pub struct Fake;

impl Community<u64> for Fake {
    fn member(account: &u64) -> Option<MemberId> {
        MemberId::try_from(*account).ok().filter(|id| Self::is_member(*id))
    }
    fn member_of_device(_: &u64) -> Option<MemberId> {
        None
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
        Members::get().last().map_or(0, |last| last + 1)
    }
}

/// What an expulsion costs here.
pub(crate) const EXPULSION: Weight = Weight::from_parts(7, 7);

/// Takes the person off the list, and says so.
pub(crate) fn depart(person: MemberId) {
    Members::mutate(|members| members.remove(&person));
    Constitution::departed(person);
}

impl Expulsion for Fake {
    fn expel(person: MemberId) -> DispatchResult {
        frame_support::ensure!(Self::is_member(person), NOT_EXPELLED);
        depart(person);
        Ok(())
    }
    fn weight() -> Weight {
        EXPULSION
    }
}

impl FoundDoug<u64> for Fake {
    fn found(code: Vec<u8>, rules: DougRules) -> Result<u64, &'static str> {
        if code == b"doug" {
            FoundedWith::set(Some(rules));
            Ok(DOUG)
        } else {
            Err("not a contract")
        }
    }
}

impl Now for Fake {
    fn now() -> BlockNumber {
        System::block_number() as BlockNumber
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl constitution::benchmarking::MemberFactory<u64> for Fake {
    fn make() -> u64 {
        let next = Members::get().last().map_or(1, |last| last + 1);
        Members::mutate(|members| members.insert(next));
        next.into()
    }
}

impl constitution::Config for Test {
    type Community = Fake;
    type Expulsion = Fake;
    type FoundDoug = Fake;
    type Clock = Fake;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Fake;
}

/// A founded community: members 1 to `members`, and a DOUG.
pub(crate) struct ExtBuilder {
    pub(crate) members: u32,
    pub(crate) genesis: constitution::GenesisConfig<Test>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        let parameters = Parameters { admission_threshold: 1, ..Default::default() };
        Self {
            members: 0,
            genesis: constitution::GenesisConfig { parameters, doug_code: b"doug".to_vec(), ..Default::default() },
        }
    }
}

impl ExtBuilder {
    pub(crate) fn members(members: u32) -> Self {
        Self { members, ..Self::default() }
    }

    pub(crate) fn build(self) -> sp_io::TestExternalities {
        Members::set((1..=self.members).collect());
        let config = RuntimeGenesisConfig { constitution: self.genesis, ..Default::default() };
        let mut externalities = sp_io::TestExternalities::new(config.build_storage().unwrap());
        externalities.execute_with(|| System::set_block_number(1));
        externalities
    }

    pub(crate) fn build_and_execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(|| {
            let result = test();
            Constitution::do_try_state().unwrap();
            result
        })
    }
}
