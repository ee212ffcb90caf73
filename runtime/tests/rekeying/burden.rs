// SPDX-License-Identifier: Apache-2.0
//! Everything one person can have of the SDK's pallets and ours.

use frame_support::{assert_ok, traits::Hooks};
use kith_primitives::{
    content_id::ContentId,
    custody::{Builder, ChunkProof, Commitment},
    device::{binding_payload, DeviceId},
    glue,
    member::{EncryptionKey, MemberId},
    name::ResourceName,
    parameters::{Parameter, Parameters},
    resource::{Kind, ResourceId, Visibility, WrappedKey},
    BlockNumber, EraIndex,
};
use kith_runtime::{
    configs::ProxyType, Constitution, Incentives, Membership, Proxy, Resources, Runtime, System, Validators,
};
use pallet_kith_constitution::OverrideAction;
use pallet_kith_incentives::SETTLING;
use pallet_kith_membership::ProposalFor;
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{Alice, Bob, Dave, Eve, Two},
};

use crate::{account, agree, application, origin, wait, ALICE};

/// Whose key Alice guards, and whose resource she keeps.
pub(super) const BOB: MemberId = 1;
pub(super) const CHARLIE: MemberId = 2;
/// Whom Alice sponsored.
pub(super) const CANDIDATE: MemberId = 3;
/// Alice's resource, and its name.
pub(super) const SITE: ResourceId = 0;
pub(super) const NAME: &[u8] = b"garden";
/// Bob's resource.
pub(super) const KEPT: ResourceId = 1;
/// One that Bob lets her read, and one that he offers her.
pub(super) const DIARY: ResourceId = 2;
pub(super) const GIFT: ResourceId = 3;
/// The era for which Alice has not claimed yet.
pub(super) const EARNED: EraIndex = 0;
/// The block in which Alice made an account that nobody has the key of.
pub(super) const PURE_SINCE: BlockNumber = 1;
/// What Alice would change.
pub(super) const DEVICES: u32 = 9;

pub(super) fn rules() -> Parameters {
    <Constitution as glue::Constitution>::parameters()
}

pub(super) fn device() -> DeviceId {
    DeviceId(Ed25519Keyring::Eve.to_raw_public())
}

/// Alice gets everything one can have.
pub(super) fn burden() {
    assert_eq!(System::block_number(), PURE_SINCE);
    own();
    delegate();
    earn();
    speak();
    receive();
    stand();
}

/// A resource with a name, and a device.
fn own() {
    let name = ResourceName::parse(NAME).expect("it is a name");
    assert_ok!(Resources::init(origin(Alice), Kind::Site, Visibility::Private, Some(name)));
    let signature = Ed25519Keyring::Eve.sign(&binding_payload(&Membership::genesis(), &account(Alice)));
    assert_ok!(Membership::bind_device(origin(Alice), device(), signature));
}

/// Delegates, a place as one, and a place in a multisig.
fn delegate() {
    assert_ok!(Proxy::add_proxy(origin(Alice), account(Dave).into(), ProxyType::Resources, 0));
    assert_ok!(Proxy::create_pure(origin(Alice), ProxyType::Any, 0, 0));
    assert_ok!(Proxy::add_proxy(origin(Eve), account(Alice).into(), ProxyType::Any, 0));
    assert_ok!(Proxy::announce(origin(Alice), account(Eve).into(), Default::default()));
    assert_ok!(agree(origin(Alice), Bob));
}

/// A pledge, and the reward of an era that is over.
fn earn() {
    begin_block();
    assert_ok!(Resources::init(origin(Bob), Kind::File, Visibility::Public, None));
    let content = ContentId::parse(&[&[1, 0x55, 0x12, 32][..], &[1; 32]].concat()).expect("it is a CID");
    assert_ok!(Resources::publish(origin(Bob), KEPT, 1, 0, content, kept().0));
    assert_ok!(Incentives::pledge(origin(Alice), KEPT, 1));
    wait(SETTLING);
    draw(7);
    assert_ok!(Incentives::prove_custody(origin(Alice), kept().1));
    wait(rules().era_length);
    begin_block();
}

/// What Bob publishes, and the proof that one has it: a single chunk.
pub(super) fn kept() -> (Commitment, ChunkProof) {
    let mut builder = Builder::proving(0);
    builder.update(&[7; 100]).expect("it is one chunk");
    let (commitment, proof) = builder.finish_with_proof().expect("it is one chunk");
    (commitment, proof.expect("there is a first chunk"))
}

/// What the incentives do when a block begins.
pub(super) fn begin_block() {
    Incentives::on_initialize(System::block_number());
}

/// An epoch begins, with whose seed the era's challenges are drawn.
pub(super) fn draw(seed: u8) {
    pallet_babe::NextRandomness::<Runtime>::put([seed; 32]);
    begin_block();
}

/// Guardians chosen, a vouch for a newcomer, a motion about another's key, an override, and a resource that is followed.
fn speak() {
    assert_ok!(Membership::choose_guardians(origin(Alice), vec![BOB, CHARLIE].try_into().expect("they are few")));
    let (application, signature) = application::signed(&Two.pair(), EncryptionKey([40; 32]), System::block_number());
    assert_ok!(Membership::sponsor(origin(Alice), application, signature));
    assert_ok!(Membership::open_motion(origin(Alice), BOB, ProposalFor::Freeze));
    let change = OverrideAction::SetParameter(Parameter::MaxDevices(DEVICES));
    assert_ok!(Constitution::propose_override(origin(Alice), change));
    assert_ok!(Resources::subscribe(origin(Alice), KEPT));
}

/// A right to read, with the content key wrapped for her, and the offer of a resource.
fn receive() {
    assert_ok!(Resources::init(origin(Bob), Kind::File, Visibility::Private, None));
    for reader in [BOB, ALICE] {
        assert_ok!(Resources::grant(origin(Bob), DIARY, reader, 0, wrapped(1)));
    }
    assert_ok!(Resources::init(origin(Bob), Kind::File, Visibility::Public, None));
    assert_ok!(Resources::transfer(origin(Bob), GIFT, Some(ALICE)));
}

/// A content key, as if wrapped for somebody.
pub(super) fn wrapped(with: u8) -> WrappedKey {
    vec![with; 80].try_into().expect("a wrapped key has 80 bytes")
}

/// She validates from the first block on; now by her own word.
fn stand() {
    assert_ok!(Validators::stand_down(origin(Alice)));
    assert_ok!(Validators::stand(origin(Alice)));
}
