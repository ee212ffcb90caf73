// SPDX-License-Identifier: Apache-2.0
//! No community locks itself out: whoever is left can let others in, by the members' override where nothing else helps.

#[path = "support/application.rs"]
mod application;
#[path = "support/genesis.rs"]
mod genesis;
#[path = "support/soundness.rs"]
mod soundness;

use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use kith_primitives::{
    distance::ENUMERATED,
    glue::{self, Community},
    member::{EncryptionKey, MemberId, Standing},
    parameters::{Parameter, Parameters},
    runtime_api::runtime_decl_for_kith_api::KithApiV1,
    BlockNumber,
};
use kith_runtime::{
    AccountId, Block, Constitution, Incentives, Membership, Resources, Runtime, RuntimeOrigin, System, Vouching,
};
use pallet_kith_constitution::{Error as Unruly, NextOverride, OverrideAction, Scheduled};
use pallet_kith_membership::{Error as Unadmitted, NextMember, People};
use pallet_kith_vouching::{Error, Graces};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{self as Keyring, Alice, Bob, Charlie, Dave, Eve, Ferdie, One, Two};
use sp_runtime::DispatchResult;

/// Blocks of an era: a rule that is decided is in force after so many at the latest.
const ERA: BlockNumber = 20;
/// Blocks of grace.
const GRACE: BlockNumber = 10;
/// More blocks than a lapse that is held waits to be looked at again.
const LONG: BlockNumber = 250;

/// Runs a test over the development chain, founded by these, who vouch for one another, under these rules.
fn founded(founders: &[Keyring], rules: &[(&str, u32)], test: impl FnOnce()) {
    let people: Vec<_> =
        founders.iter().map(|key| (key.to_account_id(), encryption_key(*key), Vec::<[u8; 32]>::new())).collect();
    let numbers = || 0..people.len();
    let vouches: Vec<_> =
        numbers().flat_map(|issuer| numbers().map(move |subject| (issuer, subject))).filter(|(i, s)| i != s).collect();
    let mut chain = genesis::chain(|genesis| {
        genesis["membership"]["founders"] = serde_json::to_value(&people).expect("it is plain data");
        genesis["vouching"]["vouches"] = json!(vouches);
        let parameters = &mut genesis["constitution"]["parameters"];
        for (name, value) in [("era_length", ERA), ("lapse_grace", GRACE)].iter().chain(rules) {
            parameters[*name] = (*value).into();
        }
    });
    chain.execute_with(|| {
        pass(1);
        test();
        soundness::check();
    });
}

/// Lets so many blocks pass, with what our pallets do in each.
fn pass(blocks: BlockNumber) {
    for _ in 0..blocks {
        let now = System::block_number() + 1;
        System::set_block_number(now);
        Resources::on_initialize(now);
        Incentives::on_initialize(now);
        Vouching::on_initialize(now);
        Resources::on_idle(now, Weight::MAX);
        Vouching::on_idle(now, Weight::MAX);
    }
}

/// Begins an epoch, which announces a seed.
fn begin_epoch(epoch: u8) {
    pallet_babe::EpochIndex::<Runtime>::put(u64::from(epoch));
    pallet_babe::NextRandomness::<Runtime>::put([epoch; 32]);
    pass(1);
}

fn origin(who: Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

fn encryption_key(who: Keyring) -> EncryptionKey {
    EncryptionKey([100 + who as u8; 32])
}

fn rules() -> Parameters {
    <Constitution as glue::Constitution>::parameters()
}

fn number(who: Keyring) -> MemberId {
    let account: AccountId = who.to_account_id();
    Membership::person(&account).expect("the community knows them")
}

fn standing(who: Keyring) -> Option<Standing> {
    People::<Runtime>::get(number(who)).map(|person| person.standing)
}

fn sponsor(member: Keyring, newcomer: Keyring) {
    let (application, signature) =
        application::signed(&newcomer.pair(), encryption_key(newcomer), System::block_number());
    assert_ok!(Membership::sponsor(origin(member), application, signature));
}

fn vouch(issuer: Keyring, subject: Keyring) -> DispatchResult {
    Vouching::vouch(origin(issuer), number(subject))
}

/// Anybody may ask for it: a stranger does.
fn reconsider(who: Keyring) -> DispatchResult {
    Vouching::reconsider(origin(Two), number(who))
}

/// Anybody may show it: a stranger does, with the vouches the chain offers, if any.
fn prove(who: Keyring) -> DispatchResult {
    let person = number(who);
    let witness = <Runtime as KithApiV1<Block>>::witness(person).unwrap_or_default();
    Vouching::prove_distance(origin(Two), person, witness)
}

/// These members, of whom the last is the one it takes, override a rule; it is in force when the next era starts.
fn decide(members: &[Keyring], parameter: Parameter) {
    let before = rules();
    let id = NextOverride::<Runtime>::get();
    let (proposer, others) = members.split_first().expect("somebody proposes it");
    assert_ok!(Constitution::propose_override(origin(*proposer), OverrideAction::SetParameter(parameter.clone())));
    for member in others {
        assert_eq!(Scheduled::<Runtime>::get(), None, "too few approve, and it is decided");
        assert_ok!(Constitution::approve_override(origin(*member), id));
    }
    let mut decided = before.clone();
    parameter.apply(&mut decided);
    assert_eq!((Scheduled::<Runtime>::get(), rules()), (Some(decided.clone()), before));
    pass(ERA);
    assert_eq!(rules(), decided);
}

#[test]
fn a_founder_alone_stays_a_member_and_admits_whom_they_vouch_for() {
    founded(&[Alice], &[("admission_threshold", 1)], || {
        assert_ok!(reconsider(Alice));
        assert!(Graces::<Runtime>::contains_key(number(Alice)), "nobody vouches for her");
        pass(LONG);
        assert_eq!(standing(Alice), Some(Standing::Member));
        assert_noop!(Membership::leave(origin(Alice)), Unadmitted::<Runtime>::LastMember);

        sponsor(Alice, Eve);
        assert_eq!(standing(Eve), Some(Standing::Member));
        assert_ok!(vouch(Eve, Alice));
        pass(LONG);
        assert_eq!((standing(Alice), standing(Eve)), (Some(Standing::Member), Some(Standing::Member)));
    });
}

#[test]
fn the_last_of_three_lowers_the_threshold_alone_and_who_waits_is_admitted() {
    founded(&[Alice, Bob, Charlie], &[("admission_threshold", 2)], || {
        assert_ok!(Membership::leave(origin(Bob)));
        assert_ok!(Membership::leave(origin(Charlie)));
        pass(LONG);
        assert_eq!(standing(Alice), Some(Standing::Member));
        sponsor(Alice, Eve);
        assert_eq!(standing(Eve), Some(Standing::Candidate));
        assert_noop!(reconsider(Eve), Error::<Runtime>::Unchanged);

        decide(&[Alice], Parameter::AdmissionThreshold(1));
        assert_eq!(standing(Eve), Some(Standing::Candidate), "nothing happens to people by a change alone");
        assert_ok!(reconsider(Eve));
        assert_eq!(standing(Eve), Some(Standing::Member));
        assert_ok!(vouch(Eve, Alice));
        assert_eq!(Graces::<Runtime>::iter_keys().count(), 0);
    });
}

#[test]
fn fewer_members_than_the_threshold_stay_members_and_lower_it_together() {
    founded(&[Alice, Bob, Charlie, Dave, Eve], &[("admission_threshold", 4)], || {
        for gone in [Charlie, Dave, Eve] {
            assert_ok!(Membership::leave(origin(gone)));
        }
        pass(LONG);
        for left in [Alice, Bob] {
            assert_eq!(standing(left), Some(Standing::Member));
            assert!(Graces::<Runtime>::contains_key(number(left)), "the grace is held, not ended");
        }
        sponsor(Alice, Ferdie);
        assert_ok!(vouch(Bob, Ferdie));
        assert_ok!(prove(Ferdie));
        assert_eq!(standing(Ferdie), Some(Standing::Candidate));
        assert_noop!(reconsider(Ferdie), Error::<Runtime>::Unchanged);

        let too_high = OverrideAction::SetParameter(Parameter::AdmissionThreshold(3));
        assert_noop!(Constitution::propose_override(origin(Alice), too_high), Unruly::<Runtime>::WouldLockOut);
        decide(&[Alice, Bob], Parameter::AdmissionThreshold(2));
        assert_ok!(reconsider(Ferdie));
        assert_eq!(standing(Ferdie), Some(Standing::Member));
        for left in [Alice, Bob] {
            assert_ok!(vouch(Ferdie, left));
        }
        assert_eq!(Graces::<Runtime>::iter_keys().count(), 0);
    });
}

#[test]
fn when_all_vouches_have_ended_as_many_stay_as_the_threshold_asks_for_and_bring_the_others_back() {
    let founders = [Alice, Bob, Charlie, Dave];
    founded(&founders, &[("admission_threshold", 2), ("vouch_validity", 50)], || {
        pass(50 + GRACE);
        assert_eq!(pallet_kith_vouching::Vouches::<Runtime>::iter_keys().count(), 0);
        let (stay, lapsed): (Vec<_>, Vec<_>) =
            founders.into_iter().partition(|who| standing(*who) == Some(Standing::Member));
        assert_eq!((stay.len(), lapsed.len()), (2, 2));
        assert!(lapsed.iter().all(|who| standing(*who) == Some(Standing::Lapsed)));

        for who in lapsed {
            for member in &stay {
                assert_ok!(vouch(*member, who));
            }
            assert_ok!(prove(who));
            assert_eq!(standing(who), Some(Standing::Member));
            for member in &stay {
                assert_ok!(vouch(who, *member));
            }
        }
        assert_eq!(Graces::<Runtime>::iter_keys().count(), 0);
        assert!(founders.iter().all(|who| standing(*who) == Some(Standing::Member)));
    });
}

#[test]
fn a_community_too_thin_to_draw_referees_from_asks_for_no_distance() {
    founded(&[Alice, Bob, Charlie], &[("admission_threshold", 2)], || {
        // Candidates came and were forgotten; their numbers are not given again.
        NextMember::<Runtime>::put(ENUMERATED + 1);
        sponsor(Alice, One);
        assert_ok!(vouch(Bob, One));
        for epoch in 1..=3 {
            begin_epoch(epoch);
        }
        assert_noop!(prove(One), Error::<Runtime>::TooFewReferees);
        assert_noop!(reconsider(One), Error::<Runtime>::Unchanged);
        assert_eq!(standing(One), Some(Standing::Candidate));

        decide(&[Alice, Bob, Charlie], Parameter::DistancePercent(0));
        assert_ok!(reconsider(One));
        assert_eq!(standing(One), Some(Standing::Member));
    });
}
