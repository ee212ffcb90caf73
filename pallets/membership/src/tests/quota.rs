// SPDX-License-Identifier: Apache-2.0
//! The allowance for fees.

use frame_support::assert_ok;
use kith_primitives::{
    glue::{Admission, Quota},
    parameters::Parameters,
};

use crate::mock::*;

fn rules() {
    Params::set(Parameters { quota_cap: 100, quota_per_block: 10, ..Default::default() });
}

#[test]
fn a_new_members_quota_is_full() {
    execute(|| {
        rules();
        assert_eq!(Membership::available(0), 100);
    });
}

#[test]
fn a_quota_is_spent_and_regains_up_to_the_cap() {
    execute(|| {
        rules();
        assert!(Membership::spend(0, 95));
        assert!(!Membership::spend(0, 6));
        assert_eq!(Membership::available(0), 5);
        System::set_block_number(4);
        assert_eq!(Membership::available(0), 35);
        assert!(Membership::spend(0, 35));
        System::set_block_number(1_000);
        assert_eq!(Membership::available(0), 100);
        assert_eq!(Membership::available(1), 100);
    });
}

#[test]
fn what_is_given_back_never_passes_the_cap() {
    execute(|| {
        rules();
        assert!(Membership::spend(0, 50));
        Membership::give_back(0, 20);
        assert_eq!(Membership::available(0), 70);
        Membership::give_back(0, u128::MAX);
        assert_eq!(Membership::available(0), 100);
    });
}

#[test]
fn only_members_have_a_quota() {
    execute(|| {
        rules();
        let candidate = sponsor(9);
        for nobody in [candidate, 99] {
            assert!(!Membership::spend(nobody, 0));
            Membership::give_back(nobody, 50);
            assert_eq!(Membership::available(nobody), 0);
        }
        Membership::admit(candidate);
        assert!(Membership::spend(candidate, 100));
        assert_ok!(Membership::leave(signed(9)));
        assert!(!Membership::spend(candidate, 0));
        Membership::give_back(candidate, 50);
    });
}

#[test]
fn lapsing_does_not_refill_a_quota() {
    execute(|| {
        rules();
        assert!(Membership::spend(1, 100));
        Membership::lapse(1);
        assert_eq!(Membership::available(1), 0);
        Membership::admit(1);
        assert_eq!(Membership::available(1), 0);
    });
}

#[test]
fn a_lowered_cap_applies_at_once() {
    execute(|| {
        rules();
        assert!(Membership::spend(0, 10));
        Params::set(Parameters { quota_cap: 40, quota_per_block: 10, ..Default::default() });
        assert_eq!(Membership::available(0), 40);
    });
}
