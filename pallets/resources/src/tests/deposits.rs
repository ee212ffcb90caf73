// SPDX-License-Identifier: Apache-2.0
//! Deposits: taken from who asks for storage, returned once, to them.

use frame_support::{
    assert_ok,
    traits::{
        fungible::{Inspect, MutateHold},
        tokens::{Fortitude, Precision, Restriction},
    },
};

use super::*;
use crate::Held;

#[test]
fn retire_returns_every_deposit_once_to_who_paid_even_after_a_transfer() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(Resources::publish(signed(ALICE), id, 1, 0, content(1), commitment(10)));
        assert_ok!(grant(ALICE, id, CAROL, 0));
        assert_ok!(Resources::transfer(signed(ALICE), id, Some(BOB)));
        assert_ok!(Resources::accept_transfer(signed(BOB), id));
        assert_ok!(Resources::publish(signed(BOB), id, 2, 1, content(2), commitment(20)));
        assert_ok!(grant(BOB, id, BOB, 1));
        assert_eq!((on_hold(ALICE), on_hold(BOB), on_hold(CAROL)), (100 + 30 + 10, 60 + 10, 0));

        assert_ok!(Resources::retire(signed(BOB), id));
        assert_eq!(on_hold(ALICE), 40, "the record's deposit returns at once");
        reap_all();
        assert_eq!((on_hold(ALICE), on_hold(BOB)), (0, 0));
        run_to(500);
        for person in [ALICE, BOB, CAROL] {
            assert_eq!(Balances::balance(&account(person)), BALANCE);
        }
        assert_eq!(entries_of(id), 0);
    });
}

#[test]
fn a_changed_price_changes_no_deposit_already_paid() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(grant(ALICE, id, BOB, 0));
        Rules::mutate(|rules| {
            rules.resource_deposit = 7;
            rules.grant_deposit = 70_000;
        });
        assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
        assert_eq!(on_hold(ALICE), 100);
        assert_ok!(Resources::retire(signed(ALICE), id));
        assert_eq!(on_hold(ALICE), 0);
    });
}

#[test]
fn without_prices_nothing_is_held() {
    build_and_execute(|| {
        Rules::mutate(|rules| {
            rules.resource_deposit = 0;
            rules.storage_deposit = 0;
            rules.grant_deposit = 0;
        });
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        assert_ok!(grant(ALICE, id, BOB, 0));
        assert_eq!((on_hold(ALICE), Held::<Test>::contains_key(ALICE)), (0, false));
        assert_ok!(Resources::retire(signed(ALICE), id));
        reap_all();
    });
}

#[test]
fn a_departed_payer_is_paid_back() {
    build_and_execute(|| {
        let id = resource();
        assert_ok!(publish(ALICE, id, 1));
        depart(ALICE);
        run_to(160);
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE);
        assert_eq!(entries_of(id), 0);
    });
}

#[test]
fn a_deposit_follows_its_payer_to_a_new_account() {
    build_and_execute(|| {
        let (id, new) = (resource(), 500);
        let reason = HoldReason::Deposit.into();
        assert_ok!(Balances::transfer_allow_death(signed(ALICE), new, 1_000));
        assert_ok!(Balances::transfer_on_hold(
            &reason,
            &account(ALICE),
            &new,
            100,
            Precision::Exact,
            Restriction::OnHold,
            Fortitude::Force
        ));
        Rekeyed::set([(ALICE, new)].into());
        assert_ok!(Resources::retire(RuntimeOrigin::signed(new), id));
        assert_eq!(Balances::balance(&new), 1_100);
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE - 1_100);
    });
}

#[test]
fn what_was_left_on_hold_goes_back_with_the_next_return() {
    build_and_execute(|| {
        let (first, second) = (resource(), resource());
        // As if an earlier release had been refused.
        assert_ok!(Balances::hold(&HoldReason::Deposit.into(), &account(ALICE), 70));
        assert_ok!(Resources::retire(signed(ALICE), first));
        assert_eq!(on_hold(ALICE), 100);
        assert_ok!(Resources::retire(signed(ALICE), second));
        assert_eq!(Balances::balance(&account(ALICE)), BALANCE);
    });
}
