// SPDX-License-Identifier: Apache-2.0
//! What the session pallet is told, session by session.

use super::*;
use frame_support::{traits::FindAuthor, weights::Weight};
use kith_primitives::AccountId;
use pallet_session::historical::HistoricalSessions;

fn newcomer(id: MemberId, vouches: u32) {
    join(id, vouches);
    set_keys(id, id.into());
    assert_ok!(stand(id));
}

#[test]
fn a_newcomer_sits_from_the_second_turn_on() {
    execute(5, 4, || {
        newcomer(4, 0);
        full_session();
        assert_eq!((sitting(), planned()), (vec![0, 1, 2, 3], vec![0, 1, 2, 3, 4]));
        full_session();
        assert_eq!(sitting(), [0, 1, 2, 3, 4]);
        assert_eq!(Told::get().0, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_newcomer_votes_on_finality_once_their_node_has_written_a_block() {
    execute(2, 1, || {
        newcomer(1, 0);
        session(&[0]);
        session(&[0]);
        assert_eq!((sitting(), Told::get().0, Votes::get()), (vec![0, 1], vec![0, 1], vec![0]));
        session(&[0]);
        assert_eq!((Votes::get(), Voters::<Test>::get().into_inner()), (vec![0], vec![0]));
        session(&[0, 1]);
        assert_eq!((Votes::get(), Voters::<Test>::get().into_inner()), (vec![0, 1], vec![0, 1]));
        // Who votes goes on voting while they sit, present or not.
        session(&[0]);
        assert_ok!(stand_down(1));
        session(&[0]);
        assert_eq!((sitting(), Votes::get()), (vec![0, 1], vec![0, 1]));
        session(&[0]);
        assert_eq!((sitting(), Votes::get()), (vec![0], vec![0]));
    });
}

#[test]
fn a_disabled_validator_is_named_by_their_place_among_voters() {
    execute(6, 5, || {
        join(9, 0);
        set_keys(9, 9);
        // They sit in the last place, and do not vote; the first stands down.
        assert_ok!(stand(9));
        assert_ok!(stand_down(0));
        full_session();
        session(&[0, 1, 2, 3, 4]);
        assert_eq!((sitting(), Votes::get()), (vec![1, 2, 3, 4, 9], vec![1, 2, 3, 4]));
        Pallet::<Test>::offended(9, 2);
        assert_eq!((Ignored::get(), Unheard::get()), (vec![4], vec![]));
    });
}

#[test]
fn a_community_grows_from_one_validator_newcomer_by_newcomer() {
    execute(1, 1, || {
        (1..8).for_each(|id| newcomer(id, 1));
        let mut before = 1usize;
        for _ in 0..40 {
            full_session();
            let now = planned().len();
            assert!(now <= before + (before.saturating_sub(1) / 2).max(1), "from {before} to {now}");
            before = before.max(now);
        }
        assert_eq!(sitting(), (0..8).collect::<Vec<_>>());
    });
}

#[test]
fn a_flood_of_newcomers_whose_nodes_do_not_run_never_stops_finality() {
    execute(5, 5, || {
        Rules::mutate(|rules| (rules.max_validators, rules.validator_penance) = (100, 5_000));
        (10..60).for_each(|id| newcomer(id, 1_000));
        for _ in 0..60 {
            session(&[0, 1, 2, 3, 4]);
            assert_eq!(Votes::get(), [0, 1, 2, 3, 4]);
            let silent = planned().iter().filter(|id| **id >= 10).count();
            assert!(silent <= (planned().len() - 1) / 3, "{:?}", planned());
            assert!((0..5).all(|id| planned().contains(&id)));
        }
    });
}

#[test]
fn hostile_incumbents_keep_nobody_out() {
    execute(8, 8, || {
        // Eight who vouch for each other and for nobody else fill all seats; one newcomer with fewer vouches stands.
        (0..8).for_each(|id| change(id, |person| person.vouches = 50));
        newcomer(9, 1);
        let sat = (0..60).filter(|_| {
            full_session();
            planned().contains(&9)
        });
        assert!(sat.count() >= 20);
    });
}

#[test]
fn an_unchanged_set_with_unchanged_keys_is_announced_once() {
    execute(2, 2, || {
        let announced = || {
            let queued = RuntimeEvent::Session(pallet_session::Event::NewQueued);
            let announced = System::events().iter().any(|record| record.event == queued);
            System::reset_events();
            announced
        };
        full_session();
        assert!(announced());
        full_session();
        assert!(!announced());
        set_keys(1, 77);
        full_session();
        assert!(announced());
        assert_eq!(Told::get(), (vec![0, 1], vec![0, 77]));
        full_session();
        assert!(!announced());
    });
}

#[test]
fn the_keys_of_every_planned_session_are_remembered() {
    execute(3, 2, || {
        full_session();
        full_session();
        set_keys(1, 77);
        newcomer(2, 0);
        full_session();
        full_session();
        let roots: Vec<_> = (0..6).map(HistoricalSessions::<Test>::get).collect();
        let [None, None, Some(second), Some(third), Some(fourth), Some(fifth)] = roots[..] else { panic!("{roots:?}") };
        assert_eq!(second, third);
        assert_ne!(third, fourth);
        assert_eq!(fourth, fifth);
    });
}

#[test]
fn the_expelled_go_with_the_next_set_that_is_planned() {
    execute(4, 4, || {
        Rules::mutate(|rules| rules.min_validators = 4);
        full_session();
        depart(1);
        depart(2);
        full_session();
        assert_eq!(planned(), [0, 3]);
    });
}

#[test]
fn a_set_that_would_fall_is_filled_with_newcomers() {
    execute(4, 4, || {
        Rules::mutate(|rules| rules.min_validators = 4);
        (10..16).for_each(|id| newcomer(id, 1));
        (1..4).for_each(depart);
        full_session();
        assert_eq!(planned().len(), 4);
        assert!(planned().contains(&0));
    });
}

#[test]
fn who_is_frozen_goes_unless_nobody_else_is_left() {
    execute(3, 3, || {
        full_session();
        change(2, |person| person.frozen = true);
        full_session();
        assert_eq!(planned(), [0, 1]);
        change(0, |person| person.frozen = true);
        change(1, |person| person.frozen = true);
        full_session();
        assert_eq!(planned().len(), 1);
    });
}

#[test]
fn if_no_member_could_sit_the_chain_goes_on_with_those_it_has() {
    execute(3, 3, || {
        full_session();
        (0..3).for_each(depart);
        full_session();
        full_session();
        assert_eq!((sitting(), planned()), (vec![0, 1, 2], vec![0, 1, 2]));
        newcomer(5, 1);
        full_session();
        full_session();
        assert_eq!(sitting(), [5]);
    });
}

#[test]
fn who_has_no_keys_any_more_goes() {
    execute(3, 3, || {
        full_session();
        Session::purge_keys(signed(1)).unwrap();
        full_session();
        assert_eq!(planned(), [0, 2]);
    });
}

#[test]
fn changed_parameters_hold_for_the_next_set() {
    execute(8, 8, || {
        full_session();
        Rules::set(Parameters { max_validators: 4, ..FIRST_RULES() });
        full_session();
        assert_eq!(planned().len(), 4);
        // Three by rank, the fourth by lot.
        assert!((5..8).all(|id| planned().contains(&id)));
        Rules::set(Parameters { max_validators: 1, min_validators: 5, ..FIRST_RULES() });
        full_session();
        assert_eq!(planned().len(), 1);
    });
}

#[test]
fn an_author_is_found_by_account() {
    execute(3, 2, || {
        let find = || <Author<Test, World> as FindAuthor<AccountId>>::find_author(std::iter::empty());
        Writer::set(Some(1));
        assert_eq!(find(), Some(account(1)));
        Writer::set(Some(2));
        assert_eq!(find(), None);
    });
}

#[test]
fn the_turn_of_a_session_leaves_room_in_its_block() {
    let turn = <()>::plan().saturating_add(<()>::judge()).saturating_add(<()>::silence_offenders());
    // A quarter of a second's work, and a tenth of the largest proof.
    assert!(turn.all_lt(Weight::from_parts(250_000_000_000, 5 * 1024 * 1024)), "{turn:?}");
}
