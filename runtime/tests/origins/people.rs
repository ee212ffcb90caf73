// SPDX-License-Identifier: Apache-2.0
//! Everybody who may try a call, in one community over the composed runtime.

use frame_support::{assert_ok, traits::Hooks};
use kith_primitives::{
    device::DeviceId,
    glue::{self, Admission},
    member::{EncryptionKey, MemberId},
    parameters::{Parameters, UNIT},
    recovery::{revocation_payload, MotionId, NewKey},
    resource::{Kind, ResourceId, Visibility},
    BlockNumber,
};
use kith_runtime::{
    AccountId, Balances, Constitution, Membership, Resources, Runtime, RuntimeOrigin, System, Vouching,
};
use pallet_kith_constitution::Doug;
use pallet_kith_membership::{ApplicationFor, NextMotion, PersonOf, ProposalFor};
use serde_json::json;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{
    self as Keyring, Alice, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, Eve, Ferdie, One,
};
use sp_runtime::MultiSignature;

use crate::{application, genesis};

/// Everybody who may try a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Nobody signed.
    Unsigned,
    /// The chain's root, whom no transaction can make its sender.
    Root,
    /// An account the community does not know.
    Stranger,
    /// Has been sponsored, and has too few vouches.
    Candidate,
    /// Was a member, and lost the vouches.
    Lapsed,
    /// A member whose key was revoked.
    Frozen,
    /// Left for good.
    Removed,
    /// A member whom nothing here concerns in particular.
    Member,
    /// A member who guards the person's key.
    Guardian,
    /// The member concerned.
    Person,
    /// The account that was the person's.
    Former,
    /// A device of the member's.
    Device,
    /// The account of the contract that governs.
    Doug,
}

use Who::{Candidate, Former, Frozen, Guardian, Lapsed, Person, Removed, Stranger};

/// All of them.
pub(crate) const ALL: [Who; 13] = [
    Who::Unsigned,
    Who::Root,
    Who::Stranger,
    Who::Candidate,
    Who::Lapsed,
    Who::Frozen,
    Who::Removed,
    Who::Member,
    Who::Guardian,
    Who::Person,
    Who::Former,
    Who::Device,
    Who::Doug,
];

/// The numbers of the founders, in their order, and of the candidate.
pub(crate) const PERSON: MemberId = 0;
pub(crate) const GUARDIAN: MemberId = 1;
/// A member who guards the person's key too, and who prepares what others are to try.
pub(crate) const SPONSOR: MemberId = 2;
pub(crate) const MEMBER: MemberId = 3;
pub(crate) const LAPSED: MemberId = 4;
pub(crate) const FROZEN: MemberId = 5;
pub(crate) const REMOVED: MemberId = 6;
pub(crate) const CANDIDATE: MemberId = 7;
const FOUNDERS: [Keyring; 7] = [Alice, Bob, Charlie, Dave, Eve, Ferdie, AliceStash];

/// Who has a resource: the first has number 0, and so on.
const OWNERS: [Who; 4] = [Person, Lapsed, Frozen, Removed];

impl Who {
    /// The key they sign with. Those who have none, or not one of this ring, have the stranger's.
    pub(crate) fn key(self) -> Keyring {
        match self {
            Self::Unsigned | Self::Root | Self::Stranger | Self::Device | Self::Doug => CharlieStash,
            Self::Candidate => BobStash,
            Self::Lapsed => Eve,
            Self::Frozen => Ferdie,
            Self::Removed => AliceStash,
            Self::Member => Dave,
            Self::Guardian => Bob,
            Self::Person => One,
            Self::Former => Alice,
        }
    }

    pub(crate) fn account(self) -> AccountId {
        match self {
            Self::Device => device(MEMBER).account(),
            Self::Doug => Doug::<Runtime>::get().expect("the preset founds one"),
            _ => self.key().to_account_id(),
        }
    }

    pub(crate) fn origin(self) -> RuntimeOrigin {
        match self {
            Self::Unsigned => RuntimeOrigin::none(),
            Self::Root => RuntimeOrigin::root(),
            _ => RuntimeOrigin::signed(self.account()),
        }
    }
}

/// The sponsor's signature on a transaction.
pub(crate) fn sponsor() -> RuntimeOrigin {
    RuntimeOrigin::signed(Charlie.to_account_id())
}

/// The device each founder has from the first block on. Nothing is signed with it here, so it needs no secret.
pub(crate) fn device(founder: MemberId) -> DeviceId {
    DeviceId(sp_io::hashing::blake2_256(&founder.to_le_bytes()))
}

/// The resource of who has one, and of anybody else the person's.
pub(crate) fn resource_of(who: Who) -> ResourceId {
    (0..).zip(OWNERS).find(|(_, owner)| *owner == who).map_or(0, |(resource, _)| resource)
}

pub(crate) fn wait(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

pub(crate) fn rules() -> Parameters {
    <Constitution as glue::Constitution>::parameters()
}

/// An encryption key nobody has the secret of.
fn encryption_key(n: u8) -> EncryptionKey {
    EncryptionKey([n + 2; 32])
}

pub(crate) fn signature(key: Keyring, payload: &[u8]) -> MultiSignature {
    MultiSignature::Sr25519(key.sign(payload))
}

/// The application of the newcomer with this key.
pub(crate) fn application(newcomer: Keyring) -> (ApplicationFor, MultiSignature) {
    application::signed(&newcomer.pair(), encryption_key(100 + newcomer as u8), System::block_number() + 10)
}

/// The proposal to give the person this key.
pub(crate) fn new_key(to: Keyring) -> ProposalFor {
    let key = NewKey {
        genesis: Membership::genesis(),
        person: PERSON,
        account: to.to_account_id(),
        encryption_key: encryption_key(100 + to as u8),
        expires: System::block_number() + 10,
    };
    let signature = signature(to, &key.signing_payload());
    ProposalFor::NewKey { key, signature }
}

/// The document with which this key's owner revokes it.
pub(crate) fn revocation(key: Keyring) -> MultiSignature {
    signature(key, &revocation_payload(&Membership::genesis(), &key.to_account_id()))
}

/// The sponsor opens a motion about the person's key.
pub(crate) fn open(proposal: ProposalFor) -> MotionId {
    assert_ok!(Membership::open_motion(sponsor(), PERSON, proposal));
    NextMotion::<Runtime>::get() - 1
}

/// The sponsor and the guardian agree that the person have this key, and its time has come.
pub(crate) fn agree(to: Keyring) -> MotionId {
    let motion = open(new_key(to));
    assert_ok!(Membership::approve_motion(Guardian.origin(), PERSON, motion));
    wait(rules().recovery_delay);
    motion
}

/// Runs a test over a community in which everybody is.
pub(crate) fn everybody(test: impl FnOnce()) {
    founded().execute_with(|| {
        System::set_block_number(1);
        // Without an epoch's seed nobody's distance is ever proven.
        Vouching::on_initialize(1);
        let motion = agree(One);
        assert_ok!(Membership::complete_motion(Stranger.origin(), PERSON, motion));
        // So that what the former key signs is refused for what it is, and not for an empty account.
        assert_ok!(Balances::transfer_allow_death(Stranger.origin(), Former.account().into(), UNIT));
        let (application, signature) = application(BobStash);
        assert_ok!(Membership::sponsor(sponsor(), application, signature));
        assert_eq!(PersonOf::<Runtime>::get(Candidate.account()), Some(CANDIDATE));
        for owner in OWNERS {
            assert_ok!(Resources::init(owner.origin(), Kind::Site, Visibility::Private, None));
        }
        Membership::lapse(LAPSED);
        assert_ok!(Membership::revoke_key(Stranger.origin(), Frozen.account(), revocation(Ferdie)));
        assert_ok!(Membership::leave(Removed.origin()));
        test();
    });
}

/// The development chain with the founders above. All of them vouch for the sponsor; the guardian and the sponsor for
/// the person, whose key they guard thereby. A vouch may be renewed from its first block on.
fn founded() -> TestExternalities {
    let founders: Vec<_> =
        (0..).zip(FOUNDERS).map(|(n, key)| (key.to_account_id(), encryption_key(n), vec![device(n.into())])).collect();
    let others = [PERSON, GUARDIAN, MEMBER, LAPSED, FROZEN, REMOVED].map(|issuer| (issuer, SPONSOR));
    let vouches = [&others[..], &[(GUARDIAN, PERSON), (SPONSOR, PERSON)]].concat();
    genesis::chain(|genesis| {
        genesis["membership"]["founders"] = serde_json::to_value(founders).expect("it is plain data");
        genesis["vouching"]["vouches"] = json!(vouches);
        let parameters = &mut genesis["constitution"]["parameters"];
        parameters["renewal_window"] = parameters["vouch_validity"].clone();
    })
}
