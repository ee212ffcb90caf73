// SPDX-License-Identifier: Apache-2.0
//! Witnesses that prove nothing: each is refused with its reason, and nothing changes.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{
    distance::{Step, Witness},
    parameters::Parameters,
};

use crate::{mock::*, *};

/// Six founders of whom each but the first vouches for the one before, and a newcomer for whom the first vouches.
fn chain(test: impl FnOnce(MemberId)) {
    execute_from(6, (1..6).map(|issuer| (issuer, issuer - 1)).collect(), || {
        Params::set(Parameters { candidate_lifetime: 5_000, ..NEAR() });
        test(sponsor(0, 20));
    });
}

fn steps(steps: &[(MemberId, u16)]) -> Witness {
    let steps: Vec<_> = steps.iter().map(|(member, parent)| Step { member: *member, parent: *parent }).collect();
    Witness::try_from(steps).unwrap()
}

#[track_caller]
fn assert_refused(newcomer: MemberId, witness: &[(MemberId, u16)], error: Error<Test>) {
    assert_noop!(prove(newcomer, steps(witness)), error);
}

#[test]
fn a_step_hangs_on_an_earlier_one() {
    chain(|newcomer| {
        assert_refused(newcomer, &[(0, 1)], Error::NoSuchParent);
        assert_refused(newcomer, &[(0, 2), (1, 0)], Error::NoSuchParent);
        assert_refused(newcomer, &[(0, 0), (1, 2)], Error::NoSuchParent);
        assert_refused(newcomer, &[(0, 0), (1, u16::MAX)], Error::NoSuchParent);
    });
}

#[test]
fn no_path_is_longer_than_allowed() {
    chain(|newcomer| {
        assert_refused(newcomer, &[(0, 0), (1, 1), (2, 2)], Error::PathTooLong);
        Params::mutate(|rules| rules.distance_steps = 3);
        assert_refused(newcomer, &[(0, 0), (1, 1), (2, 2), (3, 3)], Error::PathTooLong);
        assert_ok!(prove(newcomer, steps(&[(0, 0), (1, 1), (2, 2)])));
    });
}

#[test]
fn nobody_stands_in_it_twice() {
    chain(|newcomer| {
        assert_refused(newcomer, &[(0, 0), (0, 0)], Error::Repeated);
        assert_refused(newcomer, &[(0, 0), (1, 1), (0, 1)], Error::Repeated);
        assert_refused(newcomer, &[(newcomer, 0)], Error::Repeated);
        assert_refused(newcomer, &[(0, 0), (newcomer, 1)], Error::Repeated);
    });
}

#[test]
fn every_vouch_in_it_exists() {
    chain(|newcomer| {
        assert_refused(newcomer, &[(1, 0)], Error::NotVouched);
        assert_refused(newcomer, &[(0, 0), (2, 1)], Error::NotVouched);
        assert_refused(newcomer, &[(99, 0)], Error::NotVouched);
        assert_refused(newcomer, &[(0, 0), (u32::MAX, 1)], Error::NotVouched);
    });
}

#[test]
fn a_vouch_that_ended_links_nobody_even_while_it_is_stored() {
    chain(|newcomer| {
        let linked = [(0, 0), (1, 1)];
        System::set_block_number(999);
        Vouching::record_seed();
        assert_ok!(request(by(newcomer), newcomer));
        System::set_block_number(1_000);
        assert!(Vouches::<Test>::contains_key(0, 1));
        assert_refused(newcomer, &linked, Error::NotVouched);
        System::set_block_number(999);
        assert_ok!(prove(newcomer, steps(&linked)));
    });
}

#[test]
fn a_vouch_of_who_is_no_member_links_nobody_even_while_it_is_stored() {
    chain(|newcomer| {
        assert_ok!(leave(1));
        assert!(Vouches::<Test>::contains_key(0, 1));
        assert_refused(newcomer, &[(0, 0), (1, 1)], Error::NotVouched);
    });
}

#[test]
fn a_vouch_being_removed_links_nobody_even_if_its_issuer_is_back() {
    chain(|newcomer| {
        Departures::<Test>::insert(1, ());
        assert_refused(newcomer, &[(0, 0), (1, 1)], Error::NotVouched);
        Departures::<Test>::remove(1);
        assert_ok!(prove(newcomer, steps(&[(0, 0), (1, 1)])));
    });
}
