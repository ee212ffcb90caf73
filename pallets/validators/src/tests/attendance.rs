// SPDX-License-Identifier: Apache-2.0
//! Blocks written and not written.

use super::*;
use crate::attendance::BLOCKS_TO_JUDGE;

fn attendance(id: MemberId) -> Option<(bool, u32)> {
    Attendances::<Test>::get(id).map(|attendance| (attendance.proven, attendance.absences))
}

#[test]
fn blocks_are_credited_to_the_person_and_forgotten_at_the_sessions_end() {
    execute(2, 2, || {
        block(Some(0));
        block(Some(1));
        block(Some(1));
        block(None);
        assert_eq!((Authored::<Test>::get(0), Authored::<Test>::get(1)), (Some(1), Some(2)));
        turn();
        assert_eq!(Authored::<Test>::iter().count(), 0);
    });
}

#[test]
fn who_is_absent_too_long_loses_the_seat_for_a_time_and_no_more() {
    execute(4, 4, || {
        session(&[0, 1, 2]);
        assert_eq!(attendance(3), Some((true, 1)));
        assert_eq!(planned(), [0, 1, 2, 3]);
        events();
        session(&[0, 1, 2]);
        let until = System::block_number() + 1_000;
        assert_eq!(events(), [Event::Absent { person: 3, until }]);
        assert_eq!((Penance::<Test>::get(3), Standing::<Test>::get(3), attendance(3)), (Some(until), None, None));
        assert_eq!(planned(), [0, 1, 2]);
        // They sit a last time, unjudged.
        session(&[0, 1, 2]);
        assert_eq!((sitting(), Penance::<Test>::get(3)), (vec![0, 1, 2], Some(until)));
        assert_noop!(stand(3), Error::<Test>::InPenance);
        System::set_block_number(until);
        assert_ok!(stand(3));
        assert_eq!(Offences::<Test>::get(3), None);
    });
}

#[test]
fn a_block_in_time_ends_the_absence() {
    execute(4, 4, || {
        for _ in 0..5 {
            session(&[0, 1, 2]);
            assert_eq!(attendance(3), Some((true, 1)));
            full_session();
            assert_eq!(attendance(3), Some((true, 0)));
        }
    });
}

#[test]
fn a_session_of_too_few_blocks_judges_nobody_and_credits_those_there_were() {
    execute(4, 4, || {
        for _ in 0..10 {
            (1..4 * BLOCKS_TO_JUDGE).for_each(|_| block(Some(0)));
            turn();
        }
        assert_eq!((0..4).filter_map(attendance).max(), Some((true, 0)));
        (0..4 * BLOCKS_TO_JUDGE).for_each(|_| block(Some(0)));
        turn();
        assert_eq!((attendance(0), attendance(1)), (Some((true, 0)), Some((true, 1))));
    });
}

#[test]
fn who_stands_and_does_not_sit_is_not_judged() {
    execute(5, 4, || {
        set_keys(4, 4);
        assert_ok!(stand(4));
        session(&[0, 1, 2]);
        assert_eq!((attendance(3), attendance(4)), (Some((true, 1)), None));
    });
}

#[test]
fn when_many_are_absent_a_third_goes_at_once_the_longest_absent_first() {
    execute(7, 7, || {
        Rules::mutate(|rules| rules.absence_allowed = 1);
        session(&[0, 1, 2]);
        // Four of seven are absent; two seats may be lost at once.
        assert_eq!(planned(), [0, 1, 2, 5, 6]);
        session(&[0, 1, 2, 5]);
        // 6 is absent again; 3 and 4 sit a last time, and are not judged.
        assert_eq!(planned(), [0, 1, 2, 5]);
    });
}

#[test]
fn the_longest_absent_go_first() {
    execute(6, 6, || {
        session(&[0, 1, 2, 3, 4]);
        Rules::mutate(|rules| rules.absence_allowed = 1);
        session(&[0]);
        assert_eq!(Standing::<Test>::iter_keys().count(), 4);
        assert!(!Standing::<Test>::contains_key(5) && !Standing::<Test>::contains_key(1));
    });
}

#[test]
fn m02_absence_alone_never_takes_the_last_two() {
    execute(6, 6, || {
        Rules::mutate(|rules| rules.absence_allowed = 1);
        for _ in 0..20 {
            let present = sitting()[0];
            session(&[present]);
        }
        assert_eq!(sitting().len(), 2);
    });
}

#[test]
fn nobody_is_let_go_below_the_minimum() {
    execute(4, 4, || {
        Rules::mutate(|rules| rules.min_validators = 4);
        for _ in 0..6 {
            session(&[0, 1, 2]);
            assert_eq!(planned(), [0, 1, 2, 3]);
        }
        // They stand no more all the same, and go as soon as somebody else can sit.
        assert!(Penance::<Test>::contains_key(3));
        join(8, 1);
        set_keys(8, 8);
        assert_ok!(stand(8));
        session(&[0, 1, 2]);
        assert_eq!(planned(), [0, 1, 2, 8]);
    });
}

#[test]
fn the_frozen_and_those_who_stood_down_are_not_judged() {
    execute(6, 6, || {
        change(4, |person| person.frozen = true);
        assert_ok!(stand_down(5));
        for _ in 0..2 {
            session(&[0, 1, 2, 3]);
        }
        assert_eq!((attendance(4), attendance(5)), (Some((true, 0)), None));
        assert_eq!(Penance::<Test>::iter().count(), 0);
        assert_eq!(sitting(), [0, 1, 2, 3]);
        // What a frozen key writes is not credited either.
        change(3, |person| person.frozen = true);
        block(Some(3));
        assert_eq!(Authored::<Test>::get(3), None);
        // A thawed one stands as before.
        change(4, |person| person.frozen = false);
        full_session();
        assert!(planned().contains(&4));
    });
}

#[test]
fn a_newcomer_whose_node_does_not_run_is_found_out() {
    execute(6, 5, || {
        set_keys(5, 5);
        assert_ok!(stand(5));
        full_session();
        assert_eq!(planned(), [0, 1, 2, 3, 4, 5]);
        full_session();
        session(&[0, 1, 2, 3, 4]);
        assert_eq!(attendance(5), Some((false, 1)));
        session(&[0, 1, 2, 3, 4]);
        assert!(Penance::<Test>::contains_key(5));
        assert_eq!(planned(), [0, 1, 2, 3, 4]);
    });
}
