// SPDX-License-Identifier: Apache-2.0
//! Holding people against changed parameters.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{member::Standing, parameters::Parameters};

use crate::{mock::*, *};

fn threshold(admission_threshold: u32) {
    Params::set(Parameters { admission_threshold, ..RULES() });
}

#[test]
fn a_pending_candidate_is_admitted_when_the_threshold_was_lowered() {
    execute(4, || {
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        assert_noop!(reconsider(newcomer), Error::<Test>::Unchanged);
        threshold(2);
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        assert_ok!(reconsider(newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
        assert_noop!(reconsider(newcomer), Error::<Test>::Unchanged);
    });
}

#[test]
fn a_member_is_given_grace_when_the_threshold_was_raised_and_somebody_asks() {
    execute(5, || {
        threshold(5);
        pass(100);
        assert_eq!(Graces::<Test>::get(1), None);
        assert_ok!(reconsider(1));
        assert_eq!(Graces::<Test>::get(1), Some(151));
        assert_noop!(reconsider(1), Error::<Test>::Unchanged);
        threshold(4);
        assert_ok!(reconsider(1));
        assert_eq!(Graces::<Test>::get(1), None);
        System::assert_last_event(Event::<Test>::GraceEnded { member: 1 }.into());
    });
}

#[test]
fn the_removed_the_unknown_and_late_candidates_are_not_reconsidered() {
    execute(4, || {
        let late = sponsor(0, 20);
        assert_ok!(vouch(1, late));
        assert_ok!(leave(3));
        assert_noop!(reconsider(3), Error::<Test>::NotEligible);
        assert_noop!(reconsider(99), Error::<Test>::NotEligible);
        pass(200);
        threshold(2);
        assert_noop!(reconsider(late), Error::<Test>::NotEligible);
    });
}

#[test]
fn a_lapsed_member_comes_back_under_a_lowered_threshold() {
    execute(5, || {
        assert_ok!(withdraw(0, 4));
        assert_ok!(withdraw(1, 4));
        pass(60);
        assert_eq!(standing(4), Some(Standing::Lapsed));
        threshold(2);
        assert_ok!(reconsider(4));
        assert_eq!(standing(4), Some(Standing::Member));
    });
}
