// SPDX-License-Identifier: Apache-2.0
//! Reaping: ended resources vanish without a trace, in steps that fit the idle weight.

use frame_support::{assert_ok, traits::Hooks, weights::Weight};

use super::*;
use crate::{weights::WeightInfo, Grants, Readers, Reaping, Subscriptions, Versions, REAP_STEPS};

/// A resource with 8 versions, 8 readers of several epochs, and 8 subscribers: 24 entries and the work item.
fn laden() -> ResourceId {
    let id = made(ALICE, Visibility::Private, Some(name("garden")));
    for person in 0..MEMBERS {
        assert_ok!(grant(ALICE, id, person, 0));
        assert_ok!(Resources::subscribe(signed(person), id));
    }
    assert_ok!(publish(ALICE, id, 1));
    assert_ok!(Resources::revoke_grant(signed(ALICE), id, BOB));
    for person in 0..MEMBERS {
        assert_ok!(grant(ALICE, id, person, 1));
    }
    for number in 2..=8 {
        assert_ok!(publish(ALICE, id, number));
    }
    id
}

fn left(id: ResourceId) -> usize {
    Versions::<Test>::iter_prefix(id).count()
        + Grants::<Test>::iter_prefix(id).count()
        + Subscriptions::<Test>::iter_prefix(id).count()
}

#[test]
fn nothing_of_a_reaped_resource_remains() {
    build_and_execute(|| {
        let id = laden();
        assert_ok!(Resources::retire(signed(ALICE), id));
        events();
        assert_eq!(left(id), 24);
        assert_eq!(Resources::reap(1000), 25);
        assert_eq!(entries_of(id), 0);
        assert_eq!(events(), [Event::Reaped { resource: id }]);
        assert_eq!(Resources::reap(1000), 0);
    });
}

#[test]
fn each_budget_is_kept_and_ends_at_the_same_state() {
    for budget in [1, 2, 3, 7, 8, 9, 24, 25, 26] {
        build_and_execute(|| {
            let id = laden();
            assert_ok!(Resources::retire(signed(ALICE), id));
            let mut before = left(id);
            while Reaping::<Test>::contains_key(id) {
                let used = Resources::reap(budget);
                assert!((1..=budget).contains(&used));
                assert!(before - left(id) <= budget);
                before = left(id);
                check_invariants();
            }
            assert_eq!((entries_of(id), on_hold(ALICE)), (0, 0));
            assert!(!Readers::<Test>::contains_key(id));
        });
    }
}

#[test]
fn other_resources_are_not_touched() {
    build_and_execute(|| {
        let other = resource();
        assert_ok!(grant(ALICE, other, BOB, 0));
        assert_ok!(publish(ALICE, other, 1));
        assert_ok!(Resources::subscribe(signed(BOB), other));
        let before = (entries_of(other), stored(other));
        let id = laden();
        assert_ok!(Resources::retire(signed(ALICE), id));
        reap_all();
        assert_eq!((entries_of(other), stored(other)), before);
    });
}

#[test]
fn idle_work_stays_within_the_weight_it_is_given() {
    build_and_execute(|| {
        let id = laden();
        assert_ok!(Resources::retire(signed(ALICE), id));
        let (base, step) = (<() as WeightInfo>::idle_base(), <() as WeightInfo>::reap_step());
        let less_than_base = base.saturating_sub(Weight::from_parts(1, 0));
        assert_eq!(Resources::on_idle(1, Weight::zero()), Weight::zero());
        assert_eq!(Resources::on_idle(1, less_than_base), Weight::zero());
        assert_eq!(Resources::on_idle(1, base), base);
        assert_eq!(left(id), 24);
        let three_steps = base.saturating_add(step.saturating_mul(3));
        assert_eq!(Resources::on_idle(1, three_steps), three_steps);
        assert_eq!(left(id), 21);
    });
}

#[test]
fn one_block_takes_no_more_steps_than_the_bound() {
    build_and_execute(|| {
        for _ in 0..2 * REAP_STEPS {
            assert_ok!(Resources::retire(signed(ALICE), resource()));
        }
        Resources::on_idle(1, Weight::MAX);
        assert_eq!(Reaping::<Test>::iter_keys().count(), REAP_STEPS);
        Resources::on_idle(2, Weight::MAX);
        assert_eq!(Reaping::<Test>::iter_keys().count(), 0);
    });
}
