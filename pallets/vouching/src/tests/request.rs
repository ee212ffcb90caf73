// SPDX-License-Identifier: Apache-2.0
//! Who may have referees asked, how often, and who then is asked.

use std::collections::BTreeSet;

use frame_support::{assert_noop, assert_ok, traits::Hooks};
use kith_primitives::{distance::Witness, member::Standing, parameters::Parameters};

use crate::{mock::*, *};

/// So many founders who vouch for each other, under rules that give candidates time, and a newcomer in block 1.
fn founded(founders: u16, test: impl FnOnce(MemberId)) {
    Params::set(Parameters { candidate_lifetime: 5_000, vouch_validity: 50_000, ..NEAR() });
    execute(founders, || test(sponsor(0, 20)));
}

#[test]
fn referees_are_asked_by_members_and_by_the_person_only() {
    execute(6, || {
        Params::set(Parameters { vouch_stock: 20, ..RULES() });
        let (newcomer, other) = (sponsor(0, 20), sponsor(1, 21));
        Params::set(NEAR());
        assert_ok!(leave(5));
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_eq!(standing(4), Some(Standing::Lapsed));
        for origin in [signed(77), by(other), by(4), by(5)] {
            assert_noop!(request(origin, newcomer), Error::<Test>::NotConcerned);
        }
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::NotRequested);
        assert_ok!(request(by(2), newcomer));
        assert_ok!(request(by(other), other));
        assert_ok!(request(by(4), 4));
        System::assert_last_event(Event::<Test>::DistanceRequested { person: 4 }.into());
        assert_eq!(Requests::<Test>::get(4), Some(Request { at: 61, epoch: 3, bound: 8 }));
    });
}

#[test]
fn the_person_has_them_drawn_anew_once_an_interval() {
    founded(4, |newcomer| {
        assert_noop!(request(by(newcomer), newcomer), Error::<Test>::TooEarlyToRequest);
        pass(99);
        assert_noop!(request(by(newcomer), newcomer), Error::<Test>::TooEarlyToRequest);
        pass(1);
        assert_ok!(request(by(newcomer), newcomer));
        assert_eq!(Requests::<Test>::get(newcomer).map(|request| (request.at, request.epoch)), Some((101, 5)));
        assert_noop!(request(by(newcomer), newcomer), Error::<Test>::TooEarlyToRequest);
    });
}

#[test]
fn nobody_else_replaces_a_request_that_is_still_good() {
    founded(4, |newcomer| {
        pass(200);
        assert_noop!(request(by(1), newcomer), Error::<Test>::TooEarlyToRequest);
        pass(118);
        assert_noop!(request(by(1), newcomer), Error::<Test>::TooEarlyToRequest);
        pass(1);
        assert_ok!(request(by(1), newcomer));
    });
}

#[test]
fn a_request_is_spent_when_its_epoch_is_forgotten_even_where_all_are_asked() {
    founded(4, |newcomer| {
        let all = witness(newcomer).unwrap();
        // The last block of epoch 15.
        pass(318);
        assert_eq!(Vouching::asked(newcomer).ok(), Some(vec![0, 1, 2, 3]));
        pass(1);
        assert_noop!(prove(newcomer, all.clone()), Error::<Test>::RequestSpent);
        assert_ok!(request(by(newcomer), newcomer));
        assert_ok!(prove(newcomer, all));
    });
}

#[test]
fn the_sixteen_last_seeds_are_kept() {
    founded(4, |_| {
        pass(20 * EPOCH);
        let epochs: Vec<_> = Seeds::<Test>::get().iter().map(|seed| seed.epoch).collect();
        assert_eq!(epochs, (5..=20).collect::<Vec<_>>());
    });
}

#[test]
fn a14_a_sample_is_drawn_by_a_seed_that_nobody_knew_in_the_epoch_of_the_request_and_stays() {
    founded(12, |newcomer| {
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooEarlyToProve);
        // The next epoch announces what was collected in this one, which its last author knows.
        pass(EPOCH);
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooEarlyToProve);
        // The last block of the next epoch.
        pass(EPOCH - 2);
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooEarlyToProve);
        pass(1);
        let asked = Vouching::asked(newcomer).ok().unwrap();
        let different: BTreeSet<_> = asked.iter().copied().collect();
        assert_eq!((asked.len(), different.len()), (8, 8));
        assert!(different.iter().all(|referee| *referee < 12));
        pass(3 * EPOCH);
        assert_eq!(Vouching::asked(newcomer).ok(), Some(asked));

        let found = witness(newcomer).unwrap();
        let fewer = found.iter().filter(|step| Some(&step.member) != found.last().map(|last| &last.member));
        assert_noop!(
            prove(newcomer, Witness::try_from(fewer.copied().collect::<Vec<_>>()).unwrap()),
            Error::<Test>::TooFar
        );
        assert_ok!(prove(newcomer, found));
        assert!(Proven::<Test>::contains_key(newcomer));
    });
}

#[test]
fn another_request_draws_another_sample() {
    founded(12, |newcomer| {
        pass(100);
        let asked = Vouching::asked(newcomer).ok();
        assert_ok!(request(by(newcomer), newcomer));
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooEarlyToProve);
        pass(2 * EPOCH);
        assert_ne!(Vouching::asked(newcomer).ok(), asked);
    });
}

#[test]
fn where_epochs_were_skipped_the_second_later_one_draws() {
    founded(12, |newcomer| {
        let resumed = 7 * EPOCH + 3;
        System::set_block_number(resumed);
        Vouching::on_initialize(resumed);
        // It was collected before the chain stood still.
        assert_noop!(prove(newcomer, Witness::new()), Error::<Test>::TooEarlyToProve);
        pass(EPOCH);
        let asked = Vouching::asked(newcomer).ok();
        assert!(asked.is_some());
        assert_eq!(Seeds::<Test>::get().iter().map(|seed| seed.epoch).collect::<Vec<_>>(), [0, 7, 8]);
        pass(EPOCH);
        assert_eq!(Vouching::asked(newcomer).ok(), asked);
    });
}

#[test]
fn a_referee_who_is_none_any_more_is_replaced_in_the_sample() {
    founded(12, |newcomer| {
        pass(2 * EPOCH);
        let asked = Vouching::asked(newcomer).ok().unwrap();
        assert_ok!(expel(asked[0]));
        let now = Vouching::asked(newcomer).ok().unwrap();
        assert_eq!(now.len(), 8);
        assert_eq!(now[..7], asked[1..]);
    });
}
