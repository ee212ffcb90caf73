// SPDX-License-Identifier: Apache-2.0
//! How promises are made, replaced, taken back and lost.

use super::*;

#[test]
fn pledge_works() {
    ExtBuilder::default().build_and_execute(|| {
        resource(7, 1, 4);
        events();
        pledge(2, 7);
        assert_eq!(events(), [Event::Pledged { provider: 2, resource: 7, version: 1 }]);
        assert_eq!(Incentives::holders(7), [(2, 1)]);
        pledge(3, 7);
        assert_eq!(Incentives::holders(7).len(), 2);
    });
}

#[test]
fn pledge_fails_if_not_leased() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(Incentives::pledge(signed(2u64), 7, 1), Error::<Test>::NotLeased);
        resource(7, 1, 4);
        end_lease(7);
        assert_noop!(Incentives::pledge(signed(2u64), 7, 1), Error::<Test>::NotLeased);
    });
}

#[test]
fn pledge_fails_if_not_the_latest() {
    ExtBuilder::default().build_and_execute(|| {
        resource(7, 1, 4);
        publish(7);
        assert_noop!(Incentives::pledge(signed(2u64), 7, 1), Error::<Test>::NotLatest);
        assert_noop!(Incentives::pledge(signed(2u64), 7, 3), Error::<Test>::NotLatest);
        Resources::mutate(|resources| resources.get_mut(&7).unwrap().version = 0);
        assert_noop!(Incentives::pledge(signed(2u64), 7, 0), Error::<Test>::NotLatest);
    });
}

#[test]
fn a_newer_version_takes_the_older_ones_place() {
    ExtBuilder::default().build_and_execute(|| {
        resource(7, 1, 4);
        resource(8, 1, 4);
        pledge(2, 7);
        pledge(2, 8);
        assert_noop!(Incentives::pledge(signed(2u64), 7, 1), Error::<Test>::AlreadyExists);
        publish(7);
        pledge(2, 7);
        assert_eq!(Incentives::holders(7), [(2, 2)]);
        assert_eq!(Providers::<Test>::get(2).unwrap().pledges, 2);
    });
}

#[test]
fn a04_a_provider_may_have_as_many_pledges_as_the_bound_and_no_more() {
    ExtBuilder::default().build_and_execute(|| {
        for id in 0..=u64::from(MAX_PLEDGES) {
            resource(id, 1, 1);
        }
        let newest = u64::from(MAX_PLEDGES);
        (0..newest).for_each(|id| pledge(2, id));
        assert_noop!(Incentives::pledge(signed(2u64), newest, 1), Error::<Test>::TooManyPledges);
        // A replacement is not one more.
        publish(5);
        pledge(2, 5);
        assert_ok!(Incentives::release(signed(2u64), 9));
        pledge(2, newest);
    });
}

#[test]
fn release_works_and_the_last_closes_the_gap() {
    ExtBuilder::default().build_and_execute(|| {
        (1..=3).for_each(|id| resource(id, 1, 4));
        (1..=3).for_each(|id| pledge(2, id));
        events();
        assert_ok!(Incentives::release(signed(2u64), 1));
        assert_eq!(events(), [Event::Released { provider: 2, resource: 1 }]);
        assert_eq!((Holders::<Test>::get(3, 2), Holders::<Test>::get(2, 2)), (Some(0), Some(1)));
        assert_noop!(Incentives::release(signed(2u64), 1), Error::<Test>::NotFound);
        assert_ok!(Incentives::release(signed(2u64), 2));
        assert_ok!(Incentives::release(signed(2u64), 3));
        assert_eq!(Providers::<Test>::get(2), None);
        assert_noop!(Incentives::release(signed(2u64), 3), Error::<Test>::NotFound);
    });
}

#[test]
fn misses_in_a_row_let_anyone_release_the_pledges_step_by_step() {
    ExtBuilder::default().build_and_execute(|| {
        (0..20).for_each(|id| resource(id, 1, 4));
        (0..20).for_each(|id| pledge(2, id));
        let report = || Incentives::report_miss(signed(STRANGER), 2);
        for missed in 0..3 {
            assert_eq!(misses(2), missed);
            assert_noop!(report(), Error::<Test>::NotDue);
            settle_and_draw();
            next_era();
        }
        assert!(Incentives::has_defaulted(2));
        assert_eq!(Incentives::holders(0), []);
        resource(30, 1, 4);
        assert_noop!(Incentives::pledge(signed(2u64), 30, 1), Error::<Test>::TooManyMisses);
        events();
        assert_ok!(report());
        assert_eq!(events(), [Event::PledgesLost { provider: 2, released: 16, left: 4 }]);
        assert_ok!(report());
        assert_eq!(events(), [Event::PledgesLost { provider: 2, released: 4, left: 0 }]);
        assert_noop!(report(), Error::<Test>::NotFound);
        // And they may begin anew.
        pledge(2, 30);
        assert_eq!(misses(2), 0);
    });
}

#[test]
fn an_answer_wipes_the_misses_out() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        for _ in 0..5 {
            settle_and_draw();
            next_era();
        }
        assert_eq!(misses(2), 5);
        settle_and_draw();
        prove(2);
        assert_eq!(misses(2), 0);
        assert_eq!(Incentives::holders(1), [(2, 1)]);
    });
}

#[test]
fn a15_a_provider_who_leaves_after_being_paid_loses_the_pledges() {
    ExtBuilder::default().build_and_execute(|| {
        resource(1, 1, 4);
        pledge(2, 1);
        settle_and_draw();
        prove(2);
        next_era();
        assert_eq!(claim(2, 0), 100);
        Members::mutate(|members| members.remove(&2));
        assert_eq!(Incentives::holders(1), []);
        assert_ok!(Incentives::report_miss(signed(STRANGER), 2));
        assert_eq!(Providers::<Test>::get(2), None);
    });
}
