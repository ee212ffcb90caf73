// SPDX-License-Identifier: Apache-2.0
//! Offences against consensus, as the pallet that proves them reports them.

use super::*;
use frame_support::weights::Weight;
use sp_runtime::Perbill;
use sp_staking::{
    offence::{OffenceDetails, OnOffenceHandler},
    SessionIndex,
};

fn report(offenders: &[MemberId], session: SessionIndex) -> Weight {
    let details: Vec<_> = offenders
        .iter()
        .map(|id| OffenceDetails { offender: (ValidatorId(*id), ()), reporters: vec![account(0)] })
        .collect();
    let fractions = vec![Perbill::from_percent(100); offenders.len()];
    Validators::on_offence(&details, &fractions, session)
}

#[test]
fn h11_an_offence_costs_the_seat_and_rank_and_no_money() {
    execute(4, 4, || {
        full_session();
        events();
        assert_eq!(report(&[3], 1), <()>::offence());
        let until = System::block_number() + 1_000;
        assert_eq!(events(), [Event::Offended { person: 3, offences: 1, until }]);
        assert_eq!((Standing::<Test>::get(3), Penance::<Test>::get(3)), (None, Some(until)));
        assert_eq!(Offences::<Test>::get(3), Some(Record { count: 1, session: 1 }));
        assert_eq!(pallet_balances::TotalIssuance::<Test>::get(), 0);
        full_session();
        assert_eq!(planned(), [0, 1, 2]);
    });
}

#[test]
fn an_offender_writes_nothing_for_the_rest_of_the_session_nor_in_the_next_they_are_planned_for() {
    execute(5, 4, || {
        full_session();
        report(&[2], 1);
        assert_eq!((Session::disabled_validators(), Ignored::get(), Unheard::get()), (vec![2], vec![2], vec![2]));
        full_session();
        assert_eq!((sitting(), Session::disabled_validators()), (vec![0, 1, 2, 3], vec![2]));
        full_session();
        assert_eq!((sitting(), Session::disabled_validators()), (vec![0, 1, 3], vec![]));
    });
}

#[test]
fn an_offender_stays_disabled_when_the_set_changes_under_them() {
    execute(6, 5, || {
        set_keys(5, 5);
        assert_ok!(stand(5));
        full_session();
        full_session();
        assert_eq!(sitting(), [0, 1, 2, 3, 4, 5]);
        assert_ok!(stand_down(0));
        full_session();
        report(&[3], 3);
        assert_eq!(Session::disabled_validators(), [3]);
        full_session();
        assert_eq!((sitting(), Session::disabled_validators()), (vec![1, 2, 3, 4, 5], vec![2]));
    });
}

#[test]
fn what_happens_in_one_session_counts_once() {
    execute(4, 4, || {
        report(&[3], 4);
        report(&[3], 4);
        report(&[2, 3], 4);
        report(&[3], 3);
        assert_eq!(Offences::<Test>::get(3), Some(Record { count: 1, session: 4 }));
        assert_eq!(Offences::<Test>::get(2), Some(Record { count: 1, session: 4 }));
        System::set_block_number(50);
        report(&[3], 5);
        assert_eq!(Offences::<Test>::get(3), Some(Record { count: 2, session: 5 }));
        assert_eq!(Penance::<Test>::get(3), Some(1_050));
    });
}

#[test]
fn a_shorter_penance_does_not_end_a_longer_one() {
    execute(4, 4, || {
        report(&[3], 1);
        Rules::mutate(|rules| rules.validator_penance = 10);
        report(&[3], 2);
        assert_eq!(Penance::<Test>::get(3), Some(1_001));
    });
}

#[test]
fn an_offender_comes_back_behind_all_others() {
    execute(9, 9, || {
        Rules::mutate(|rules| rules.max_validators = 8);
        report(&[8], 0);
        System::set_block_number(2_000);
        assert_ok!(stand(8));
        Attendances::<Test>::insert(8, Attendance { proven: true, absences: 0 });
        // Of eight seats six go by rank, in which the most vouched for comes last now.
        let mut seen = 0;
        for _ in 0..60 {
            full_session();
            assert!((2..8).all(|id| planned().contains(&id)), "{:?}", planned());
            seen += u32::from(planned().contains(&8));
        }
        assert!((20..60).contains(&seen), "{seen}");
    });
}

#[test]
fn who_left_long_ago_is_still_recorded() {
    execute(4, 4, || {
        depart(3);
        report(&[3], 1);
        assert_eq!(Offences::<Test>::get(3), Some(Record { count: 1, session: 1 }));
    });
}

#[test]
fn a_lone_validator_who_offended_goes_on_until_somebody_else_can_sit() {
    execute(2, 1, || {
        report(&[0], 0);
        full_session();
        assert_eq!((planned(), Session::disabled_validators()), (vec![0], vec![]));
        set_keys(1, 1);
        assert_ok!(stand(1));
        full_session();
        full_session();
        assert_eq!(sitting(), [1]);
    });
}
