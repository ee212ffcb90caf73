// SPDX-License-Identifier: Apache-2.0
//! How founders vouch for each other.

use frame_support::assert_ok;
use kith_primitives::member::Standing;

use crate::{mock::*, *};

#[test]
fn founders_vouch_for_each_other_for_a_whole_term() {
    execute_from(3, vec![(0, 1), (1, 0), (2, 1)], || {
        assert_eq!(Vouches::<Test>::get(1, 0), Some(Vouch { at: 0, expires: 1_000 }));
        assert_eq!((Vouching::received(1), Vouching::received(2)), (2, 0));
        assert_eq!(Issuers::<Test>::get(2), Issuer { live: 1, last: None });
    });
}

#[test]
fn founders_with_too_few_vouches_do_not_lapse_by_the_passage_of_time() {
    execute_from(5, vec![(0, 1)], || {
        pass(900);
        assert_eq!(Graces::<Test>::iter_keys().count(), 0);
        assert_eq!(standing(4), Some(Standing::Member));
        assert_ok!(reconsider(4));
        pass(50);
        assert_eq!(standing(4), Some(Standing::Lapsed));
    });
}

#[test]
#[should_panic = "founder 1 vouches for themselves"]
fn a_founder_cannot_vouch_for_themselves() {
    execute_from(2, vec![(1, 1)], || ());
}

#[test]
#[should_panic = "a vouch names person 2, who is no founder"]
fn only_founders_vouch_at_the_founding() {
    execute_from(2, vec![(0, 2)], || ());
}

#[test]
#[should_panic = "founder 0 vouches twice for 1"]
fn a_founder_cannot_vouch_twice() {
    execute_from(2, vec![(0, 1), (0, 1)], || ());
}

#[test]
#[should_panic = "founder 0 vouches for more than 5 founders"]
fn founders_keep_to_the_stock() {
    execute(7, || ());
}
