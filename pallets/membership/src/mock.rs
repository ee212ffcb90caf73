// SPDX-License-Identifier: Apache-2.0
//! The runtime of this pallet's tests: vouching is imitated, so that each of its answers can be given.

pub(crate) mod guarded;

use codec::Encode;
use frame_support::{
    derive_impl, parameter_types,
    traits::{
        fungible::{Inspect, Mutate, MutateHold},
        tokens::{Fortitude, Precision, Preservation},
        ConstU128, Contains,
    },
};
use kith_primitives::{
    device::{binding_payload, DeviceId},
    glue::{Constitution, Now, OnDeparture, Rekeying, Sponsorship, Vouched},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    AccountId, Balance, BlockNumber, Signature,
};
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchResult};

use crate::ApplicationFor;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Balances: pallet_balances = 1,
        Membership: crate = 60,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type AccountData = pallet_balances::AccountData<Balance>;
    type Lookup = IdentityLookup<AccountId>;
}

/// The least an account with funds has.
pub(crate) const EXISTENTIAL_DEPOSIT: Balance = 5;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
}

parameter_types! {
    pub static Params: Parameters = Parameters::default();
    pub static VouchRefused: bool = false;
    /// Who vouches for whom: the first vouches given here, and what a test adds.
    pub static FirstVouches: Vec<(MemberId, MemberId)> = Vec::new();
    /// Vouches given in the current block.
    pub static LateVouches: Vec<(MemberId, MemberId)> = Vec::new();
    pub static Departed: Vec<MemberId> = Vec::new();
    /// Whether something of the person's cannot be moved.
    pub static Immovable: bool = false;
    pub static Rekeyed: Vec<(MemberId, AccountId, AccountId)> = Vec::new();
}

#[derive(Debug)]
pub struct World;

impl Now for World {
    fn now() -> BlockNumber {
        System::block_number()
    }
}

impl Constitution for World {
    fn parameters() -> Parameters {
        Params::get()
    }
}

impl Sponsorship for World {
    fn first_vouch(issuer: MemberId, candidate: MemberId) -> DispatchResult {
        frame_support::ensure!(!VouchRefused::get(), "no more vouches");
        FirstVouches::mutate(|vouches| vouches.push((issuer, candidate)));
        Ok(())
    }
}

impl Vouched for World {
    fn vouched_at(issuer: MemberId, subject: MemberId) -> Option<BlockNumber> {
        let late = LateVouches::get().contains(&(issuer, subject)).then(System::block_number);
        FirstVouches::get().contains(&(issuer, subject)).then_some(0).or(late)
    }

    fn received(person: MemberId) -> u32 {
        FirstVouches::get().iter().filter(|(_, subject)| *subject == person).count() as u32
    }
}

impl OnDeparture for World {
    fn departed(person: MemberId) {
        Departed::mutate(|people| people.push(person));
    }
}

/// Moves the funds, held and free, as a runtime does.
impl Rekeying<AccountId> for World {
    fn check(person: MemberId, former: &AccountId, current: &AccountId, was_frozen: bool) -> DispatchResult {
        assert_eq!(crate::Frozen::<Test>::contains_key(person), was_frozen);
        assert_eq!(crate::PersonOf::<Test>::get(former), Some(person));
        assert_eq!(crate::PersonOf::<Test>::get(current), None);
        frame_support::ensure!(!Immovable::get(), "it cannot be moved");
        Ok(())
    }

    fn rekeyed(person: MemberId, former: &AccountId, current: &AccountId, _: bool) {
        assert_eq!(crate::PersonOf::<Test>::get(current), Some(person));
        let (held, reason) = (motion_hold(former), crate::HoldReason::Motion.into());
        <Balances as MutateHold<_>>::release(&reason, former, held, Precision::Exact).unwrap();
        let all = Balances::reducible_balance(former, Preservation::Expendable, Fortitude::Force);
        Balances::transfer(former, current, all, Preservation::Expendable).unwrap();
        if held > 0 {
            <Balances as MutateHold<_>>::hold(&reason, current, held).unwrap();
        }
        Rekeyed::mutate(|list| list.push((person, former.clone(), current.clone())));
    }
}

/// Remarks, which say who made them, and a call that nobody who signs may make.
#[derive(Debug)]
pub struct Allowed;

impl Contains<RuntimeCall> for Allowed {
    fn contains(call: &RuntimeCall) -> bool {
        use frame_system::Call::{remark_with_event, set_heap_pages};
        matches!(call, RuntimeCall::System(remark_with_event { .. } | set_heap_pages { .. }))
    }
}

impl crate::Config for Test {
    type Clock = World;
    type Constitution = World;
    type Sponsorship = World;
    type Vouched = World;
    type Rekeying = World;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeCall = RuntimeCall;
    type FormerCalls = Allowed;
    type OnDeparture = World;
    type ForceOrigin = frame_system::EnsureRoot<AccountId>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Runs a test over two founders, 0 and 1, at block 1; the invariants are checked at the end.
pub(crate) fn execute(test: impl FnOnce()) {
    execute_founded(2, test);
}

/// Runs a test over so many founders, who have the numbers of their accounts, at block 1.
pub(crate) fn execute_founded(founders: u8, test: impl FnOnce()) {
    let founders = (0..founders).map(|n| (account(n), encryption_key(n), vec![])).collect();
    execute_from(crate::GenesisConfig { founders, ..Default::default() }, test);
}

pub(crate) fn execute_from(membership: crate::GenesisConfig<Test>, test: impl FnOnce()) {
    let genesis = RuntimeGenesisConfig { system: Default::default(), balances: Default::default(), membership };
    sp_io::TestExternalities::new(genesis.build_storage().unwrap()).execute_with(|| {
        System::set_block_number(1);
        test();
        Membership::do_try_state().unwrap();
    });
}

pub(crate) fn pair(n: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[n; 32])
}

pub(crate) fn account(n: u8) -> AccountId {
    AccountId::new(pair(n).public().0)
}

pub(crate) fn signed(n: u8) -> RuntimeOrigin {
    RuntimeOrigin::signed(account(n))
}

pub(crate) fn encryption_key(n: u8) -> EncryptionKey {
    EncryptionKey([n.saturating_add(2); 32].map(|byte| byte & 0x7f))
}

/// What the account has that is not held.
pub(crate) fn free(n: u8) -> Balance {
    System::account(account(n)).data.free
}

/// What is held in the account for motions.
pub(crate) fn motion_hold(account: &AccountId) -> Balance {
    use frame_support::traits::fungible::InspectHold;
    Balances::balance_on_hold(&crate::HoldReason::Motion.into(), account)
}

pub(crate) fn fund(n: u8, amount: Balance) {
    Balances::mint_into(&account(n), amount).unwrap();
}

pub(crate) fn application(n: u8) -> ApplicationFor {
    ApplicationFor {
        genesis: Membership::genesis(),
        account: account(n),
        encryption_key: encryption_key(n),
        expires: System::block_number() + 10,
    }
}

pub(crate) fn sign(n: u8, application: &ApplicationFor) -> Signature {
    signature(n, &application.signing_payload())
}

/// The signature of account `n`'s key over the bytes.
pub(crate) fn signature(n: u8, payload: &[u8]) -> Signature {
    Signature::Sr25519(pair(n).sign(payload))
}

/// Newcomer `n` applies and founder 0 sponsors them; returns their number.
pub(crate) fn sponsor(n: u8) -> MemberId {
    let application = application(n);
    let signature = sign(n, &application);
    Membership::sponsor(signed(0), application, signature).unwrap();
    crate::PersonOf::<Test>::get(account(n)).unwrap()
}

/// The `n`th device, and its signature to belong to account `owner`.
pub(crate) fn device(n: u8, owner: u8) -> (DeviceId, ed25519::Signature) {
    let pair = ed25519::Pair::from_seed_slice(&(n, [200u8; 31]).encode()).unwrap();
    let signature = pair.sign(&binding_payload(&Membership::genesis(), &account(owner)));
    (DeviceId(pair.public().0), signature)
}
