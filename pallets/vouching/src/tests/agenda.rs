// SPDX-License-Identifier: Apache-2.0
//! What is due, and how much of it is done in a block.

use frame_support::{assert_noop, assert_ok, traits::Hooks, weights::Weight};
use kith_primitives::{member::Standing, parameters::Parameters};

use crate::{mock::*, weights::WeightInfo, *};

#[test]
fn a_vouch_counts_for_its_term_and_not_a_block_longer() {
    execute_from(3, vec![], || {
        assert_ok!(vouch(0, 1));
        pass_with(999, Weight::zero());
        assert_eq!(Vouching::received(1), 1);
        pass_with(1, Weight::zero());
        assert_eq!((Vouching::received(1), Issuers::<Test>::get(0).live), (0, 0));
        let event = Event::<Test>::Withdrawn { issuer: 0, subject: 1, cause: Cause::Expired };
        assert_eq!(times(event), 1);
    });
}

#[test]
fn an_expired_vouch_admits_nobody_however_late_it_is_removed() {
    execute(4, || {
        Params::set(Parameters { vouch_validity: 100, ..RULES() });
        let newcomer = sponsor(0, 20);
        System::set_block_number(50);
        assert_ok!(vouch(1, newcomer));
        // The hooks did not run: the vouch of 0 is stored and has ended.
        System::set_block_number(101);
        assert_ok!(vouch(2, newcomer));
        assert_eq!((Vouching::received(newcomer), standing(newcomer)), (3, Some(Standing::Candidate)));
        pass(60);
    });
}

#[test]
fn a_quiet_block_costs_no_more_than_looking() {
    execute(3, || {
        pass(10);
        System::set_block_number(12);
        let two_looks = <() as WeightInfo>::look().saturating_mul(2);
        assert_eq!(Vouching::on_initialize(12), <() as WeightInfo>::record_seed().saturating_add(two_looks));
        assert_eq!(Vouching::on_idle(12, Weight::MAX), <() as WeightInfo>::look());
    });
}

#[test]
fn idle_work_fits_in_what_is_left_of_the_block() {
    execute(6, || {
        Params::set(Parameters { vouch_interval: 0, ..RULES() });
        assert_ok!(expel(5));
        let step = <() as WeightInfo>::look().saturating_add(<() as WeightInfo>::task().saturating_mul(2));
        for (remaining, steps) in [(Weight::zero(), 0), (step, 1), (step.saturating_mul(3), 3)] {
            let before = Vouches::<Test>::iter_keys().count();
            let used = Vouching::on_idle(1, remaining);
            assert!(used.all_lte(remaining));
            assert_eq!(before - Vouches::<Test>::iter_keys().count(), steps);
        }
    });
}

#[test]
fn a12_thousands_of_vouches_that_end_together_are_removed_in_bounded_steps_and_all() {
    execute_from(40, vec![], || {
        Params::set(Parameters { vouch_stock: 100, vouch_interval: 0, vouch_validity: 10, ..RULES() });
        for issuer in 0..40 {
            for subject in 0..40 {
                if issuer != subject {
                    assert_ok!(vouch(issuer, subject));
                }
            }
        }
        pass_with(9, Weight::zero());
        assert_eq!(Vouches::<Test>::iter_keys().count(), 1_560);
        pass(1);
        assert_eq!(Vouches::<Test>::iter_keys().count(), 1_560 - 104 + 1);
        check();
        assert_noop!(renew(0, 1), Error::<Test>::Expired);
        pass(20);
        assert_eq!(Vouches::<Test>::iter_keys().count(), 0);
        assert_eq!(Cursor::<Test>::get(), System::block_number());
    });
}
