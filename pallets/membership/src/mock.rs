// SPDX-License-Identifier: Apache-2.0
//! The runtime of this pallet's tests: vouching is imitated, so that each of its answers can be given.

use codec::Encode;
use frame_support::{derive_impl, parameter_types};
use kith_primitives::{
    device::{binding_payload, DeviceId},
    glue::{Constitution, Now, OnDeparture, Sponsorship},
    member::{EncryptionKey, MemberId},
    parameters::Parameters,
    AccountId, BlockNumber, Signature,
};
use sp_core::{ed25519, sr25519, Pair};
use sp_runtime::{traits::IdentityLookup, BuildStorage, DispatchResult};

use crate::ApplicationFor;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Membership: crate = 60,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
}

parameter_types! {
    pub static Params: Parameters = Parameters::default();
    pub static VouchRefused: bool = false;
    pub static FirstVouches: Vec<(MemberId, MemberId)> = Vec::new();
    pub static Departed: Vec<MemberId> = Vec::new();
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

impl OnDeparture for World {
    fn departed(person: MemberId) {
        Departed::mutate(|people| people.push(person));
    }
}

impl crate::Config for Test {
    type Clock = World;
    type Constitution = World;
    type Sponsorship = World;
    type OnDeparture = World;
    type ForceOrigin = frame_system::EnsureRoot<AccountId>;
    type WeightInfo = ();
}

/// Runs a test over two founders, 0 and 1, at block 1; the invariants are checked at the end.
pub(crate) fn execute(test: impl FnOnce()) {
    let founders = [0, 1].map(|n| (account(n), encryption_key(n), vec![])).to_vec();
    execute_from(crate::GenesisConfig { founders, ..Default::default() }, test);
}

pub(crate) fn execute_from(membership: crate::GenesisConfig<Test>, test: impl FnOnce()) {
    let storage = RuntimeGenesisConfig { system: Default::default(), membership }.build_storage().unwrap();
    sp_io::TestExternalities::new(storage).execute_with(|| {
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

pub(crate) fn application(n: u8) -> ApplicationFor {
    ApplicationFor {
        genesis: Membership::genesis(),
        account: account(n),
        encryption_key: encryption_key(n),
        expires: System::block_number() + 10,
    }
}

pub(crate) fn sign(n: u8, application: &ApplicationFor) -> Signature {
    Signature::Sr25519(pair(n).sign(&application.signing_payload()))
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
