// SPDX-License-Identifier: Apache-2.0
//! A chain of this pallet with the real pallets of sessions and authors. Who is a member is what a test says; account
//! `n` is person `n`'s, and so is session key `n`.

use std::collections::BTreeMap;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU64, FindAuthor, Hooks, OneSessionHandler, UnfilteredDispatchable},
    ConsensusEngineId,
};
use kith_primitives::{
    glue::{Community, Constitution, EpochRandomness, Merit, Now, OnDeparture},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    AccountId, BlockNumber,
};
use pallet_session::{disabling::UpToLimitDisablingStrategy, historical, SessionInterface, ShouldEndSession};
use scale_info::TypeInfo;
use sp_runtime::{
    impl_opaque_keys,
    testing::UintAuthorityId,
    traits::{Convert, IdentityLookup},
    AccountId32, BoundToRuntimeAppPublic, BuildStorage, DispatchResult,
};

use crate::{Author, Consensus};

frame_support::construct_runtime!(
    pub struct Test {
        System: frame_system = 0,
        Authorship: pallet_authorship = 3,
        Session: pallet_session = 4,
        Historical: historical = 7,
        Balances: pallet_balances = 10,
        Validators: crate = 61,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

/// A validator: a person by number.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct ValidatorId(pub MemberId);

impl From<MemberId> for ValidatorId {
    fn from(person: MemberId) -> Self {
        Self(person)
    }
}

impl From<ValidatorId> for MemberId {
    fn from(validator: ValidatorId) -> Self {
        validator.0
    }
}

// By its own name: the alias is a projection, which rules out no conflict with the standard library's implementation.
impl TryFrom<AccountId32> for ValidatorId {
    type Error = ();

    fn try_from(account: AccountId32) -> Result<Self, ()> {
        number(&account).map(Self).ok_or(())
    }
}

/// What a test says of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) member: bool,
    pub(crate) frozen: bool,
    pub(crate) vouches: u32,
    pub(crate) since: BlockNumber,
}

/// The rules at first.
pub(crate) const FIRST_RULES: fn() -> Parameters = || Parameters {
    max_validators: 8,
    min_validators: 1,
    absence_allowed: 2,
    validator_penance: 1_000,
    ..Default::default()
};

parameter_types! {
    pub(crate) static People: BTreeMap<MemberId, Person> = BTreeMap::new();
    pub static Rules: Parameters = FIRST_RULES();
    pub static Seed: [u8; 32] = [0; 32];
    /// Who writes the current block.
    pub static Writer: Option<MemberId> = None;
    /// Whether the next block begins a session.
    pub static Turns: bool = false;
    /// The keys that consensus was told: of those who sit, and of those planned.
    pub static Told: (Vec<u64>, Vec<u64>) = Default::default();
    /// The keys whose votes make blocks final.
    pub static Votes: Vec<u64> = Vec::new();
    /// The places of those who were disabled, among writers and among voters.
    pub static Ignored: Vec<u32> = Vec::new();
    pub static Unheard: Vec<u32> = Vec::new();
}

#[derive(Debug)]
pub struct World;

pub(crate) fn person(id: MemberId) -> Option<Person> {
    People::mutate(|people| people.get(&id).copied())
}

impl Community<AccountId> for World {
    fn member(account: &AccountId) -> Option<MemberId> {
        Self::person(account).filter(|id| Self::is_member(*id))
    }
    fn member_of_device(_: &AccountId) -> Option<MemberId> {
        None
    }
    fn person(account: &AccountId) -> Option<MemberId> {
        number(account).filter(|id| person(*id).is_some_and(|person| !person.frozen))
    }
    fn is_member(id: MemberId) -> bool {
        person(id).is_some_and(|person| person.member)
    }
    fn may_be_vouched_for(id: MemberId) -> bool {
        person(id).is_some()
    }
    fn account(id: MemberId) -> Option<AccountId> {
        person(id).map(|_| account(id))
    }
    fn encryption_key(_: MemberId) -> Option<EncryptionKey> {
        None
    }
    fn keyed_at(id: MemberId) -> Option<BlockNumber> {
        person(id).map(|person| person.since)
    }
    fn active_members() -> u32 {
        People::get().values().filter(|person| person.member).count() as u32
    }
    fn people() -> u32 {
        People::get().len() as u32
    }
}

impl Merit for World {
    fn merit(id: MemberId) -> Option<(u32, BlockNumber)> {
        person(id).filter(|person| person.member && !person.frozen).map(|person| (person.vouches, person.since))
    }
}

impl Constitution for World {
    fn parameters() -> Parameters {
        Rules::get()
    }
}

impl EpochRandomness for World {
    fn epoch() -> u64 {
        Session::current_index().into()
    }
    fn seed() -> [u8; 32] {
        Seed::get()
    }
}

impl Now for World {
    fn now() -> BlockNumber {
        System::block_number()
    }
}

impl FindAuthor<u32> for World {
    fn find_author<'a, I>(_: I) -> Option<u32>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let writer = Writer::get()?;
        sitting().iter().position(|person| *person == writer).map(|index| index as u32)
    }
}

impl ShouldEndSession<BlockNumber> for World {
    fn should_end_session(_: BlockNumber) -> bool {
        Turns::take()
    }
}

impl Convert<AccountId, Option<ValidatorId>> for World {
    fn convert(account: AccountId) -> Option<ValidatorId> {
        number(&account).map(ValidatorId)
    }
}

impl Convert<ValidatorId, Option<()>> for World {
    fn convert(_: ValidatorId) -> Option<()> {
        Some(())
    }
}

/// Stands for the pallet that lets blocks be written: knows validators by account.
#[derive(Debug)]
pub struct Blocks;

/// Stands for the pallet that lets blocks become final.
#[derive(Debug)]
pub struct Finality;

impl_opaque_keys! {
    pub struct Keys {
        pub blocks: Blocks,
        pub finality: Finality,
    }
}

impl From<u64> for Keys {
    fn from(key: u64) -> Self {
        Self { blocks: key.into(), finality: key.into() }
    }
}

impl BoundToRuntimeAppPublic for Blocks {
    type Public = UintAuthorityId;
}

impl BoundToRuntimeAppPublic for Finality {
    type Public = UintAuthorityId;
}

fn keys<'a>(validators: impl Iterator<Item = (&'a AccountId, UintAuthorityId)>) -> Vec<u64> {
    validators.map(|(_, key)| key.0).collect()
}

impl OneSessionHandler<AccountId> for Blocks {
    type Key = UintAuthorityId;

    fn on_genesis_session<'a, I>(validators: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)> + 'a,
    {
        let keys = keys(validators);
        Told::set((keys.clone(), keys));
    }
    fn on_new_session<'a, I>(_: bool, validators: I, queued: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)> + 'a,
    {
        Told::set((keys(validators), keys(queued)));
    }
    fn on_disabled(index: u32) {
        Ignored::mutate(|ignored| ignored.push(index));
    }
}

impl OneSessionHandler<AccountId> for Finality {
    type Key = UintAuthorityId;

    fn on_genesis_session<'a, I>(validators: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)> + 'a,
    {
        Votes::set(keys(validators));
    }
    /// Like GRANDPA, takes note only of what is said to have changed.
    fn on_new_session<'a, I>(changed: bool, validators: I, _: I)
    where
        I: Iterator<Item = (&'a AccountId, UintAuthorityId)> + 'a,
    {
        if changed {
            Votes::set(keys(validators));
        }
    }
    fn on_disabled(index: u32) {
        Unheard::mutate(|unheard| unheard.push(index));
    }
}

impl pallet_authorship::Config for Test {
    type FindAuthor = Author<Test, World>;
    type EventHandler = Validators;
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = ValidatorId;
    type ValidatorIdOf = World;
    type ShouldEndSession = World;
    type NextSessionRotation = ();
    type SessionManager = historical::NoteHistoricalRoot<Test, Validators>;
    type SessionHandler = Consensus<Test, Blocks, Finality>;
    type Keys = Keys;
    type DisablingStrategy = UpToLimitDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU64<0>;
}

impl historical::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = World;
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for World {
    fn member(index: u32) -> (AccountId, MemberId) {
        if person(index).is_none() {
            join(index, 1);
            set_keys(index, index.into());
        }
        (account(index), index)
    }
    fn seat(people: &[MemberId]) {
        pallet_session::Validators::<Test>::put(people.iter().copied().map(ValidatorId).collect::<Vec<_>>());
    }
}

impl crate::Config for Test {
    type Community = World;
    type Merit = World;
    type Constitution = World;
    type Randomness = World;
    type Clock = World;
    type Sessions = Session;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = World;
}

pub(crate) fn account(id: MemberId) -> AccountId {
    let mut bytes = [7; 32];
    bytes[..4].copy_from_slice(&id.to_le_bytes());
    AccountId::new(bytes)
}

fn number(account: &AccountId) -> Option<MemberId> {
    let bytes: &[u8; 32] = account.as_ref();
    let (number, rest) = bytes.split_at(4);
    rest.iter().all(|byte| *byte == 7).then(|| MemberId::from_le_bytes(number.try_into().unwrap()))
}

pub(crate) fn signed(id: MemberId) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(id))
}

/// Makes a member with so many vouches.
pub(crate) fn join(id: MemberId, vouches: u32) {
    let person = Person { member: true, frozen: false, vouches, since: System::block_number() };
    People::mutate(|people| people.insert(id, person));
}

pub(crate) fn change(id: MemberId, change: impl FnOnce(&mut Person)) {
    People::mutate(|people| change(people.get_mut(&id).unwrap()));
}

/// Ends a membership, as the membership pallet does.
pub(crate) fn depart(id: MemberId) {
    change(id, |person| person.member = false);
    Validators::departed(id);
}

pub(crate) fn set_keys(id: MemberId, key: u64) {
    <Session as SessionInterface>::set_keys(&account(id), key.into()).unwrap();
}

/// Makes a call as the chain would: a failure leaves nothing behind.
pub(crate) fn call(origin: RuntimeOrigin, call: crate::Call<Test>) -> DispatchResult {
    call.dispatch_bypass_filter(origin).map(|_| ()).map_err(|failure| failure.error)
}

pub(crate) fn stand(id: MemberId) -> DispatchResult {
    call(signed(id), crate::Call::stand {})
}

pub(crate) fn stand_down(id: MemberId) -> DispatchResult {
    call(signed(id), crate::Call::stand_down {})
}

/// Who sits.
pub(crate) fn sitting() -> Vec<MemberId> {
    Session::validators().into_iter().map(Into::into).collect()
}

/// Who is planned to sit next.
pub(crate) fn planned() -> Vec<MemberId> {
    Session::queued_keys().into_iter().map(|(validator, _)| validator.into()).collect()
}

/// The next block, by this writer.
pub(crate) fn block(writer: Option<MemberId>) {
    let height = System::block_number() + 1;
    System::set_block_number(height);
    Writer::set(writer);
    Authorship::on_initialize(height);
    Session::on_initialize(height);
    Authorship::on_finalize(height);
}

/// The session that runs goes on, each of these writing as many blocks as are judged by if all do; then it ends.
pub(crate) fn session(writers: &[MemberId]) {
    for writer in writers {
        let share = sitting().len().div_ceil(writers.len()).max(1) as u32;
        (0..share * crate::attendance::BLOCKS_TO_JUDGE).for_each(|_| block(Some(*writer)));
    }
    turn();
}

/// Everybody who sits writes; then the session ends.
pub(crate) fn full_session() {
    session(&sitting());
}

/// The session ends, in a new epoch.
pub(crate) fn turn() {
    Seed::mutate(|seed| *seed = sp_io::hashing::blake2_256(seed));
    Turns::set(true);
    block(None);
    Validators::do_try_state().unwrap();
}

/// A community of `members` with as many vouches as their number, of whom the first `validators` founded the chain.
pub(crate) fn execute(members: MemberId, validators: MemberId, test: impl FnOnce()) {
    let founders: Vec<_> = (0..validators).collect();
    build(members, &founders, founders.clone()).execute_with(|| {
        System::set_block_number(1);
        test();
        Validators::do_try_state().unwrap();
    });
}

/// A genesis of so many members, in which some sit and some are named as validators.
pub(crate) fn build(members: MemberId, seated: &[MemberId], validators: Vec<MemberId>) -> sp_io::TestExternalities {
    let person = |id| Person { member: true, frozen: false, vouches: id, since: 0 };
    People::set((0..members).map(|id| (id, person(id))).collect());
    Seed::set([0; 32]);
    Turns::set(false);
    Ignored::set(Vec::new());
    Unheard::set(Vec::new());
    let keys = seated.iter().map(|id| (account(*id), ValidatorId(*id), u64::from(*id).into())).collect();
    let storage = RuntimeGenesisConfig {
        session: pallet_session::GenesisConfig { keys, ..Default::default() },
        validators: crate::GenesisConfig { validators, ..Default::default() },
        ..Default::default()
    };
    let mut chain = sp_io::TestExternalities::new(storage.build_storage().unwrap());
    // The session pallet counts the use of an account only if the account is there first.
    chain.execute_with(|| seated.iter().for_each(|id| System::inc_consumers(&account(*id)).unwrap()));
    chain
}
