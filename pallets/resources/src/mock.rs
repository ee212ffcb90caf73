// SPDX-License-Identifier: Apache-2.0
//! The smallest runtime the pallet runs in: real balances, a community and a constitution that tests can change.

#![allow(
    unreachable_pub,
    missing_debug_implementations,
    reason = "the code FRAME's macros generate, and what it names"
)]

use std::collections::{BTreeMap, BTreeSet};

use frame_support::{derive_impl, parameter_types, traits::Hooks, weights::Weight};
use kith_primitives::{
    glue::{Community, Constitution, Now},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    Balance, BlockNumber,
};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;
pub(crate) type Account = u64;

/// Persons are numbered from 0; only these are, or were, members.
pub(crate) const MEMBERS: MemberId = 8;
/// A person who never was a member.
pub(crate) const CANDIDATE: MemberId = 8;
/// What each person has at first.
pub(crate) const BALANCE: Balance = 1_000_000;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Resources: crate,
    }
);

parameter_types! {
    pub static Rules: Parameters = rules();
    pub static Departed: BTreeSet<MemberId> = BTreeSet::new();
    pub static Rekeyed: BTreeMap<MemberId, Account> = BTreeMap::new();
    pub static KeyedAt: BTreeMap<MemberId, BlockNumber> = BTreeMap::new();
    pub static Frozen: BTreeSet<MemberId> = BTreeSet::new();
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
}

impl crate::Config for Test {
    type Community = People;
    type Constitution = People;
    type Clock = People;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = People;
}

/// The community, its constitution and its clock.
pub struct People;

impl Community<Account> for People {
    fn member(account: &Account) -> Option<MemberId> {
        Self::person(account).filter(|person| Self::is_member(*person))
    }
    fn member_of_device(_: &Account) -> Option<MemberId> {
        None
    }
    fn person(account: &Account) -> Option<MemberId> {
        let person = (0..=CANDIDATE).find(|person| Self::account(*person) == Some(*account));
        person.filter(|person| !Frozen::get().contains(person))
    }
    fn is_member(person: MemberId) -> bool {
        person < MEMBERS && !Departed::get().contains(&person)
    }
    fn may_be_vouched_for(person: MemberId) -> bool {
        person <= CANDIDATE
    }
    fn account(person: MemberId) -> Option<Account> {
        (person <= CANDIDATE).then(|| Rekeyed::get().get(&person).copied().unwrap_or(account(person)))
    }
    fn encryption_key(person: MemberId) -> Option<EncryptionKey> {
        (person <= CANDIDATE).then_some(EncryptionKey([1; 32]))
    }
    fn active_members() -> u32 {
        (0..MEMBERS).filter(|person| Self::is_member(*person)).count() as u32
    }
    fn people() -> u32 {
        CANDIDATE + 1
    }
    fn keyed_at(person: MemberId) -> Option<BlockNumber> {
        (person <= CANDIDATE).then(|| KeyedAt::get().get(&person).copied().unwrap_or_default())
    }
}

impl Constitution for People {
    fn parameters() -> Parameters {
        Rules::get()
    }
}

impl Now for People {
    fn now() -> BlockNumber {
        System::block_number().try_into().unwrap()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::Members<Account> for People {
    fn funded(index: u32) -> (Account, MemberId) {
        (account(index), index)
    }
}

/// Small numbers, and each deposit of another size.
pub(crate) fn rules() -> Parameters {
    Parameters {
        lease_period: 100,
        name_grace: 50,
        resource_deposit: 100,
        storage_deposit: 3,
        grant_deposit: 10,
        ..Parameters::default()
    }
}

/// The account a person has at first.
pub(crate) fn account(person: MemberId) -> Account {
    100 + Account::from(person)
}

/// Lets blocks pass, each with idle time, until the given one.
pub(crate) fn run_to(block: u64) {
    while System::block_number() < block {
        System::set_block_number(System::block_number() + 1);
        Resources::on_initialize(System::block_number());
        Resources::on_idle(System::block_number(), Weight::MAX);
    }
}

/// Runs a test in block 1 of a new chain, and checks all invariants after it.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    externalities().execute_with(|| {
        test();
        check_invariants();
    });
}

/// Block 1 of a new chain.
pub(crate) fn externalities() -> sp_io::TestExternalities {
    Rules::set(rules());
    Departed::set(BTreeSet::new());
    Rekeyed::set(BTreeMap::new());
    KeyedAt::set(BTreeMap::new());
    Frozen::set(BTreeSet::new());
    let balances = (0..=CANDIDATE).map(|person| (account(person), BALANCE)).collect();
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
        ..Default::default()
    };
    let mut externalities = sp_io::TestExternalities::from(genesis.build_storage().unwrap());
    externalities.execute_with(|| System::set_block_number(1));
    externalities
}

/// The pallet's invariants, and those that need the currency's side: holds are the sums of deposits, no token is made or lost.
pub(crate) fn check_invariants() {
    use frame_support::traits::fungible::{Inspect, InspectHold};
    Resources::do_try_state().unwrap();
    for person in 0..=CANDIDATE {
        let account = People::account(person).unwrap();
        let on_hold = Balances::balance_on_hold(&crate::HoldReason::Deposit.into(), &account);
        assert_eq!(on_hold, crate::Held::<Test>::get(person), "on hold for person {person}");
    }
    let all = (0..=CANDIDATE).map(account).chain(Rekeyed::get().into_values());
    assert_eq!(Balances::total_issuance(), all.map(|account| Balances::total_balance(&account)).sum::<Balance>());
}
