// SPDX-License-Identifier: Apache-2.0
//! The runtime of this pallet's tests: vouching together with the real membership.

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, Hooks, Nothing},
    weights::Weight,
};
use kith_primitives::{
    application::Application,
    distance::{find_witness, needed, Witness},
    glue::{Community, Constitution, EpochRandomness, Now, Rekeying},
    member::{EncryptionKey, MemberId, Standing},
    parameters::Parameters,
    AccountId, Balance, BlockNumber, Signature,
};
use sp_core::{sr25519, Pair};
use sp_runtime::{
    traits::{Dispatchable, IdentityLookup},
    BuildStorage, DispatchError, DispatchResult,
};

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Balances: pallet_balances = 1,
        Membership: pallet_kith_membership = 60,
        Vouching: crate = 61,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type AccountData = pallet_balances::AccountData<Balance>;
    type Lookup = IdentityLookup<AccountId>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

/// Small numbers, so that terms end within a test.
pub(crate) const RULES: fn() -> Parameters = || Parameters {
    admission_threshold: 3,
    vouch_stock: 5,
    vouch_interval: 10,
    vouch_validity: 1_000,
    renewal_window: 100,
    lapse_grace: 50,
    candidate_lifetime: 200,
    distance_percent: 0,
    recovery_threshold: 1,
    recovery_deposit: 0,
    ..Default::default()
};

/// The same, and a newcomer must be linked to four in five of at most eight referees by paths of two vouches.
pub(crate) const NEAR: fn() -> Parameters = || Parameters {
    vouch_stock: 20,
    vouch_interval: 0,
    distance_steps: 2,
    distance_percent: 80,
    distance_sample: 8,
    distance_interval: 100,
    ..RULES()
};

parameter_types! {
    pub static Params: Parameters = RULES();
}

#[derive(Debug)]
pub struct World;

impl Now for World {
    fn now() -> BlockNumber {
        System::block_number()
    }
}

/// Blocks of an epoch.
pub(crate) const EPOCH: BlockNumber = 20;

impl EpochRandomness for World {
    fn epoch() -> u64 {
        (System::block_number() / EPOCH).into()
    }

    fn seed() -> [u8; 32] {
        sp_io::hashing::blake2_256(&Self::epoch().to_le_bytes())
    }
}

impl Constitution for World {
    fn parameters() -> Parameters {
        Params::get()
    }
}

/// Nothing but what membership itself moves.
impl Rekeying<AccountId> for World {
    fn check(_: MemberId, _: &AccountId, _: &AccountId, _: bool) -> DispatchResult {
        Ok(())
    }

    fn rekeyed(_: MemberId, _: &AccountId, _: &AccountId, _: bool) {}
}

impl pallet_kith_membership::Config for Test {
    type Clock = World;
    type Constitution = World;
    type Sponsorship = Vouching;
    type Vouched = Vouching;
    type Rekeying = World;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeCall = RuntimeCall;
    type FormerCalls = Nothing;
    type OnDeparture = Vouching;
    type ForceOrigin = frame_system::EnsureRoot<AccountId>;
    type WeightInfo = ();
}

impl crate::Config for Test {
    type Community = Membership;
    type Admission = Membership;
    type Constitution = World;
    type Clock = World;
    type Randomness = World;
    type WeightInfo = ();
}

/// Runs a test over `founders` who all vouch for each other, at block 1; the invariants of both pallets are checked at
/// the end.
pub(crate) fn execute(founders: u16, test: impl FnOnce()) {
    let vouches = (0..founders).flat_map(|i| (0..founders).map(move |s| (i.into(), s.into()))).filter(|(i, s)| i != s);
    execute_from(founders, vouches.collect(), test);
}

pub(crate) fn execute_from(founders: u16, vouches: Vec<(MemberId, MemberId)>, test: impl FnOnce()) {
    let founders = (0..founders).map(|n| (account(n), encryption_key(n), vec![])).collect();
    let storage = RuntimeGenesisConfig {
        system: Default::default(),
        balances: Default::default(),
        membership: pallet_kith_membership::GenesisConfig { founders, ..Default::default() },
        vouching: crate::GenesisConfig { vouches, ..Default::default() },
    };
    sp_io::TestExternalities::new(storage.build_storage().unwrap()).execute_with(|| {
        System::set_block_number(1);
        Vouching::record_seed();
        test();
        check();
    });
}

/// Checks the invariants of both pallets.
pub(crate) fn check() {
    Membership::do_try_state().unwrap();
    Vouching::do_try_state().unwrap();
}

/// Lets blocks pass, with the hooks of each; `idle` is what each leaves unused.
pub(crate) fn pass_with(blocks: BlockNumber, idle: Weight) {
    for _ in 0..blocks {
        let height = System::block_number() + 1;
        System::set_block_number(height);
        Vouching::on_initialize(height);
        Vouching::on_idle(height, idle);
    }
}

/// Lets blocks pass that are almost empty.
pub(crate) fn pass(blocks: BlockNumber) {
    pass_with(blocks, Weight::MAX);
}

fn pair(n: u16) -> sr25519::Pair {
    let mut seed = [7; 32];
    seed[..2].copy_from_slice(&n.to_le_bytes());
    sr25519::Pair::from_seed(&seed)
}

pub(crate) fn account(n: u16) -> AccountId {
    AccountId::new(pair(n).public().0)
}

pub(crate) fn signed(n: u16) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(n))
}

fn encryption_key(n: u16) -> EncryptionKey {
    let mut key = [7; 32];
    key[..2].copy_from_slice(&n.to_le_bytes());
    EncryptionKey(key)
}

/// Makes a call as the chain would: a failure leaves nothing behind.
pub(crate) fn call(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
    call.into().dispatch(origin).map(|_| ()).map_err(|error| error.error)
}

/// The account of person `id`, signing.
pub(crate) fn by(id: MemberId) -> RuntimeOrigin {
    Membership::account(id).map_or(RuntimeOrigin::none(), RuntimeOrigin::signed)
}

/// Person `sponsor` sponsors newcomer `n`; returns the newcomer's number.
pub(crate) fn try_sponsor(sponsor: MemberId, n: u16) -> Result<MemberId, DispatchError> {
    let genesis = Membership::genesis();
    let expires = BlockNumber::MAX;
    let application = Application { genesis, account: account(n), encryption_key: encryption_key(n), expires };
    let signature = Signature::Sr25519(pair(n).sign(&application.signing_payload()));
    call(by(sponsor), pallet_kith_membership::Call::sponsor { application, signature })?;
    Ok(Membership::person(&account(n)).unwrap())
}

pub(crate) fn sponsor(sponsor: MemberId, n: u16) -> MemberId {
    try_sponsor(sponsor, n).unwrap()
}

pub(crate) fn vouch(issuer: MemberId, subject: MemberId) -> DispatchResult {
    call(by(issuer), crate::Call::vouch { subject })
}

pub(crate) fn withdraw(issuer: MemberId, subject: MemberId) -> DispatchResult {
    call(by(issuer), crate::Call::withdraw { subject })
}

pub(crate) fn renew(issuer: MemberId, subject: MemberId) -> DispatchResult {
    call(by(issuer), crate::Call::renew { subject })
}

pub(crate) fn reconsider(subject: MemberId) -> DispatchResult {
    call(signed(9_999), crate::Call::reconsider { subject })
}

pub(crate) fn request(origin: RuntimeOrigin, person: MemberId) -> DispatchResult {
    call(origin, crate::Call::request_distance { person })
}

pub(crate) fn prove(person: MemberId, witness: Witness) -> DispatchResult {
    call(signed(9_999), crate::Call::prove_distance { person, witness })
}

/// The best witness there is for the person now, if referees are known.
pub(crate) fn witness(person: MemberId) -> Option<Witness> {
    let asked = Vouching::asked(person).ok()?;
    let needed = needed(Vouching::percent(person), asked.len() as u32);
    find_witness(&crate::Stored::<Test>::default(), person, &asked, Params::get().distance_steps, needed)
}

pub(crate) fn expel(person: MemberId) -> DispatchResult {
    call(RuntimeOrigin::root(), pallet_kith_membership::Call::force_remove { person })
}

/// One guardian, who vouches for the person, freezes their key.
pub(crate) fn freeze(guardian: MemberId, person: MemberId) -> DispatchResult {
    let proposal = pallet_kith_membership::MotionProposal::Freeze;
    call(by(guardian), pallet_kith_membership::Call::open_motion { person, proposal })
}

pub(crate) fn unfreeze(guardian: MemberId, person: MemberId) -> DispatchResult {
    let proposal = pallet_kith_membership::MotionProposal::Unfreeze;
    call(by(guardian), pallet_kith_membership::Call::open_motion { person, proposal })
}

pub(crate) fn leave(person: MemberId) -> DispatchResult {
    call(by(person), pallet_kith_membership::Call::leave {})
}

pub(crate) fn standing(person: MemberId) -> Option<Standing> {
    pallet_kith_membership::People::<Test>::get(person).map(|record| record.standing)
}

/// How often an event of this pallet or of membership was recorded.
pub(crate) fn times(event: impl Into<RuntimeEvent>) -> usize {
    let event = event.into();
    System::events().iter().filter(|record| record.event == event).count()
}
