// SPDX-License-Identifier: Apache-2.0
//! Standing, standing down, and a full list.

use super::*;
use frame_support::traits::UnfilteredDispatchable;

/// Fills the list with members from number 100 on, who have `vouches` vouches each.
fn fill(vouches: u32) {
    for id in 100.. {
        if Standing::<Test>::count() == MAX_STANDING {
            break;
        }
        join(id, vouches);
        set_keys(id, id.into());
        assert_ok!(stand(id));
    }
}

#[test]
fn a_member_with_keys_stands() {
    execute(2, 1, || {
        System::set_block_number(5);
        assert_noop!(stand(1), Error::<Test>::NoSessionKeys);
        set_keys(1, 1);
        assert_ok!(stand(1));
        assert_eq!((Standing::<Test>::get(1), Attendances::<Test>::get(1)), (Some(5), None));
        assert_eq!(events(), [Event::Stood { person: 1 }]);
        assert_noop!(stand(1), Error::<Test>::AlreadyStands);
    });
}

#[test]
fn standing_down_ends_it_at_once_and_the_seat_when_the_planned_sessions_are_over() {
    execute(3, 3, || {
        full_session();
        assert_ok!(stand_down(2));
        assert_eq!(events(), [Event::StoodDown { person: 2 }]);
        assert_eq!((Standing::<Test>::get(2), Attendances::<Test>::get(2)), (None, None));
        assert_noop!(stand_down(2), Error::<Test>::NotStanding);
        full_session();
        assert_eq!((sitting(), planned()), (vec![0, 1, 2], vec![0, 1]));
        full_session();
        assert_eq!(sitting(), [0, 1]);
    });
}

#[test]
fn who_departs_stands_no_more() {
    execute(3, 3, || {
        full_session();
        depart(1);
        assert_eq!((Standing::<Test>::get(1), Attendances::<Test>::get(1)), (None, None));
        full_session();
        assert_eq!(planned(), [0, 2]);
    });
}

#[test]
fn who_lost_a_seat_waits_out_the_penance() {
    execute(2, 2, || {
        Pallet::<Test>::offended(1, 0);
        System::set_block_number(1_000);
        assert_noop!(stand(1), Error::<Test>::InPenance);
        System::set_block_number(1_001);
        assert_ok!(stand(1));
        assert_eq!(Penance::<Test>::get(1), None);
    });
}

#[test]
fn in_a_full_list_the_worst_who_does_not_sit_makes_room_for_a_better_one() {
    execute(3, 1, || {
        fill(5);
        join(50, 4);
        set_keys(50, 50);
        assert_noop!(stand(50), Error::<Test>::TooManyStanding);
        // As good as the others by vouches, and a member for less long.
        change(50, |person| (person.vouches, person.since) = (5, 2));
        assert_noop!(stand(50), Error::<Test>::TooManyStanding);
        change(50, |person| person.vouches = 6);
        events();
        assert_ok!(stand(50));
        // The last of them; not person 0, who has no vouches and sits.
        let last = 100 + MAX_STANDING - 2;
        assert_eq!(events(), [Event::Displaced { person: last }, Event::Stood { person: 50 }]);
        assert_eq!((Standing::<Test>::count(), Standing::<Test>::get(last)), (MAX_STANDING, None));
        assert!(Standing::<Test>::contains_key(0));
    });
}

#[test]
fn in_a_full_list_who_could_not_be_seated_makes_room_first() {
    execute(3, 1, || {
        fill(5);
        change(120, |person| person.frozen = true);
        join(50, 1);
        set_keys(50, 50);
        assert_ok!(stand(50));
        assert!(!Standing::<Test>::contains_key(120));
        Session::purge_keys(signed(130)).unwrap();
        change(140, |person| person.vouches = 0);
        join(51, 1);
        set_keys(51, 51);
        assert_ok!(stand(51));
        assert!(!Standing::<Test>::contains_key(130) && Standing::<Test>::contains_key(140));
    });
}

#[test]
fn only_a_full_list_costs_its_weight() {
    execute(3, 1, || {
        set_keys(2, 2);
        let weight = |id| Call::<Test>::stand {}.dispatch_bypass_filter(signed(id)).unwrap().actual_weight;
        assert_eq!(weight(2), Some(<()>::stand_with_room()));
        fill(1);
        join(50, 6);
        set_keys(50, 50);
        assert_eq!(weight(50), None);
        assert!(<()>::stand_with_room().all_lt(<()>::stand()));
    });
}
