// SPDX-License-Identifier: Apache-2.0
//! Taking a vouch back.

use frame_support::{assert_noop, assert_ok};
use kith_primitives::{member::Standing, parameters::Parameters};

use crate::{mock::*, *};

#[test]
fn a_withdrawn_vouch_is_gone_and_frees_the_stock_but_not_the_interval() {
    execute(3, || {
        let newcomer = sponsor(0, 20);
        assert_ok!(withdraw(0, newcomer));
        let event = Event::<Test>::Withdrawn { issuer: 0, subject: newcomer, cause: Cause::Issuer };
        System::assert_last_event(event.into());
        assert_eq!((Vouching::received(newcomer), Issuers::<Test>::get(0)), (0, Issuer { live: 2, last: Some(1) }));
        assert!(!Received::<Test>::contains_key(newcomer));
        assert_noop!(vouch(0, newcomer), Error::<Test>::TooEarly);
        pass(10);
        assert_ok!(vouch(0, newcomer));
    });
}

#[test]
fn only_the_member_who_vouches_withdraws() {
    execute(3, || {
        let candidate = sponsor(0, 20);
        assert_noop!(withdraw(candidate, 0), Error::<Test>::NotMember);
        assert_noop!(withdraw(1, candidate), Error::<Test>::NotFound);
    });
}

#[test]
fn a_candidate_who_loses_a_vouch_needs_another() {
    execute(4, || {
        Params::set(Parameters { vouch_interval: 0, ..RULES() });
        let newcomer = sponsor(0, 20);
        assert_ok!(vouch(1, newcomer));
        assert_ok!(withdraw(0, newcomer));
        assert_ok!(vouch(2, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Candidate));
        assert_ok!(vouch(0, newcomer));
        assert_eq!(standing(newcomer), Some(Standing::Member));
    });
}
